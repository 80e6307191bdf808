"""Paths of a plan as rules of Landlock, which knows no "all but": what lies beside a smaller right is named."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
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
_RIGHTS = {Kind.READ: Right.READ, Kind.WRITE: Right.WRITE, Kind.EMPTY: Right.WRITE}


def openings(mounts: Sequence[Mount]) -> Iterator[tuple[str, Right]]:
    """Path and rights, for all that there is. Raises JailFailed for what is to be seen elsewhere than where it lies."""
    yield from _ALWAYS.items()
    for number, mount in enumerate(mounts):
        if mount.source is None and mount.kind is not Kind.EMPTY:
            continue
        if mount.source is not None and mount.source != mount.target:
            raise JailFailed(f"without bubblewrap {mount.source} cannot be shown as {mount.target}")
        yield from _around(
            mount.target, _RIGHTS[mount.kind], [later.target for later in mounts[number + 1 :]]
        )


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
