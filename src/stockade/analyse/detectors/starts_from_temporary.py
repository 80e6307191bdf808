"""Starts a program from a folder for temporary files or of the user's settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.abstract import HOLE
from stockade.analyse.code.commands import asks_a_tool, program, program_stands
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import seen, starts
from stockade.analyse.code.vocabulary import touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_MAKERS = frozenset(
    {
        "tempfile.gettempdir",
        "tempfile.gettempdirb",
        "tempfile.mkdtemp",
        "tempfile.mkstemp",
        "tempfile.mktemp",
        "tempfile.NamedTemporaryFile",
        "tempfile.TemporaryDirectory",
    }
)
_FOLDERS = re.compile(
    r"[\\/]temp[\\/]|%(?:temp|tmp|appdata|localappdata|programdata|public)%|(?:^|\s)/(?:var/)?tmp/|/dev/shm/|appdata[\\/]"
    r"|programdata[\\/]|users[\\/]+public[\\/]|\$env:(?:temp|appdata|public)",
    re.IGNORECASE,
)


@detector("starts-from-temporary", on=Call, when=starts)
def starts_from_temporary(call: Call) -> Iterator[Evidence]:
    """Starts a program from a folder for temporary files or of the user's settings.

    What: a process call whose program lies in such a folder, by its path or by the function that names the folder.
    Why: nothing that was installed lies there; it was written a moment ago, and is gone a moment later.
    Benign twins: tests and playgrounds compile and run small programs there; an argument that lies there is silent.
    Blind spots: other folders that anybody can write to; a list of several words that are all put in at run time.
    """
    if asks_a_tool(call):
        return
    name = program(call)
    found = _FOLDERS.search(name)
    made = touching(call.arg(0, "args", "cmd", "command", "filepath").origins, _MAKERS)
    if found or (made and _alone(call) and not program_stands(call)):
        where = found.group() if found else min(made)
        yield seen("starts-from-temporary", call, f"starts a program from a temporary place ({where})")


def _alone(call: Call) -> bool:
    """Whether a command is one word or a line for a shell; of a list, another may be the program."""
    const = call.arg(0, "args", "cmd", "command", "filepath").const
    if isinstance(const, (list, tuple)):
        return len(const) == 1
    if isinstance(const, str):
        return not const.startswith(f"{HOLE} ")
    return call.target.startswith("os.") or call.arg(-1, "shell").const is True
