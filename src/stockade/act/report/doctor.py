"""What `stockade doctor` prints: a line a road with the command that closes it, or one document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from stockade.act.report.look import Look, wrapped

DOCTOR_SCHEMA = "stockade-doctor-1"
_GLYPHS = {"open": "block", "unknown": "undetermined", "advice": "ask", "closed": "allow"}


class Told(Protocol):
    """A road."""

    @property
    def id(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def close(self) -> str: ...


def doctor_lines(roads: Iterable[Told], gate: str, look: Look) -> Iterator[str]:
    """For people: the open ones first, and what it comes to."""
    order = list(_GLYPHS)
    told = sorted(roads, key=lambda one: order.index(one.state))
    for one in told:
        glyph = _GLYPHS[one.state]
        first, *rest = wrapped(look.shown(one.what, 600), look.width - 2, "    ")
        yield f"{look.action(glyph, look.glyph(glyph))} {first.lstrip()}"
        yield from rest
        if one.close:
            yield f"    {look.paint('close it:' if one.state != 'advice' else 'do:', 'dim')} {look.shown(one.close)}"
    count = sum(one.state in {"open", "unknown"} for one in told)
    yield ""
    if count:
        number = "1 road is" if count == 1 else f"{count} roads are"
        yield f"{number} open past the gate {look.shown(gate)}; beside each stands the command that closes it."
    else:
        yield f"No road past the gate {look.shown(gate)} was found here."


def doctor_document(roads: Sequence[Told], gate: str, *, enabled: bool, at: datetime) -> str:
    """For programs (schema: stockade-doctor-1), with a final line break."""
    value = {
        "schema": DOCTOR_SCHEMA,
        "at": at.isoformat(timespec="seconds"),
        "gate": _text(gate),
        "enabled": enabled,
        "open": sum(one.state in {"open", "unknown"} for one in roads),
        "roads": [
            {"id": one.id, "state": str(one.state), "what": _text(one.what), "close": _text(one.close)}
            for one in roads
        ],
    }
    return json.dumps(value, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"


def _text(raw: str) -> str:
    return raw.encode("utf-8", "backslashreplace").decode("utf-8")
