"""Variables of other processes of the same user: whatever runs as that user reads them too (proc(5), environ)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from stockade import limits


def environments(
    proc: Path = Path("/proc"), user: int | None = None, own: int | None = None
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The name of each process of `user` but `own`, with its variables; those that cannot be read are passed over."""
    user = os.geteuid() if user is None else user
    own = os.getpid() if own is None else own
    try:
        numbers = sorted(int(name) for name in os.listdir(proc) if name.isdigit())
    except OSError:
        return
    for number in numbers[: limits.MAX_CREDENTIAL_PROCESSES]:
        folder = proc / str(number)
        try:
            if number == own or folder.stat().st_uid != user:
                continue
            name = (folder / "comm").read_text("utf-8", "backslashreplace").strip()
            with (folder / "environ").open("rb") as file:
                data = file.read(limits.MAX_CREDENTIAL_FILE)
        except OSError:
            continue
        yield name, variables(data)


def variables(data: bytes) -> Mapping[str, str]:
    """``NAME=value`` pairs that end in zero bytes."""
    pairs = (
        one.decode("utf-8", "surrogateescape").partition("=") for one in data.split(b"\0") if b"=" in one
    )
    return {name: value for name, _, value in pairs}
