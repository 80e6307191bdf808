"""The network that leads nowhere, on this machine's loopback: sockets of any port that pass for those of a jail."""

from __future__ import annotations

import socket
import ssl
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stockade.acquire.detonate.decoys.laid import Laying
from stockade.acquire.detonate.decoys.machines import machines
from stockade.acquire.detonate.decoys.maker import Maker
from stockade.acquire.detonate.network import Nowhere
from stockade.model.observation import Exchange, Stage


def nowhere(streams: tuple[int, ...] = (80,), datagrams: tuple[int, ...] = ()) -> Nowhere:
    """One that pretends to listen on these ports, with decoys of a fixed seed."""
    served = machines(Laying(Path("/nonexistent"), Maker("nowhere")))
    return Nowhere(served, streams=streams, datagrams=datagrams)


@dataclass
class Reached:
    """Where the ports really are."""

    network: Nowhere
    exchanges: list[Exchange]
    streams: Mapping[int, int] = field(default_factory=dict)
    datagrams: Mapping[int, int] = field(default_factory=dict)

    def connect(self, port: int = 80, address: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection((address, self.streams[port]), timeout=10)

    def secured(self, port: int, name: str) -> ssl.SSLSocket:
        """A connection within TLS to who is called `name`, which is checked."""
        context = ssl.create_default_context(cadata=self.network.ca_pem.decode())
        return context.wrap_socket(self.connect(port), server_hostname=name)

    def look_up(self, name: str, kind: int = 1, address: str = "127.0.0.1") -> tuple[str, ...]:
        """Answers to a query over UDP: addresses as text, other data as hex."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(10)
            asking.connect((address, self.datagrams[53]))  # an answer from elsewhere would not arrive
            asking.send(query(name, kind))
            return answers(asking.recv(4096))


def query(name: str, kind: int = 1, ident: int = 0x1234) -> bytes:
    """A question of DNS."""
    labels = b"".join(bytes([len(one)]) + one.encode() for one in name.split(".") if one)
    return struct.pack("!6H", ident, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, 1)


def answers(packet: bytes) -> tuple[str, ...]:
    """The data of the records that answer a single question."""
    ident, flags, asked, count, _, _ = struct.unpack_from("!6H", packet)
    assert (ident, asked, flags & 0x800F) == (0x1234, 1, 0x8000)
    at = packet.index(b"\0", 12) + 5
    found = []
    for _ in range(count):
        _, kind, _, _, size = struct.unpack_from("!HHHIH", packet, at)
        data = packet[at + 12 : at + 12 + size]
        found.append(socket.inet_ntoa(data) if kind == 1 else data.hex())
        at += 12 + size
    return tuple(found)


@contextmanager
def reached(network: Nowhere, stage: Stage = Stage.IMPORT, address: str = "127.0.0.1") -> Iterator[Reached]:
    """Serve, with the sockets bound to free ports of `address`."""
    with ExitStack() as stack:
        sockets: list[socket.socket] = []
        streams: dict[int, int] = {}
        datagrams: dict[int, int] = {}
        for one in network.listeners:
            kind = socket.SOCK_STREAM if one.stream else socket.SOCK_DGRAM
            made = stack.enter_context(socket.socket(socket.AF_INET, kind))
            made.bind((address, 0))
            if one.stream:
                made.listen()
            (streams if one.stream else datagrams)[one.port] = made.getsockname()[1]
            sockets.append(made)
        exchanges = stack.enter_context(network.serving(sockets, stage, time.monotonic()))
        yield Reached(network, exchanges, streams, datagrams)
