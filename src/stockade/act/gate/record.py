"""What the gate did, as it happened: one entry for each file that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stockade.act.gate.book import Verdict
from stockade.model.project import ArtifactRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One decision about a file that `client` (an address, and what it calls itself) asked for; `at` is aware."""

    at: datetime
    client: str
    agent: str
    ref: ArtifactRef
    sha256: str
    verdict: Verdict


class Recorder(Protocol):
    """Who writes down. Where it can't write any more, `trouble` is a sentence, and nothing goes out."""

    @property
    def trouble(self) -> str: ...

    def refused(self, event: Event) -> None:
        """Bytes do not go out."""

    async def delivers(self, event: Event) -> str:
        """Bytes are about to go out; "" where they may, else why not."""

    def close(self) -> None:
        """Write what waits."""


class Remembered:
    """A recorder that keeps what happened in memory, for the story at the end of one command, and hands it to another
    one (`then`) that lasts."""

    def __init__(self, then: Recorder | None = None) -> None:
        self._then = then
        self.refusals: list[Event] = []
        self.deliveries: list[Event] = []

    @property
    def trouble(self) -> str:
        """The other one's."""
        return self._then.trouble if self._then else ""

    def refused(self, event: Event) -> None:
        """Keep it."""
        self.refusals.append(event)
        if self._then:
            self._then.refused(event)

    async def delivers(self, event: Event) -> str:
        """Keep it, if the other one agrees."""
        why = await self._then.delivers(event) if self._then else ""
        (self.refusals if why else self.deliveries).append(event)
        return why

    def close(self) -> None:
        """Close the other one."""
        if self._then:
            self._then.close()
