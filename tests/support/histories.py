"""Made-up pasts of projects, as cases write them down.

at = 2026-11-24T00:00:00Z
version = "1.2"                       # the release that is judged
releases = [["1.0", "2020-01-01"], ["1.1", "2020-02-01", "attested"], ["1.2", "2026-11-23T10:00"]]
owners_before = ["ada"]
[claims]                              # as in stockade.model.identity.Claims
[repositories]
"github.com/someone/famous" = ["famous"]
[known]                               # claims of the known project that this one may be made after, and its name
name = "famous"
[signed]                              # as in tests/support/publishers.py
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stockade.analyse.identity.copies import copies
from stockade.analyse.identity.history import Standing, remarks
from stockade.model.identity import Claims, Past, ProjectHistory
from stockade.model.project import ProjectName, project_name
from tests.support import publishers


def moment(text: str) -> datetime:
    """A date, or a date and time, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def past(row: list[str]) -> Past:
    """A release: version, time ("" for unknown), and words that hold of it."""
    version, when, *words = row
    return Past(
        version=version,
        uploaded=moment(when) if when else None,
        files=1,
        yanked="yanked" in words,
        attested="attested" in words,
    )


def claims_of(given: dict[str, Any]) -> Claims:
    """Claims as a case writes them down."""
    links = tuple(given.pop("links", {}).items())
    owners = given.pop("owners", None)
    return Claims(**given, links=links, owners=None if owners is None else tuple(owners))


def alike(given: dict[str, Any] | None, history: ProjectHistory) -> tuple[object, ...]:
    """What the project claims in the words of the known one that a case names."""
    if given is None:
        return ()
    return copies(history, project_name(given.pop("name")), claims_of(given))


def standing(given: dict[str, Any]) -> Standing:
    """The standing that a case describes."""
    releases = [past(row) for row in given.get("releases", [])]
    before = given.get("owners_before")
    known = given.get("repositories", {})
    return Standing(
        history=ProjectHistory(
            project=project_name(given.get("project", "demo")),
            at=given["at"],
            releases=tuple(releases),
            claims=claims_of(given["claims"]) if "claims" in given else None,
        ),
        version=given["version"],
        owners_before=None if before is None else tuple(before),
        repositories={place: tuple(map(ProjectName, names)) for place, names in known.items()},
    )


def facts_of(folder: Path) -> tuple[object, ...]:
    """The facts that a case's folder stands for."""
    given = tomllib.loads((folder / "history.toml").read_text(encoding="utf-8"))
    one = standing(given)
    return (
        *remarks(one),
        *alike(given.get("known"), one.history),
        *publishers.facts(given.get("signed", {}), one.history, one.version),
    )
