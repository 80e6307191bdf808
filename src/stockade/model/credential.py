"""A credential as it may be told of: everything but the secret itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What form it has."""

    ACCESS_KEY = "access key"
    SERVICE_KEY = "service account key"
    CLIENT_SECRET = "client secret"  # noqa: S105 (a word, and no secret)
    TOKEN = "token"  # noqa: S105
    REFRESH_TOKEN = "refresh token"  # noqa: S105
    PASSWORD = "password"  # noqa: S105
    PRIVATE_KEY = "private key"
    STORE = "store"  #: a browser's, a wallet's, a keyring's: that it is there, never what is in it


class Life(StrEnum):
    """How long it opens what it opens."""

    LONG = "long-lived"
    REFRESHING = "renews itself"
    SHORT = "short-lived"
    UNKNOWN = "unknown"


class Mfa(StrEnum):
    """Whether it opens anything without a second factor; who issued it knows."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Rotation(StrEnum):
    """How it is replaced."""

    API = "by its provider's API"
    REVOKE = "by hand, once revoked by its provider's API"
    HAND = "by hand"
    EXPIRES = "by itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it lies: `where` as it is told (``~/.aws/credentials``, ``$HF_TOKEN``), `item` which part of it
    (``profile dev``), both from files that anybody may have written. `changed` is when a file was last written;
    `readable` names who else can read it ("" for nobody); `repository` is the working tree that would carry it off."""

    where: str
    item: str = ""
    changed: datetime | None = None
    readable: str = ""
    repository: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One secret, wherever it lies. `fingerprint` is an HMAC of it under a key of this machine ("" where the secret
    itself was not read); `principal` is whose it is, as far as its places tell. Times are aware; `known_since` says
    that it is at least that old."""

    provider: str
    kind: Kind
    places: tuple[Place, ...]
    principal: str = ""
    fingerprint: str = ""
    life: Life = Life.UNKNOWN
    rotation: Rotation = Rotation.HAND
    created: datetime | None = None
    known_since: datetime | None = None
    expires: datetime | None = None
    used: datetime | None = None
    mfa: Mfa = Mfa.UNKNOWN
    locked: bool = False  #: a passphrase is needed to use it

    def oldest(self) -> datetime | None:
        """When it was made, or since when it is known to be there."""
        return self.created or self.known_since


class Fault(StrEnum):
    """What can be wrong with one, by the names that policy has rules for."""

    READABLE = "readable"  #: somebody else can read a file that it lies in
    REPOSITORY = (
        "in-repository"  #: it lies in a working tree, from where it is one `git add` away from everybody
    )
    OLD = "old"  #: it is known to be older than policy allows
    NO_MFA = "no-mfa"  #: its provider says that no second factor is asked for
    UNKNOWN_MFA = "unknown-mfa"
    UNKNOWN_AGE = "unknown-age"
    LONG_LIVED = "long-lived"  #: a form that ends by itself exists, and this is not it
    UNLOCKED = "unlocked-key"  #: a private key that no passphrase protects


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing that is wrong with a credential: `says` in one sentence, `advice` is what to do, with the commands."""

    fault: Fault
    says: str
    advice: str = ""
