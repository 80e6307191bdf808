"""docs/detectors.md, made of the detectors' own docstrings. tools/gen_docs.py writes it; a test compares."""

from __future__ import annotations

import inspect
import re
from typing import Any

from stockade.analyse.detector import Detector
from stockade.analyse.engine import DETECTORS

#: The sections that each docstring has after its summary, in this order.
SECTIONS = ("What", "Why", "Benign twins", "Blind spots")
_SECTION = re.compile(rf"^({'|'.join(SECTIONS)}):", re.MULTILINE)
_HEAD = """# Detectors

Generated from the docstrings by `make docs`. A detector states an observation and no verdict: which of them weigh how
much, in which phase, is fitted on labelled archives (see [benchmarks.md](benchmarks.md)). The phases are *install*,
*startup*, *import*, *entry* (a command of the package's own) and *call*. [CONTRIBUTING.md](../CONTRIBUTING.md) says
how to add one.
"""


def sections(one: Detector[Any]) -> dict[str, str]:
    """A detector's docstring by section; the summary stands under ""."""
    parts = _SECTION.split(inspect.cleandoc(one.doc))
    found = {"": " ".join(parts[0].split())}
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        found[name] = " ".join(text.split())
    return found


def page() -> str:
    """The whole page."""
    parts = [_HEAD, "| id | looks at | sees |\n|---|---|---|"]
    for one in DETECTORS:
        summary = sections(one)[""].replace("|", "\\|")
        parts[-1] += f"\n| [{one.id}](#{one.id}) | {one.on.__name__} | {summary} |"
    for one in DETECTORS:
        told = sections(one)
        lines = [f"## {one.id}", told[""], *(f"**{name}**: {told[name]}" for name in SECTIONS)]
        parts.append("\n\n".join(lines))
    return "\n\n".join(part.strip() for part in parts) + "\n"


if __name__ == "__main__":
    print(page(), end="")
