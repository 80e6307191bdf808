"""Paths of a plan as rules of Landlock, which knows no "all but": what lies beside a smaller right is named."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from stockade import limits
from stockade.acquire.jail.plan import Kind, Mount
from stockade.confine.landlock import Right
from stockade.errors import JailFailed

#: What every process may want to know about the machine, and nothing about others on it.
_ALWAYS = {
    # /dev/tty is whatever terminal a session has, and this one has its own or none.
    **dict.fromkeys(
        ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"), Right.DEVICE
    ),
    **dict.fromkeys(
        (
            *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/uptime", "/proc/version"),
            *("/proc/loadavg", "/proc/filesystems", "/proc/sys/kernel", "/proc/sys/vm", "/proc/sys/fs"),
            *("/sys/devices/system/cpu", "/sys/fs/cgroup"),
        ),
        Right.READ,
    ),
}
_SHOWN = (Kind.READ, Kind.WRITE)
#: Within which kinds one of this kind is less.
_SMALLER = {Kind.READ: (Kind.WRITE,), Kind.WRITE: (), Kind.HIDDEN: _SHOWN}
_RIGHTS = {Kind.READ: Right.READ, Kind.WRITE: Right.WRITE, Kind.EMPTY: Right.WRITE}


def smaller(mounts: Sequence[Mount]) -> Iterator[Mount]:
    """What has a smaller right than something shown that it lies in."""
    for number, mount in enumerate(mounts):
        around = [one for one in mounts[:number] if one.target in mount.target.parents]
        if around and around[-1].kind in _SMALLER.get(mount.kind, ()) and mount.target.exists():
            yield mount


def openings(mounts: Sequence[Mount], covered: Collection[Path] = ()) -> Iterator[tuple[str, Right]]:
    """Path and rights, for all that there is. What is `covered` has something mounted over it, and needs no looking
    after. Raises JailFailed for what is to be seen elsewhere than where it lies.

    The paths are real ones: one that is found to be a link when it is opened was made one by somebody else.
    """
    for name, right in _ALWAYS.items():
        yield os.path.realpath(name), right
    for number, mount in enumerate(mounts):
        if mount.source is None and mount.kind is not Kind.EMPTY:
            continue
        if mount.source is not None and mount.source != mount.target:
            raise JailFailed(f"without bubblewrap {mount.source} cannot be shown as {mount.target}")
        less = [
            later.target
            for later in mounts[number + 1 :]
            if later.target not in covered and mount.kind in _SMALLER.get(later.kind, _SHOWN)
        ]
        if mount.target not in covered:
            target = Path(os.path.realpath(mount.target)) if mount.kind is Kind.READ else mount.target
            yield from _around(target, _RIGHTS[mount.kind], less)


def opened(path: str) -> int | None:
    """A descriptor for a rule on exactly this path; None where there is nothing, or a link to something else."""
    try:
        number = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return None
    if os.readlink(f"/proc/self/fd/{number}") == path:
        return number
    os.close(number)
    return None


def without_links(mounts: Sequence[Mount]) -> list[Mount]:
    """The mounts of a plan, but for those that links lead astray: what runs in a jail could turn a folder that it may
    write to, or a name in one, into a link to the home folder, for the next jail to open. Raises JailFailed."""
    kept: list[Mount] = []
    writable = [one.target for one in mounts if one.kind is Kind.WRITE]
    for mount in mounts:
        source = mount.source
        if source is not None and (mount.kind is Kind.WRITE or not set(writable).isdisjoint(source.parents)):
            real = os.path.realpath(source)
            if mount.kind is Kind.READ and source.is_symlink():
                continue  # it stays what it is, a name that leads to what is shown or to nothing
            if real != str(source):
                raise JailFailed(f"{source} leads to {real}: name that if it is meant")
        kept.append(mount)
    return kept


def _around(path: Path, rights: Right, but: Sequence[Path]) -> Iterator[tuple[str, Right]]:
    """`path` and all beneath, except `but` and all beneath those, which have rules of their own."""
    if any(path == one or one in path.parents for one in but):
        return
    inner = [one for one in but if path in one.parents]
    if not inner:
        yield str(path), rights
        return
    try:
        names = sorted(os.listdir(path))
    except OSError:
        return
    if len(names) > limits.JAIL_NEIGHBOURS:
        raise JailFailed(f"without bubblewrap {inner[0]} cannot be hidden: too much lies beside it in {path}")
    for name in names:
        yield from _around(path / name, rights, inner)
