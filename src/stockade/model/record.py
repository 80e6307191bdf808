"""What a gate writes down: what it decided, who got which bytes, and which bytes nobody gets any more."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from stockade import limits
from stockade.model.project import Digest

ACTIONS = ("allow", "ask", "undetermined", "block")
_DIGEST = re.compile(r"[0-9a-f]{64}")
#: The login in a URL. Callers take it out themselves; what is written down for good is looked over once more.
_LOGIN = re.compile(r"(?<=://)[^/?#\s]*@")
#: Control, format (bidi, zero width), surrogates, odd separators: a database may not take them, a terminal obeys them.
_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One answer of a gate about one file. What isn't known is empty; `at` carries a zone."""

    at: datetime
    action: str
    project: str
    version: str = ""
    filename: str = ""
    #: Empty where the bytes could not be had.
    sha256: str = ""
    #: The index that it comes from, without login and query.
    index: str = ""
    #: Why, on one line.
    reason: str = ""
    #: The policy's rule or condition that decided.
    rule: str = ""
    #: The waiver that allowed it all the same, as a person knows it again.
    waiver: str = ""
    #: Of the analyser whose assessment it rests on.
    fingerprint: str = ""
    #: Of one `stockade run`, or of one start of a standing gate.
    run: str = ""
    #: Who asked: an account where there are some, and the address.
    client: str = ""
    agent: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for what no gate decides."""
        _zoned(self.at)
        if self.action not in ACTIONS:
            raise ValueError(f"{self.action!r} is no action")
        if self.sha256 and not _DIGEST.fullmatch(self.sha256):
            raise ValueError(f"{self.sha256!r} is no SHA-256 digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Bytes that go out to somebody."""

    at: datetime
    sha256: Digest
    filename: str
    project: str
    version: str = ""
    client: str = ""
    agent: str = ""
    run: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError where it could not be found again by its digest and file name."""
        _zoned(self.at)
        _key(self.sha256, self.filename)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condemnation:
    """Bytes that go out to nobody any more."""

    at: datetime
    sha256: Digest
    filename: str
    project: str
    version: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError where it could not be found again by its digest and file name."""
        _zoned(self.at)
        _key(self.sha256, self.filename)


def bounded(text: str, limit: int = limits.MAX_CLAIM) -> str:
    """`text` without the logins of its URLs, at most `limit` characters; not escaped."""
    # Logins go before the cut, which could take the sign that tells one.
    cut = _LOGIN.sub("", text[: 8 * limit])
    return cut if len(cut) <= limit else cut[: limit - 1] + "…"


def kept(text: str, limit: int = limits.MAX_CLAIM) -> str:
    """The same on one line, escaped as Python would."""
    cut = bounded(text, limit)
    if cut.isprintable():
        return cut
    return bounded("".join(_piece(char) for char in " ".join(cut.splitlines())), limit)


def _piece(char: str) -> str:
    if unicodedata.category(char) not in _ESCAPED:
        return char
    return char.encode("unicode_escape").decode("ascii")


def _zoned(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("a time without a zone")


def _key(sha256: str, filename: str) -> None:
    if not _DIGEST.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is no SHA-256 digest")
    if not filename or kept(filename, limits.MAX_FILENAME) != filename:
        raise ValueError(f"{filename!r} is no name that a file may go out under")
