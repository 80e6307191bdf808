"""Observations as cases tell them, in a file ``observation.toml``."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

from stockade.model.observation import Act, Decoy, Event, Exchange, Observation, Stage
from stockade.model.project import Digest
from tests.support.disguises import get, lookup, post


def observation_of(folder: Path) -> Observation:
    """``decoys`` are [marker, where, what, meant…]; ``events`` [stage, act, what]; ``posts`` [stage, host, body];
    ``gets`` [stage, host, target, header…]; ``names`` [stage, name]."""
    told = tomllib.loads((folder / "observation.toml").read_text(encoding="utf-8"))
    decoys = [
        Decoy(marker=marker.encode(), where=where, what=what, meant=tuple(meant))
        for marker, where, what, *meant in told.get("decoys", ())
    ]
    events = [
        Event(seconds=float(number), stage=Stage(stage), act=Act(act), what=what)
        for number, (stage, act, what) in enumerate(told.get("events", ()))
    ]
    exchanges: list[Exchange] = []
    for stage, host, body in told.get("posts", ()):
        exchanges.append(post(body.encode(), host, stage=Stage(stage)))
    for stage, host, target, *headers in told.get("gets", ()):
        lines = "".join(f"{line}\r\n" for line in headers)
        exchanges.append(get(target, host, stage=Stage(stage), headers=lines))
    for stage, name in told.get("names", ()):
        exchanges.append(lookup(name.encode(), stage=Stage(stage)))
    return Observation(
        filename="demo-1.0-py3-none-any.whl",
        sha256=Digest("0" * 64),
        started=datetime(2026, 1, 1, tzinfo=UTC),
        decoys=tuple(decoys),
        events=tuple(events),
        exchanges=tuple(exchanges),
    )
