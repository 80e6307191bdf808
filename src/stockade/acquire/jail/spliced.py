"""A jail's listener joined with an address outside: who connects to the one talks to the other."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from stockade import limits

_CHUNK = 65536


@contextmanager
def spliced(listener: socket.socket, address: tuple[str, int]) -> Iterator[None]:
    """Join every connection to `listener` with one to `address`, until the end of this. The listener is closed then."""
    thread = Thread(target=_accept, args=(listener, address), daemon=True)
    thread.start()
    try:
        yield
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _accept(listener: socket.socket, address: tuple[str, int]) -> None:
    while True:
        try:
            inner, _ = listener.accept()
        except OSError:
            return
        try:
            outer = socket.create_connection(address, timeout=limits.JAIL_CONNECT_SECONDS)
        except OSError:
            inner.close()
            continue
        outer.settimeout(None)
        Thread(target=_join, args=(inner, outer), daemon=True).start()


def _join(inner: socket.socket, outer: socket.socket) -> None:
    """Both directions, to their ends."""
    with inner, outer:
        back = Thread(target=_carry, args=(outer, inner), daemon=True)
        back.start()
        _carry(inner, outer)
        back.join()


def _carry(source: socket.socket, target: socket.socket) -> None:
    """One direction, to its end, which is handed on."""
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
