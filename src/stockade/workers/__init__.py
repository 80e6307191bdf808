"""Runs the analyser: in processes that the kernel has confined, or, where it can't, in this one.

    with confined() as analyser:          # early: before credentials are read or a connection is opened
        for artifact, findings in analyser.analyse(artifacts):
            …

The road of one artifact: the parent copies its bytes to where nobody can change them and hashes the copy
(handover.py); a warm process, started once and confined (launch.py, zygote.py), forks a worker for it; the
worker walls itself in (confine/), analyses, and leaves one bounded result (child.py, wire.py); the parent
accepts that only for the digest that it hashed (pool.py).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Protocol

from stockade import limits
from stockade.confine import Profile, Wall, missing
from stockade.model.artifact import Artifact
from stockade.model.assessment import Findings
from stockade.workers.child import Analyse
from stockade.workers.fingerprint import fingerprint
from stockade.workers.inprocess import InProcess
from stockade.workers.wire import finished

if TYPE_CHECKING:
    from stockade.analyse.identity.reference import Reference

__all__ = ["Analyse", "Analyser", "Wall", "confined", "fingerprint", "finished", "in_process", "missing"]


#: Linux 5.3 and up; the rest of this package rests on it.
PIDFD_OPEN: Callable[[int], int] | None = getattr(os, "pidfd_open", None)


class Analyser(Protocol):
    """Turns artifacts into findings. `walls` are those around what reads the bytes, up or down."""

    @property
    def walls(self) -> tuple[Wall, ...]: ...

    def analyse(self, artifacts: Iterable[Artifact | None]) -> Iterator[tuple[Artifact, Findings]]:
        """Each artifact with its findings as it is done, not in order; takes the next as a worker is free. A None
        among them says that there is none for the moment."""

    def close(self) -> None: ...


@contextmanager
def confined(
    *,
    jobs: int | None = None,
    options: object = None,
    reference: Reference | None = None,
    load: Callable[[], Analyse] | None = None,
    worker: Profile | None = None,
    warm: Profile | None = None,
    seconds: float = limits.WORKER_SECONDS,
    platform: str = sys.platform,
    pidfd_open: Callable[[int], int] | None = PIDFD_OPEN,
) -> Iterator[Analyser]:
    """An Analyser over confined workers, `jobs` at once (as many as processors, by default).

    Enter it with one thread, before credentials are read or a connection is opened: it forks, and a fork
    inherits memory. It returns at once; the warm process imports meanwhile, and `walls` or the first
    artifact waits for it. `reference` is the one that `options` name the digest of: every worker inherits the mapping
    that it is over. `load` is what the warm process runs to get the analyser, `worker` and `warm` the
    profiles (see launch.Launch), `seconds` the wall-clock time of one artifact. On a kernel without pidfds,
    or no Linux at all, this is ``in_process``. Raises WorkerFailed where no process can be forked.
    """
    why = _unfit(platform, pidfd_open)
    if why:
        yield in_process(options, reference=reference, load=load, why=why)
        return
    from stockade.workers.launch import Launch, start, warm_profile, worker_profile
    from stockade.workers.pool import Pool

    launch = Launch(
        load=load or partial(_warm_engine, options, reference),
        options=options,
        worker=worker or worker_profile(seconds=seconds),
        warm=warm or warm_profile(),
    )
    process, control = start(launch)
    pool = Pool(process, control, jobs or len(os.sched_getaffinity(0)), seconds)
    try:
        yield pool
    finally:
        pool.close()


def in_process(
    options: object = None,
    *,
    reference: Reference | None = None,
    load: Callable[[], Analyse] | None = None,
    why: str = "analysis runs in the calling process",
) -> Analyser:
    """An Analyser in this process, every wall down."""
    return InProcess(run=(load or partial(_engine, reference))(), options=options, why=why)


def _unfit(platform: str, pidfd_open: Callable[[int], int] | None) -> str:
    """Why workers cannot be run here at all; "" where they can."""
    if platform != "linux":
        return f"{platform} has none of the kernel features that confine a worker"
    try:
        if pidfd_open is not None:
            os.close(pidfd_open(os.getpid()))
            return ""
    except OSError:
        pass
    return "this kernel is too old to confine a worker (it has no pidfd)"


def _engine(reference: Reference | None) -> Analyse:
    """The analyser, with what it compares artifacts with."""
    from stockade.analyse import engine

    return partial(engine.analyse, known=reference)


def _warm_engine(options: object, reference: Reference | None) -> Analyse:
    """The analyser, with all that it may need imported and compiled."""
    from stockade.workers.warm import exercise, warm

    warm(["stockade.analyse", "stockade.model"])
    analyse = _engine(reference)
    exercise(analyse, options)
    return analyse
