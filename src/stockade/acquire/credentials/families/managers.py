"""Password managers' command lines, as far as they leave anything in plain sight."""

from __future__ import annotations

from stockade.acquire.credentials.formats import json_document
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.spots import Rule, Spot, keyed
from stockade.model.credential import Kind, Life


def _there(provider: str) -> Found:
    return Found(provider=provider, kind=Kind.STORE, life=Life.UNKNOWN, locked=True)


SPOTS = (
    Spot(
        patterns=(".config/Bitwarden CLI/data.json",),
        read=keyed(
            "Bitwarden",
            json_document,
            Rule(path="accessToken", life=Life.SHORT),
            Rule(path="refreshToken", kind=Kind.REFRESH_TOKEN, life=Life.REFRESHING),
        ),
    ),
    Spot(patterns=(".config/op/config",), exists=_there("1Password")),
    Spot(patterns=(".password-store",), exists=_there("pass")),
)
