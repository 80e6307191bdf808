"""What an index says of one project, and which of its files make up a release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from stockade.model.evidence import Gap
from stockade.model.project import ArtifactRef, ProjectName

#: What stands at the end of an sdist's name, now or formerly; the longer ones first.
SDIST_ENDINGS = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar.Z", ".tgz", ".tbz", ".tar", ".zip")
#: Files of formats that no installer takes any more, but that indexes still list.
OLD_ENDINGS = (".egg", ".exe", ".msi", ".rpm", ".deb", ".dmg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A project's page, or several indexes' pages joined.

    `status` is the PEP 792 marker ("active" where there is none) and `reason` its text. `files` stand in the
    order of the page. `gaps` say what of the page could not be used.
    """

    project: ProjectName
    files: tuple[ArtifactRef, ...] = ()
    status: str = "active"
    reason: str = ""
    gaps: tuple[Gap, ...] = ()

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions that have files, each once, the highest last; those that aren't PEP 440 come first."""
        found = dict.fromkeys(ref.release.version for ref in self.files)
        return tuple(
            sorted(
                found,
                key=lambda text: (
                    parsed_version(text) is not None,
                    parsed_version(text) or Version("0"),
                    text,
                ),
            )
        )


def joined(project: ProjectName, pages: Iterable[Listing]) -> Listing:
    """Several indexes' pages of one project as one; the first status that isn't "active" holds."""
    pages = list(pages)
    if len(pages) == 1:
        return pages[0]  # nothing stands twice on one page
    marked = next((page for page in pages if page.status != "active"), Listing(project=project))
    files = dict.fromkeys(ref for page in pages for ref in page.files)
    gaps = tuple(gap for page in pages for gap in page.gaps)
    return replace(marked, project=project, files=tuple(files), gaps=gaps)


def files_of(listing: Listing, version: str) -> tuple[ArtifactRef, ...]:
    """The files of one release: versions equal by PEP 440 (``1.0`` and ``1.0.0``), else by their text."""
    return tuple(ref for ref in listing.files if same_version(ref.release.version, version))


def same_version(one: str, other: str) -> bool:
    """Whether two versions are the same release by PEP 440, or where either isn't one, the same text."""
    if one == other:
        return True
    left, right = parsed_version(one), parsed_version(other)
    return left is not None and left == right


def outbids(listing: Listing, version: str, index: str) -> str:
    """Whom `index` outbids with `version`: an index that offers only lower ones, and the highest of those, as a phrase;
    "" where there is none. A mirror that lags is not outbid: it has files that `index` has too, byte for byte. What
    follows a plus (PEP 440's local part) tells nothing."""
    if all(ref.index == index for ref in listing.files):
        return ""
    mine = _public(version)
    own = {ref.filename: ref.sha256 for ref in listing.files if ref.index == index and ref.sha256}
    theirs: dict[str, Version] = {}
    same: set[str] = set()
    for ref in listing.files:
        offered = _public(ref.release.version)
        if ref.index == index:
            continue
        if ref.sha256 and own.get(ref.filename) == ref.sha256:
            same.add(ref.index)
        if offered is not None:
            theirs[ref.index] = max(offered, theirs.get(ref.index, offered))
    for mirror in same:
        theirs.pop(mirror, None)
    if mine is None or not theirs:
        return ""
    other, highest = max(theirs.items(), key=lambda pair: pair[1])
    return f"{other}, which has {highest} at most" if highest < mine else ""


def _public(text: str) -> Version | None:
    parsed = parsed_version(text)
    return None if parsed is None else Version(parsed.public)


def version_of(filename: str, project: ProjectName) -> str | None:
    """The version that a file name claims for `project`; None where it isn't a file of that project.

    Wheels by the binary distribution format, sdists by PEP 625, and older names as pip reads them: the name
    ends at the first hyphen before which the normalised text is the project's name.
    """
    if filename.endswith(".whl"):
        parts = filename[:-4].split("-")
        if len(parts) not in {5, 6} or not _is_name_of(parts[0], project):
            return None
        return parts[1].replace("_", "-") or None
    lower = filename.lower()
    for ending in SDIST_ENDINGS:
        if lower.endswith(ending.lower()):
            return _rest(filename[: -len(ending)], project)
    for ending in OLD_ENDINGS:
        if lower.endswith(ending):
            rest = _rest(filename[: -len(ending)], project)
            return _without_platform(rest) if rest else None
    return None


def _rest(stem: str, project: ProjectName) -> str | None:
    """What follows the project's name and a hyphen."""
    at = stem.find("-")
    while at >= 0:
        if _is_name_of(stem[:at], project):
            return stem[at + 1 :] or None
        at = stem.find("-", at + 1)
    return None


def _is_name_of(text: str, project: ProjectName) -> bool:
    return text == project or canonicalize_name(text) == str(project)


def _without_platform(rest: str) -> str:
    """``1.0`` of ``1.0.win32-py2.7`` or ``1.0-py2.7-linux-x86_64``, as bdist commands named their files."""
    version = rest.partition("-")[0]
    for platform in (".win32", ".win-amd64", ".win", ".linux", ".macosx"):
        version = version.partition(platform)[0]
    return version


@lru_cache(maxsize=65536)
def parsed_version(text: str) -> Version | None:
    """`text` as a version; None where it isn't one (PEP 440)."""
    try:
        return Version(text)
    except InvalidVersion:
        return None
