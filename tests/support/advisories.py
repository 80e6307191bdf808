"""Records in OSV's form, as feeds publish them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

INCIDENT = Path(__file__).parents[1] / "fixtures/advisories/incident-2025-03.csv"
MODIFIED = "2025-04-01T10:00:00Z"
NOW = datetime(2025, 4, 2, 12, tzinfo=UTC)


def record(
    key: str, name: str, *versions: str, events: Any = None, modified: str = MODIFIED, **more: Any
) -> bytes:
    """One record about one project, as bytes; `events` are those of one range, `more` what else it holds."""
    affected: dict[str, Any] = {"package": {"ecosystem": "PyPI", "name": name}}
    if versions:
        affected["versions"] = list(versions)
    if events is not None:
        affected["ranges"] = [{"type": "ECOSYSTEM", "events": [dict([one]) for one in events]}]
    made: dict[str, Any] = {"id": key, "modified": modified, "published": modified, "affected": [affected]}
    return json.dumps(made | more).encode()


def incident() -> Iterator[Mapping[str, str]]:
    """The campaign of March 2025: project, versions (spaces between them), role, osv_id, downloads."""
    with INCIDENT.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def incident_records() -> list[bytes]:
    """One record a project of it."""
    return [record(one["osv_id"], one["project"], *one["versions"].split()) for one in incident()]
