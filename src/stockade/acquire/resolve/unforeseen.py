"""What a fetched wheel requires and resolution did not know of, since it read metadata that no digest covers.

An index serves ``.metadata`` beside a file (PEP 658), or parts of one, before its digest can be checked. What an
installer would bring beyond what stood there was not judged. Whatever cannot be read is taken to apply: the gap
errs towards looking.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from packaging.markers import InvalidMarker, Marker

from stockade import limits
from stockade.errors import BadRequirement
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import ProjectName, Release, Resolved, project_name, read_requirement

_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?)")


def applies(marker: Marker | None, environment: Mapping[str, str], extras: Iterable[str] = ("",)) -> bool:
    """Whether a marker (PEP 508) holds for any of the `extras`; one that cannot be evaluated is taken to hold."""
    if marker is None:
        return True
    try:
        return any(marker.evaluate({**environment, "extra": extra}) for extra in extras)
    except (ValueError, RecursionError):  # an undefined comparison or name: hostile, or merely odd
        return True


def unforeseen(
    closure: Iterable[Resolved], requires: Mapping[Release, Iterable[str]], environment: Mapping[str, str]
) -> Iterator[Gap]:
    """A limit gap for each project that `requires` (the Requires-Dist lines of a release's wheels) adds to `closure`.

    `environment` holds the values of markers. Extras are left out: who asked for them is the resolver's to know.
    """
    releases = list(closure)
    here = {one.release.name for one in releases}
    for release in sorted(one.release for one in releases):
        needed = {
            _needed(line, environment) for line in list(requires.get(release, ()))[: limits.MAX_REQUIRES]
        }
        for name in sorted(name for name in needed if name and name not in here):
            why = f"it requires {name}, which resolution did not know of, and which was not judged"
            yield Gap(kind=GapKind.LIMIT, what=str(release), why=why)


def _needed(line: str, environment: Mapping[str, str]) -> ProjectName | None:
    """The project that a line brings, None where it brings nothing here, or names nothing at all."""
    one = read_requirement(line)
    if one is not None:
        name, marker = one.name, one.marker
    else:
        # Installers forgive more than the standard does ("foo >=1.0.*"), in the specifier above all.
        head, _, tail = line.partition(";")
        found = _NAME.match(head)
        if found is None:
            return None
        name, marker = found[1], _marker(tail)
    try:
        return project_name(name) if applies(marker, environment) else None
    except BadRequirement:
        return None


def _marker(text: str) -> Marker | None:
    try:
        return Marker(text) if text.strip() else None
    except (InvalidMarker, RecursionError):
        return None
