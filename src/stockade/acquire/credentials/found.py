"""What one parser found in one place, before secrets become fingerprints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from stockade.acquire.credentials.secret import Secret
from stockade.model.credential import Kind, Life, Rotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`item` is which part of the place; `secret` is None for what is never read (a browser's store)."""

    provider: str
    kind: Kind
    secret: Secret | None = None
    principal: str = ""
    item: str = ""
    life: Life = Life.LONG
    rotation: Rotation = Rotation.HAND
    created: datetime | None = None
    expires: datetime | None = None
    locked: bool = False
