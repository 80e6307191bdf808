"""Without bubblewrap: Landlock, seccomp and, where this kernel lets us, namespaces.

Three processes: the one that was started (it waits), the first of the jail's own processes (it waits too, and with its
end everything in there ends), and the command. Where namespaces are not allowed the second is missing, and the first
looks for what is left over by itself.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from stockade.acquire.jail import inside, paths, walls
from stockade.acquire.jail.inside import Order
from stockade.acquire.jail.plan import Kind, Network
from stockade.acquire.jail.walls import Channel, Raised
from stockade.confine import jailing, landlock, namespaces, watched
from stockade.confine.jailing import Sockets
from stockade.confine.landlock import Right, Rule
from stockade.confine.namespaces import Space
from stockade.errors import JailFailed

_NOT_FOUND, _NOT_RUN = 127, 126
_PROC = Path("/proc")


def start(gate: int, order: Order, channel: Channel) -> NoReturn:
    """Start the command, wait for it, and end as it did. Nothing is executed before a byte comes from `gate`. Raises
    OSError, ValueError."""
    raised = Raised()
    namespaced = inside.enter(order, channel, raised, Space.PID | Space.IPC | Space.UTS | Space.MOUNT)
    covered = _covered(order) if namespaced else frozenset()
    if namespaced:
        raised.up(walls.SURVIVORS, walls.SHARED_MEMORY)
    else:
        raised.down(
            walls.SURVIVORS, "namespaces are not allowed here: what leaves in time is not found again"
        )
        raised.down(walls.SHARED_MEMORY, "namespaces are not allowed here")
        namespaces.adopt(order.kernel)
    first = os.fork()
    if first:
        _hand_over()
        _end_as(_waited(first), [] if namespaced else None)
    if namespaced:
        namespaces.die_with_parent(order.kernel)
        with suppress(OSError):
            import socket

            socket.sethostname(order.plan.host_name)
        with suppress(OSError):  # not where a container hides parts of its own
            namespaces.own_processes(order.kernel)
            covered |= {_PROC}
        second = os.fork()
        if second:
            _hand_over()
            _end_as(_waited(second), [])
    _command(gate, order, channel, raised, namespaced, covered)


def _covered(order: Order) -> frozenset[Path]:
    """Mount something over what has a smaller right than what it lies in; empty where that cannot be. Landlock alone
    would have to forbid making anything beside it."""
    inner = list(paths.smaller(order.plan.mounts))
    try:
        namespaces.mounts_alone(order.kernel)
        for mount in inner:
            cover = namespaces.read_only if mount.kind is Kind.READ else namespaces.blank
            cover(order.kernel, str(mount.target))
    except OSError:
        return frozenset()
    return frozenset(mount.target for mount in inner)


def _hand_over() -> None:
    """Keep nothing of the command's: who reads from it waits for the last that holds it. And outlive its terminal."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    for signalled in inside.KEYBOARD:
        signal.signal(signalled, signal.SIG_IGN)


def _waited(pid: int) -> int:
    """The status of `pid`, with everybody else's collected on the way."""
    while True:
        found, status = os.waitpid(-1, 0)
        if found == pid:
            return status


def _end_as(status: int, left: Sequence[int] | None) -> NoReturn:
    """End with the exit code that a shell would tell. `left` is None where orphans have to be looked for."""
    if left is None:
        end_children(os.getpid())
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def end_children(pid: int) -> None:
    """Kill the descendants of `pid`, this process, until there are none; one that forks faster than that is not had."""
    for _ in range(1000):
        for child in children(pid):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def children(pid: int) -> list[int]:
    """The processes that `pid` has started and not collected (proc(5), task/TID/children)."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", "rb") as file:
            return [int(one) for one in file.read().split()]
    except OSError:
        return []


def _command(
    gate: int, order: Order, channel: Channel, raised: Raised, namespaced: bool, covered: frozenset[Path]
) -> NoReturn:
    """Walls, and then the command in the place of this process."""
    plan, kernel = order.plan, order.kernel
    if not namespaced:
        namespaces.die_with_parent(kernel)
    # 1. While paths can be looked up: what it may reach, and where it starts.
    try:
        opened = list(paths.openings(plan.mounts, covered))
    except JailFailed as why:
        channel.failed(str(why))
        os._exit(1)
    if _PROC in covered:
        opened.append((str(_PROC), Right.READ))
    rules = [Rule(number, rights) for path, rights in opened if (number := paths.opened(path)) is not None]
    if order.terminal is not None:
        rules.append(Rule(order.terminal, Right.DEVICE))
    os.chdir(plan.folder)
    # 2. Ceilings, privileges.
    inside.lower(order, raised)
    inside.strip(order, raised)
    # 3. Landlock. It also keeps this from tracing, and from reading the memory and environment of, who is outside.
    _landlock(order, raised, rules)
    # 4. System calls. Landlock does not ask who connects to a socket with a path, so none is made.
    offline = plan.network is Network.NONE and walls.NETWORK not in raised.became
    try:
        jailing.install(kernel, jailing.program(kernel, Sockets(internet=not offline, unix=False)))
    except OSError as why:
        for name in (walls.CALLS, walls.UNIX_SOCKETS, *((walls.NETWORK,) if offline else ())):
            raised.down(name, inside.sentence(why))
    else:
        raised.up(walls.CALLS, walls.UNIX_SOCKETS, *((walls.NETWORK,) if offline else ()))
    raised.up(walls.TERMINAL)
    channel.walls(raised)
    # 5. The last look from outside, then the command.
    if plan.watch:
        channel.listener(watched.announce(kernel))
    else:
        channel.ready()
    if os.read(gate, 1):
        _execute(order)
    os._exit(1)


def _execute(order: Order) -> NoReturn:
    try:
        os.execvpe(order.command[0], list(order.command), dict(order.plan.environment))  # noqa: S606 (asked to)
    except OSError as why:
        os.write(2, f"stockade: {order.command[0]}: {why.strerror}\n".encode("utf-8", "replace"))
        os._exit(_NOT_FOUND if isinstance(why, FileNotFoundError) else _NOT_RUN)


def _landlock(order: Order, raised: Raised, rules: Sequence[Rule]) -> None:
    try:
        version = landlock.abi(order.kernel)
        scope = version >= landlock.SINCE[landlock.SCOPE]
        landlock.restrict(
            order.kernel, version, (landlock.FILES, *((landlock.SCOPE,) if scope else ())), rules
        )
    except OSError as why:
        for name in (walls.FILES, walls.OTHERS, walls.SIGNALS):
            raised.down(name, inside.sentence(why))
        return
    raised.up(walls.FILES, walls.OTHERS)
    # Without a namespace, processes outside are seen by number; and abstract sockets are not made at all.
    own = walls.SURVIVORS in raised.became and not raised.became[walls.SURVIVORS]
    if scope or own:
        raised.up(walls.SIGNALS)
    else:
        raised.down(
            walls.SIGNALS,
            f"this kernel's Landlock speaks ABI {version}, it needs {landlock.SINCE[landlock.SCOPE]}",
        )
