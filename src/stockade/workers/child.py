"""The life of a worker: confined, then one artifact, one result, and the end.

It holds no descriptor but 0, 1 and 2, which are /dev/null. The artifact and the space for the result are
mapped before the walls go up, so that it needs no call to read the one or write the other; that space is as
large as it will ever be, so a result cannot grow beyond limits.MAX_RESULT.
"""

from __future__ import annotations

import mmap
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from stockade import limits
from stockade.confine import Profile, Wall, confine
from stockade.model.artifact import Kind
from stockade.model.assessment import Findings
from stockade.model.project import Digest
from stockade.workers import wire

#: Exit codes of a worker.
DONE, CRASHED, NO_MEMORY, UNCONFINED, TOO_MUCH = 0, 81, 82, 83, 84
#: The result's length stands before it, written last: a worker that dies half way has sent nothing.
HEADER = 8
SPACE = HEADER + limits.MAX_RESULT
#: Characters that a crash may say of itself.
MAX_WORDS = 200


class Analyse(Protocol):
    """Bytes to findings, as stockade.analyse.engine.analyse does it."""

    def __call__(
        self, data: memoryview, *, filename: str, kind: Kind, sha256: Digest, options: Any
    ) -> Findings: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What every worker of a warm process does, and the hands it does it with (tests have others)."""

    analyse: Analyse
    options: object
    profile: Profile
    walls: Callable[..., tuple[Wall, ...]] = confine
    close: Callable[[int, int], object] = os.closerange
    leave: Callable[[int], NoReturn] = os._exit


def rehearse(work: Work, space: mmap.mmap, parent: int) -> NoReturn:
    """Be confined as a worker is, tell which walls stand, and end."""
    code = CRASHED
    try:
        work.close(3, _highest())
        _send(space, wire.encode(work.walls(work.profile, parent=parent)))
        code = DONE
    finally:
        work.leave(code)


def live(
    work: Work, job: wire.Start, data: int, space: int, *, promised: tuple[Wall, ...], parent: int
) -> NoReturn:
    """Analyse one artifact (descriptor `data`), put the result into `space`, and end; never returns.

    Without the walls that were `promised` it ends before it has looked at a byte.
    """
    code = CRASHED
    result: mmap.mmap | None = None
    try:
        # 1. Map what is to be read and written, then hold nothing open.
        content = memoryview(mapped(data, job.size))
        result = mmap.mmap(space, SPACE, flags=mmap.MAP_SHARED)
        work.close(3, _highest())
        # 2. Walls, all that were promised. 3. Only then the bytes.
        code = UNCONFINED
        if work.walls(work.profile, parent=parent) == promised:
            code = CRASHED
            code = _analyse(work, job, content, result)
    except MemoryError:
        code = NO_MEMORY
    finally:
        why = sys.exc_info()[1]
        try:
            if why is not None and result is not None:
                _send(result, f"{type(why).__name__}: {why}"[:MAX_WORDS].encode("utf-8", "backslashreplace"))
        finally:
            work.leave(code)


def _analyse(work: Work, job: wire.Start, content: memoryview, result: mmap.mmap) -> int:
    findings = work.analyse(
        content,
        filename=os.fsdecode(job.filename),
        kind=job.kind,
        sha256=Digest(job.sha256),
        options=work.options,
    )
    packed = wire.pack(findings)
    if len(packed) > limits.MAX_RESULT:
        return TOO_MUCH
    _send(result, packed)
    return DONE


def mapped(data: int, size: int) -> mmap.mmap | bytes:
    """The `size` bytes of a descriptor, read-only, without reading them."""
    if not size:
        return b""
    return mmap.mmap(data, size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)


def _send(space: mmap.mmap, packed: bytes) -> None:
    space[HEADER : HEADER + len(packed)] = packed
    space[:HEADER] = len(packed).to_bytes(HEADER, "little")


def _highest() -> int:
    """One above the highest descriptor that may be open."""
    return os.sysconf("SC_OPEN_MAX")
