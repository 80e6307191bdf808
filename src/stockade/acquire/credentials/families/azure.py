"""Azure: what its command line keeps of users and service principals."""

from __future__ import annotations

from stockade.acquire.credentials.formats import json_document
from stockade.acquire.credentials.spots import Rule, Spot, keyed
from stockade.model.credential import Kind, Life, Rotation

AZURE = "Azure"

SPOTS = (
    Spot(
        patterns=(".azure/msal_token_cache.json",),
        read=keyed(
            AZURE,
            json_document,
            Rule(
                path="RefreshToken.*.secret",
                kind=Kind.REFRESH_TOKEN,
                life=Life.REFRESHING,
                rotation=Rotation.REVOKE,
                principal="home_account_id",
                item="home_account_id",
            ),
            Rule(
                path="AccessToken.*.secret",
                life=Life.SHORT,
                rotation=Rotation.EXPIRES,
                principal="home_account_id",
                item="home_account_id",
                expires="expires_on",
            ),
        ),
    ),
    Spot(
        patterns=(".azure/service_principal_entries.json",),
        read=keyed(
            AZURE,
            json_document,
            Rule(
                path="*.client_secret", kind=Kind.CLIENT_SECRET, rotation=Rotation.API, principal="client_id"
            ),
        ),
    ),
)
