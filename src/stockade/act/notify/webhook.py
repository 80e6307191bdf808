"""Tells a chat (Slack, Teams) or a program of your own by HTTP. Addresses and secrets are never said."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx

from stockade import limits
from stockade.act.notify.message import MESSAGE_SCHEMA, Message
from stockade.errors import NotifyFailed

SIGNATURE = "Stockade-Signature"
TIMESTAMP = "Stockade-Timestamp"
MESSAGE_ID = "Stockade-Message"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Kind(StrEnum):
    """Whose form a message takes."""

    JSON = "json"
    SLACK = "slack"
    TEAMS = "teams"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook. `url` and `secret` are read when something is to be told: each raises NotifyFailed where it can't be
    had, and `secret` gives None where messages aren't signed."""

    name: str
    kind: Kind
    url: Callable[[], str]
    secret: Callable[[], bytes | None] = lambda: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    seconds: float = limits.NOTIFY_SECONDS

    def tell(self, message: Message) -> None:
        """As Channel.tell. Redirects are not followed: they would take the message elsewhere."""
        url = checked(self.url())
        body = json.dumps(_BODIES[self.kind](message), ensure_ascii=True).encode("ascii")
        headers = {"Content-Type": "application/json", "User-Agent": "stockade", MESSAGE_ID: message.id}
        secret = self.secret()
        if secret is not None:
            headers |= signed(secret, body, self.clock())
        host = urlsplit(url).hostname
        try:
            with (
                httpx.Client(timeout=self.seconds, follow_redirects=False) as client,
                client.stream("POST", url, content=body, headers=headers) as answer,
            ):
                _taken(answer, host)
        except httpx.TimeoutException:
            raise NotifyFailed(f"{host} does not answer within {self.seconds:g} s") from None
        except httpx.ConnectError:
            raise NotifyFailed(f"{host} cannot be reached") from None
        except httpx.HTTPError as why:
            # Its text may hold the address, and that may be the secret.
            raise NotifyFailed(f"{host} cannot be told: {type(why).__name__}") from None


def checked(url: str) -> str:
    """`url` if a message may go there: https, or http on this machine. Raises NotifyFailed."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host = None
    if not host or not url.isprintable() or " " in url:
        raise NotifyFailed("its address is no URL")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise NotifyFailed(f"{host} would be told without encryption; use https")
    return url


def signed(secret: bytes, body: bytes, at: datetime) -> dict[str, str]:
    """Headers that prove who wrote `body` and when: HMAC-SHA256 (RFC 2104) over timestamp, full stop, body."""
    stamp = str(int(at.timestamp()))
    mac = hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP: stamp, SIGNATURE: f"v1={mac}"}


def _taken(answer: httpx.Response, host: str | None) -> None:
    if answer.is_success:
        return
    raw = answer.headers.get("Retry-After", "")
    wait = min(float(raw), limits.NOTIFY_LONGEST) if raw.isdecimal() and len(raw) < 9 else 0.0
    said = "redirects, which is not followed" if answer.is_redirect else f"answers {answer.status_code}"
    raise NotifyFailed(f"{host} {said}", wait=wait)


def _json(message: Message) -> dict[str, Any]:
    return {
        "schema": MESSAGE_SCHEMA,
        "id": message.id,
        "title": message.title,
        "lines": list(message.lines),
        "alerts": list(message.alerts),
    }


def _slack(message: Message) -> dict[str, Any]:
    """Nothing of a message is a mention or a link: those begin with what is escaped here. Nothing is unfurled."""
    lines = [line.translate(_SLACK) for line in message.lines[: limits.MAX_CHAT_LINES]]
    text = "\n".join([f"*{message.title.translate(_SLACK)}*", *(f"• {line}" for line in lines)])
    return {"text": text, "unfurl_links": False, "unfurl_media": False}


def _teams(message: Message) -> dict[str, Any]:
    """An adaptive card of rich text, in which nothing is read as Markdown."""
    rows = [(message.title, True), *((line, False) for line in message.lines[: limits.MAX_CHAT_LINES])]
    body = [
        {
            "type": "RichTextBlock",
            "inlines": [{"type": "TextRun", "text": text, "weight": "Bolder" if bold else "Default"}],
        }
        for text, bold in rows
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


_BODIES: dict[Kind, Callable[[Message], dict[str, Any]]] = {
    Kind.JSON: _json,
    Kind.SLACK: _slack,
    Kind.TEAMS: _teams,
}
