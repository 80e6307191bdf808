"""Comparing an artifact with a reference of known projects: what the engine and a reference's maker have in common."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from stockade import limits
from stockade.analyse.code.layout import ASIDE, Place
from stockade.analyse.identity.clones import Foreign, Whose, clone_of, foreign_packages
from stockade.analyse.identity.holdings import VENDOR, Holdings
from stockade.analyse.identity.reference import Reference
from stockade.analyse.unpack.opening import Opened
from stockade.model.artifact import Kind, Member
from stockade.model.clone import Clone

#: Folders of an sdist that packages lie in, beside its root.
_SOURCES = frozenset({"src", "lib", "python"})


def hold(holdings: Holdings, member: Member, data: bytes, place: Place, root: str) -> None:
    """Take note of one Python file if it is installed as a module; `root` is the folder that installers strip."""
    if place.installed and place.name and not member.nested:
        folders = member.path.removeprefix(f"{root}/").split("/")[:-1]
        holdings.add(
            member,
            data,
            place.name,
            package=place.package,
            top=len(folders) == 1 or (len(folders) == 2 and folders[0] in _SOURCES),
            tests=not ASIDE.isdisjoint(place.name.split(".")[1:]),
            aside=not VENDOR.isdisjoint(folders),
        )


def compare(
    holdings: Holdings, opened: Opened, kind: Kind, known: Reference, *, leave_out: bool
) -> tuple[list[Foreign], Clone | None]:
    """Into whose packages the artifact would be installed, and which known project it is a copy of.

    With `leave_out` what is known of the project that it says it is plays no part.
    """
    whose = Whose(reference=known, project=canonicalize_name(opened.project), leave_out=leave_out)
    foreign = list(foreign_packages(holdings.roots(wheel=kind is Kind.WHEEL), whose))
    tree = opened.tree

    def read(member: Member) -> bytes | None:
        return tree.read(member, limits.MAX_MEMBER) if tree.at_hand(member) else None

    return foreign, clone_of(holdings, whose, read)
