"""Google Cloud: users' and service accounts' credentials, as gcloud and its libraries keep them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from stockade.acquire.credentials.formats import Unreadable, json_document, time_of, value_at
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.spots import File, Rule, Spot, keyed
from stockade.model.credential import Kind, Life, Rotation

GOOGLE = "Google Cloud"


def application(file: File) -> Iterator[Found]:
    """Application default credentials, or a service account's key (JSON with a ``type``)."""
    data = json_document(file.data)
    yield from account(data, value_at(data, "client_email") or value_at(data, "account"))


def account(data: object, principal: str, item: str = "") -> Iterator[Found]:
    """The credential that one such document holds."""
    if key := value_at(data, "private_key"):
        number = value_at(data, "private_key_id")
        yield Found(
            provider=GOOGLE,
            kind=Kind.SERVICE_KEY,
            secret=Secret(key),
            principal=principal or number,
            item=item or (f"key {number[:8]}…" if number else ""),
            rotation=Rotation.API,
        )
    elif token := value_at(data, "refresh_token"):
        yield Found(
            provider=GOOGLE,
            kind=Kind.REFRESH_TOKEN,
            secret=Secret(token),
            principal=principal,
            item=item,
            life=Life.REFRESHING,
            rotation=Rotation.REVOKE,
        )


def database(file: File) -> Iterator[Found]:
    """gcloud's SQLite files: credentials(account_id, value), access_tokens(account_id, access_token, token_expiry)."""
    with closing(sqlite(file.data)) as base:
        for name, value in _rows(base, "SELECT account_id, value FROM credentials"):
            try:
                yield from account(json.loads(value), name, name)
            except (ValueError, RecursionError):
                continue
        for name, token, *rest in _rows(
            base, "SELECT account_id, access_token, token_expiry FROM access_tokens"
        ):
            if token:
                yield Found(
                    provider=GOOGLE,
                    kind=Kind.TOKEN,
                    secret=Secret(token),
                    principal=name,
                    item=name,
                    life=Life.SHORT,
                    rotation=Rotation.EXPIRES,
                    expires=time_of(rest[0]) if rest else None,
                )


def sqlite(data: bytes) -> sqlite3.Connection:
    """A database in memory with those bytes: nothing is written beside the file, and no lock is taken."""
    base = sqlite3.connect(":memory:")
    try:
        if len(data) > _HEADER:
            # A journal of its own kind (WAL) asks for a second file, which is not there in memory.
            data = data[:18] + b"\x01\x01" + data[20:]
            base.deserialize(data)
        base.execute("PRAGMA trusted_schema = OFF")
    except sqlite3.Error:
        base.close()
        raise Unreadable("it is no SQLite database") from None
    return base


def _rows(base: sqlite3.Connection, query: str) -> Iterator[tuple[str, ...]]:
    try:
        for row in base.execute(query):
            yield tuple(one if isinstance(one, str) else str(one or "") for one in row)
    except sqlite3.OperationalError:  # no such table
        return
    except sqlite3.Error:
        raise Unreadable("it is no SQLite database") from None


_HEADER = 100

SPOTS = (
    Spot(patterns=(".config/gcloud/credentials.db", ".config/gcloud/access_tokens.db"), read=database),
    Spot(
        patterns=(
            ".config/gcloud/*.json",
            ".config/gcloud/legacy_credentials/*/adc.json",
        ),
        variables=("GOOGLE_APPLICATION_CREDENTIALS",),
        read=application,
    ),
    Spot(
        patterns=(".gemini/oauth_creds.json",),
        read=keyed(
            "Google",
            json_document,
            Rule(
                path="refresh_token", kind=Kind.REFRESH_TOKEN, life=Life.REFRESHING, rotation=Rotation.REVOKE
            ),
            Rule(path="access_token", life=Life.SHORT, rotation=Rotation.EXPIRES, expires="expiry_date"),
        ),
    ),
)
