"""What is written, taken away and run to set a job up or take it out; shown before it is done, if asked for."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from stockade import limits
from stockade.act.report.shown import shown
from stockade.act.schedule.jobs import MARK
from stockade.errors import ScheduleFailed
from stockade.remember.files import replace


@dataclass(frozen=True, slots=True)
class Write:
    """A file that becomes `text`."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Remove:
    """A file of ours that goes."""

    path: Path


@dataclass(frozen=True, slots=True)
class Run:
    """A command, with what it reads. A failure ends the plan, unless it `may_fail`."""

    words: tuple[str, ...]
    stdin: str | None = None
    may_fail: bool = False


Step = Write | Remove | Run


def shown_steps(steps: Sequence[Step]) -> Iterator[str]:
    """The steps for people: what `carried_out` would do, to the last line."""
    for step in steps:
        match step:
            case Write():
                yield f"write {shown(str(step.path), limit=4000)}"
                yield from _lines(step.text)
            case Remove():
                yield f"remove {shown(str(step.path), limit=4000)}"
            case Run():
                yield f"run {shown(' '.join(step.words), limit=4000)}"
                if step.stdin is not None:
                    yield from _lines(step.stdin)
            case _:  # pragma: no cover
                assert_never(step)


def carried_out(steps: Sequence[Step]) -> None:
    """Do them, in order; raises ScheduleFailed where one fails, and the rest isn't done."""
    for step in steps:
        match step:
            case Write():
                _ours_or_none(step.path)
                with _saying(step.path):
                    step.path.parent.mkdir(parents=True, exist_ok=True)
                    replace(step.path, step.text.encode("utf-8"), mode=0o644)
            case Remove():
                _ours_or_none(step.path)
                with _saying(step.path):
                    step.path.unlink(missing_ok=True)
            case Run():
                done = ran(step.words, step.stdin)
                if done.returncode and not step.may_fail:
                    raise ScheduleFailed(_failure(step.words, done))
            case _:  # pragma: no cover
                assert_never(step)


def ran(words: Sequence[str], stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command by its list of arguments; raises ScheduleFailed where it can't be, or doesn't end."""
    try:
        return subprocess.run(  # noqa: S603 (an argument list of ours)
            list(words),
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limits.SCHEDULER_SECONDS,
            check=False,
        )
    except OSError as why:
        raise ScheduleFailed(f"{words[0]} cannot be run: {why.strerror}") from None
    except subprocess.TimeoutExpired:
        raise ScheduleFailed(f"{words[0]} does not end") from None


def is_ours(path: Path) -> bool:
    """Whether a file is there and we wrote it. Raises ScheduleFailed where it cannot be read."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return MARK in file.read(4 * limits.KIB)
    except FileNotFoundError:
        return False
    except OSError as why:
        raise ScheduleFailed(f"{path} cannot be read: {why.strerror}") from None


def _ours_or_none(path: Path) -> None:
    """What somebody else wrote is theirs."""
    if os.path.lexists(path) and (path.is_symlink() or not is_ours(path)):
        raise ScheduleFailed(f"{path} was not written by Stockade, and is left as it is; move it away first")


class _saying:  # noqa: N801 (a context manager reads as a word)
    """What the system refuses about a path, as ScheduleFailed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, why: BaseException | None, _trace: object) -> None:
        if isinstance(why, OSError):
            raise ScheduleFailed(f"{self._path} cannot be written: {why.strerror}") from None


def _failure(words: Sequence[str], done: subprocess.CompletedProcess[str]) -> str:
    said = next((line.strip() for line in done.stderr.splitlines() if line.strip()), "")
    return f"`{' '.join(words)}` ended with {done.returncode}{f': {shown(said)}' if said else ''}"


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield f"    {shown(line, limit=4000)}"
