"""Short ways to an index and a fetcher that ask a twin index, without waiting between tries."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx

from stockade.acquire.fetch import Fetcher
from stockade.acquire.index.credentials import Keyring
from stockade.acquire.index.settings import IndexSettings, Source
from stockade.acquire.index.simple import SimpleIndex
from stockade.acquire.index.transport import Transport


@dataclass(slots=True)
class Asking:
    """A transport with what stands on it; `slept` are the pauses that were asked for, in seconds."""

    transport: Transport
    index: SimpleIndex
    fetcher: Fetcher
    slept: list[float] = field(default_factory=list)

    def close(self) -> None:
        """Close the connections and tidy the cache."""
        self.index.close()
        self.fetcher.close()
        self.transport.close()


class Ask(Protocol):
    """The fixture: `open_asking`, and closed when the test is over."""

    def __call__(
        self,
        cache: Path,
        settings: IndexSettings | str,
        *,
        offline: bool = False,
        keyring: Keyring | None = None,
        base: httpx.BaseTransport | None = None,
        now: Callable[[], float] | None = None,
        clock: Callable[[], float] | None = None,
    ) -> Asking: ...


def open_asking(
    cache: Path,
    settings: IndexSettings | str,
    *,
    offline: bool = False,
    keyring: Keyring | None = None,
    base: httpx.BaseTransport | None = None,
    now: Callable[[], float] | None = None,
    clock: Callable[[], float] | None = None,
) -> Asking:
    """Everything for one index; `settings` may be just its URL."""
    if isinstance(settings, str):
        settings = IndexSettings(installer="pip", sources=(Source(url=settings),), timeout=5.0)
    slept: list[float] = []
    transport = Transport(
        settings, base=base, keyring=keyring, sleep=slept.append, clock=clock or time.monotonic
    )
    index = SimpleIndex(transport, cache, offline=offline, now=now or time.time)
    return Asking(transport, index, Fetcher(transport, cache, offline=offline), slept)
