"""Who lives outside of the jail: services on every door that an escapee may knock at, and the canary."""

from __future__ import annotations

import ctypes
import os
import selectors
import signal
import socket
from dataclasses import dataclass, field
from pathlib import Path

METADATA, RESOLVER = "169.254.169.254", "127.0.0.53"
ABSTRACT = "stockade-escapees"
AGENTS = ("ssh", "gpg", "docker", "bus")


@dataclass(slots=True)
class Doors:
    """Sockets that are open before privileges are dropped."""

    listening: list[socket.socket] = field(default_factory=list)
    asked: list[socket.socket] = field(default_factory=list)
    agents: dict[str, str] = field(default_factory=dict)
    port: int = 0


def open_doors(folder: Path, owner: int) -> Doors:
    """All of them: in the network of the arena, and in its folder."""
    doors = Doors()
    for address in (("127.0.0.1", 0), (METADATA, 80)):
        doors.listening.append(socket.create_server(address))
    doors.port = doors.listening[0].getsockname()[1]
    resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    resolver.bind((RESOLVER, 53))
    doors.asked.append(resolver)
    paths = {name: str(folder / f"{name}.socket") for name in AGENTS}
    for path in (*paths.values(), "\0" + ABSTRACT):
        one = socket.socket(socket.AF_UNIX)
        one.bind(path)
        one.listen()
        doors.listening.append(one)
        if path[0] != "\0" and os.geteuid() == 0:
            os.chown(path, owner, owner)
    doors.agents = paths
    return doors


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the canary keeps to itself, and where: its memory is that of the process it was forked from."""

    memory: ctypes.Array[ctypes.c_char]
    descriptor: int

    @property
    def address(self) -> int:
        return ctypes.addressof(self.memory)


def hide(secret: str) -> Secrets:
    """A secret in memory and one behind a descriptor, before the fork."""
    descriptor = os.memfd_create("canary")
    os.write(descriptor, secret.encode())
    return Secrets(ctypes.create_string_buffer(secret.encode(), 256), descriptor)


def live(doors: Doors, secret: str, notes: int) -> None:
    """Answer everybody with the secret, and note down on the descriptor `notes` who came; never returns."""
    signals_in, signals_out = os.pipe()
    os.set_blocking(signals_out, False)
    signal.set_wakeup_fd(signals_out)
    signal.signal(signal.SIGUSR1, lambda *_: None)
    choose = selectors.DefaultSelector()
    choose.register(signals_in, selectors.EVENT_READ, "signal")
    for one in doors.listening:
        choose.register(one, selectors.EVENT_READ, "stream")
    for one in doors.asked:
        choose.register(one, selectors.EVENT_READ, "datagram")
    os.write(notes, b"ready\n")
    while True:
        for key, _ in choose.select():
            if key.data == "signal":
                os.read(signals_in, 1)
                os.write(notes, b"signalled\n")
                continue
            assert isinstance(key.fileobj, socket.socket)
            os.write(notes, b"heard\n")
            if key.data == "stream":
                with key.fileobj.accept()[0] as visitor:
                    visitor.settimeout(2)
                    _answer(visitor, secret)
            else:
                asked, who = key.fileobj.recvfrom(512)
                key.fileobj.sendto(asked + secret.encode(), who)


def _answer(visitor: socket.socket, secret: str) -> None:
    try:
        visitor.recv(100)
        visitor.sendall(secret.encode())
    except OSError:
        return
