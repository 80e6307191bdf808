"""Short ways to open what a test built."""

from __future__ import annotations

from stockade.analyse.unpack import Opened, open_tree
from stockade.analyse.unpack.facts import Odd
from stockade.model.artifact import Kind
from stockade.model.evidence import GapKind

WHEEL = "demo-1.0-py3-none-any.whl"
SDIST = "demo-1.0.tar.gz"


def as_wheel(data: bytes, filename: str = WHEEL) -> Opened:
    """`data` opened as a wheel."""
    return open_tree(data, filename, Kind.WHEEL)


def as_sdist(data: bytes, filename: str = SDIST) -> Opened:
    """`data` opened as an sdist."""
    return open_tree(data, filename, Kind.SDIST)


def odds(opened: Opened) -> set[tuple[Odd, str]]:
    """Each oddity with its member."""
    return {(one.odd, one.member) for one in opened.oddities}


def odd_kinds(opened: Opened) -> set[Odd]:
    """Each oddity's kind."""
    return {one.odd for one in opened.oddities}


def details(opened: Opened, odd: Odd) -> list[str]:
    """What is said about each oddity of a kind."""
    return [one.detail for one in opened.oddities if one.odd is odd]


def limit_gaps(opened: Opened) -> list[tuple[str, str]]:
    """Each limit gap."""
    return [(gap.what, gap.why) for gap in opened.gaps if gap.kind is GapKind.LIMIT]


def scope_gaps(opened: Opened) -> list[tuple[str, str]]:
    """Each scope gap."""
    return [(gap.what, gap.why) for gap in opened.gaps if gap.kind is GapKind.SCOPE]


def contents(opened: Opened) -> dict[str, bytes]:
    """Every file by its shown path, the last of a name winning."""
    return {member.shown: data for member, data in opened.tree.walk()}
