"""The walls of a jail by name, and what its two sides tell: what stands, what is handed out, what failed."""

from __future__ import annotations

import array
import os
import socket
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from stockade.confine import Wall, rlimits

FILES, NETWORK, OTHERS = "files", "network", "other-processes"
SIGNALS, SURVIVORS, SHARED_MEMORY = "signals", "survivors", "shared-memory"
UNIX_SOCKETS, ABSTRACT_SOCKETS, TERMINAL = "unix-sockets", "abstract-sockets", "terminal"
PRIVILEGES, CALLS = "privileges", "system-calls"
CEILINGS = (rlimits.MEMORY, rlimits.CPU, rlimits.OPEN_FILES, rlimits.FILE_SIZE, rlimits.CORE_DUMPS)
PROCESSES = rlimits.PROCESSES

#: Wall -> what it keeps the command from.
MEANING = {
    FILES: "paths that the plan does not name",
    NETWORK: "everything beyond the plan's network",
    OTHERS: "seeing into, tracing or reading the memory of processes outside",
    SIGNALS: "signals to processes outside",
    SURVIVORS: "what it started living on after its end",
    SHARED_MEMORY: "System V memory, semaphores and queues of others",
    UNIX_SOCKETS: "Unix sockets outside, such as those of agents",
    ABSTRACT_SOCKETS: "Unix sockets without a path",
    TERMINAL: "the terminal that it was started from",
    PRIVILEGES: "setuid programs and capabilities",
    CALLS: "system calls that no ordinary program needs",
    rlimits.MEMORY: "more memory than its share, by each process",
    rlimits.CPU: "more processor time than its share, by each process",
    rlimits.OPEN_FILES: "more open files than its share, by each process",
    rlimits.FILE_SIZE: "files that are too big",
    rlimits.CORE_DUMPS: "core dumps",
    PROCESSES: "more processes than its share",
}
WALLS = tuple(MEANING)

_MAX = 65536
_READY, _SOCKETS, _WALL, _FAILED, _LISTENER = b"R", b"S", b"W", b"F", b"L"


@dataclass(slots=True)
class Raised:
    """What became of each wall; those that nobody spoke of are no walls of this jail."""

    became: dict[str, str] = field(default_factory=dict)

    def up(self, *names: str) -> None:
        for name in names:
            self.became.setdefault(name, "")

    def down(self, name: str, why: str) -> None:
        self.became[name] = self.became.get(name) or why

    def walls(self) -> tuple[Wall, ...]:
        return tuple(
            Wall(name, not self.became[name], self.became[name]) for name in WALLS if name in self.became
        )


@dataclass(slots=True)
class News:
    """What the other side told until it was ready. `pid` is who said so last, as seen from here."""

    sockets: list[socket.socket] = field(default_factory=list)
    raised: Raised = field(default_factory=Raised)
    failed: str = ""
    listener: int | None = None
    ready: bool = False
    pid: int = 0


class Channel:
    """The inner side's end."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def sockets(self, made: Sequence[socket.socket]) -> None:
        descriptors = array.array("i", [one.fileno() for one in made])
        self._end.sendmsg([_SOCKETS], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)] if made else [])

    def walls(self, raised: Raised) -> None:
        for name, why in raised.became.items():
            self._write(_WALL + f"{name}\0{why}".encode())

    def failed(self, why: str) -> None:
        self._write(_FAILED + why.encode("utf-8", "replace"))

    def listener(self, number: int) -> None:
        self._write(_LISTENER + str(number).encode())

    def ready(self) -> None:
        self._write(_READY)

    def _write(self, data: bytes) -> None:
        os.write(self._end.fileno(), data[:_MAX])  # write, for sendmsg may be watched by now


def channel() -> tuple[socket.socket, socket.socket]:
    """Ours and theirs; ours is told who speaks."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return ours, theirs


def listen(ours: socket.socket, expected: int) -> News:
    """What the inner side says, until it is ready, has failed, or is gone. Takes at most `expected` sockets."""
    news = News()
    room = socket.CMSG_SPACE(4 * max(expected, 1)) + socket.CMSG_SPACE(12)
    while not (news.ready or news.failed or news.listener is not None):
        data, extra, _, _ = ours.recvmsg(_MAX, room)
        if not data:
            break
        news.pid = _author(extra) or news.pid
        kind, rest = data[:1], data[1:]
        if kind == _SOCKETS:
            news.sockets.extend(_opened(extra))
        elif kind == _WALL:
            name, _, why = rest.decode().partition("\0")
            news.raised.became[name] = why
        elif kind == _FAILED:
            news.failed = rest.decode("utf-8", "replace")
        elif kind == _LISTENER:
            news.listener = int(rest)
        elif kind == _READY:
            news.ready = True
    return news


def _author(extra: Iterable[tuple[int, int, bytes]]) -> int:
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return int(struct.unpack_from("i", data)[0])
    return 0


def _opened(extra: Iterable[tuple[int, int, bytes]]) -> Iterable[socket.socket]:
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            numbers = array.array("i")
            numbers.frombytes(data[: len(data) - len(data) % numbers.itemsize])
            for number in numbers:
                os.set_inheritable(number, False)
                yield socket.socket(fileno=number)
