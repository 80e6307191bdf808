"""Members of the artifact that its own code opens, and what it makes of them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from stockade.analyse.code import decoders, methods, ops
from stockade.analyse.code.abstract import HOLE, Abstract, derived, known, merge_steps
from stockade.analyse.code.expressions import PATHS
from stockade.analyse.code.facts import Constant
from stockade.analyse.code.members import Content, Handle, shaped
from stockade.analyse.code.ops import Unfoldable, cost
from stockade.analyse.code.resolve import Arguments, Indirections, Keywords
from stockade.analyse.code.subscripts import OWN_ARGUMENT

_OPENERS = frozenset({"open", "io.open", "codecs.open", "wave.open", "pathlib.Path.open", "gzip.open"})
_READERS = frozenset({"read", "readlines", "readframes", "getvalue"})
_PATH_READERS = {"read_text": "t", "read_bytes": "b"}
_JOINING = frozenset({"joinpath", "with_name"})
#: Functions that are given a package and a member of it.
_RESOURCES = {
    "pkgutil.get_data": "b",
    "importlib.resources.read_binary": "b",
    "importlib.resources.read_text": "t",
    "importlib_resources.read_binary": "b",
    "importlib_resources.read_text": "t",
    "pkg_resources.resource_string": "b",
}
#: Names of the running file, and what has to come from one of them.
_NAMED = frozenset({"?.__file__", OWN_ARGUMENT})
_OWN = frozenset({"?.__file__", "sys.argv.__getitem__", "os.path.abspath", "os.path.realpath"})
_SHAPING = frozenset({"str", "bytes", "bytearray", "list", "io.BytesIO", "io.StringIO"})
_NONE = known(None)
#: Measures of content that what is cut out of it depends on.
_MEASURES = frozenset({"len", "int.from_bytes", "struct.unpack"})


def _from(args: Arguments) -> Abstract | None:
    """Where a file is read from after ``seek(*args)``; None where that is not said in so many words."""
    whence = args[1].const if len(args) > 1 else 0
    at = args[0].const
    if isinstance(at, int) and at < 0 and whence == 2:
        return args[0]
    return args[0] if whence == 0 and (isinstance(args[0], Content) or isinstance(at, int)) else None


class Contents(Indirections):
    """Follows what is read out of a member until somebody decodes or executes it."""

    def content(
        self, opaque: Abstract, receiver: Abstract | None, method: str, args: Arguments, keywords: Keywords
    ) -> Abstract:
        """The result of a call, as an open member or something made of one where it is that; else `opaque`."""
        if self.members is None:
            return opaque
        target = opaque.target
        if target in _OPENERS:
            return self._opened(opaque, receiver, args, keywords)
        if target in _RESOURCES and len(args) > 1:
            return self._whole(opaque, args[1], _RESOURCES[target])
        if isinstance(receiver, Handle) and method in _READERS:
            lines = method == "readlines"
            made = self._read(opaque, receiver.path, receiver.kind, lines=lines)
            start = receiver.start
            return made if start is None else self.part(made, (start, _NONE, _NONE), opaque)
        if isinstance(receiver, Handle) and method == "seek" and args:
            receiver.start = _from(args)
        if receiver is not None and method in _PATH_READERS:
            return self._whole(opaque, receiver, _PATH_READERS[method])
        if receiver is not None and receiver.target.startswith(PATHS) and method in _JOINING and args:
            text = "/".join((HOLE, *(part.text() for part in args)))
            return Abstract(False, text, opaque.steps, opaque.origins, "pathlib.Path", made=True)
        return self._made(opaque, receiver, method, args, keywords)

    def _opened(
        self, opaque: Abstract, receiver: Abstract | None, args: Arguments, keywords: Keywords
    ) -> Abstract:
        asked = opaque.target == "pathlib.Path.open"
        place = receiver if asked else (args[0] if args else keywords.get("file"))
        how = (args[0] if args else None) if asked else (args[1] if len(args) > 1 else None)
        mode = how or keywords.get("mode")
        text = mode.const if mode is not None and isinstance(mode.const, str) else ""
        if place is None or any(letter in text for letter in "wax"):
            return opaque
        path = self._path_of(place)
        kind = "w" if opaque.target.startswith("wave") else "b" if "b" in text else "t"
        return Handle.of(opaque, path, kind) if path else opaque

    def _path_of(self, place: Abstract) -> str:
        assert self.members is not None
        named = place.target == "?.__file__" or not _NAMED.isdisjoint(place.origins)
        if place.target in _OWN and named:
            return self.path
        if isinstance(place.const, str):
            return self.members.find(place.const, self.path)
        return ""

    def _whole(self, opaque: Abstract, place: Abstract, kind: str) -> Abstract:
        path = self._path_of(place)
        return self._read(opaque, path, kind) if path else opaque

    def _read(self, opaque: Abstract, path: str, kind: str, *, lines: bool = False) -> Content:
        members = self.members
        assert members is not None

        def make() -> Constant:
            data = shaped(members.read(path), kind)
            return data.splitlines(keepends=True) if lines else data

        return Content.of(opaque, make, path)

    def _made(
        self, opaque: Abstract, receiver: Abstract | None, method: str, args: Arguments, keywords: Keywords
    ) -> Abstract:
        parts = (*args, *keywords.values())
        for part in parts:
            if not part.known and not isinstance(part, Content):
                return opaque
        if isinstance(receiver, Content):
            return self._lazy(opaque, lambda: self._called(receiver, method, args, keywords))
        target = opaque.target
        if target not in decoders.FUNCTIONS or not any(isinstance(part, Content) for part in parts):
            return opaque
        if target in _SHAPING or target in _MEASURES:
            return self._lazy(opaque, lambda: self._computed(target, args, keywords)[0])
        try:
            const, step = self._computed(target, args, keywords)
            steps = (*merge_steps(parts), step) if step else merge_steps(parts)
            return self.made(const, (opaque,), steps) if steps else opaque
        except Unfoldable:
            return opaque

    def _lazy(self, like: Abstract, make: Callable[[], Constant]) -> Content:
        """Content that is made of others. Making it counts, for others may be made of it over and over."""

        def act() -> Constant:
            const = make()
            self.spend(cost(const))
            return const

        return Content.of(like, act)

    def _called(self, owner: Content, method: str, args: Arguments, keywords: Keywords) -> Constant:
        named = {name: self.constant_of(part) for name, part in keywords.items()}
        return methods.call(owner.constant(), method, tuple(map(self.constant_of, args)), named)[0]

    def _computed(self, target: str, args: Arguments, keywords: Keywords) -> tuple[Constant, str]:
        named = {name: self.constant_of(part) for name, part in keywords.items()}
        return decoders.call(target, tuple(map(self.constant_of, args)), named)

    def constant_of(self, value: Abstract) -> Constant:
        """A constant, read now if it is a member's content; raises Unfoldable."""
        return value.constant() if isinstance(value, Content) else value.const

    def taken(self, owner: Content, key: Any, like: Abstract) -> Content:
        """A part of a member's content."""
        step = "reverse" if isinstance(key, slice) and key.step == -1 else ""
        made = self._lazy(like, lambda: ops.item(owner.constant(), key))
        made.steps = (*owner.steps, step) if step else owner.steps
        return made

    def part(self, owner: Content, ends: Arguments, like: Abstract) -> Content:
        """A slice of a member's content, whose ends may be content as well: where a picture ends, say."""
        if all(one.known for one in ends):
            return self.taken(owner, slice(*(one.const for one in ends)), like)
        made = self._lazy(like, lambda: ops.item(owner.constant(), slice(*map(self.constant_of, ends))))
        made.steps = owner.steps
        return made

    def measured(self, kind: type[ast.operator], left: Abstract, right: Abstract) -> Content | None:
        """``data.index(b"IEND") + 8``: an operator on what is known when somebody asks for it."""
        if not all(one.known or isinstance(one, Content) for one in (left, right)):
            return None
        like = derived((left, right))
        like = Abstract(False, None, merge_steps((left, right)), like.origins)
        return self._lazy(like, lambda: ops.binary(kind, self.constant_of(left), self.constant_of(right)))

    def code_of(self, value: Abstract) -> Abstract:
        """What is handed to an interpreter, read now if it is a member's content."""
        if not isinstance(value, Content):
            return value
        members = self.members
        if members is not None and value.path.endswith((".py", ".pyw")) and value.path != self.path:
            # It is looked at as a file of its own; that it runs here is what there is to add.
            self.unit.imports.add(members.module(value.path))
            return value
        try:
            return known(value.constant(), value.steps, derived((value,)).origins)
        except Unfoldable:
            return value
