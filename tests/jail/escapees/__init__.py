"""Programs that try to get out of the jail, each in one way, and that hurt nobody where they succeed.

They run with nothing but the standard library. Each first makes sure that it stands in a network namespace that the
test made (run.py), and reads, writes and signals only what the test planted (tests/jail/arena.py).
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable

from tests.jail.escapees.facts import Facts

#: Takes what is known of the outside, returns what it got; raises Held or OSError where it got nothing.
Escape = Callable[[Facts], str]


class Held(Exception):
    """What was tried led nowhere."""


def call(number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """A system call by its number on x86_64; raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    # Numbers as wide as the kernel takes them; libc's syscall() would pass on half of one.
    wide = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result = int(libc.syscall(ctypes.c_long(number), *wide))
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
