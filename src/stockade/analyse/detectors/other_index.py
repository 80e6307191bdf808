"""Installs from an index of its own choice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.commands import command
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import idle, runs, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_OPTION = re.compile(
    r"\bpip[\d.]{0,4}\b.{0,300}?(?:--index-url|--extra-index-url|--find-links|--trusted-host|\s-i|\s-f)[\s=]{1,4}[\"',\s]{0,6}"
    r"((?:https?://)?[^\s\"',]{4,300})",
    re.IGNORECASE | re.DOTALL,
)
_LISTED = re.compile(
    r"['\"]pip[\d.]{0,4}['\"].{0,300}?['\"](?:--index-url|--extra-index-url|--find-links|--trusted-host|-i)(?:=|['\"]\s*,\s*f?['\"])"
    r"([^'\"]{4,300})"
)
_VARIABLES = frozenset(
    {"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "UV_INDEX_URL", "UV_DEFAULT_INDEX"}
)
_SETS = frozenset({"os.environ.__setitem__", "os.environ.setdefault", "os.putenv"})
#: This machine's own.
_HERE = re.compile(r"(?:https?://)?(?:localhost|127\.|\[::1\])", re.IGNORECASE)


@detector("other-index", on=Call, when=runs)
def other_index(call: Call) -> Iterator[Evidence]:
    """Installs from an index of its own choice.

    What: pip started with the address of an index, of links or a trusted host, or such a variable set, by code that
    runs while something is installed, imported or started.
    Why: whatever that index offers is installed, whoever's rules and mirrors are set up.
    Benign twins: the indexes of the makers of large wheels; tools that hand on what their user said.
    Blind spots: other installers; configuration files.
    """
    if idle(call):
        return
    found = ""
    if starts(call):
        match = _OPTION.search(command(call)) or _LISTED.search(call.excerpt)
        found = match[1] if match else ""
    elif call.target in _SETS and call.arg(0).text in _VARIABLES:
        found = call.arg(1).text
    if found and not _HERE.match(found):
        yield seen("other-index", call, "installs from an index of its own choice", found)
