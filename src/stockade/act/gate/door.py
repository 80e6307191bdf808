"""Whom a gate lets in."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stockade.acquire.authority import Authority


@dataclass(frozen=True, slots=True)
class Door:
    """How a server lets clients in: without an authority there are no tunnels, without a token anyone may ask."""

    authority: Authority | None = None
    token: str = ""

    def admits(self, login: bytes) -> bool:
        """Whether the Basic credentials of a client hold the token as their password."""
        if not self.token:
            return True
        try:
            password = base64.b64decode(login, validate=True).partition(b":")[2]
        except ValueError:
            return False
        return hmac.compare_digest(password, self.token.encode())
