"""Made-up publishers of releases, as cases write them down beside a project's past (tests/support/histories.py).

[signed]
files = [["demo-1.2.tar.gz", "GitHub ada/demo 7"], ["demo-1.2-py3-none-any.whl", "invalid: it is of other bytes"]]
pin = ["GitHub ada/demo 7", "1.1", "2026-11-01"]      # what this machine expects, and of which release
before = ["GitHub ada/demo 7", "1.1", "2026-11-01"]   # what the release before shows
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stockade.analyse.identity.publisher import Signed, remarks
from stockade.model.identity import Attested, Pin, ProjectHistory, Publisher


def publisher(text: str) -> Publisher:
    """A publisher of three or four words: kind, repository, number and workflow."""
    kind, repository, identifier, *workflow = text.split()
    return Publisher(
        kind=kind, repository=repository, identifier=identifier.strip("-"), workflow="".join(workflow)
    )


def attested(row: list[str]) -> Attested:
    """What came of one file: publishers, or why not."""
    filename, *words = row
    told = dict(word.split(": ", 1) for word in words if ": " in word)
    return Attested(
        filename=filename, publishers=tuple(publisher(word) for word in words if ": " not in word), **told
    )


def pin(row: list[str] | None) -> Pin | None:
    """An expectation; a time of "" is unknown."""
    if row is None:
        return None
    who, version, when = row
    uploaded = datetime.fromisoformat(when).replace(tzinfo=UTC) if when else None
    return Pin(publisher=publisher(who), version=version, uploaded=uploaded)


def signed(given: dict[str, Any], history: ProjectHistory, version: str) -> Signed:
    """The release with its publishers."""
    return Signed(
        history=history,
        version=version,
        files=tuple(attested(row) for row in given.get("files", [])),
        pin=pin(given.get("pin")),
        before=pin(given.get("before")),
    )


def facts(given: dict[str, Any], history: ProjectHistory, version: str) -> tuple[object, ...]:
    """The facts that follow."""
    return remarks(signed(given, history, version))
