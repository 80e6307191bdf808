"""System calls as what a person would say that they do."""

from __future__ import annotations

import os
import shlex
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stockade import limits
from stockade.acquire.detonate.watch.memory import Asker, address_of, signed
from stockade.model.observation import Act

_HERE = -100  # AT_FDCWD
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_TIMER_ABSTIME = 1
_SOCKADDR = 128


@dataclass(frozen=True, slots=True)
class Asked:
    """One call in words. `words` are those of a command that is executed, `sleep` the seconds of a long sleep."""

    act: Act
    what: str
    words: tuple[str, ...] = ()
    sleep: float = 0.0


Arguments = Sequence[int]


def asked(name: str, who: Asker, arguments: Arguments) -> Asked | None:
    """What call `name` asks for; None where it is of no interest."""
    return _CALLS[name](who, arguments)


def _opened(who: Asker, folder: int, path: int, flags: int) -> Asked:
    act = Act.WRITE if flags & _WRITES else Act.READ
    return Asked(act, who.path(folder, path))


def _open(who: Asker, a: Arguments) -> Asked:
    return _opened(who, _HERE, a[0], a[1])


def _openat(who: Asker, a: Arguments) -> Asked:
    return _opened(who, signed(a[0]), a[1], a[2])


def _openat2(who: Asker, a: Arguments) -> Asked:
    flags = int.from_bytes(who.bytes_at(a[2], 8), "little")
    return _opened(who, signed(a[0]), a[1], flags)


def _one(word: str, *, at: bool = False) -> Callable[[Asker, Arguments], Asked]:
    """A call that does `word` to one path."""

    def told(who: Asker, a: Arguments) -> Asked:
        path = who.path(signed(a[0]), a[1]) if at else who.path(_HERE, a[0])
        return Asked(Act.WRITE, f"{word} {path}" if word else path)

    return told


def _two(word: str, first: tuple[int, int], second: tuple[int, int]) -> Callable[[Asker, Arguments], Asked]:
    """One that takes two paths, each told by the places of its folder (-1: none) and itself among the arguments."""

    def told(who: Asker, a: Arguments) -> Asked:
        old, new = (who.path(_HERE if at < 0 else signed(a[at]), a[path]) for at, path in (first, second))
        return Asked(Act.WRITE, f"{word} {old} -> {new}")

    return told


def _pointed(place: int, folder: int) -> Callable[[Asker, Arguments], Asked]:
    """A symbolic link: its target is text, and no path of anything."""

    def told(who: Asker, a: Arguments) -> Asked:
        where = who.path(_HERE if folder < 0 else signed(a[folder]), a[place])
        return Asked(Act.WRITE, f"link {where} -> {who.text(a[0])}")

    return told


def _executed(who: Asker, folder: int, path: int, argv: int) -> Asked:
    pointers = who.memory.words(who.thread, argv, limits.MAX_SEEN_WORDS)
    words = tuple(who.text(one, limits.MAX_SEEN_WORD) for one in pointers)
    program = who.path(folder, path)
    return Asked(Act.EXECUTE, " ".join([program, *map(shlex.quote, words[1:])]), words)


def _execve(who: Asker, a: Arguments) -> Asked:
    return _executed(who, _HERE, a[0], a[1])


def _execveat(who: Asker, a: Arguments) -> Asked:
    return _executed(who, signed(a[0]), a[1], a[2])


def _connect(who: Asker, a: Arguments) -> Asked | None:
    where = address_of(who.bytes_at(a[1], min(a[2] & 0xFFFF, _SOCKADDR)))
    return Asked(Act.CONNECT, where) if where else None


def _bind(who: Asker, a: Arguments) -> Asked | None:
    where = address_of(who.bytes_at(a[1], min(a[2] & 0xFFFF, _SOCKADDR)))
    return Asked(Act.CONNECT, f"listen at {where}") if where else None


def _sendto(who: Asker, a: Arguments) -> Asked | None:
    where = address_of(who.bytes_at(a[4], min(a[5] & 0xFFFF, _SOCKADDR)))
    return Asked(Act.SEND, f"{a[2]} bytes to {where}") if where else None


def _sendmsg(who: Asker, a: Arguments) -> Asked | None:
    """``struct msghdr`` begins with the address that it is for; without one it goes through a connection."""
    head = who.bytes_at(a[1], 12)
    if len(head) < 12:
        return None
    name, length = struct.unpack("<QI", head)
    where = address_of(who.bytes_at(name, min(length, _SOCKADDR))) if name else ""
    return Asked(Act.SEND, f"a message to {where}") if where else None


def _forked(who: Asker, a: Arguments) -> Asked:
    return Asked(Act.PROCESS, "a process is started")


def _slept(who: Asker, seconds: float) -> Asked | None:
    if seconds < limits.MAX_SLEEP:
        return None
    return Asked(Act.PROCESS, f"sleeps for {seconds:.0f} s, which is cut short", sleep=seconds)


def _time(who: Asker, address: int) -> float:
    packed = who.bytes_at(address, 16)
    if len(packed) < 16:
        return 0.0
    seconds, nanoseconds = map(int, struct.unpack("<qq", packed))
    return seconds + nanoseconds / 1e9


def _nanosleep(who: Asker, a: Arguments) -> Asked | None:
    return _slept(who, _time(who, a[0]))


def _clock_nanosleep(who: Asker, a: Arguments) -> Asked | None:
    until, clock = _time(who, a[2]), signed(a[0])
    if a[1] & _TIMER_ABSTIME:
        if clock not in _CLOCKS:
            return None
        until -= time.clock_gettime(clock)
    return _slept(who, until)


#: Clocks that are the same for every process.
_CLOCKS = frozenset({time.CLOCK_REALTIME, time.CLOCK_MONOTONIC, time.CLOCK_BOOTTIME})

_CALLS: dict[str, Callable[[Asker, Arguments], Asked | None]] = {
    "open": _open,
    "openat": _openat,
    "openat2": _openat2,
    "creat": _one(""),
    "truncate": _one(""),
    "mkdir": _one("make"),
    "mkdirat": _one("make", at=True),
    "rmdir": _one("remove"),
    "unlink": _one("remove"),
    "unlinkat": _one("remove", at=True),
    "rename": _two("rename", (-1, 0), (-1, 1)),
    "renameat": _two("rename", (0, 1), (2, 3)),
    "renameat2": _two("rename", (0, 1), (2, 3)),
    "link": _two("link", (-1, 0), (-1, 1)),
    "linkat": _two("link", (0, 1), (2, 3)),
    "symlink": _pointed(1, -1),
    "symlinkat": _pointed(2, 1),
    "execve": _execve,
    "execveat": _execveat,
    "connect": _connect,
    "bind": _bind,
    "sendto": _sendto,
    "sendmsg": _sendmsg,
    "sendmmsg": _sendmsg,
    "clone": _forked,
    "clone3": _forked,
    "fork": _forked,
    "vfork": _forked,
    "nanosleep": _nanosleep,
    "clock_nanosleep": _clock_nanosleep,
}
