"""Jails that lack a piece: what is left out is left out of the launcher itself, in this process and for good."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from stockade.acquire.jail import bubblewrap, inside, launch, own, paths, walls
from stockade.acquire.jail.inside import Order
from stockade.acquire.jail.plan import Mount, Network
from stockade.acquire.jail.walls import Channel, Raised
from stockade.confine import bpf, jailing, landlock, namespaces, rlimits
from stockade.confine.jailing import Sockets
from stockade.confine.kernel import Kernel
from stockade.confine.namespaces import Space

#: Options of bwrap by how many words follow them, of those that lay out files.
_FILES = {
    **dict.fromkeys(("--ro-bind", "--ro-bind-try", "--bind", "--symlink"), 2),
    **dict.fromkeys(("--tmpfs", "--dev", "--remount-ro", "--size"), 1),
}


def _words_changed(change: Callable[[list[str]], list[str]]) -> None:
    """bwrap's command line is changed, up to the command that it is to start."""
    made = bubblewrap.arguments

    def arguments(*given: Any, **named: Any) -> list[str]:
        words = made(*given, **named)
        end = words.index("--")
        return [*change(words[:end]), *words[end:]]

    bubblewrap.arguments = arguments


def _everything_is_shown(words: list[str]) -> list[str]:
    kept, rest = [], iter(words)
    for word in rest:
        if word in _FILES:
            for _ in range(_FILES[word]):
                next(rest)
        elif word == "--proc":
            kept += ["--dev-bind", "/", "/", word]
        else:
            kept.append(word)
    return kept


def _without(*words: str) -> Callable[[list[str]], list[str]]:
    """Take that row of words out."""

    def change(line: list[str]) -> list[str]:
        for start in range(len(line)):
            if tuple(line[start : start + len(words)]) == words:
                return line[:start] + line[start + len(words) :]
        raise AssertionError(f"{words} is not what bwrap is told")

    return change


def _landlock_without(*lacking: str) -> None:
    build = landlock.restrict

    def restrict(kernel: Kernel, version: int, names: Sequence[str], rules: Sequence[Any] = ()) -> None:
        left = [name for name in names if name not in lacking]
        if left:
            build(kernel, version, left, rules if landlock.FILES in left else ())

    landlock.restrict = restrict  # type: ignore[assignment]


def _host_network() -> None:
    enter = inside.enter

    def instead(order: Order, channel: Channel, raised: Raised, *more: Space) -> bool:
        raised.up(walls.NETWORK)
        return enter(replace(order, plan=replace(order.plan, network=Network.HOST)), channel, raised, *more)

    inside.enter = instead  # type: ignore[assignment]


def _namespaces_without(space: Space) -> None:
    enter = namespaces.enter
    namespaces.enter = lambda kernel, spaces: enter(kernel, spaces & ~space)


def _no_filter() -> None:
    allowed = bpf.encode([bpf.Instruction(bpf.Op.RETURN, 0, 0, bpf.ALLOW)])
    jailing.program = lambda kernel, sockets: allowed


def _unix_sockets() -> None:
    program = jailing.program
    jailing.program = lambda kernel, sockets: program(kernel, Sockets(internet=sockets.internet))


def _ceiling(lacking: str) -> None:
    lower = rlimits.lower

    def instead(kernel: Kernel, wall: str, bounds: rlimits.Bounds) -> None:
        if wall != lacking:
            lower(kernel, wall, bounds)

    rlimits.lower = instead


class _NoCrowd:
    why = ""

    def __init__(self, *_: object) -> None: ...

    def close(self) -> None: ...


def _for_ever() -> None:
    made = launch.Inmate

    def inmate(*given: Any, **named: Any) -> Any:
        return made(*given, **{**named, "seconds": None})

    launch.Inmate = inmate  # type: ignore[assignment, misc]


def _links() -> None:
    def unchanged(mounts: Sequence[Mount]) -> list[Mount]:
        return list(mounts)

    paths.without_links = unchanged
    paths.opened = lambda path: os.open(path, os.O_PATH | os.O_CLOEXEC)


def _replace(module: Any, name: str, instead: object) -> Callable[[], None]:
    return lambda: setattr(module, name, instead)


#: Piece -> how it is left out. "environment" is left out where the plan is made (jailing.py).
PIECES: Mapping[str, Callable[[], None]] = {
    "bwrap's files": lambda: _words_changed(_everything_is_shown),
    "bwrap's read-only /proc/sys": lambda: _words_changed(
        _without("--ro-bind-try", "/proc/sys", "/proc/sys")
    ),
    "bwrap's namespace of processes": lambda: _words_changed(_without("--unshare-pid")),
    "bwrap's namespace of System V": lambda: _words_changed(_without("--unshare-ipc")),
    "bwrap's dropping of privileges": lambda: _words_changed(
        lambda words: ["--cap-add" if word == "--cap-drop" else word for word in words]
    ),
    "Landlock's files": lambda: _landlock_without(landlock.FILES),
    "Landlock's scope": lambda: _landlock_without(landlock.SCOPE),
    "Landlock": lambda: _landlock_without(landlock.FILES, landlock.SCOPE),
    "namespace of networks": _host_network,
    "namespace of processes": lambda: _namespaces_without(Space.PID),
    "namespace of System V": lambda: _namespaces_without(Space.IPC),
    "search for orphans": _replace(own, "end_children", lambda pid: None),
    "filter of system calls": _no_filter,
    "filter of Unix sockets": _unix_sockets,
    "session of its own": _replace(os, "setsid", lambda: None),
    "closing of descriptors": _replace(inside, "only", lambda kept: None),
    "dropping of capabilities": _replace(inside, "drop_capabilities", lambda kernel: None),
    "no new privileges": _replace(namespaces, "no_new_privileges", lambda kernel: None),
    "look at links": _links,
    "ceiling on memory": lambda: _ceiling(rlimits.MEMORY),
    "ceiling on processor time": lambda: _ceiling(rlimits.CPU),
    "ceiling on open files": lambda: _ceiling(rlimits.OPEN_FILES),
    "ceiling on files": lambda: _ceiling(rlimits.FILE_SIZE),
    "ceiling on processes": _replace(launch, "Crowd", _NoCrowd),
    "ceiling on time": _for_ever,
    "environment": lambda: None,
}


def leave_out(pieces: Sequence[str]) -> None:
    """Take them out of the launcher."""
    for piece in pieces:
        PIECES[piece]()
