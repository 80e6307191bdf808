"""Using more than is allowed: a little more than the ceiling, and never more than the machine can bear."""

from __future__ import annotations

import mmap
import os
import time
from pathlib import Path

from tests.jail.escapees import Escape, Held
from tests.jail.escapees.facts import Facts

_MOST_FORKS = 64
_MIB = 1 << 20


def fork_bomb(facts: Facts) -> str:
    """Children that wait for the end of a pipe, which comes when this process ends."""
    reading, writing = os.pipe()
    for number in range(min(facts.limit + 8, _MOST_FORKS)):
        try:
            child = os.fork()
        except OSError as why:
            raise Held(f"{number} forks: {why.strerror}") from why
        if not child:
            os.close(writing)
            os.read(reading, 1)
            os._exit(0)
    return f"{min(facts.limit + 8, _MOST_FORKS)} forks"


def large_file(facts: Facts) -> str:
    """One file of the ceiling and a mebibyte."""
    _fill(Path(facts.project, "large"), facts.limit + _MIB)
    return "written"


def many_files(facts: Facts) -> str:
    """Two files which together are the ceiling and a mebibyte."""
    _fill(Path(facts.project, "first"), facts.limit)
    _fill(Path(facts.project, "second"), _MIB)
    return "written"


def _fill(path: Path, size: int) -> None:
    with path.open("wb", buffering=0) as opened:
        done = 0
        while done < size:
            done += opened.write(b"x" * min(_MIB // 4, size - done))


def memory(facts: Facts) -> str:
    """Asked for in one piece; nothing need be touched to break the ceiling."""
    with mmap.mmap(-1, facts.limit + _MIB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS):
        return "mapped"


def shared_pages(facts: Facts) -> str:
    """Shared pages are no process's own, so some ceilings do not see them."""
    with mmap.mmap(-1, facts.limit + _MIB, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS):
        return "mapped"


def memory_of_many(facts: Facts) -> str:
    """Two processes with three quarters of the ceiling each."""
    part = facts.limit * 3 // 4
    (has, say), (over, end) = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        os.close(end)
        with mmap.mmap(-1, part, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS):
            os.write(say, b"x")
            os.read(over, 1)
        os._exit(0)
    os.close(say)
    if not os.read(has, 1):
        raise Held("the first was refused")
    with mmap.mmap(-1, part, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS):
        os.close(end)
        os.waitpid(child, 0)
    return "mapped"


def processor(facts: Facts) -> str:
    """Half a second more than the ceiling, spinning."""
    while time.process_time() < facts.limit + 0.5:
        pass
    return f"{facts.limit + 0.5} s spent"


def time_of_the_clock(facts: Facts) -> str:
    """Stays asleep for longer than it may run."""
    time.sleep(facts.limit + 1.5)
    return "still here"


def descriptors(facts: Facts) -> str:
    opened = [os.dup(1) for _ in range(facts.limit + 1)]
    return f"{len(opened)} opened"


ESCAPES: dict[str, Escape] = {
    one.__name__: one
    for one in (
        *(fork_bomb, large_file, many_files, memory, shared_pages, memory_of_many),
        *(processor, time_of_the_clock, descriptors),
    )
}
