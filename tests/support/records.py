"""Entries of a gate's durable store, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stockade.model.project import Digest
from stockade.model.record import Condemnation, Decided, Delivery

NOW = datetime(2026, 11, 24, 15, 30, 0, 123456, tzinfo=UTC)
NAME = "demo-1.0-py3-none-any.whl"


def sha(number: int) -> Digest:
    return Digest(f"{number:064x}")


def decided(number: int = 1, **more: object) -> Decided:
    fields: dict[str, object] = {
        "at": NOW + timedelta(seconds=number),
        "action": "block",
        "project": "demo",
        "version": "1.0",
        "filename": NAME,
        "sha256": sha(number),
        "index": "https://index.example/simple/",
        "reason": "it sends credentials away",
        "rule": "block-above",
        "waiver": "",
        "fingerprint": "f1",
        "run": "r1",
        "client": "127.0.0.1",
        "agent": "pip/26.0",
    }
    return Decided(**{**fields, **more})  # type: ignore[arg-type]


def delivery(
    number: int = 1, *, client: str = "10.0.0.1", filename: str = NAME, agent: str = "uv/0.9"
) -> Delivery:
    return Delivery(
        at=NOW,
        sha256=sha(number),
        filename=filename,
        project="demo",
        version="1.0",
        client=client,
        agent=agent,
        run="r1",
    )


def condemnation(number: int = 1, *, filename: str = NAME, reason: str = "it steals") -> Condemnation:
    return Condemnation(
        at=NOW, sha256=sha(number), filename=filename, project="demo", version="1.0", reason=reason
    )
