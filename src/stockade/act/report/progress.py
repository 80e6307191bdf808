"""A progress bar on the terminal's error stream, so that a pipe never sees it. Rich is loaded only there."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol, TextIO

from stockade.act.report.shown import shown


class Progress(Protocol):
    """What the work may say while it goes on."""

    def total(self, number: int) -> None:
        """There will be `number` steps in all."""

    def step(self, label: str) -> None:
        """One more is done; `label` (untrusted) names it."""


class Silent:
    """No terminal, no bar."""

    def total(self, number: int) -> None:
        """Says nothing."""

    def step(self, label: str) -> None:
        """Says nothing."""


@contextmanager
def progress(
    verb: str, environ: Mapping[str, str], *, stream: TextIO | None = None, wanted: bool = True
) -> Iterator[Progress]:
    """A bar for the time of the block; gone without a trace after it.

    `wanted` is False where a person asked for quiet. TERM=dumb gets none.
    """
    out = sys.stderr if stream is None else stream
    if not wanted or not out.isatty() or environ.get("TERM") == "dumb":
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(file=out, no_color=bool(environ.get("NO_COLOR")) or None)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[label]}", markup=False),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        yield _Rich(bar, bar.add_task(verb, total=None, label=""))


class _Rich:
    def __init__(self, bar: object, task: object) -> None:
        self._bar, self._task = bar, task

    def total(self, number: int) -> None:
        self._bar.update(self._task, total=number)  # type: ignore[attr-defined]

    def step(self, label: str) -> None:
        self._bar.update(self._task, advance=1, label=shown(label, limit=40))  # type: ignore[attr-defined]
