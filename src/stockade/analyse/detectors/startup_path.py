"""Puts an unusual place on the module search path each time Python starts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import StartupLine
from stockade.model.evidence import Evidence

_UNUSUAL = re.compile(
    r"^(?:/|[A-Za-z]:[\\/]|\\\\|~)|(?:^|[\\/])\.\.(?:[\\/]|$)|(?:^|[\\/])\.[\w-]|\.(?:zip|egg|whl|dat|bin|png|pyz)\s*$"
)
#: The names of `site`'s own files that hold folders and nothing else are not those of wheels.
_READABLE = re.compile(r"[^\x00-\x08\x0e-\x1f]{1,400}")


@detector("startup-path", on=StartupLine)
def startup_path(line: StartupLine) -> Iterator[Evidence]:
    """Puts an unusual place on the module search path each time Python starts.

    What: a line of a .pth file that names an absolute or parent folder, a hidden one, or an archive.
    Why: modules from there are imported before, or instead of, those that anybody looked at.
    Benign twins: folders beside the package, as old namespace packages have; editable installs, which no index
    offers.
    Blind spots: an ordinary folder that shadows another project's module.
    """
    text = line.text.strip()
    plain = not line.executes and line.where.file.lower().endswith(".pth")
    if plain and _READABLE.fullmatch(text) and _UNUSUAL.search(text):
        yield Evidence(
            detector="startup-path",
            message="puts an unusual place on the module search path each time Python starts",
            where=line.where,
            phase=line.phase,
            excerpt=text[: limits.MAX_EXCERPT],
        )
