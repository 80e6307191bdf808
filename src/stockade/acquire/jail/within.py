"""Behind bubblewrap: this process makes the network and lowers the ceilings, and bwrap does the rest."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from typing import NoReturn

from stockade.acquire.jail import bubblewrap, inside, walls
from stockade.acquire.jail.inside import Order
from stockade.acquire.jail.plan import Network
from stockade.acquire.jail.walls import Channel, Raised
from stockade.confine import jailing, namespaces, watched
from stockade.confine.jailing import Sockets


def start(bwrap: str, handed: Mapping[str, int], order: Order, channel: Channel) -> NoReturn:
    """Become bwrap. `handed` are the descriptors, by option, that it talks to the outside with. Raises OSError."""
    raised = Raised()
    plan, kernel = order.plan, order.kernel
    # 1. The network, with the sockets that lead out of it.
    own = inside.enter(order, channel, raised)
    # 2. What it gets of the machine.
    inside.lower(order, raised)
    namespaces.no_new_privileges(kernel)
    # 3. bwrap builds these or ends.
    for name in (
        *(walls.FILES, walls.OTHERS, walls.SIGNALS, walls.SURVIVORS, walls.SHARED_MEMORY, walls.UNIX_SOCKETS),
        *(walls.TERMINAL, walls.PRIVILEGES, walls.CALLS),
    ):
        raised.up(name)
    if plan.network is Network.HOST:
        why = inside.scoped(order)
        raised.down(walls.ABSTRACT_SOCKETS, why) if why else raised.up(walls.ABSTRACT_SOCKETS)
    else:
        raised.up(walls.NETWORK, walls.ABSTRACT_SOCKETS)
    descriptors = {**handed, "--seccomp": _in_memory(jailing.program(kernel, Sockets()))}
    for number in descriptors.values():
        os.set_inheritable(number, True)
    # 4. A terminal's signals go to all that runs in it, and bwrap has to stay.
    restored = []
    if order.terminal is not None:
        restored = [number for number in inside.KEYBOARD if signal.getsignal(number) is signal.SIG_DFL]
        for number in restored:
            signal.signal(number, signal.SIG_IGN)
    words = bubblewrap.arguments(
        bwrap,
        plan,
        order.command,
        descriptors=descriptors,
        network=plan.network is Network.NONE and not own,
        restored=[number.name.removeprefix("SIG") for number in restored],
    )
    environment = dict(plan.environment)
    channel.walls(raised)
    if plan.watch:
        channel.listener(watched.announce(kernel))
    else:
        channel.ready()
    os.execve(bwrap, words, environment)  # noqa: S606 (its arguments are ours)


def _in_memory(data: bytes) -> int:
    number = os.memfd_create("filter")
    os.write(number, data)
    os.lseek(number, 0, os.SEEK_SET)
    return number
