"""What code may read of its own artifact: the members beside it, found by the end of a path and read lazily."""

from __future__ import annotations

import io
import posixpath
import wave
from collections.abc import Callable, Iterable

from stockade import limits
from stockade.analyse.code.abstract import HOLE, Abstract
from stockade.analyse.code.facts import Constant
from stockade.analyse.code.layout import Layout
from stockade.analyse.code.ops import FAILURES, Unfoldable
from stockade.model.artifact import Tree

#: Members read of one artifact on behalf of its code; each may mean unpacking a tar once more.
_MAX_READS = 24
#: Longest path that is looked for.
_MAX_PATH = 400


class Members:
    """The files of an artifact by path. `read` gives at most so many bytes of one; `module` names a Python file."""

    def __init__(
        self, paths: Iterable[str], read: Callable[[str, int], bytes], module: Callable[[str], str]
    ) -> None:
        self._paths = frozenset(paths)
        self._read = read
        self.module = module
        self._left = _MAX_READS
        self._held: dict[str, bytes] = {}
        self._named: dict[str, list[str]] | None = None

    def find(self, text: str, here: str) -> str:
        """The member that a path in the source at `here` means, by its known end; "" if there is none or several."""
        end = text.rpartition(HOLE)[2].replace("\\", "/")
        if not end or len(end) > _MAX_PATH or "\0" in end or (end == text and end.startswith("/")):
            return ""
        wanted = posixpath.normpath(end.lstrip("/"))
        while wanted.startswith("../"):
            wanted = wanted[3:]
        folder = here
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            if f"{folder}/{wanted}" in self._paths:
                return f"{folder}/{wanted}"
        if wanted in self._paths:
            return wanted
        if self._named is None:
            self._named = {}
            for path in sorted(self._paths):
                self._named.setdefault(path.rpartition("/")[2], []).append(path)
        found = [
            path
            for path in self._named.get(wanted.rpartition("/")[2], [])[:64]
            if f"/{path}".endswith(f"/{wanted}")
        ]
        return found[0] if len(found) == 1 else ""

    def read(self, path: str) -> bytes:
        """The bytes of a member; raises Unfoldable where it is too long, or too many were read."""
        if path not in self._held:
            if self._left <= 0:
                raise Unfoldable
            self._left -= 1
            self._held[path] = self._read(path, limits.MAX_FOLDED + 1)
        data = self._held[path]
        if len(data) > limits.MAX_FOLDED:
            raise Unfoldable
        return data


def members_of(tree: Tree, places: Layout) -> Members:
    """The members of an artifact that lie in no archive inside it."""
    named = {member.path: member for member in tree.members if not member.nested}
    return Members(
        named,
        lambda path, limit: tree.read(named[path], limit),
        lambda path: places.place(path).qualified,
    )


class Content(Abstract):
    """What comes out of a member, or was made of that: known only when a decoder or an interpreter asks for it.

    Most files that code opens are read-mes. `path` is the member where this is all of it, as it is.
    """

    make: Callable[[], Constant] = bytes
    path: str = ""

    @classmethod
    def of(cls, like: Abstract, make: Callable[[], Constant], path: str = "") -> Content:
        """Content that depends on what `like` does."""
        return cls(False, None, like.steps, like.origins, like.target, like.made, make, path)

    def constant(self) -> Constant:
        """The constant; raises Unfoldable."""
        try:
            return self.make()
        except FAILURES:
            raise Unfoldable from None


class Handle(Abstract):
    """An open member. `kind` is "b" for bytes, "t" for text, "w" for a sound; `start` is where reading goes on."""

    path: str = ""
    kind: str = ""
    start: Abstract | None = None

    @classmethod
    def of(cls, like: Abstract, path: str, kind: str) -> Handle:
        """A handle that depends on what `like` does."""
        return cls(False, None, like.steps, like.origins, like.target, like.made, path, kind)


def shaped(data: bytes, kind: str) -> Constant:
    """The content of a member as its reader gets it; raises Unfoldable."""
    try:
        if kind == "t":
            return io.StringIO(data.decode("utf-8"), newline=None).read()
        if kind == "w":
            with wave.open(io.BytesIO(data)) as sound:
                return sound.readframes(sound.getnframes())
    except (wave.Error, *FAILURES):
        raise Unfoldable from None
    return data
