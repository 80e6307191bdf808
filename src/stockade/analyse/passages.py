"""The text of an artifact's functions, for a diff that a person reads: runs in a worker, as analysis does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from stockade import limits
from stockade.analyse.code.layout import layout
from stockade.analyse.identity.shape import pieces
from stockade.analyse.unpack.opening import open_tree
from stockade.model.artifact import Kind
from stockade.model.assessment import Findings
from stockade.model.project import Digest


class Passage(msgspec.Struct, frozen=True, array_like=True):
    """A function, or what stands between functions (`name` "" then): its first line, its hash, its lines."""

    name: str
    first: int
    hash: int
    lines: tuple[str, ...]


class Module(msgspec.Struct, frozen=True, array_like=True):
    """One file: where it lies in the archive, its module's name below the top-level package, and its passages."""

    path: str
    inner: str
    passages: tuple[Passage, ...]


class Wanted(msgspec.Struct, frozen=True):
    """Which modules to tell of: names below the top-level package (``auth.credentials``, "" for the package)."""

    inner: frozenset[str]


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(tuple[Module, ...]).decode


def inner_name(name: str) -> str:
    """A module's dotted name without the top-level package."""
    return name.partition(".")[2]


def passages(data: Any, *, filename: str, kind: Kind, sha256: Digest, options: Any) -> Findings:
    """The wanted Modules of an artifact, encoded, as `extra`; those that would make it too large are left out."""
    wanted = options.inner if isinstance(options, Wanted) else frozenset()
    opened = open_tree(data, filename, kind)
    places = layout(kind, [one.path for one in opened.tree.members if not one.nested], root=opened.root)
    found: list[Module] = []
    room = limits.MAX_PASSAGES
    for member, content in opened.tree.walk():
        if member.nested or not member.path.endswith((".py", ".pyw")):
            continue
        place = places.place(member.path)
        if place.installed and place.name and inner_name(place.name) in wanted and len(content) <= room:
            room -= len(content)
            top = place.name.partition(".")[0]
            found.append(Module(member.path, inner_name(place.name), tuple(_passages(content, top))))
    return Findings(
        sha256=sha256,
        project=opened.project,
        version=opened.version,
        gaps=opened.gaps,
        extra=encode(found),
    )


def _passages(content: bytes, top: str) -> Iterator[Passage]:
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for one in pieces(content, top):
        text = tuple(line.decode("utf-8", "backslashreplace") for line in lines[one.first - 1 : one.last])
        yield Passage(one.name, one.first, one.hash, text)
