"""Profiles of browsers: databases that their programs would open, with passwords and sessions of nobody."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import pbkdf2_hmac
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from stockade.acquire.detonate.decoys.laid import Laying
from stockade.acquire.detonate.decoys.maker import HEX, LOWER

_CHROME = "~/.config/google-chrome"
_LOGINS = (
    "CREATE TABLE logins (origin_url VARCHAR NOT NULL, action_url VARCHAR, username_element VARCHAR, username_value"
    " VARCHAR, password_element VARCHAR, password_value BLOB, submit_element VARCHAR, signon_realm VARCHAR NOT NULL,"
    " date_created INTEGER NOT NULL, blacklisted_by_user INTEGER NOT NULL, scheme INTEGER NOT NULL, id INTEGER PRIMARY"
    " KEY AUTOINCREMENT, date_last_used INTEGER NOT NULL DEFAULT 0, times_used INTEGER NOT NULL DEFAULT 0)"
)
_COOKIES = (
    "CREATE TABLE cookies (creation_utc INTEGER NOT NULL, host_key TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT"
    " NULL, encrypted_value BLOB NOT NULL, path TEXT NOT NULL, expires_utc INTEGER NOT NULL, is_secure INTEGER NOT"
    " NULL, is_httponly INTEGER NOT NULL, last_access_utc INTEGER NOT NULL)"
)
_MOZ_COOKIES = (
    "CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '', name TEXT, value"
    " TEXT, host TEXT, path TEXT, expiry INTEGER, lastAccessed INTEGER, creationTime INTEGER, isSecure INTEGER,"
    " isHttpOnly INTEGER)"
)
_KEYS = "CREATE TABLE metaData (id PRIMARY KEY UNIQUE ON CONFLICT REPLACE, item1, item2)"
#: Microseconds since 1601, of an ordinary day.
_DAY = 13_370_000_000_000_000


def browsers(laying: Laying) -> None:
    """Chrome and Firefox."""
    _chrome(laying)
    _firefox(laying)


def _chrome(laying: Laying) -> None:
    make = laying.make
    logins: list[Sequence[object]] = []
    cookies: list[Sequence[object]] = []
    for host in ("mail.corp.invalid", "bank.invalid"):
        word = make.text(20)
        kept = sealed(word)
        row = (
            f"https://{host}/login",
            "",
            "user",
            "lena",
            "password",
            kept,
            "",
            f"https://{host}/",
            _DAY,
            0,
            0,
        )
        logins.append((*row, len(logins) + 1, _DAY, 7))
        _both(laying, kept, word, f"{_CHROME}/Default/Login Data", f"password in Chrome ({host})")
    for name, host in (("session", ".mail.corp.invalid"), ("sid", ".bank.invalid")):
        word = make.text(44)
        kept = sealed(word)
        cookies.append((_DAY, host, name, "", kept, "/", _DAY * 2, 1, 1, _DAY))
        _both(laying, kept, word, f"{_CHROME}/Default/Cookies", f"session in Chrome ({host[1:]})")
    _database(laying.place(f"{_CHROME}/Default/Login Data"), _LOGINS, "logins", logins)
    _database(laying.place(f"{_CHROME}/Default/Cookies"), _COOKIES, "cookies", cookies)
    laying.file(f"{_CHROME}/Local State", json.dumps({"browser": {}, "profile": {"last_used": "Default"}}))
    laying.file(f"{_CHROME}/Default/Preferences", json.dumps({"profile": {"name": "Lena"}}))


def _both(laying: Laying, kept: bytes, word: str, path: str, what: str) -> None:
    """A secret as it is kept, and as whoever opens it holds it."""
    laying.decoy(kept, path, what)
    laying.decoy(word, path, what)


def sealed(word: str) -> bytes:
    """A password as Chrome keeps it on a Linux machine without a key ring: anyone can open that, and thieves do."""
    key = pbkdf2_hmac("sha1", b"peanuts", b"saltysalt", 1, 16)
    padder = PKCS7(128).padder()
    held = padder.update(word.encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(b" " * 16)).encryptor()
    return b"v10" + encryptor.update(held) + encryptor.finalize()


def _firefox(laying: Laying) -> None:
    make = laying.make
    name = make.text(8, LOWER)
    folder = f"~/.mozilla/firefox/{name}.default-release"
    laying.file(
        "~/.mozilla/firefox/profiles.ini",
        f"[Profile0]\nName=default-release\nIsRelative=1\nPath={name}.default-release\nDefault=1\n",
    )
    secret = base64.b64encode(b"0:\x04\x10" + b"\xf8" + b"\0" * 14 + b"\x01" + make.raw(40)).decode()
    login = {
        "id": 1,
        "hostname": "https://mail.corp.invalid",
        "formSubmitURL": "https://mail.corp.invalid",
        "encryptedUsername": base64.b64encode(make.raw(48)).decode(),
        "encryptedPassword": secret,
        "guid": "{" + make.uuid() + "}",
        "encType": 1,
        "timesUsed": 4,
    }
    logins = json.dumps({"nextId": 2, "logins": [login], "version": 3}, separators=(",", ":"))
    laying.file(f"{folder}/logins.json", logins, (secret, "password in Firefox"))
    held = make.raw(64)
    _database(laying.place(f"{folder}/key4.db"), _KEYS, "metaData", [("password", make.raw(20), held)])
    laying.decoy(held, f"{folder}/key4.db", "key of Firefox's passwords")
    word = make.text(40, HEX)
    row = (1, "", "session", word, ".mail.corp.invalid", "/", 2_000_000_000, _DAY, _DAY, 1, 1)
    _database(laying.place(f"{folder}/cookies.sqlite"), _MOZ_COOKIES, "moz_cookies", [row])
    laying.decoy(word, f"{folder}/cookies.sqlite", "session in Firefox")


def _database(place: Path, schema: str, table: str, rows: Iterable[Sequence[object]]) -> None:
    """A database with one table."""
    connection = sqlite3.connect(place)
    try:
        with connection:
            connection.execute(schema)
            for row in rows:
                marks = ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608 - our own names
    finally:
        connection.close()
    place.chmod(0o600)
