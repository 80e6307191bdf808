"""Compiled files against the sources that they stand beside, by their own headers (PEP 3147, PEP 552)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

from stockade import limits
from stockade.acquire.environments.claims import Claims, Told
from stockade.acquire.environments.files import opened, read, reason
from stockade.acquire.environments.siphash import siphash
from stockade.acquire.environments.tree import Files, State
from stockade.model.environment import Oddness, Stamp

_CACHED = re.compile(
    r"(?P<stem>.+?)\.(?P<tag>(?:cpython|pypy|graalpy)-?(?P<version>3\d+)t?)(?:\.opt-\w+)?\.pyc", re.DOTALL
)
_HEADER = 16
#: Flags of PEP 552: made by the source's hash, and the interpreter asks the source before it runs this.
_HASHED, _ASKS = 1, 2


class Compiled:
    """Compares headers, and gathers what they say for the next time as if it were a digest."""

    def __init__(
        self, files: Files, claims: Claims, known: Mapping[str, Stamp], note: Callable[[str], None]
    ) -> None:
        self._files = files
        self._claims = claims
        self._known = known
        self._note = note
        self.stamps: dict[str, Stamp] = {}

    def compare(self, told: Told) -> None:
        """Tell of compiled files whose claimed source is not the one that they were made from.

        One that is merely older is told once a distribution: an interpreter makes it anew before it runs it. One that
        says that the interpreter should not ask is run as it is, and is told by itself.
        """
        stale: dict[str, list[str]] = {}
        regular, owner, digests = self._files.regular, self._claims.owner, self._claims.digests
        for path, found in regular.items():
            if not path.endswith(".pyc"):
                continue
            folder, _, name = path.rpartition("/")
            if not folder.endswith("/__pycache__") or digests.get(path):
                continue  # what a wheel brought compiled is verified by RECORD, and judged by its code
            match = _CACHED.fullmatch(name)
            if match is None or (match["tag"].startswith("cpython") and int(match["version"][1:]) < 7):
                continue
            source = f"{folder[: -len('/__pycache__')]}/{match['stem']}.py"
            number = owner.get(source)
            made_from = regular.get(source)
            if number is None or made_from is None:
                continue
            project = self._claims.claimants[number].name
            match self._compared(path, found, source, made_from):
                case "":
                    continue
                case "older":
                    stale.setdefault(project, []).append(path)
                case why:
                    told.tell(Oddness.COMPILED_DIFFERS, path, project, why)
        for project, paths in stale.items():
            detail = "it was made from another state of its source"
            detail += f"; so were {len(paths) - 1:,} more" if len(paths) > 1 else ""
            told.tell(Oddness.COMPILED_STALE, paths[0], project, detail)

    def _compared(self, path: str, found: State, source: str, made_from: State) -> str:
        header = self._header(path, found)
        if header is None:
            return ""
        if len(header) < _HEADER:
            return "older"  # cut short: an interpreter makes it anew
        flags = int.from_bytes(header[4:8], "little")
        if not flags & _HASHED:
            mtime = made_from[1] // 1_000_000_000 & 0xFFFFFFFF
            same = (mtime, made_from[0] & 0xFFFFFFFF)
            return (
                ""
                if same == (int.from_bytes(header[8:12], "little"), int.from_bytes(header[12:16], "little"))
                else "older"
            )
        try:
            text = read(source, limits.MAX_MEMBER)
        except OSError as why:
            self._note(f"{source} cannot be read: {reason(why)}.")
            return ""
        if header[8:16] in siphash(int.from_bytes(header[:4], "little"), text):
            return ""
        return "older" if flags & _ASKS else "it was made from another source, and is run without asking that"

    def _header(self, path: str, found: State) -> bytes | None:
        """Its first 16 bytes, as remembered if the file is as it was."""
        stamp = self._known.get(path)
        if stamp is not None and stamp[:4] == found and stamp[4].startswith("pyc="):
            self.stamps[path] = stamp
            return bytes.fromhex(stamp[4][4:])
        try:
            number, _ = opened(path)
        except OSError as why:
            self._note(f"{path} cannot be read: {reason(why)}.")
            return None
        try:
            header = os.read(number, _HEADER)
        finally:
            os.close(number)
        self.stamps[path] = (*found, f"pyc={header.hex()}")
        return header
