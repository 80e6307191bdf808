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
    """The first place where `target` (a dotted name) is called in `phase`."""

    act: Act
    target: str
    phase: Phase
    where: Location


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
    `natives`: native code by its path without what tells platforms apart. `kinds`: the endings of installed files, and
    of folders that begin with a dot or underscore the names.
    """

    deeds: tuple[Deed, ...] = ()
    hosts: tuple[Host, ...] = ()
    startup: tuple[str, ...] = ()
    natives: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    full: bool = False
