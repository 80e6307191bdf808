"""What was carried to the network that leads nowhere, as it is written down."""

from __future__ import annotations

import time

from stockade import limits
from stockade.model.evidence import Gap, GapKind
from stockade.model.observation import Exchange, Stage
from stockade.model.record import bounded


class Carried:
    """One exchange while it lasts."""

    def __init__(self, book: Book, protocol: str, host: str, port: int) -> None:
        self._book = book
        self._seconds = round(time.monotonic() - book.started, 3)
        self._sent = bytearray()
        self.protocol, self.host, self.port = protocol, host, port
        self.summary = ""
        self.cut = False

    def take(self, data: bytes) -> None:
        """Bytes that came; what is too much is dropped, and that is said."""
        room = min(limits.MAX_EXCHANGE - len(self._sent), self._book.room)
        self._sent += data[:room]
        self._book.room -= min(len(data), room)
        self.cut |= len(data) > room
        self._book.dropped |= len(data) > room

    def done(self) -> None:
        """It is over: write it down."""
        self._book.add(
            Exchange(
                seconds=self._seconds,
                stage=self._book.stage,
                protocol=self.protocol,
                host=bounded(self.host, limits.MAX_SEEN),
                port=self.port,
                sent=bytes(self._sent),
                summary=bounded(self.summary, limits.MAX_SEEN),
                cut=self.cut,
            )
        )


class Book:
    """Exchanges of one thing that is run: at most `left` of them, with `room` bytes together."""

    def __init__(self, stage: Stage, started: float, *, room: int, left: int) -> None:
        self.stage, self.started = stage, started
        self.room, self.left = room, left
        self.exchanges: list[Exchange] = []
        self.lost = 0
        self.dropped = False

    def begin(self, protocol: str, host: str, port: int) -> Carried:
        return Carried(self, protocol, host, port)

    def add(self, one: Exchange) -> None:
        if not self.left:
            self.lost += 1
            return
        self.left -= 1
        self.exchanges.append(one)

    def gaps(self) -> tuple[Gap, ...]:
        """What there was no room for."""
        told = []
        if self.lost:
            told.append(f"{self.lost:,} more connections or datagrams were not written down")
        if self.dropped:
            told.append("more was sent than is kept")
        return tuple(Gap(kind=GapKind.LIMIT, what=f"{self.stage}: network", why=why) for why in told)
