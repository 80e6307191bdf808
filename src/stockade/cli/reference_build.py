"""``stockade reference build``: from the index to one file of hashes, in steps that are each kept."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from stockade import limits
from stockade.acquire.fetch import Fetcher
from stockade.acquire.index.listing import Listing
from stockade.acquire.index.parallel import in_parallel
from stockade.acquire.index.settings import index_settings
from stockade.acquire.index.simple import Index, SimpleIndex
from stockade.acquire.index.transport import Transport
from stockade.acquire.reference import popular
from stockade.acquire.reference_file import mapped, shipped
from stockade.acquire.reference_releases import chosen, condemned
from stockade.act.report.progress import Progress, progress
from stockade.analyse import shapes
from stockade.analyse.identity.reference import Known, Reference, written
from stockade.analyse.identity.shape import SCHEME
from stockade.cli import common
from stockade.cli.reference import TOP
from stockade.decide.indexes import rule
from stockade.errors import FetchFailed, NotFound, NothingInspected, ProjectNotFound, UsageError
from stockade.model.artifact import Artifact
from stockade.model.decision import Exit
from stockade.model.project import ArtifactRef, ProjectName, project_name
from stockade.remember import folders
from stockade.remember.shapes import ShapeStore
from stockade.workers import Analyse, Analyser, confined

#: Requests in flight: nobody waits for a reference, and an index is a common good.
_AT_ONCE = 3


def run(given: argparse.Namespace) -> Exit:
    """Make the reference; what was read stays, so that the next run is quick."""
    names = _names(given.projects)
    out = given.out or folders.reference_path(os.environ)
    notes: list[str] = []
    with (
        confined(jobs=given.jobs, load=_load) as analyser,
        world(offline=given.offline) as found,
        progress("reading", os.environ) as bar,
    ):
        plan = _planned(names, found, given.releases, bar, notes)
        _read(plan, analyser, found, bar, notes)
        known = _assembled(plan, found.store, given.hashes)
    common.aside(common.once(notes))
    if not known:
        raise NothingInspected("not one of these projects has a release that a reference could be made of")
    data = written(known)
    _put(out, data)
    reference = Reference(memoryview(data))
    left = len(names) - len(known)
    print(
        f"{len(known)} projects, {len(reference)} hashes, {len(data) / limits.MIB:.1f} MiB, written to {out}"
    )
    if left:
        print(f"{left} projects were left out; see above")
    return Exit.ALLOWED


@dataclass(slots=True)
class World:
    """The index, a place for files while they are read, and what was read before."""

    index: Index
    fetcher: Fetcher
    store: ShapeStore


@dataclass(slots=True)
class _Plan:
    """The files that are wanted of each project, the newest release first."""

    files: dict[ProjectName, tuple[ArtifactRef, ...]] = field(default_factory=dict)

    def missing(self, store: ShapeStore) -> list[ArtifactRef]:
        """Those that were not read yet."""
        wanted = (ref for refs in self.files.values() for ref in refs)
        return [ref for ref in wanted if ref.sha256 is not None and store.get(ref.sha256) is None]


def _names(file: Path | None) -> list[ProjectName]:
    if file is None:
        names = dict.fromkeys(list(popular())[:TOP])
        ours = shipped()
        if ours is not None:
            names |= dict.fromkeys(ProjectName(one.name) for one in Reference(mapped(ours)).projects)
        return list(names)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise NotFound(f"there is no file {file}") from None
    except (OSError, UnicodeDecodeError) as why:
        raise UsageError(f"{file} cannot be read as text: {why}") from None
    texts = (line.partition("#")[0].partition("==")[0].strip() for line in lines)
    return list(dict.fromkeys(project_name(text) for text in texts if text))


@contextmanager
def world(*, offline: bool) -> Iterator[World]:
    """The installer's index, with files kept only as long as the block lasts."""
    settings = index_settings(os.environ, home=Path.home(), cwd=Path.cwd())
    cache = folders.cache_folder(os.environ)
    with (
        Transport(settings) as transport,
        tempfile.TemporaryDirectory(prefix="stockade-", ignore_cleanup_errors=True) as work,
    ):
        index = SimpleIndex(transport, cache, offline=offline, rule=rule(common.rules(None).policy))
        fetcher = Fetcher(transport, Path(work), offline=offline)
        try:
            yield World(index, fetcher, ShapeStore(cache, SCHEME))
        finally:
            index.close()
            fetcher.close()


def _load() -> Analyse:
    """What the workers run: it hashes, and never imports what it reads."""
    from stockade.workers.warm import exercise, warm

    warm(["stockade.analyse.code", "stockade.analyse.identity", "stockade.analyse.unpack", "stockade.model"])
    exercise(shapes.shape, None)
    return shapes.shape


def _planned(
    names: Iterable[ProjectName], at: World, releases: int, bar: Progress, notes: list[str]
) -> _Plan:
    """Which files to read, by the listings of the index."""
    plan = _Plan()
    now = datetime.now(UTC)

    def listed(name: ProjectName) -> tuple[ProjectName, Listing | None]:
        try:
            return name, at.index.listing(name)
        except ProjectNotFound:
            return name, None

    ordered = list(names)
    bar.total(len(ordered))
    found = {}
    for name, listing in in_parallel(listed, ordered, _AT_ONCE):
        bar.step(name)
        refs = () if listing is None else chosen(listing, now=now, count=releases, refused=condemned())
        if refs:
            found[name] = refs
        else:
            why = "the index does not know it" if listing is None else "it has no release that fits"
            notes.append(f"{name} is left out: {why}")
    plan.files = {name: found[name] for name in ordered if name in found}
    return plan


def _read(plan: _Plan, analyser: Analyser, at: World, bar: Progress, notes: list[str]) -> None:
    """Fetch and hash what was not read yet; each file is forgotten as soon as its hashes are kept."""
    missing = plan.missing(at.store)
    bar.total(len(missing))

    def fetched(ref: ArtifactRef) -> Artifact | FetchFailed:
        try:
            return at.fetcher.fetch(ref)
        except FetchFailed as why:
            return why

    def artifacts() -> Iterator[Artifact]:
        for got in in_parallel(fetched, missing, _AT_ONCE):
            if isinstance(got, FetchFailed):
                notes.append(str(got))
            else:
                yield got

    for artifact, findings in analyser.analyse(artifacts()):
        bar.step(artifact.label)
        if findings.extra:
            at.store.put(artifact.sha256, findings.extra)
        else:
            notes.append(f"{artifact.label} is left out: {'; '.join(gap.why for gap in findings.gaps)}")
        Path(artifact.path).unlink(missing_ok=True)


def _assembled(plan: _Plan, store: ShapeStore, most: int) -> list[Known]:
    known = []
    for name, refs in plan.files.items():
        read = [(ref.release.version, store.get(ref.sha256)) for ref in refs if ref.sha256 is not None]
        releases = [(version, shapes.decode(raw)) for version, raw in read if raw is not None]
        if any(shape.modules for _, shape in releases):
            known.append(shapes.known(name, releases, most=most))
    return known


def _put(out: Path, data: bytes) -> None:
    """Replace the file as a whole: others may have it mapped."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    except OSError as why:
        raise UsageError(f"--out {out} cannot be written: {why.strerror}") from None
    try:
        with open(handle, "wb") as file:
            file.write(data)
        Path(partial).chmod(0o644)
        Path(partial).replace(out)
    finally:
        Path(partial).unlink(missing_ok=True)
