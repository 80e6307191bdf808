"""Installs other packages by itself, unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.commands import command
from stockade.analyse.code.facts import Call
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.code.observe import runs, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_LISTED = re.compile(r"['\"]pip3?['\"]\s*,\s*['\"]install['\"]")
#: A list that ends with what a variable holds, and names nothing before that but options.
_GIVEN = re.compile(r"['\"]install['\"](?:\s*,\s*['\"]-[\w-]+['\"])*\s*,\s*\*\w+\s*\]")
_MAIN = frozenset({"pip.main", "pip._internal.main", "pip._internal.cli.main.main", "ensurepip.bootstrap"})


@detector("runtime-pip-install", on=Call, when=runs)
def runtime_pip_install(call: Call) -> Iterator[Evidence]:
    """Installs other packages by itself, unasked.

    What: pip run as a process or called as a library, at install, start-up, import or behind a command.
    Why: what it installs is in no metadata, lock file or review.
    Benign twins: notebooks and plugin managers that install on request.
    Blind spots: other installers; a command line that is not constant.
    """
    listed = starts(call) and (mark(command(call), Mark.PIP) or _LISTED.search(call.excerpt))
    if (listed and not _chosen(call)) or call.target in _MAIN:
        yield seen("runtime-pip-install", call, "installs packages by itself")


def _chosen(call: Call) -> bool:
    """Whether a list of arguments names nothing itself: what is installed is its caller's choice."""
    value = call.arg(0, "args")
    given = any(origin.startswith("param:") for origin in value.origins)
    return given and not value.known and bool(_GIVEN.search(call.excerpt))
