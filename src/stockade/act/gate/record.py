"""What the gate did, as it happened: one entry for each file that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stockade.act.gate.book import Verdict
from stockade.model.project import ArtifactRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One decision about a file that `client` (an address, and what it calls itself) asked for; `when` is aware."""

    when: datetime
    client: str
    agent: str
    ref: ArtifactRef
    sha256: str
    verdict: Verdict
    delivered: bool


class Recorder(Protocol):
    """Who writes down. Raises nothing; where it can't write any more, `trouble` is a sentence, and nothing goes out."""

    @property
    def trouble(self) -> str: ...

    def record(self, event: Event) -> None: ...


class Remembered:
    """A recorder that keeps everything in memory, for the story at the end of one command."""

    trouble = ""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def record(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)
