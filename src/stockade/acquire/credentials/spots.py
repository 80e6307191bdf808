"""What a spot is: where a family of tools keeps credentials, and how they are read there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stockade.acquire.credentials.formats import Data, at, claims, time_of, value_at
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.model.credential import Kind, Life, Rotation


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a home, as it was read. Other files of the same home are had by `beside`."""

    path: Path
    data: bytes
    beside: Callable[[Path], bytes | None] = lambda path: None


#: Reads one file; raises formats.Unreadable.
Read = Callable[[File], Iterable[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """`patterns` are paths below the home, whose parts may have ``*``; `variables` name further files. `exists` stands
    for stores that are never opened: what is told where one of them is there."""

    patterns: tuple[str, ...]
    read: Read | None = None
    variables: tuple[str, ...] = ()
    exists: Found | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A secret at `path` (see formats.at). `item` and `principal` are read from the way there: ``0`` is its first name,
    ``-1`` its last but the secret's own; ``user`` a text beside the secret."""

    path: str
    kind: Kind = Kind.TOKEN
    life: Life = Life.LONG
    rotation: Rotation = Rotation.HAND
    item: str = ""
    principal: str = ""
    expires: str = ""
    provider: str = ""
    #: A name beside the secret, and the values one of which must stand there.
    only: tuple[str, ...] = ()


def keyed(provider: str, reader: Callable[[bytes], Data], *rules: Rule) -> Read:
    """Reads a file of plain data by `rules`; what two of them find is found once."""

    def read(file: File) -> Iterator[Found]:
        data = reader(file.data)
        seen: set[tuple[str, ...]] = set()
        for rule in rules:
            for way, value in at(data, rule.path):
                if rule.only and _beside(data, way, rule.only[0]) not in rule.only[1:]:
                    continue
                if way not in seen and not placeholder(value):
                    seen.add(way)
                    yield _found(provider, rule, data, way, value)

    return read


def _found(provider: str, rule: Rule, data: Data, way: tuple[str, ...], value: str) -> Found:
    expires = time_of(_beside(data, way, rule.expires)) if rule.expires else None
    said = claims(value)
    return Found(
        provider=rule.provider or provider,
        kind=rule.kind,
        secret=Secret(value),
        principal=_beside(data, way, rule.principal) or text(said.get("sub")),
        item=_beside(data, way, rule.item) if rule.item else ".".join(way),
        life=Life.SHORT if rule.life is Life.LONG and (expires or "exp" in said) else rule.life,
        rotation=rule.rotation,
        created=time_of(said.get("iat")),
        expires=expires or time_of(said.get("exp")),
    )


def _beside(data: Data, way: tuple[str, ...], name: str) -> str:
    if name.lstrip("-").isdigit():
        number = int(name) - (1 if name.startswith("-") else 0)
        return way[number] if -len(way) <= number < len(way) else ""
    return value_at(data, *way[:-1], name) if name else ""


def text(value: object) -> str:
    """A text, or "" for anything else."""
    return value if isinstance(value, str) else ""


def placeholder(value: str) -> bool:
    """Whether a value only names where the secret comes from (``${TOKEN}``), or stands for one that is not there."""
    plain = value.strip().strip("\"'")
    return (
        len(plain) < _SHORTEST
        or plain.startswith(("$(", "`"))
        or (plain.startswith("${") and plain.endswith("}"))
        or (plain.startswith("$") and plain[1:].isidentifier())
        or (plain.startswith("<") and plain.endswith(">"))
        or (plain.startswith("{{") and plain.endswith("}}"))
        or set(plain.lower()) <= set("x*.-_")
        or plain.lower() in _NOTHING
    )


_SHORTEST = 4
_NOTHING = frozenset({"none", "null", "true", "false", "changeme", "todo", "your_token_here", "placeholder"})
