"""The way from a plain fork to the jailed command: what both mechanisms have in common.

It runs in a process of its own, so that nothing here changes who started it, and ends by executing something else.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from stockade.acquire.jail import walls
from stockade.acquire.jail.plan import Ceilings, Listener, Network, Plan
from stockade.acquire.jail.walls import Channel, Raised
from stockade.confine import drop_capabilities, landlock, namespaces, rlimits
from stockade.confine.kernel import Kernel
from stockade.confine.namespaces import Space
from stockade.confine.rlimits import Bounds

#: Those that Python ignores, and that programs count on.
_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
#: What a terminal sends to everything that runs in it, and what hands it on must outlive.
KEYBOARD = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGHUP, signal.SIGTERM)
_MAX_BACKLOG = 128
NOTHING = Space(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to start and where: `streams` are its descriptors 0, 1, 2; `terminal` is one that becomes its own; `parent`
    is who it dies with."""

    plan: Plan
    command: Sequence[str]
    streams: tuple[int, int, int]
    terminal: int | None
    kernel: Kernel
    parent: int


def begin(order: Order, end: socket.socket, mechanism: Callable[[Order, Channel], NoReturn]) -> NoReturn:
    """Never returns, whatever happens."""
    channel = Channel(end)
    try:
        _alone(order, end.fileno())
        mechanism(order, channel)
    except (OSError, ValueError, KeyError) as why:
        channel.failed(sentence(why))
    finally:
        os._exit(1)


def sentence(why: Exception) -> str:
    return (why.strerror or str(why)) if isinstance(why, OSError) else f"{type(why).__name__}: {why}"


def _alone(order: Order, channel: int) -> None:
    """A session of its own, default signals, no descriptor but the three."""
    # 1. Whoever started this may end at any time.
    namespaces.die_with_parent(order.kernel)
    if os.getppid() != order.parent:
        raise ProcessLookupError("its parent is gone")
    # 2. No terminal but the one it gets.
    os.setsid()
    if order.terminal is not None:
        import fcntl
        import termios

        fcntl.ioctl(order.terminal, termios.TIOCSCTTY, 0)
    # 3. Signals as a shell would leave them.
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)) or number in _IGNORED_BY_PYTHON:
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    # 4. An open folder or socket of the caller's would be a door.
    for place, descriptor in enumerate(_moved(order.streams)):
        os.dup2(descriptor, place)
    only((channel,))


def _moved(streams: Iterable[int]) -> list[int]:
    """Copies above 2, so that one can be put in the place of another."""
    import fcntl

    return [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 3) for one in streams]


def only(kept: Iterable[int]) -> None:
    """Leave the next program no descriptor above 2 but `kept`; they stay open until then."""
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        if number > 2 and number not in kept:
            try:
                os.set_inheritable(number, False)
            except OSError:
                continue  # the listing's own


def enter(order: Order, channel: Channel, raised: Raised, more: Space = NOTHING) -> bool:
    """Namespaces: `more`, and a network if the plan has one. Returns whether they could be had; says so in `raised`."""
    wanted = more | (Space.NET if order.plan.network is Network.NONE else NOTHING)
    if not wanted:
        return True
    try:
        namespaces.enter(order.kernel, wanted)
    except OSError as why:
        if wanted & Space.NET and (order.plan.listeners or order.plan.everywhere):
            channel.failed(
                f"no network of its own can be made here ({why.strerror}), and without one it has no way to the outside"
            )
            os._exit(1)
        return False
    if wanted & Space.NET:
        namespaces.loopback_up()
        if order.plan.everywhere:
            namespaces.everywhere_here()
        made = [_listening(one) for one in order.plan.listeners]
        if made:
            channel.sockets(made)
        for one in made:
            one.close()
        raised.up(walls.NETWORK)
    return True


def _listening(listener: Listener) -> socket.socket:
    family = socket.AF_INET6 if ":" in listener.address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM if listener.stream else socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    made.bind((listener.address, listener.port))
    if listener.stream:
        made.listen(_MAX_BACKLOG)
    return made


def lower(order: Order, raised: Raised) -> None:
    """The ceilings that hold for each process."""
    bounds = bounds_of(order.plan.ceilings)
    for name in walls.CEILINGS:
        if all(ceiling is None for ceiling in bounds.of(name)):
            continue
        try:
            rlimits.lower(order.kernel, name, bounds)
        except (OSError, ValueError) as why:
            raised.down(name, sentence(why))
        else:
            raised.up(name)


def bounds_of(ceilings: Ceilings) -> Bounds:
    """A plan's ceilings as the kernel's, but the one on processes."""
    return Bounds(
        memory=ceilings.memory,
        cpu=None if ceilings.cpu is None else int(ceilings.cpu),
        open_files=ceilings.open_files,
        file_size=ceilings.file_size,
    )


def strip(order: Order, raised: Raised) -> None:
    """No privileges, now or later; raises OSError, for without this nothing else holds."""
    namespaces.no_new_privileges(order.kernel)
    drop_capabilities(order.kernel)
    raised.up(walls.PRIVILEGES)


def scoped(order: Order) -> str:
    """Landlock's wall around abstract Unix sockets and signals alone; why not, or "" where it stands."""
    try:
        version = landlock.abi(order.kernel)
        if version < landlock.SINCE[landlock.SCOPE]:
            return f"this kernel's Landlock speaks ABI {version}, it needs {landlock.SINCE[landlock.SCOPE]}"
        landlock.restrict(order.kernel, version, (landlock.SCOPE,))
    except OSError as why:
        return sentence(why)
    return ""
