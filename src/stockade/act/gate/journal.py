"""What `stockade enable` changed, so that `stockade disable` takes back that and nothing else.

Only lines that were changed are kept, never a whole configuration: a login may stand elsewhere in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from stockade import limits
from stockade.act.gate.edits import Edit
from stockade.errors import StoreFailed
from stockade.remember.files import keep_private, saying_where

NAME = "gate-enabled.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One file: whose it is, the edits in the order in which they were made, and what was made for it.

    `created` says that it was not there before; `folders` are those made for it, the innermost first.
    """

    installer: str
    path: Path
    edits: tuple[Edit, ...]
    created: bool = False
    folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """Which gate is used, since when, and the files that say so."""

    gate: str
    at: datetime
    files: tuple[Changed, ...] = ()

    def of(self, path: Path) -> Changed | None:
        """What was changed of the file."""
        return next((one for one in self.files if one.path == path), None)


def read_journal(folder: Path) -> Journal | None:
    """What was kept in the data folder, None where no gate is in use; raises StoreFailed for a damaged one."""
    path = folder / NAME
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(limits.MAX_CONFIG))
        return Journal(
            gate=_text(data["gate"]),
            at=datetime.fromisoformat(data["at"]),
            files=tuple(_changed(one) for one in data["files"]),
        )
    except FileNotFoundError:
        return None
    except OSError as why:
        raise StoreFailed(f"{path} cannot be read: {why.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise StoreFailed(
            f"{path} is damaged, so that what was there before is unknown; take the gate's index out of pip's and"
            " uv's configuration by hand, and remove that file"
        ) from None


def write_journal(folder: Path, journal: Journal) -> None:
    """Keep it, for its owner alone; raises StoreFailed."""
    files = [
        asdict(one) | {"path": str(one.path), "folders": [str(each) for each in one.folders]}
        for one in journal.files
    ]
    told = {"version": 1, "gate": journal.gate, "at": journal.at.isoformat(), "files": files}
    keep_private(folder / NAME, json.dumps(told, indent=2) + "\n")


def forget_journal(folder: Path) -> None:
    """There is nothing left to take back."""
    with saying_where(folder / NAME):
        (folder / NAME).unlink(missing_ok=True)


def _changed(data: Mapping[str, Any]) -> Changed:
    return Changed(
        installer=_text(data["installer"]),
        path=Path(_text(data["path"])),
        edits=tuple(
            Edit(now=_some(one["now"]), before=_text(one["before"]), under=_text(one["under"]))
            for one in data["edits"]
        ),
        created=data["created"] is True,
        folders=tuple(Path(_text(one)) for one in data["folders"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _some(value: object) -> str:
    if not _text(value):
        raise ValueError
    return _text(value)
