"""The few kernel calls that Python has no function for, behind a Protocol so that tests can be an older kernel."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from typing import Protocol


class Kernel(Protocol):
    """What confinement asks of the kernel; each call raises OSError where the kernel says no."""

    @property
    def machine(self) -> str:
        """``x86_64``, ``aarch64``…, or "" where this isn't a 64-bit little-endian Linux."""

    def prctl(self, option: int, first: int = 0) -> int: ...

    def syscall(self, number: int, *arguments: int) -> int:
        """Pointers are passed as addresses; the caller keeps what they point at alive."""

    def limit(self, which: int, ceiling: int) -> None:
        """Lower one rlimit, soft and hard, to `ceiling` or to what it is if that is lower."""


class Linux:
    """This machine's kernel, by way of libc."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        fits = sys.platform == "linux" and sys.byteorder == "little" and sys.maxsize > 1 << 32
        self.machine = os.uname().machine if fits else ""

    def prctl(self, option: int, first: int = 0) -> int:
        return self._checked(self._libc.prctl(option, ctypes.c_ulong(first), *[ctypes.c_ulong(0)] * 3))

    def syscall(self, number: int, *arguments: int) -> int:
        return self._checked(self._libc.syscall(ctypes.c_long(number), *map(ctypes.c_ulong, arguments)))

    def limit(self, which: int, ceiling: int) -> None:
        hard = resource.getrlimit(which)[1]
        lowest = ceiling if hard == resource.RLIM_INFINITY else min(ceiling, hard)
        resource.setrlimit(which, (lowest, lowest))

    @staticmethod
    def _checked(result: int) -> int:
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result
