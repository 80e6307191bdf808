"""Signs that what is started was fetched a moment ago: one name in both, or a place where nothing is installed."""

from __future__ import annotations

import re

from stockade.analyse.code.abstract import HOLE
from stockade.analyse.code.chains import handles, opened_for_writing, stored
from stockade.analyse.code.commands import asks_a_tool, program, program_stands
from stockade.analyse.code.facts import Call, Module
from stockade.analyse.code.observe import from_network, starts
from stockade.analyse.code.vocabulary import RETRIEVE, touching

_CURL = re.compile(r"\b(?:curl|wget)\b")
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


def started_fetched(start: Call, fetched: frozenset[str]) -> str:
    """The name of one of the `fetched` files that a process call starts; "" for none."""
    if not starts(start) or _CURL.search(start.excerpt):
        return ""
    return min(fetched & handles(start), default="")


def fetched_files(module: Module) -> frozenset[str]:
    """Handles of the files of a module that hold something fetched."""
    found: frozenset[str] = frozenset()
    scopes = {call.scope for call in module.calls if stored(call) and from_network(call.origins)}
    for call in module.calls:
        if call.target in RETRIEVE:
            found |= handles(call)
        elif call.scope in scopes:
            found |= opened_for_writing(call)
        elif starts(call) and _CURL.search(call.excerpt):
            found |= _outputs(call)
    return found


def temporary(call: Call) -> str:
    """The temporary place that a process call starts its program from, as far as it is told; "" for none."""
    if asks_a_tool(call):
        return ""
    found = _FOLDERS.search(program(call))
    if found:
        return found.group()
    made = touching(call.arg(0, "args", "cmd", "command", "filepath").origins, _MAKERS)
    return min(made) if made and _alone(call) and not program_stands(call) else ""


def _outputs(call: Call) -> frozenset[str]:
    names = re.findall(r"\s(?:-o|-O|--output|-qO)\s*\{?([\w.\\/:]+)", call.excerpt)
    return frozenset(name.replace("\\", "/").rpartition("/")[2] for name in names if len(name) > 2)


def _alone(call: Call) -> bool:
    """Whether a command is one word or a line for a shell; of a list, another may be the program."""
    const = call.arg(0, "args", "cmd", "command", "filepath").const
    if isinstance(const, (list, tuple)):
        return len(const) == 1
    if isinstance(const, str):
        return not const.startswith(f"{HOLE} ")
    return call.target.startswith("os.") or call.arg(-1, "shell").const is True
