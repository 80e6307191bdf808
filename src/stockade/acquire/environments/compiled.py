"""Compiled files against the sources that they stand beside, by their own headers (PEP 3147, PEP 552)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping

from stockade import limits
from stockade.acquire.environments.claims import Claims, Told
from stockade.acquire.environments.files import opened, read, reason
from stockade.acquire.environments.siphash import is_quick, source_hash
from stockade.acquire.environments.tree import Files, State
from stockade.model.environment import Oddness, Stamp

#: What stands between a module's name and ``.pyc``. Before 3.7 headers were shorter, and told less.
_TAG = re.compile(r"(?:cpython-3(?:[7-9]|\d\d)t?|(?:pypy|graalpy)[-\d]+)(?:\.opt-\w+)?")
_HEADER = 16
_FOLDER = "/__pycache__"
#: Flags of PEP 552: made by the source's hash, and the interpreter asks the source before it runs this.
_HASHED, _ASKS = 1, 2
#: Why a file differs that an interpreter would not run, but make anew.
_OLDER = "older"


class Compiled:
    """Compares headers; what fits is remembered with the state of its source, as if that were a digest."""

    def __init__(
        self, files: Files, claims: Claims, known: Mapping[str, Stamp], note: Callable[[str], None]
    ) -> None:
        self._files = files
        self._claims = claims
        self._known = known
        self._note = note
        self._budget = limits.MAX_SLOWLY_HASHED
        self._tags: dict[str, bool] = {}
        self.stamps: dict[str, Stamp] = {}

    def compare(self, told: Told, changed: Collection[str] = ()) -> None:
        """Tell of compiled files whose claimed source is not the one that they were made from.

        Those that are merely older are told once a distribution: an interpreter makes them anew before it runs them.
        Where the source is one of `changed`, which is told by itself, that says nothing more.
        One that says that the interpreter should not ask is run as it is, and is told by itself.
        """
        older: dict[str, list[str]] = {}
        regular, owner, digests = self._files.regular, self._claims.owner, self._claims.digests
        known, stamps = self._known, self.stamps
        for path, found in regular.items():
            # What a wheel brought compiled is verified by RECORD, and judged by its code.
            if not path.endswith(".pyc") or digests.get(path):
                continue
            source = self._source(path)
            made_from = regular.get(source)
            if made_from is None or source not in owner:
                continue
            stamp = (*found, f"of {made_from[1]} {made_from[2]} {made_from[3]}")
            if known.get(path) == stamp:
                stamps[path] = stamp
                continue
            why = self._differs(path, source, made_from)
            project = self._claims.claimants[owner[source]].name
            if not why:
                stamps[path] = stamp
            elif why == _OLDER:
                if source not in changed:
                    older.setdefault(project, []).append(path)
            else:
                told.tell(Oddness.COMPILED_DIFFERS, path, project, why)
        for project, paths in older.items():
            detail = "it was made from another state of its source"
            detail += f"; so were {len(paths) - 1:,} more" if len(paths) > 1 else ""
            told.tell(Oddness.COMPILED_STALE, paths[0], project, detail)

    def _source(self, path: str) -> str:
        """Where the source lies that an interpreter looks at before it runs `path`, "" where it never runs it."""
        folder, _, name = path.rpartition("/")
        stem, _, tag = name[:-4].partition(".")
        if not folder.endswith(_FOLDER):
            return ""
        right = self._tags.get(tag)
        if right is None:
            right = self._tags[tag] = _TAG.fullmatch(tag) is not None
        return f"{folder[: -len(_FOLDER)]}/{stem}.py" if right else ""

    def _differs(self, path: str, source: str, made_from: State) -> str:
        try:
            header = _header(path)
            if len(header) < _HEADER:
                return _OLDER
            flags = int.from_bytes(header[4:8], "little")
            if not flags & _HASHED:
                seconds, size = made_from[1] // 1_000_000_000 & 0xFFFFFFFF, made_from[0] & 0xFFFFFFFF
                same = seconds.to_bytes(4, "little") + size.to_bytes(4, "little")
                return "" if header[8:] == same else _OLDER
            key = int.from_bytes(header[:4], "little")
            self._budget -= 0 if is_quick(key) else made_from[0]
            if self._budget < 0:
                self._note(f"{path} was not compared with its source: more than enough were hashed before.")
                return ""
            if header[8:] == source_hash(key, read(source, limits.MAX_MEMBER)):
                return ""
        except OSError as why:
            self._note(f"{path} was not compared with its source: {reason(why)}.")
            return ""
        return _OLDER if flags & _ASKS else "it was made from another source, and is run without a look at it"


def _header(path: str) -> bytes:
    number, _ = opened(path)
    try:
        return os.read(number, _HEADER)
    finally:
        os.close(number)
