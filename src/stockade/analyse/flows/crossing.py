"""Files through which a secret may cross into another distribution, although they hold no telling literal.

A trojaned constructor names no host and starts nothing: it hands its keys to a helper, perhaps by way of another file
of its own. So of a large distribution two kinds of files are worth a parse beside the telling ones: those that import
something that is neither Python's, nor the artifact's own, nor well known; and those that take what is named like a
secret and from which imports lead to where a secret could be lost. Where that leads is known when all files were seen.
"""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stockade import limits
from stockade.analyse.code.known_modules_generated import KNOWN_MODULES, KNOWN_PROJECTS
from stockade.analyse.code.layout import Place
from stockade.analyse.flows.vocabulary import is_secret
from stockade.model.artifact import Member

_IMPORT = re.compile(
    rb"(?:^|[;:])[ \t]*(?:from(?:[ \t]+|(?=\.))([\w.]+)[ \t]+import\b[ \t]*|import[ \t]+([A-Za-z_][\w., \t]*))",
    re.MULTILINE,
)
#: What is imported from a module: up to the end of the line, or of the parentheses.
_NAMES = re.compile(rb"\([^)]{0,20000}|[^\n;#]{0,2000}")
_NAME = re.compile(rb"[A-Za-z_]\w*")
_DOTTED = re.compile(rb"[ \t]*([A-Za-z_][\w.]*)(?:[ \t]+as[ \t]+\w+)?[ \t]*")
#: Lists of names that are read of one file, by its size; what overlaps further is no Python.
_OVERLAP = 2
#: What stands for an import that was not read.
_UNREAD = "?"
#: An import by its name in a string.
_BY_NAME = re.compile(rb"(?:__import__|import_module)\(\s*[\"']([A-Za-z_][\w.]*)")
#: The parameters of a function, the name of each, and what the name of a secret holds somewhere.
_PARAMETERS = re.compile(rb"def[ \t]+\w+[ \t]*\(([^()]{0,2000})")
_PARAMETER = re.compile(rb"(?:^|,)\s*\*{0,2}([A-Za-z_]\w*)")
_SECRETS = re.compile(rb"secret|passw|passphrase|pwd|token|cred|mnemonic|seed|bearer|jwt|key|ak|sk")
_NO_OTHERS = frozenset(sys.stdlib_module_names) | frozenset(keyword.kwlist) | {"", "__future__", "__main__"}
#: The project that a requirement names, where it names no address.
_REQUIRED = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:[\[(;<>=!~ ][^@]*)?$")
#: Groups of the prefilter by which values leave.
_LEAVING = frozenset({"request", "network", "socket", "process", "shell"})
#: Bytes that are held until it is known which files are parsed: no more are parsed in all.
_HELD = limits.MAX_PARSED


def foreign(data: bytes, own: frozenset[str]) -> frozenset[str]:
    """The top-level modules of other distributions that a file imports."""
    tops = {name.partition(".")[0] for name, _ in imports(data, None, own)}
    return frozenset(tops) - own - _NO_OTHERS


def takes_secrets(data: bytes) -> bool:
    """Whether a function in a file takes what is named like a secret."""
    return any(
        is_secret(one.decode())
        for found in _PARAMETERS.finditer(data)
        if _SECRETS.search(found[1].lower())
        for one in _PARAMETER.findall(found[1])
    )


def imports(data: bytes, place: Place | None, own: frozenset[str]) -> Iterator[tuple[str, Collection[str]]]:
    """What a file imports: each module, and what it takes from it where its top-level module is an `own` one.

    Relative ones only where `place` says from where. Only lines with the word are looked at.
    """
    if b"\\" in data:  # which one byte tells ten times as fast as two do
        data = data.replace(b"\\\n", b" ")
    if b"__import__(" in data or b"import_module(" in data:
        yield from ((one[1].decode(), ()) for one in _BY_NAME.finditer(data))
    room = _OVERLAP * len(data)
    at = data.find(b"import")
    while at >= 0:
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        for one in _IMPORT.finditer(data, data.rfind(b"\n", 0, at) + 1, end):
            if one[2] is not None:
                parts = [_DOTTED.fullmatch(name) for name in one[2].split(b",")]
                if None not in parts:  # else it is a sentence about importing
                    yield from ((part[1].decode(), ()) for part in parts if part)
                continue
            module = one[1].lstrip(b".").decode()
            level = len(one[1]) - len(module)
            if level and place is None:
                continue
            module = _absolute(module, level, place) if level and place is not None else module
            if module.partition(".")[0] not in own:
                yield module, ()
                continue
            taken = _NAMES.match(data, one.end())
            assert taken is not None  # it matches the empty text
            room -= len(taken[0])
            if room < 0:
                yield _UNREAD, ()
                return
            yield module, [name.decode() for name in _NAME.findall(taken[0])]
        at = data.find(b"import", end)


def _absolute(module: str, level: int, place: Place) -> str:
    parts = place.qualified.split(".")
    drop = level - 1 if place.package else level
    base = parts[: len(parts) - drop] if drop else parts
    return ".".join((*base, module)) if module else ".".join(base)


@dataclass(slots=True)
class _Seen:
    """A file that was looked at: where its imports lead, and what for it could be parsed later."""

    place: Place
    leads: tuple[str, ...]
    #: A secret that comes here may be lost to an unheard-of distribution; or may leave, by that way or another.
    lost: bool
    leaves: bool
    #: It takes secrets and imports something foreign, which is well known.
    hands: bool = False
    waiting: tuple[Member, bytes | None] | None = None


class Crossings:
    """The files of one artifact. `own` are the modules that it installs, by their dotted names, `requires` its
    requirements."""

    def __init__(self, own: frozenset[str], requires: Iterable[str]) -> None:
        self._own = own
        self._tops = frozenset(name.partition(".")[0] for name in own)
        self._seen: list[_Seen] = []
        self._held = 0
        names = [_REQUIRED.match(one) for one in requires]
        #: Whether nobody but well-known projects can be behind the well-known modules that are imported.
        self.trusted = bool(names) and all(
            one is not None and re.sub(r"[-_.]+", "_", one[1]).lower() in KNOWN_PROJECTS for one in names
        )

    def telling(self, data: bytes, place: Place, found: frozenset[str]) -> None:
        """A file that is parsed anyhow, and the groups of the prefilter in it."""
        unknown, _, leads = self._imports(data, place)
        self._seen.append(_Seen(place, leads, unknown, unknown or not _LEAVING.isdisjoint(found)))

    def crosses(self, member: Member, data: bytes, place: Place, *, again: bool) -> bool:
        """Whether an installed file without a telling literal is to be parsed at once.

        If not, it may be among those that `chosen` gives later; it is not held where it can be read `again`.
        """
        unknown, known, leads = self._imports(data, place)
        secrets = (known or bool(leads)) and not unknown and takes_secrets(data)
        self._held += len(data) if secrets and not again else 0
        now = unknown or (secrets and ((known and not self.trusted) or self._held > _HELD))
        seen = _Seen(place, leads, unknown, unknown)
        if secrets and not now:
            seen.waiting, seen.hands = (member, None if again else data), known
        self._seen.append(seen)
        return now

    def _imports(self, data: bytes, place: Place) -> tuple[bool, bool, tuple[str, ...]]:
        """Whether a file imports what nobody knows, if it imports what is well known, and which own modules."""
        leads: set[str] = set()
        tops: set[str] = set()
        for module, names in imports(data, place, self._tops):
            top = module.partition(".")[0]
            if top not in self._tops:
                tops.add(top)
                continue
            leads.add(module)
            leads.update(f"{module}.{name}" for name in names)
            while not names and module:
                leads.add(module)
                module = module.rpartition(".")[0]
        tops -= _NO_OTHERS
        return not tops <= KNOWN_MODULES, bool(tops), tuple(leads & self._own)

    def chosen(self) -> Iterator[tuple[Member, bytes | None, Place]]:
        """The files that take secrets and lead to where they may be lost; those that also hand them to well-known
        projects already where they may leave. In the order in which they were seen, each with its bytes if held."""
        if not any(one.waiting for one in self._seen):
            return
        led: dict[str, list[int]] = {}
        for number, one in enumerate(self._seen):
            for module in one.leads:
                led.setdefault(module, []).append(number)
        lost = self._back(led, [one.lost for one in self._seen])
        leave = self._back(led, [one.leaves for one in self._seen])
        for one, is_lost, may_leave in zip(self._seen, lost, leave, strict=True):
            if one.waiting is not None and (is_lost or (one.hands and may_leave)):
                yield (*one.waiting, one.place)

    def _back(self, led: Mapping[str, Sequence[int]], ends: Sequence[bool]) -> list[bool]:
        """For each file whether imports lead from it to one of `ends`."""
        reached = list(ends)
        waiting = [number for number, end in enumerate(ends) if end]
        while waiting:
            for number in led.get(self._seen[waiting.pop()].place.qualified, ()):
                if not reached[number]:
                    reached[number] = True
                    waiting.append(number)
        return reached
