"""What a reference of known projects is made of, from an artifact's bytes: runs in a worker, as analysis does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from stockade.analyse.code.layout import layout
from stockade.analyse.identity.holdings import Holdings
from stockade.analyse.identity.reference import Known, Project
from stockade.analyse.likeness import hold
from stockade.analyse.unpack.opening import open_tree
from stockade.model.artifact import Kind
from stockade.model.assessment import Findings
from stockade.model.project import Digest


class Module(msgspec.Struct, frozen=True, array_like=True):
    """One installed file: the hash of the whole, those of its pieces, and the bytes of its functions."""

    whole: int
    pieces: tuple[int, ...]
    size: int


class Shape(msgspec.Struct, frozen=True, array_like=True):
    """What a reference may keep of one artifact. `packages` are the hashes of the places that it installs."""

    packages: tuple[int, ...]
    modules: tuple[Module, ...]
    wheel: bool
    full: bool


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Shape).decode


def shape(data: Any, *, filename: str, kind: Kind, sha256: Digest, options: object = None) -> Findings:
    """The Shape of an artifact, encoded, as `extra` of findings that hold nothing else but the gaps of reading it."""
    opened = open_tree(data, filename, kind)
    places = layout(kind, [one.path for one in opened.tree.members if not one.nested], root=opened.root)
    holdings = Holdings()
    for member, content in opened.tree.walk():
        if member.path.endswith((".py", ".pyw")):
            hold(
                holdings, member, content, places.place(member.path, nested=bool(member.nested)), opened.root
            )
    modules = tuple(
        Module(
            one.whole,
            tuple(value for value, _, _ in one.parts),
            0 if one.aside else sum(size for _, size, function in one.parts if function),
        )
        for one in holdings.files
    )
    wheel = kind is Kind.WHEEL
    found = Shape(holdings.package_hashes(wheel=wheel), modules, wheel, holdings.full)
    return Findings(
        sha256=sha256,
        project=opened.project,
        version=opened.version,
        gaps=opened.gaps,
        extra=encode(found),
    )


def known(name: str, releases: Sequence[tuple[str, Shape]], *, most: int) -> Known:
    """What a reference keeps of a project: `releases` are (version, shape), the newest first; about `most` hashes.

    Of a project that has more, the largest modules (generated ones, mostly) are kept as a whole only, in every release.
    """
    modules = {one for _, shape in releases for one in shape.modules}
    wheels = [shape.packages for _, shape in releases if shape.wheel] or [
        shape.packages for _, shape in releases
    ]
    kept = {value for packages in wheels for value in packages} | {one.whole for one in modules}
    partial = False
    for one in sorted(modules, key=lambda one: (len(one.pieces), one.whole)):
        added = set(one.pieces) - kept
        if len(kept) + len(added) > most:
            partial = True
            break
        kept |= added
    size = sum(one.size for one in releases[0][1].modules) if releases else 0
    versions = tuple(dict.fromkeys(version for version, _ in releases))
    project = Project(name=name, versions=versions, size=size, partial=partial)
    return Known(project=project, hashes=frozenset(kept))
