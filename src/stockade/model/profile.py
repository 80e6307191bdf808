"""What an artifact is made of, in a form by which two releases, or two files of one, can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stockade.model.evidence import Location, Phase


class Act(StrEnum):
    """What a call does; completes "it …"."""

    NETWORK = "contacts the network"
    PROCESS = "starts programs"
    EXECUTE = "executes code that it makes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """The first place where `target` (a dotted name, or what it makes) is called in `phase`; `top` is the top-level
    name that the file would be imported under."""

    act: Act
    target: str
    phase: Phase
    where: Location
    top: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The first place that names a host, in code that runs without being called."""

    name: str
    phase: Phase
    where: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Everything is there once, and at most limits.MAX_PROFILE of each; `full` where that was not enough.

    `startup`: .pth and .start files with lines that run, each as its path, a blank and a digest of these lines.
    `natives`: native code by its path without what tells platforms apart. `kinds`: those endings of installed files
    that can carry a payload, and the names of folders that begin with a dot or underscore. `tops`: the top-level names
    of its Python files. Paths have no version in them, and what lies in archives inside the archive is left out.
    """

    deeds: tuple[Deed, ...] = ()
    hosts: tuple[Host, ...] = ()
    startup: tuple[str, ...] = ()
    natives: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    tops: tuple[str, ...] = ()
    full: bool = False
