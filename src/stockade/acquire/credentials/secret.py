"""A secret on its way from a file to its fingerprint: it prints as nothing, and cannot be pickled."""

from __future__ import annotations

import hashlib
import hmac
from typing import NoReturn


class Secret:
    """Bytes that no log, report or traceback shows. Two are equal if their bytes are."""

    __slots__ = ("__bytes",)

    def __init__(self, value: str | bytes) -> None:
        self.__bytes = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(value)

    def sealed(self, key: bytes) -> str:
        """Its HMAC-SHA-256 (RFC 2104) under `key`, the first 32 hexadecimal digits."""
        return hmac.new(key, self.__bytes, hashlib.sha256).hexdigest()[:32]

    def within(self, text: str) -> bool:
        """Whether `text` would tell it, or most of it."""
        return bool(self.__bytes) and self.__bytes in text.encode("utf-8", "surrogateescape")

    def __len__(self) -> int:
        return len(self.__bytes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self.__bytes, other.__bytes)

    def __hash__(self) -> int:
        return hash(self.__bytes)

    def __repr__(self) -> str:
        return "Secret(…)"

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")
