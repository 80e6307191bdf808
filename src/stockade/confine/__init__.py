"""Taking from this process, for good, what it won't need: a profile in, the walls that stand out.

``confine(profile)`` never raises for a wall that this kernel cannot build: it says so in the Wall, and the
caller's policy decides. It is written for the analysing processes, but knows nothing of them.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from stockade.confine import landlock, rlimits, seccomp
from stockade.confine.kernel import Kernel, Linux
from stockade.confine.rlimits import Bounds
from stockade.confine.seccomp import Filter

__all__ = ["WALLS", "Bounds", "Filter", "Profile", "Wall", "confine", "drop_capabilities", "missing"]

NO_NEW_PRIVILEGES, NOT_DUMPABLE, DIES_WITH_PARENT = "no-new-privileges", "not-dumpable", "dies-with-parent"
CAPABILITIES, SECCOMP = "capabilities", "seccomp"
_LANDLOCK = (landlock.FILES, landlock.NETWORK, landlock.SCOPE)

#: Every wall, in the order in which they are built.
WALLS = (
    *(DIES_WITH_PARENT, NOT_DUMPABLE, NO_NEW_PRIVILEGES, CAPABILITIES),
    *_LANDLOCK,
    *rlimits.WALLS,
    SECCOMP,
)

#: What still holds when a wall is down: the filter on system calls alone stops these too.
_SECOND_LINE = {
    **dict.fromkeys(
        (*_LANDLOCK, CAPABILITIES, rlimits.OPEN_FILES, rlimits.FILE_SIZE, rlimits.PROCESSES), SECCOMP
    ),
    rlimits.CORE_DUMPS: NOT_DUMPABLE,
}

#: Those that a fork inherits and that are the same for every profile.
_INHERITED = frozenset(
    (
        *(NOT_DUMPABLE, NO_NEW_PRIVILEGES, CAPABILITIES, landlock.FILES, landlock.NETWORK),
        *(rlimits.FILE_SIZE, rlimits.CORE_DUMPS),
    )
)

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_SIGKILL = 9
_CAPABILITY_VERSION_3 = 0x20080522


@dataclass(frozen=True, slots=True)
class Wall:
    """One wall, whether it stands, and why not ("" where it does)."""

    name: str
    up: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a kind of process keeps: `calls` to the kernel, `bounds` on what it uses.

    `walls` are the ones to have; `standing` are those among them that the process was forked behind.
    """

    calls: Filter
    bounds: Bounds
    walls: frozenset[str] = frozenset(WALLS)
    standing: frozenset[str] = frozenset()

    def prepare(self, kernel: Kernel) -> None:
        """Do now what need not be done in each fork."""
        with suppress(OSError):  # confine() will say so
            self.calls.prepare(seccomp.machine(kernel))

    def inside(self, walls: tuple[Wall, ...]) -> Profile:
        """This profile for a fork of a process that has `walls`."""
        up = {wall.name for wall in walls if wall.up}
        return replace(self, standing=self.walls & _INHERITED & up)


def missing(walls: tuple[Wall, ...]) -> tuple[Wall, ...]:
    """Those of `walls` that are down with nothing else holding the same: what a policy should ask about."""
    up = {wall.name for wall in walls if wall.up}
    return tuple(wall for wall in walls if not wall.up and _SECOND_LINE.get(wall.name) not in up)


