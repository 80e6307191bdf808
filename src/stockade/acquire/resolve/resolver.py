"""From requirements to the whole closure of files that would be installed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from packaging.version import Version

from stockade import limits
from stockade.acquire.index.listing import parsed_version
from stockade.acquire.resolve.closure import Closure
from stockade.acquire.resolve.direct import Directs, marker_environment
from stockade.acquire.resolve.foregone import foregone
from stockade.acquire.resolve.memory import Memory
from stockade.acquire.resolve.ports import Fetcher, Index, Ranges
from stockade.acquire.resolve.reading import Reader
from stockade.acquire.resolve.selection import Selection
from stockade.acquire.resolve.target import PythonTarget
from stockade.acquire.resolve.uv import Pin, Refused, compile_pins
from stockade.acquire.resolve.view import IndexView
from stockade.errors import ProjectNotFound, ResolutionFailed
from stockade.model.project import ProjectName, Requirement

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def resolve(
    requirements: Sequence[Requirement],
    *,
    index: Index,
    fetcher: Fetcher,
    minimum_age: timedelta,
    now: datetime,
    python: PythonTarget,
    constraints: Sequence[Requirement] = (),
    prereleases: bool = False,
    all_files: bool = False,
    ranges: Ranges | None = None,
    cache: Path | None = None,
    exempt: frozenset[tuple[ProjectName, Version]] = frozenset(),
    unhurried: frozenset[ProjectName] = frozenset(),
    refused: frozenset[tuple[ProjectName, Version]] = frozenset(),
    taken: Mapping[ProjectName, Version] | None = None,
    sure: bool = False,
) -> Closure:
    """Everything that an installer on `python` would install for `requirements`, with the files to judge.

    Releases younger than `minimum_age` at `now` (aware) are not there, unless a requirement pins them with ``==``, or
    they are `exempt`, or their project is `unhurried`; `refused` ones are not there at all. `all_files` adds the files
    that this machine's installer could not pick. With `taken` (versions that an installer has chosen, may be none) no
    resolver is started where there is nothing to choose (foregone.py); what is not so is refused if only what is `sure`
    is wanted. `ranges` reads parts of large wheels. `cache` is a folder of Stockade's own, for what files depend on and
    what uv knows of our interpreter. No build runs, and uv talks to nothing but a server of ours on loopback
    (docs/decisions/0003-resolver.md).

    Raises ProjectNotFound, ResolutionFailed, IndexUnavailable, FetchFailed.
    """
    exempt |= _pinned((*requirements, *constraints))
    memory = Memory(cache)
    view = IndexView(
        index.listing,
        Reader(index, fetcher, ranges, memory).read,
        target=python,
        cutoff=now - minimum_age if minimum_age else None,
        exempt=exempt,
        unhurried=unhurried,
        refused=refused,
    )
    directs = Directs(view, fetcher, python)
    try:
        compiled = partial(
            _compile, view, constraints=constraints, python=python, prereleases=prereleases, cache=cache
        )
        pins = _pins(
            directs,
            requirements,
            partial(_chosen, view, compiled, python, None if constraints else taken, sure),
        )
    finally:
        memory.close()
    selection = Selection(view, now=now, minimum_age=minimum_age, exempt=exempt, all_files=all_files)
    closure = selection.closure(pins, requirements)
    return Closure(
        releases=closure.releases,
        gaps=(*directs.gaps, *closure.gaps),
        notes=closure.notes,
        hidden=view.hidden(),
    )


Pinned = Callable[[Sequence[Requirement]], tuple[Pin, ...]]


def _pins(directs: Directs, requirements: Sequence[Requirement], choose: Pinned) -> tuple[Pin, ...]:
    """The choice, repeated while releases in it depend on files by URL that were not known before."""
    asked = [directs.add(one) if one.url else one for one in requirements]
    wanted = [one for one in asked if one is not None]
    for _ in range(limits.MAX_URL_ROUNDS):
        pins = choose(wanted)
        brought = directs.brought_by(pins, wanted)
        if not brought:
            return pins
        wanted += brought
    raise ResolutionFailed(f"dependencies by URL go on for more than {limits.MAX_URL_ROUNDS} rounds")


def _chosen(
    view: IndexView,
    compiled: Pinned,
    python: PythonTarget,
    taken: Mapping[ProjectName, Version] | None,
    sure: bool,
    wanted: Sequence[Requirement],
) -> tuple[Pin, ...]:
    """uv's choice, or the only one that there is."""
    pins = None if taken is None else foregone(view, wanted, taken, python, marker_environment(python))
    if pins is None and sure:
        raise ResolutionFailed("there is still something to choose")
    return compiled(wanted) if pins is None else pins


def _compile(
    view: IndexView,
    wanted: Sequence[Requirement],
    *,
    constraints: Sequence[Requirement],
    python: PythonTarget,
    prereleases: bool,
    cache: Path | None,
) -> tuple[Pin, ...]:
    if not wanted:
        return ()
    from stockade.acquire.resolve.window import Window  # a server, which is seldom needed

    with Window(view) as window:
        try:
            pins = compile_pins(
                wanted,
                [one for one in constraints if not one.url],
                index_url=window.url,
                python_version=python.version,
                prereleases=prereleases,
                cache=cache,
            )
        except ResolutionFailed as why:
            if window.failure:
                raise window.failure from None
            raise _explained(why, view, wanted) from None
    if len(pins) > limits.MAX_CLOSURE:
        raise ResolutionFailed(f"the closure has {len(pins):,} releases, more than {limits.MAX_CLOSURE:,}")
    return pins


def _explained(
    why: ResolutionFailed, view: IndexView, wanted: Iterable[Requirement]
) -> ResolutionFailed | ProjectNotFound:
    """`why` with what uv could not know: which names the index lacks, which releases minimum age hid."""
    if not isinstance(why, Refused):
        return why
    message = str(why)
    missing = set(view.missing())
    asked = [one.name for one in wanted if one.name in missing]
    if asked:
        return ProjectNotFound(f"the index has no project {' and none called '.join(dict.fromkeys(asked))}")
    words = set(_NAME.findall(message))
    blamed = sorted(missing & words)
    if blamed:
        return ProjectNotFound(f"the index has no project {blamed[0]}: {message}")
    hidden = [
        f"{name} {version} is younger than the minimum age"
        for name, version in sorted(view.hidden().items())
        if name in words
    ]
    return ResolutionFailed(f"{message} ({'; '.join(hidden)})" if hidden else message)


def _pinned(requirements: Iterable[Requirement]) -> frozenset[tuple[ProjectName, Version]]:
    return frozenset(
        (one.name, version) for one in requirements if one.pin and (version := parsed_version(one.pin))
    )
