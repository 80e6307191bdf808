"""``check --detonate``: what static analysis left undecided is run, and judged again with what was seen of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from stockade import limits
from stockade.acquire.detonate.run import Supplies
from stockade.cli.detonating import observe
from stockade.errors import FetchFailed
from stockade.model.artifact import Artifact
from stockade.model.assessment import Clean
from stockade.model.decision import Ask, Undetermined
from stockade.model.project import ArtifactRef, Release, Resolved
from stockade.pipeline import NO_BYTES, Judged, Road, detonated


def undecided(found: Mapping[Release, Sequence[Judged]]) -> Iterator[tuple[Release, Judged]]:
    """One file of each release of which the bytes alone do not tell whether it may run: a wheel where there is one."""
    for release, files in found.items():
        open_ = [
            one
            for one in files
            if isinstance(one.decision, (Ask, Undetermined))
            and not isinstance(one.assessment, Clean)
            and one.subject.sha256 != NO_BYTES
        ]
        if open_:
            yield release, min(open_, key=lambda one: not one.label.endswith(".whl"))


def detonate_undecided(
    found: Mapping[Release, list[Judged]],
    releases: Sequence[Resolved],
    fetch: Callable[[ArtifactRef], Artifact],
    supplies: Supplies,
    road: Road,
    heard: Callable[[str], None],
) -> list[str]:
    """Put what came of it in the place of what was judged before; returns what a person should hear."""
    refs = {(one.release, ref.filename): ref for one in releases for ref in one.files}
    notes, waiting = [], list(undecided(found))
    for release, judged in waiting[: limits.MAX_DETONATED]:
        try:
            observation = observe(fetch(refs[release, judged.label]), supplies, heard)
        except FetchFailed as why:
            notes.append(f"{judged.label} was not run: {why}")
            continue
        files = found[release]
        files[files.index(judged)], _ = detonated(judged, observation, road)
        seen = len(observation.exchanges)
        notes.append(
            f"{judged.label} was run among decoys: {len(observation.ran)} things tried, {seen} exchanges seen"
        )
    left = waiting[limits.MAX_DETONATED :]
    if left:
        names = ", ".join(judged.label for _, judged in left)
        notes.append(f"only {limits.MAX_DETONATED} files are run in one check; not run: {names}")
    return notes