def confine(
    profile: Profile, *, parent: int | None = None, kernel: Kernel | None = None, root: bool | None = None
) -> tuple[Wall, ...]:
    """Build the profile's walls around this process and whatever it forks; returns all of WALLS, in order.

    `parent` is the pid to die with. Raises ProcessLookupError where it has died already. The process should
    have one thread: Landlock and seccomp bind the calling thread and its children.
    """
    kernel = kernel or Linux()
    build = _Builder(profile, kernel)
    # 1. Die with the parent, even one that died before this line.
    build.one(DIES_WITH_PARENT, lambda: kernel.prctl(_PR_SET_PDEATHSIG, _SIGKILL))
    if parent is not None and os.getppid() != parent:
        raise ProcessLookupError(f"the parent, {parent}, is gone")
    # 2. Nobody of this user may look into this process, or make it dump core.
    build.one(NOT_DUMPABLE, lambda: kernel.prctl(_PR_SET_DUMPABLE, 0))
    # 3. No setuid program gives back what is taken now; Landlock and seccomp ask for this first.
    build.one(NO_NEW_PRIVILEGES, lambda: kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1))
    # 4. Root without its privileges is a user like any other.
    build.one(CAPABILITIES, lambda: drop_capabilities(kernel))
    # 5. Files, network and other processes, while a descriptor for the ruleset can still be had.
    build.landlock()
    # 6. Ceilings; the one on descriptors ends the making of any.
    for wall in rlimits.WALLS:
        build.one(wall, lambda wall=wall: rlimits.lower(kernel, wall, profile.bounds))  # type: ignore[misc]
    # 7. System calls, last, because the steps above make some that are refused from here on. Root is exempt
    #    from the ceiling on processes, so for root that wall is this one.
    root = os.geteuid() == 0 if root is None else root
    build.one(SECCOMP, lambda: profile.calls.install(kernel, os.getpid()))
    if root and not build.up(SECCOMP):
        build.lower(rlimits.PROCESSES, "the kernel exempts root from it, and seccomp is down")
    return build.walls()


def drop_capabilities(kernel: Kernel) -> None:
    """Empty the effective, permitted and inheritable sets (capset(2)); ambient ones go with them."""
    header = ctypes.create_string_buffer(struct.pack("Ii", _CAPABILITY_VERSION_3, 0), 8)
    nothing = ctypes.create_string_buffer(24)
    number = seccomp.machine(kernel).numbers["capset"]
    kernel.syscall(number, ctypes.addressof(header), ctypes.addressof(nothing))


class _Builder:
    """Builds walls and keeps what became of each."""

    def __init__(self, profile: Profile, kernel: Kernel) -> None:
        self._profile = profile
        self._kernel = kernel
        self._became: dict[str, str] = {}

    def one(self, name: str, build: Callable[[], object]) -> None:
        """Build one wall if the profile has it."""
        if not self._wanted(name):
            return
        try:
            build()
        except (OSError, ValueError) as why:
            self.lower(name, _reason(why))
        else:
            self._became[name] = ""

    def _wanted(self, name: str) -> bool:
        """Whether it is to be built now; if not, note what it is."""
        if name not in self._profile.walls:
            self.lower(name, "left out by the profile")
            return False
        if name in self._profile.standing:
            self._became[name] = ""
            return False
        return True

    def lower(self, name: str, why: str) -> None:
        """Note that a wall is down, and why; the first reason stays."""
        self._became[name] = self._became.get(name) or why

    def up(self, name: str) -> bool:
        return not self._became[name]

    def landlock(self) -> None:
        """One ruleset for all walls of Landlock that the profile has and this kernel knows."""
        wanted = [name for name in _LANDLOCK if self._wanted(name)]
        if not wanted:
            return
        try:
            version = landlock.abi(self._kernel)
            for name in wanted:
                if version < landlock.SINCE[name]:
                    self.lower(
                        name, f"this kernel's Landlock speaks ABI {version}, it needs {landlock.SINCE[name]}"
                    )
            known = [name for name in wanted if version >= landlock.SINCE[name]]
            if known:
                landlock.restrict(self._kernel, version, known)
        except OSError as why:
            for name in wanted:
                self.lower(name, _reason(why))
        else:
            self._became.update(dict.fromkeys(known, ""))

    def walls(self) -> tuple[Wall, ...]:
        return tuple(Wall(name, self.up(name), self._became[name]) for name in WALLS)


def _reason(why: Exception) -> str:
    text = why.strerror if isinstance(why, OSError) else str(why)
    return f"the kernel refused: {text or type(why).__name__}"
