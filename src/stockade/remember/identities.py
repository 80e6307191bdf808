"""Which digest the files of an installed distribution come to as a wheel, so that it is packed once and not each time.

A file of the cache: what is lost is packed again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from stockade import limits
from stockade.errors import BadRequirement, StoreFailed
from stockade.model.project import Digest, digest
from stockade.remember.files import keep_private

_NAME = "installed.json"


class Identities:
    """Identity of a distribution's contents -> SHA-256 of the wheel that they make. `folder` need not exist."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._known = _read(self._path)
        self._used: dict[str, str] = {}

    def get(self, identity: str) -> Digest | None:
        """The digest, None where it isn't known."""
        found = self._known.get(identity) or self._used.get(identity)
        if found is None:
            return None
        self._used[identity] = found
        return digest(found)

    def put(self, identity: str, sha256: Digest) -> None:
        """Remember one."""
        self._used[identity] = sha256

    def keep(self) -> None:
        """Write down what was asked for and put; raises nothing: the next time it is packed again."""
        kept = {**self._known, **self._used}
        while len(kept) > limits.MAX_IDENTITIES:
            kept.pop(next(iter(kept)))
        if kept != self._known:
            with suppress(StoreFailed):
                keep_private(self._path, json.dumps(kept))


def _read(path: Path) -> Mapping[str, str]:
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(limits.MAX_IDENTITIES_FILE))
        return {str(key): digest(str(value)) for key, value in found.items()}
    except (OSError, ValueError, AttributeError, RecursionError, BadRequirement):
        return {}
