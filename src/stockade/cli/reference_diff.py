"""``stockade reference diff``: what an archive changes of the known project that it is a copy of."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path

from stockade import limits
from stockade.acquire.index.listing import files_of
from stockade.acquire.reference_releases import best_file
from stockade.acquire.sources.local import local_targets
from stockade.act.report.shown import shown
from stockade.analyse import passages
from stockade.analyse.identity.reference import Reference
from stockade.analyse.options import Options
from stockade.analyse.passages import Module, Passage, Wanted
from stockade.cli import common, known
from stockade.cli.reference_build import World, world
from stockade.errors import BadReference, FetchFailed, NothingInspected
from stockade.model.artifact import Artifact
from stockade.model.clone import Clone
from stockade.model.decision import Exit
from stockade.model.project import ArtifactRef, ProjectName
from stockade.workers import Analyse, confined

#: Lines of a function that are compared line by line; longer ones are shown as wholly other.
_COMPARED = 2_000
_CONTEXT = 3


def run(given: argparse.Namespace) -> Exit:
    """Print the differences; an archive that is no copy has none to show."""
    notes: list[str] = []
    found = known.reference(given.reference, notes)
    common.aside(notes)
    if found is None:
        raise BadReference("there is no reference of known projects")
    with tempfile.TemporaryDirectory(prefix="stockade-") as work:
        target = next(iter(local_targets([given.archive], Path(work))), None)
        if not isinstance(target, Artifact):
            raise NothingInspected(f"{given.archive} is no archive that could be read")
        clone = _clone(target, found.reference)
        if clone is None:
            print(f"{shown(given.archive.name)} is no copy of a project that the reference knows")
            return Exit.ALLOWED
        with world(offline=given.offline) as index:
            originals = list(_originals(clone, index))
            theirs, ours = _passages(target, clone, [artifact for _, artifact in originals])
    if not theirs:
        raise NothingInspected(f"no release of {clone.project} could be had from the index")
    closest = max(theirs, key=lambda digest: _alike(theirs[digest], ours))
    version = next(version for version, artifact in originals if artifact.sha256 == closest)
    share = f"{int(clone.share * 100)} %"
    print(
        f"# {shown(given.archive.name)} is {share} {clone.project}; this is what differs from {shown(version)}"
    )
    for line in difference(theirs[closest], ours, f"{clone.project}-{version}"):
        print(shown(line, limit=limits.MAX_DIFF_LINE))
    if clone.more:
        print(f"# more differs than the {limits.MAX_DIFFERS} places that were compared")
    return Exit.ALLOWED


def _clone(artifact: Artifact, reference: Reference) -> Clone | None:
    """What the archive is a copy of, by the confined analyser."""
    with confined(jobs=1, options=Options(reference=reference.digest), reference=reference) as analyser:
        ((_, findings),) = analyser.analyse([artifact])
    return findings.clone


def _originals(clone: Clone, index: World) -> Iterator[tuple[str, Artifact]]:
    """The releases that the archive was compared with, fetched; those that are gone are left out."""
    listing = index.index.listing(ProjectName(clone.project))
    for version in clone.versions:
        ref: ArtifactRef | None = best_file(files_of(listing, version))
        if ref is not None:
            try:
                yield version, index.fetcher.fetch(ref)
            except FetchFailed as why:
                common.aside([str(why)])


def _passages(
    target: Artifact, clone: Clone, originals: list[Artifact]
) -> tuple[dict[str, tuple[Module, ...]], tuple[Module, ...]]:
    """The text of the modules that differ: of each original, by its digest, and of the copy itself."""
    wanted = _wanted(clone)
    texts = _read([target, *originals], wanted)
    ours = texts.pop(target.sha256, ())
    places = {one.file for one in clone.differs}
    return texts, tuple(one for one in ours if one.path in places)


def _wanted(clone: Clone) -> Wanted:
    """The modules that differ, by their names below the top-level package, as far as paths tell them."""
    names: set[str] = set()
    for one in clone.differs:
        parts = one.file.removesuffix(".py").removesuffix("/__init__").split("/")
        # Where the top-level package begins depends on the layout; each place it may begin at is asked for.
        names.update(".".join(parts[start:]) for start in range(1, min(len(parts), 4) + 1))
    return Wanted(frozenset(names))


def _read(artifacts: Iterable[Artifact], wanted: Wanted) -> dict[str, tuple[Module, ...]]:
    with confined(jobs=1, options=wanted, load=_load) as analyser:
        done = analyser.analyse(artifacts)
        return {one.sha256: passages.decode(found.extra) for one, found in done if found.extra}


def _load() -> Analyse:
    from stockade.workers.warm import exercise, warm

    warm(["stockade.analyse.code", "stockade.analyse.identity", "stockade.analyse.unpack", "stockade.model"])
    exercise(passages.passages, None)
    return passages.passages


def _alike(theirs: Iterable[Module], ours: Iterable[Module]) -> int:
    """How many passages two releases have in common."""
    return len(_hashes(theirs) & _hashes(ours))


def _hashes(modules: Iterable[Module]) -> set[int]:
    return {passage.hash for module in modules for passage in module.passages}


def difference(theirs: Iterable[Module], ours: Iterable[Module], label: str) -> Iterator[str]:
    """A unified diff, function by function, of `ours` against the same modules of `theirs`."""
    by_inner = {one.inner: one for one in theirs}
    for module in ours:
        original = by_inner.get(module.inner)
        before = original.passages if original else ()
        known = {one.hash for one in before}
        kept = {one.hash for one in module.passages}
        gone = _by_name(one for one in before if one.hash not in kept)
        lines: list[str] = []
        for passage in module.passages:
            if passage.hash not in known:
                lines += _hunks(_partner(gone, passage), passage)
        if lines:
            yield f"--- {label}/{original.path}" if original else "--- /dev/null"
            yield f"+++ {module.path}"
            yield from lines


def _by_name(found: Iterable[Passage]) -> dict[str, list[Passage]]:
    names: dict[str, list[Passage]] = {}
    for one in found:
        names.setdefault(one.name, []).append(one)
    return names


def _partner(gone: Mapping[str, list[Passage]], passage: Passage) -> Passage | None:
    """The passage of the original that this one took the place of: of the same name, the one that is most alike."""
    same = gone.get(passage.name, [])
    lines = set(passage.lines)
    best = max(same, key=lambda one: len(lines & set(one.lines)), default=None)
    if best is not None:
        same.remove(best)
    return best


def _hunks(before: Passage | None, after: Passage) -> Iterator[str]:
    old = list(before.lines) if before else []
    new = list(after.lines)
    start = before.first if before else 0
    if max(len(old), len(new)) > _COMPARED or not old:
        yield f"@@ -{start},{len(old)} +{after.first},{len(new)} @@ {after.name}"
        yield from (f"-{line}" for line in old)
        yield from (f"+{line}" for line in new)
        return
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT):
        first, last = group[0], group[-1]
        spans = f"-{start + first[1]},{last[2] - first[1]} +{after.first + first[3]},{last[4] - first[3]}"
        yield f"@@ {spans} @@ {after.name}"
        for tag, low, high, from_, to in group:
            if tag == "equal":
                yield from (f" {line}" for line in old[low:high])
                continue
            yield from (f"-{line}" for line in old[low:high])
            yield from (f"+{line}" for line in new[from_:to])
