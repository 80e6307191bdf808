"""Interpreters that run now, as far as the kernel tells this user of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

_PYTHON = re.compile(r"(?:python|pypy|graalpy)[\d.]*t?")
#: The program's own name, as it was started; what follows may hold secrets and is dropped unread.
_FIRST_WORD = 4096


def running(proc: Path) -> Iterator[str]:
    """The paths of interpreters of the processes in `proc` (Linux), each once: as started, and as the kernel runs it.

    A virtual environment shows in the first alone: its interpreter is a link. Processes of others, which the kernel
    doesn't tell of, and those that end meanwhile are passed over.
    """
    known = set()
    try:
        processes = [name for name in os.listdir(proc) if name.isdigit()]
    except OSError:
        return
    for name in processes:
        for program in _programs(proc / name):
            if program not in known:
                known.add(program)
                yield program


def _programs(process: Path) -> Iterator[str]:
    try:
        running = os.readlink(process / "exe").removesuffix(" (deleted)")
        if not _PYTHON.fullmatch(os.path.basename(running)):
            return
        number = os.open(process / "cmdline", os.O_RDONLY | os.O_CLOEXEC)
        try:
            started = os.fsdecode(os.read(number, _FIRST_WORD).split(b"\0", 1)[0])
        finally:
            os.close(number)
        if "/" in started:
            yield os.path.join(os.readlink(process / "cwd"), started)
        yield running
    except OSError:
        return
