"""An index and a fetcher in memory, for resolutions that need no network."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from packaging.version import Version

from stockade.acquire.resolve import Closure, PythonTarget, resolve, target_for
from stockade.errors import FetchFailed, ProjectNotFound
from stockade.model.artifact import Artifact, Kind
from stockade.model.evidence import Gap
from stockade.model.project import (
    ArtifactRef,
    Digest,
    ProjectName,
    Release,
    Requirement,
    project_name,
    requirement,
)
from tests.support.archives import sdist, sdist_name, wheel, wheel_name

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=100)
YOUNG = NOW - timedelta(hours=5)
BASE = "https://files.example/"


@dataclass(frozen=True, slots=True)
class Page:
    """One project's files."""

    files: tuple[ArtifactRef, ...]
    gaps: tuple[Gap, ...] = ()


@dataclass
class World:
    """Projects, and the bytes behind their files; both an Index and a Fetcher. `asked` and `fetched` are logs."""

    folder: Path
    pages: dict[ProjectName, list[ArtifactRef]] = field(default_factory=dict)
    data: dict[str, bytes] = field(default_factory=dict)
    beside: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # The Index.

    def listing(self, name: ProjectName) -> Page:
        with self._lock:
            self.asked.append(name)
        if name not in self.pages:
            raise ProjectNotFound(f"there is no project {name} on index.example")
        return Page(tuple(self.pages[name]))

    def metadata(self, ref: ArtifactRef) -> bytes | None:
        return self.beside.get(ref.filename)

    # The Fetcher.

    def fetch(self, ref: ArtifactRef) -> Artifact:
        with self._lock:
            self.fetched.append(ref.filename)
        if ref.url not in self.data:
            raise FetchFailed(f"{ref.url} is not there")
        data = self.data[ref.url]
        digest = hashlib.sha256(data).hexdigest()
        path = self.folder / digest
        path.write_bytes(data)
        return Artifact(
            label=ref.filename,
            filename=ref.filename,
            kind=Kind.WHEEL if ref.filename.endswith(".whl") else Kind.SDIST,
            path=str(path),
            sha256=Digest(digest),
            size=len(data),
        )

    # What tests say.

    def put(
        self,
        filename: str,
        data: bytes,
        *,
        uploaded: datetime | None = OLD,
        yanked: str | None = None,
        requires_python: str | None = None,
    ) -> ArtifactRef:
        """Offer a file on the index; its name and version are in `filename`."""
        stem = filename.removesuffix(".whl").removesuffix(".tar.gz").removesuffix(".zip")
        raw, version = stem.split("-")[:2]
        name = project_name(raw)
        digest = Digest(hashlib.sha256(data).hexdigest())
        ref = ArtifactRef(
            release=Release(name=name, version=version),
            filename=filename,
            url=BASE + filename,
            index="https://index.example/simple/",
            sha256=digest,
            size=len(data),
            uploaded=uploaded,
            yanked=yanked,
            requires_python=requires_python,
        )
        self.pages.setdefault(name, []).append(ref)
        self.data[ref.url] = data
        return ref

    def wheel(
        self,
        name: str,
        version: str,
        *requires: str,
        tag: str = "py3-none-any",
        uploaded: datetime | None = OLD,
        yanked: str | None = None,
        requires_python: str | None = None,
    ) -> ArtifactRef:
        """Offer a wheel that depends on `requires`."""
        data = wheel(name, version, {f"{name}.py": f"tag = {tag!r}\n"}, requires=requires)
        filename = wheel_name(name, version, tag)
        return self.put(filename, data, uploaded=uploaded, yanked=yanked, requires_python=requires_python)

    def sdist(
        self,
        name: str,
        version: str,
        files: Mapping[str, str] | None = None,
        *,
        metadata: bytes | None = None,
    ) -> ArtifactRef:
        """Offer an sdist of `files`, PKG-INFO added unless `metadata` replaces it."""
        data = sdist(name, version, dict(files or {"setup.py": "1\n"}), metadata=metadata)
        return self.put(sdist_name(name, version), data)

    def resolve(
        self,
        *asked: str | Requirement,
        constraints: Iterable[str] = (),
        minimum_age: timedelta = timedelta(days=3),
        python: PythonTarget | None = None,
        prereleases: bool = False,
        all_files: bool = False,
        taken: Mapping[ProjectName, Version] | None = None,
        sure: bool = False,
    ) -> Closure:
        """The closure of `asked` in this world, for Python 3.11."""
        return resolve(
            [requirement(one) if isinstance(one, str) else one for one in asked],
            index=self,
            fetcher=self,
            minimum_age=minimum_age,
            now=NOW,
            python=python or target_for("3.11.4"),
            constraints=[requirement(one) for one in constraints],
            prereleases=prereleases,
            all_files=all_files,
            taken=taken,
            sure=sure,
        )


def shown(closure: Closure) -> list[str]:
    """The releases of a closure as ``name==version``."""
    return [str(one.release) for one in closure.releases]
