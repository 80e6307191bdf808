"""A plan as arguments of bubblewrap (bwrap(1)), which makes the jail's own tree of files and its own processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stockade.acquire.jail.plan import Kind, Mount, Plan

#: Where a system keeps it. Not PATH: what is on that may belong to what is to be jailed.
FOLDERS = ("/usr/bin", "/usr/local/bin", "/bin", "/run/current-system/sw/bin")
#: The variable that names another one.
VARIABLE = "STOCKADE_BWRAP"
_ENV = "/usr/bin/env"


def find(environ: Mapping[str, str]) -> str | None:
    """bwrap's path, or None where it is not."""
    named = environ.get(VARIABLE)
    if named:
        return named
    return next((f"{folder}/bwrap" for folder in FOLDERS if os.access(f"{folder}/bwrap", os.X_OK)), None)


def arguments(
    bwrap: str,
    plan: Plan,
    command: Sequence[str],
    *,
    descriptors: Mapping[str, int],
    network: bool,
    restored: Sequence[str] = (),
) -> list[str]:
    """The whole command line. `descriptors` are option -> number; `network`: bwrap is to make the jail's network;
    `restored` are signals, by name without SIG, that are ignored here and not to be in the command."""
    words = [
        bwrap,
        "--die-with-parent",
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
    ]
    words += ["--hostname", plan.host_name, "--cap-drop", "ALL"]
    if network:
        words.append("--unshare-net")
    for option, number in descriptors.items():
        words += [option, str(number)]
    # bwrap would do so itself, but takes a folder that even root may not add files to for read-only already.
    words += ["--proc", "/proc", "--ro-bind-try", "/proc/sys", "/proc/sys", "--dev", "/dev"]
    sized = plan.ceilings.scratch if _knows(bwrap, b"\0--size\0") else None
    for mount in plan.mounts:
        words.extend(_mounted(mount, sized))
    words += ["--remount-ro", "/", "--chdir", str(plan.folder), "--"]
    if restored and _knows(_ENV, b"default-signal"):
        words += [_ENV, *(f"--default-signal={name}" for name in restored)]
    return [*words, *command]


def _mounted(mount: Mount, sized: int | None) -> Iterator[str]:
    target, source = str(mount.target), mount.source
    match mount.kind:
        case Kind.READ if source == mount.target and source is not None and source.is_symlink():
            yield from ("--symlink", os.readlink(source), target)
        case Kind.READ:
            yield from ("--ro-bind", str(source), target)
        case Kind.WRITE:
            yield from ("--bind", str(source), target)
        case Kind.EMPTY:
            yield from ("--size", str(sized)) if sized else ()
            yield from ("--tmpfs", target)
        case Kind.HIDDEN if mount.target.is_dir():
            yield from ("--tmpfs", target, "--remount-ro", target)
        case Kind.HIDDEN if mount.target.exists():
            yield from ("--ro-bind", "/dev/null", target)


def _knows(program: str, word: bytes) -> bool:
    """Whether a program's file holds a word: quicker than asking it, and it is never more than a convenience."""
    try:
        return word in Path(program).read_bytes()
    except OSError:
        return False
