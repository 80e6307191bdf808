"""Where a standing gate listens, written in one place."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from stockade.acquire.index.credentials import split_address, without_login
from stockade.errors import UsageError

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8642
#: Where its index begins, and the page that says that it answers.
SIMPLE = "/simple/"
HEALTH = "/-/health"


def index_url(host: str = DEFAULT_HOST, port: int = DEFAULT_PORT) -> str:
    """The index of a gate that listens on loopback, as installers are given it."""
    return f"http://[{host}]:{port}{SIMPLE}" if ":" in host else f"http://{host}:{port}{SIMPLE}"


def health_url(index: str) -> str:
    """The page of a gate's that says that it answers, from the URL of its index."""
    parts = urlsplit(index)
    return urlunsplit((parts.scheme, parts.netloc, HEALTH, "", ""))


def checked(url: str) -> str:
    """A gate's index URL as a person gave it, with its slash; raises UsageError for one that cannot be a gate's.

    Plain http is for loopback alone: over a network whoever sits between could change what the gate has judged.
    """
    plain, login = without_login(url.strip(), "--url")
    parts = split_address(plain, "--url")
    if login is not None:
        raise UsageError("--url holds a login, and a gate asks for none; leave it out")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError("--url takes the gate's index, such as " + index_url())
    if parts.query or parts.fragment:
        raise UsageError("--url takes the gate's index, without a query")
    if parts.scheme == "http" and not is_loopback(plain):
        raise UsageError(
            "--url is plain http to another machine: whoever sits between may change what is judged"
        )
    path = parts.path if parts.path.strip("/") else SIMPLE
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/") + "/", "", ""))


def is_loopback(url: str) -> bool:
    """Whether `url` stays on this machine."""
    host = (urlsplit(url).hostname or "").lower()
    return host in {"localhost", "::1"} or (host.startswith("127.") and host.replace(".", "").isdigit())


def same(one: str, other: str) -> bool:
    """Whether two URLs of indexes are the same one: case of the host and a slash at the end tell nothing."""
    return _plain(one) == _plain(other)


def of_gate(url: str, gate: str) -> bool:
    """Whether `url` (of an index or a file) is served by the gate whose index is `gate`."""
    return _plain(url)[:2] == _plain(gate)[:2]


def _plain(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", "", url
    return parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower(), parts.path.rstrip("/")
