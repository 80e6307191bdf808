"""Passwords of indexes: kept apart from every text that may be shown.

`Login` and `Secret` never show what they hold, are never pickled, and never travel in a URL. They come from the
URL in a configuration, a netrc file, or a keyring (only where the person asked for it).
"""

from __future__ import annotations

import netrc as netrc_format
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, Protocol
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from stockade.errors import UsageError

_PORTS = {"http": 80, "https": 443}


class Secret:
    """A text that shows as ``***`` wherever it is printed, and that refuses to be pickled."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; only for the line that puts it on the wire or into a child's environment."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")


@dataclass(frozen=True, slots=True)
class Login:
    """A user and a password. Tokens often stand where the user should, so neither is shown."""

    user: Secret
    password: Secret


class Keyring(Protocol):
    """What we use of the ``keyring`` library: its module has this one function."""

    def get_credential(self, service_name: str, username: str | None, /) -> KeyringCredential | None:
        """The credential that is kept for a URL or a host, if any."""


def system_keyring() -> Keyring:
    """The keyring library, which is an optional part; raises UsageError where it isn't installed."""
    try:
        import keyring
    except ImportError:
        message = "the configuration asks for a keyring, and the keyring library isn't installed"
        raise UsageError(f"{message}; install stockade[keyring]") from None
    return keyring


class KeyringCredential(Protocol):
    """What a keyring gives."""

    @property
    def username(self) -> str: ...

    @property
    def password(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host (lower case) and port: whom a password may be told."""

    scheme: str
    host: str
    port: int


def split_address(url: str, where: str) -> SplitResult:
    """`url` in parts; raises UsageError, which says `where` it stands and not what it is."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where the port isn't a number
    except ValueError:
        raise UsageError(f"the URL in {where} cannot be read as a URL") from None
    return parts


def without_login(url: str, where: str = "an index URL") -> tuple[str, Login | None]:
    """`url` without user and password, and those as a Login (RFC 3986, section 3.2.1).

    Raises UsageError where `url` is none; the message names `where` it stood.
    """
    parts = split_address(url, where)
    userinfo, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, None
    user, _, password = userinfo.partition(":")
    login = Login(Secret(unquote(user)), Secret(unquote(password)))
    return urlunsplit(parts._replace(netloc=host)), login


def shown_url(url: str) -> str:
    """`url` as messages may show it: without login, query (signatures stand there) and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an unreadable URL"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def origin_of(url: str) -> Origin:
    """Where a request for `url` goes."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return Origin(scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(scheme, 0))


@dataclass(frozen=True, slots=True)
class Netrc:
    """A netrc file's logins by host, and the one for every other host, if it has one."""

    machines: Mapping[str, Login]
    default: Login | None = None
    note: str | None = None


def read_netrc(path: Path | None) -> Netrc:
    """The logins of a netrc file. One that cannot be read gives none, and a note that says so."""
    if path is None or not path.is_file():
        return Netrc({})
    try:
        found = netrc_format.netrc(str(path))
    except (OSError, UnicodeDecodeError, netrc_format.NetrcParseError):
        return Netrc({}, note=f"{path} cannot be read as a netrc file; its logins are not used")
    logins = {
        host: Login(Secret(user or account), Secret(password or ""))
        for host, (user, account, password) in found.hosts.items()
    }
    default = logins.pop("default", None)
    return Netrc(logins, default)


class LoginBook:
    """Which login, if any, a request may carry: that of its own origin, and of no other.

    `sources` are the indexes' URLs with their logins. Asked in turn: the URL in the configuration (of several on
    one origin the one that shares the longest path), netrc, keyring. The ``default`` of a netrc file is told to
    an index's origin alone, never to the hosts that a page or a redirect names.
    """

    def __init__(
        self, sources: Mapping[str, Login | None], netrc: Netrc, keyring: Keyring | None = None
    ) -> None:
        self._sources = [(url, origin_of(url), login) for url, login in sources.items()]
        self._netrc = netrc
        self._keyring = keyring
        self._asked: dict[Origin, Login | None] = {}

    def for_url(self, url: str) -> Login | None:
        """The login for a request to `url`, without asking the keyring."""
        origin = origin_of(url)
        if origin in self._asked:
            return self._asked[origin]
        near = [(_shared(url, source), login) for source, place, login in self._sources if place == origin]
        known = [(shared, login) for shared, login in near if login is not None]
        if known:
            return max(known, key=lambda pair: pair[0])[1]
        machine = self._netrc.machines.get(origin.host)
        return machine or (self._netrc.default if near else None)

    def after_refusal(self, url: str, used: Login | None) -> Login | None:
        """A login from the keyring for `url`, which answered 401 to `used`; asked once an index, never for others.

        A configured user without a password is whom the keyring is asked about.
        """
        origin = origin_of(url)
        if self._keyring is None or origin in self._asked or (used and used.password.reveal()):
            return None
        if not any(place == origin for _, place, _ in self._sources):
            return None
        user = used.user.reveal() if used else None
        found = None
        for service in (f"{origin.scheme}://{urlsplit(url).netloc}", origin.host):
            found = found or self._keyring.get_credential(service, user)
        login = Login(Secret(found.username), Secret(found.password)) if found else None
        self._asked[origin] = login or used
        return login


def _shared(one: str, other: str) -> int:
    """How many leading parts the paths of two URLs share."""
    pairs = zip(urlsplit(one).path.split("/"), urlsplit(other).path.split("/"), strict=False)
    count = 0
    for left, right in pairs:
        if left != right:
            break
        count += 1
    return count
