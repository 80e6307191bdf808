"""The real index behind a standing gate: what installers asked before they were pointed at the gate.

`stockade enable` writes it, `stockade serve` reads it: once pip's configuration names the gate, the gate cannot
learn from there whom to ask. No login is ever written here; those stay in the netrc file, the keyring or the
environment, where the gate looks for them as an installer does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from stockade import limits
from stockade.acquire.index.credentials import without_login
from stockade.acquire.index.settings import IndexFlags, default_index
from stockade.errors import StoreFailed, UsageError
from stockade.remember.files import keep_private

NAME = "gate-upstream.json"
_NOTE = "no login is kept here: logins belong into the netrc file, the keyring or the environment of the gate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """The index behind the gate, "" for pip's own default, and further ones that were asked beside it."""

    index: str = ""
    extra: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The index's URL, whatever pip is configured to."""
        return self.index or default_index()

    def flags(self) -> IndexFlags:
        """It as options that override the installers' configuration, which names the gate itself."""
        return IndexFlags(index_url=self.url, extra_index_urls=self.extra)


def read_upstream(folder: Path) -> Upstream | None:
    """What was written into the data folder, None where nothing was; raises StoreFailed for what cannot be used."""
    path = folder / NAME
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(limits.MAX_CONFIG))
        index, extra = data["index"], data["extra"]
    except FileNotFoundError:
        return None
    except OSError as why:
        raise StoreFailed(f"{path} cannot be read: {why.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise StoreFailed(f"{path} is damaged; `stockade enable --upstream URL` writes it again") from None
    if (
        not isinstance(index, str)
        or not isinstance(extra, list)
        or not all(isinstance(one, str) for one in extra)
    ):
        raise StoreFailed(f"{path} is damaged; `stockade enable --upstream URL` writes it again")
    return Upstream(index=index, extra=tuple(extra))


def write_upstream(folder: Path, upstream: Upstream) -> None:
    """Keep it in the data folder, for its owner alone; raises UsageError for a URL with a login, StoreFailed."""
    for url in (upstream.index, *upstream.extra):
        if without_login(url)[1] is not None:
            raise UsageError("an index URL with a login is not kept; put the login into the netrc file")
    told = {"version": 1, "note": _NOTE, "index": upstream.index, "extra": list(upstream.extra)}
    keep_private(folder / NAME, json.dumps(told, indent=2) + "\n")
