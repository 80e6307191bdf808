"""A progress bar: one line on the terminal's error stream, gone without a trace when the work is done.

Written by hand, since all it needs is a carriage return; a library for it would cost 40 ms at each start.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from stockade.act.report.look import Look, Stream, look_of

_BAR = 24
#: Seconds between two drawings.
_PAUSE = 0.05
_ERASE = "\r\x1b[K"


class Progress(Protocol):
    """What the work may say while it goes on."""

    def total(self, number: int) -> None:
        """There will be `number` steps in all."""

    def step(self, label: str) -> None:
        """One more is done; `label` (untrusted) names it."""

    def say(self, doing: str) -> None:
        """What is being done now, for work without steps (`doing` is untrusted too)."""

    def aside(self) -> AbstractContextManager[None]:
        """The bar is off the screen within, so that something else may be written to the same terminal."""


class Silent:
    """No terminal, no bar."""

    def total(self, number: int) -> None:
        """Says nothing."""

    def step(self, label: str) -> None:
        """Says nothing."""

    def say(self, doing: str) -> None:
        """Says nothing."""

    def aside(self) -> AbstractContextManager[None]:
        """Nothing to take off the screen."""
        return nullcontext()


class Bar:
    """The line itself. `clock` gives seconds from any start."""

    def __init__(self, verb: str, stream: Stream, look: Look, clock: Callable[[], float]) -> None:
        self._verb, self._stream, self._look, self._clock = verb, stream, look, clock
        self._start = clock()
        self._drawn = float("-inf")
        self._total = self._done = 0
        self._label = ""

    def total(self, number: int) -> None:
        """There will be `number` steps in all."""
        self._total = number
        self._draw(now=True)

    def step(self, label: str) -> None:
        """One more is done."""
        self._done, self._label = self._done + 1, label
        self._draw(now=self._done == self._total)

    def say(self, doing: str) -> None:
        """What is being done now."""
        self._label = doing
        self._draw(now=True)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The bar is off the screen within."""
        self.erase()
        yield
        self._draw(now=True)

    def erase(self) -> None:
        """Leave an empty line."""
        self._stream.write(_ERASE)
        self._stream.flush()

    def line(self) -> str:
        """What stands on the screen, in one column less than its width."""
        look = self._look
        seconds = int(self._clock() - self._start)
        parts = [self._verb]
        if self._total:
            filled = min(_BAR, _BAR * self._done // self._total)
            full, empty = ("━", "─") if look.unicode else ("=", "-")
            parts.append(look.paint(full * filled, "green") + look.paint(empty * (_BAR - filled), "dim"))
            parts.append(f"{self._done}/{self._total}")
        elif self._done:
            parts.append(f"{self._done} done")
        parts.append(f"{seconds // 60}:{seconds % 60:02}")
        plain = sum(len(part) + 1 for part in parts) - (len(parts[1]) - _BAR if self._total else 0)
        room = look.width - 1 - plain
        if self._label and room >= 8:
            parts.append(look.shown(self._label, room))
        return " ".join(parts)

    def _draw(self, *, now: bool) -> None:
        moment = self._clock()
        if not now and moment - self._drawn < _PAUSE:
            return
        self._drawn = moment
        self._stream.write(_ERASE + self.line())
        self._stream.flush()


@contextmanager
def progress(
    verb: str, environ: Mapping[str, str], *, stream: Stream | None = None, wanted: bool = True
) -> Iterator[Progress]:
    """A bar for the time of the block, on a terminal only.

    `wanted` is False where a person asked for quiet. TERM=dumb gets none.
    """
    out = sys.stderr if stream is None else stream
    if not wanted or not out.isatty() or environ.get("TERM") == "dumb":
        yield Silent()
        return
    bar = Bar(verb, out, look_of(out, environ), time.monotonic)
    bar.say("")
    try:
        yield bar
    finally:
        bar.erase()
