"""Requirements that name a file by URL, whether a person wrote them or a release depends on them.

Such a file escapes the index, its quarantine and its minimum age; so it is fetched and judged like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement as Pep508
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from stockade.acquire.resolve.choose import SDIST_ENDINGS
from stockade.acquire.resolve.ports import Fetcher
from stockade.acquire.resolve.reading import read_file
from stockade.acquire.resolve.target import PythonTarget
from stockade.acquire.resolve.unforeseen import applies
from stockade.acquire.resolve.uv import Pin
from stockade.acquire.resolve.view import Direct, IndexView
from stockade.errors import FetchFailed, NothingInspected, ResolutionFailed
from stockade.model.artifact import Artifact
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import (
    ArtifactRef,
    Digest,
    ProjectName,
    Release,
    Requirement,
    project_name,
    requirement,
)

_SHA256 = re.compile(r"(?:^|&)sha256=([0-9a-fA-F]{64})(?:&|$)")
_UNKNOWN_VERSION = "0"


class Directs:
    """The direct URLs of one resolution. `gaps` are those that can't be judged."""

    def __init__(self, view: IndexView, fetcher: Fetcher, target: PythonTarget) -> None:
        self._view, self._fetcher = view, fetcher
        self._environment = marker_environment(target)
        self._settled: dict[ProjectName, str] = {}
        self.gaps: list[Gap] = []

    def add(self, asked: Requirement) -> Requirement | None:
        """Fetch what `asked.url` names and pin it; None where it can't be judged, or isn't for this Python.

        Raises FetchFailed, ResolutionFailed.
        """
        assert asked.url is not None
        if asked.marker and not Marker(asked.marker).evaluate(self._environment):
            return None
        if asked.name in self._settled:
            if self._settled[asked.name] != asked.url:
                raise ResolutionFailed(f"two URLs are given for {asked.name}")
            return None
        self._settled[asked.name] = asked.url
        why = unjudged(asked.url)
        if why:
            self.gaps.append(Gap(kind=GapKind.LIMIT, what=str(asked), why=why))
            return None
        direct = fetch_direct(asked, asked.url, self._fetcher)
        self._view.direct[asked.name] = direct
        return Requirement(
            name=asked.name,
            specifier=f"=={direct.ref.release.version}",
            extras=asked.extras,
            origin=asked.origin,
        )

    def brought_by(self, pins: Iterable[Pin], wanted: Sequence[Requirement]) -> list[Requirement]:
        """What the releases in `pins` depend on by URL, pinned; whatever can't be had is a gap."""
        found: list[Requirement] = []
        chosen = list(pins)
        extras = self._extras(chosen, wanted)
        for pin in chosen:
            depends = self._view.depends(pin.name, Version(pin.version))
            for line in depends.urls if depends else ():
                if self._applies(line, extras.get(pin.name, {""})):
                    found += self._bring(pin, line)
            for broken in depends.broken if depends else ():
                self._gap(
                    pin, broken, "it is not a requirement, and installers differ in what they make of it"
                )
        return found

    def _bring(self, pin: Pin, line: Pep508) -> list[Requirement]:
        asked = requirement(str(line), origin=f"{pin.name}=={pin.version}")
        try:
            pinned = self.add(
                Requirement(name=asked.name, url=asked.url, extras=asked.extras, origin=asked.origin)
            )
        except (FetchFailed, NothingInspected) as why:
            self._gap(pin, str(line), str(why))
            return []
        return [pinned] if pinned else []

    def _gap(self, pin: Pin, line: str, why: str) -> None:
        gap = Gap(kind=GapKind.LIMIT, what=f"{pin.name}=={pin.version} depends on {line}", why=why)
        if gap not in self.gaps:
            self.gaps.append(gap)

    def _extras(self, pins: Iterable[Pin], wanted: Iterable[Requirement]) -> dict[ProjectName, set[str]]:
        """The extras that anybody asks of each project, and always the empty one."""
        found: dict[ProjectName, set[str]] = {}
        for one in wanted:
            found.setdefault(one.name, {""}).update(one.extras)
        for pin in pins:
            depends = self._view.depends(pin.name, Version(pin.version))
            for line in depends.parsed if depends else ():
                found.setdefault(project_name(line.name), {""}).update(line.extras)
        return found

    def _applies(self, line: Pep508, extras: set[str]) -> bool:
        return applies(line.marker, self._environment, extras)


def fetch_direct(asked: Requirement, url: str, fetcher: Fetcher) -> Direct:
    """Fetch and read what `url` names; raises FetchFailed, or ResolutionFailed where it holds another project."""
    given = direct_ref(asked.name, url, asked.hashes)
    artifact = fetcher.fetch(given)
    if asked.hashes and artifact.sha256 not in asked.hashes:
        raise FetchFailed(f"{given.filename} has none of the digests that {asked.origin} allows")
    said = read_file(Path(artifact.path), given.filename)
    if said.name and said.name != asked.name:
        raise ResolutionFailed(f"{url} holds {said.name}, not {asked.name}")
    version = said.version or given.release.version
    return Direct(ref=_pinned_ref(given, version, artifact), said=said)


def direct_ref(name: ProjectName, url: str, hashes: Sequence[Digest] = ()) -> ArtifactRef:
    """The file at `url` as an ArtifactRef, its version from the file name ("0" where that has none)."""
    parts = urlsplit(url)
    filename = unquote(parts.path.rsplit("/", 1)[-1])
    fragment = _SHA256.search(parts.fragment)
    promised = Digest(fragment.group(1).lower()) if fragment else (hashes[0] if len(hashes) == 1 else None)
    return ArtifactRef(
        release=Release(name=name, version=_version_of(filename)),
        filename=filename,
        url=parts._replace(fragment="").geturl(),
        index="",
        sha256=promised,
    )


def unjudged(url: str) -> str:
    """Why what `url` names can't be judged; "" where it can."""
    parts = urlsplit(url)
    if "+" in parts.scheme or parts.scheme in {"git", "ssh"}:
        return "it comes from a version-control repository, which is not judged; give an archive or a release"
    if parts.scheme not in {"http", "https", "file"}:
        return f"a {parts.scheme or 'relative'} URL can't be fetched"
    if not parts.path.lower().endswith((".whl", *SDIST_ENDINGS)):
        return "it is not an archive that an installer takes"
    return ""


def marker_environment(target: PythonTarget) -> dict[str, str]:
    """The values of environment markers (PEP 508) on this machine, for the Python of `target`."""
    own = {key: str(value) for key, value in default_environment().items()}
    return own | {
        "python_version": target.minor,
        "python_full_version": target.version,
        "implementation_version": target.version,
    }


def _version_of(filename: str) -> str:
    try:
        if filename.lower().endswith(".whl"):
            return str(parse_wheel_filename(filename)[1])
        return str(parse_sdist_filename(filename)[1])
    except (InvalidWheelFilename, InvalidSdistFilename):
        return _UNKNOWN_VERSION


def _pinned_ref(given: ArtifactRef, version: str, artifact: Artifact) -> ArtifactRef:
    # The digest is what was read: were the file fetched again, other bytes would be refused.
    return ArtifactRef(
        release=Release(name=given.release.name, version=version),
        filename=given.filename,
        url=given.url,
        index=given.index,
        sha256=artifact.sha256,
        size=artifact.size,
    )
