"""Made-up pasts of projects, as cases write them down.

at = 2026-11-24T00:00:00Z
version = "1.2"                       # the release that is judged
releases = [["1.0", "2020-01-01"], ["1.1", "2020-02-01", "attested"], ["1.2", "2026-11-23T10:00"]]
owners_before = ["ada"]
[claims]                              # as in stockade.model.identity.Claims
[repositories]
"github.com/someone/famous" = ["famous"]
[signed]                              # as in tests/support/publishers.py
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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


def standing(given: dict[str, Any]) -> Standing:
    """The standing that a case describes."""
    releases = [past(row) for row in given.get("releases", [])]
    claims = given.get("claims")
    if claims is not None:
        links = tuple((label, address) for label, address in claims.pop("links", {}).items())
        owners = claims.pop("owners", None)
        claims = Claims(**claims, links=links, owners=None if owners is None else tuple(owners))
    before = given.get("owners_before")
    known = given.get("repositories", {})
    return Standing(
        history=ProjectHistory(
            project=project_name(given.get("project", "demo")),
            at=given["at"],
            releases=tuple(releases),
            claims=claims,
        ),
        version=given["version"],
        owners_before=None if before is None else tuple(before),
        repositories={place: tuple(map(ProjectName, names)) for place, names in known.items()},
    )


def facts_of(folder: Path) -> tuple[object, ...]:
    """The facts that a case's folder stands for."""
    given = tomllib.loads((folder / "history.toml").read_text(encoding="utf-8"))
    one = standing(given)
    return (*remarks(one), *publishers.facts(given.get("signed", {}), one.history, one.version))
