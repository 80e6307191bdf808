"""What is run, how often, and on what machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from stockade.errors import ScheduleFailed

#: Stands in whatever we write, so that we know it again.
MARK = "Written by Stockade"
#: What a service is told of the environment that it was set up in.
_HANDED_ON = ("STOCKADE_CACHE_DIR", "STOCKADE_CONFIG_DIR", "STOCKADE_DATA_DIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One command that is run every so often. `name` is ``watch`` or ``audit``: there is one of each. `words` is the
    command with its whole path, `environ` what it needs of the environment. `undo` is the command that takes it out."""

    name: str
    words: tuple[str, ...]
    every: timedelta
    purpose: str
    undo: str
    environ: Mapping[str, str]

    def __post_init__(self) -> None:
        """Raises ScheduleFailed for a text that none of the three could be told."""
        for text in (*self.words, *self.environ.values()):
            if not text.isprintable():
                raise ScheduleFailed(f"{text!r} has characters that no timer can be told")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Whose timers these are."""

    home: Path
    environ: Mapping[str, str]
    platform: str = sys.platform
    uid: int = -1

    def program(self, name: str) -> str | None:
        """The path of a program, None where it isn't there."""
        return shutil.which(name, path=self.environ.get("PATH"))


def this_machine() -> Machine:
    """The one that this process runs on."""
    return Machine(home=Path.home(), environ=os.environ, uid=os.getuid())


def job(name: str, arguments: tuple[str, ...], every: timedelta, purpose: str, undo: str) -> Job:
    """The job that runs ``stockade ARGUMENTS`` as it is installed here."""
    kept = {one: os.path.abspath(os.environ[one]) for one in _HANDED_ON if os.environ.get(one)}
    return Job(
        name=name, words=(*command(), *arguments), every=every, purpose=purpose, undo=undo, environ=kept
    )


def command() -> tuple[str, ...]:
    """How Stockade is started without a shell: the script beside this interpreter, else the module."""
    beside = Path(sys.executable).with_name("stockade")
    if beside.is_file() and os.access(beside, os.X_OK):
        return (str(beside),)
    return (sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())")
