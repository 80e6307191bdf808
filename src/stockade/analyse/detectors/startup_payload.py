"""Executes, decodes, fetches or starts something in a line that runs each time Python starts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import StartupLine
from stockade.model.evidence import Evidence

_PAYLOAD = re.compile(
    r"\bexec\b|\beval\b|subprocess|os\.system|popen|urlopen|urllib|requests|socket|b64decode|base64|marshal|zlib|compile\("
    r"|\bchr\(|fromhex|ctypes|importlib\.util|runpy"
)


@detector("startup-payload", on=StartupLine)
def startup_payload(line: StartupLine) -> Iterator[Evidence]:
    """Executes, decodes, fetches or starts something in a line that runs each time Python starts.

    What: an executing line of a .pth or .start file that names exec, a decoder, the network or a process.
    Why: two of the widest thefts of 2026 came as one such line.
    Benign twins: the shims of installers name none of these; a readable constant that is handed to exec, because one
    line has no room for an if, is read in its place, where it only asks the environment and imports its own package.
    Blind spots: a line that imports a module which does it.
    """
    if line.executes and (hit := _PAYLOAD.search(line.says)):
        excerpt = line.text[: limits.MAX_EXCERPT]
        message = f"uses {hit.group()} in a line that runs each time Python starts"
        yield Evidence(
            detector="startup-payload", message=message, where=line.where, phase=line.phase, excerpt=excerpt
        )
