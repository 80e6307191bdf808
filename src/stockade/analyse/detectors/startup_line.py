"""Runs a line each time Python starts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import StartupLine
from stockade.model.evidence import Evidence

#: What installers and namespace packages have always written.
_KNOWN = re.compile(
    r"import (?:_virtualenv|sitecustomize|_distutils_hack|site|coverage; coverage\.process_startup\(\))\s*$"
    r"|import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os\.environ\.get\(var, '(?:local|stdlib)'\) == 'local';"
    r" enabled and __import__\('_distutils_hack'\)(?:\.add_shim\(\))?;?\s*$"
    r"|import sys,\s?types,\s?os;\s?has_mfs = sys\.version_info > \(3, 5\);\s?p = os\.path\.join\([^;]*\);"
)


@detector("startup-line", on=StartupLine)
def startup_line(line: StartupLine) -> Iterator[Evidence]:
    """Runs a line each time Python starts.

    What: an executing line of a .pth file, or an entry of a .start file (PEP 829), other than the shims of
    setuptools, virtualenv and coverage.
    Why: it runs in each interpreter of the environment, whether or not the package is ever imported.
    Benign twins: editable installs and import hooks; lines that only name a folder run nothing.
    Blind spots: code in the module that a harmless line imports (its facts have the phase start-up).
    """
    if line.executes and not _KNOWN.match(line.text):
        excerpt = line.text[: limits.MAX_EXCERPT]
        message = "runs a line each time Python starts"
        yield Evidence(
            detector="startup-line", message=message, where=line.where, phase=line.phase, excerpt=excerpt
        )
