"""The log of decisions: one JSON object a line, in files of bounded size or on standard output."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import json
import os
import threading
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from stockade import limits
from stockade.model.record import Decided, bounded
from stockade.remember.ours import make_private

FORMAT = "stockade-decision-1"
#: Times that others may move a file away while one line is to be written.
_TRIES = 100


def line(entry: Decided) -> str:
    """`entry` as one line of plain ASCII, without its end: text of others stands in JSON's own escapes."""
    told: dict[str, str] = {"format": FORMAT}
    for one in fields(Decided):
        value = getattr(entry, one.name)
        if isinstance(value, datetime):
            told[one.name] = value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        else:
            # Lone surrogates as their escape: other parsers reject them.
            told[one.name] = bounded(value).encode("utf-8", "backslashreplace").decode()
    return json.dumps(told)


class Journal:
    """Appends decisions to the file at `path` (0600), or to a descriptor such as that of standard output.

    A file that has `max_bytes` becomes `NAME.1`, what was `NAME.1` becomes `NAME.2`, and so on up to `files` in all.
    Several threads and processes may write to one; a file that was moved away is begun anew. `note` hears a sentence,
    once, when writing begins to fail and when it works again; nothing is raised.
    """

    def __init__(
        self,
        to: Path | int,
        *,
        note: Callable[[str], None],
        max_bytes: int = limits.MAX_JOURNAL,
        files: int = limits.MAX_JOURNALS,
    ) -> None:
        self._path = to if isinstance(to, Path) else None
        self._handle = -1 if isinstance(to, Path) else to
        self._note = note
        self._max_bytes = max_bytes
        self._files = files
        self._lock = threading.Lock()
        self._fails = False
        self._torn = False

    @property
    def healthy(self) -> bool:
        """Whether the last line could be written."""
        return not self._fails

    def write(self, *entries: Decided) -> bool:
        """Append them; whether that worked."""
        with self._lock:
            try:
                for entry in entries:
                    self._append(f"{line(entry)}\n".encode("ascii"))
            except OSError as why:
                if not self._fails:
                    self._fails = True
                    self._note(f"The log {self._name} cannot be written: {why.strerror or why}.")
                return False
            if self._fails:
                self._fails = False
                self._note(
                    f"The log {self._name} works again; decisions of the meantime are missing from it."
                )
            return True

    def close(self) -> None:
        """Let go of the file; a descriptor is left to whom it belongs."""
        with self._lock:
            self._let_go()

    @property
    def _name(self) -> str:
        return str(self._path) if self._path else "on standard output"

    def _append(self, data: bytes) -> None:
        if self._path:
            self._hold(self._path, len(data))
        try:
            # What was torn by a full disk is ended first, so that only that line is lost.
            whole = b"\n" + data if self._torn else data
            done = 0
            while done < len(whole):
                done += os.write(self._handle, whole[done:])
                self._torn = done < len(whole)
        finally:
            if self._path:
                fcntl.flock(self._handle, fcntl.LOCK_UN)

    def _hold(self, path: Path, more: int) -> None:
        """Have the file at `path` open, with room, and locked: one line at a time, and nobody moves it meanwhile."""
        for _ in range(_TRIES):
            if self._handle < 0 and not self._open(path):
                continue
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            size = os.fstat(self._handle).st_size
            if self._is(path):
                if not size or size + more <= self._max_bytes:
                    self._torn = size > 0 and os.pread(self._handle, 1, size - 1) != b"\n"
                    return
                self._move_on(path)
            # It was moved away, by us or by others.
            self._let_go()
        raise FileNotFoundError(2, "it is taken away again and again")

    def _open(self, path: Path) -> bool:
        """False where somebody moved it away between two steps of ours."""
        with contextlib.suppress(FileNotFoundError):
            make_private(path)
            self._handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
        return self._handle >= 0

    def _is(self, path: Path) -> bool:
        """Whether the file at `path` is still the one that we hold."""
        try:
            return os.path.samestat(path.lstat(), os.fstat(self._handle))
        except FileNotFoundError:
            return False

    def _move_on(self, path: Path) -> None:
        names = [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, self._files))]
        for old, new in reversed(list(itertools.pairwise(names))):
            with contextlib.suppress(FileNotFoundError):
                old.replace(new)
        if len(names) == 1:
            path.unlink()

    def _let_go(self) -> None:
        if self._path and self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
