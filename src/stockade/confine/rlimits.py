"""Ceilings on what one process may use (setrlimit(2)).

Memory is bounded by RLIMIT_DATA: private writable pages, whoever asks for them. RLIMIT_AS alone would count
the artifact's own mapping, so it is only set wide, against page tables for terabytes of nothing. What neither
counts is closed elsewhere: shared and stack-like mappings by seccomp, the stack by RLIMIT_STACK.
"""

from __future__ import annotations

import resource
from collections.abc import Mapping
from dataclasses import dataclass

from stockade.confine.kernel import Kernel

MEMORY, CPU, OPEN_FILES = "memory", "cpu", "open-files"
FILE_SIZE, PROCESSES, CORE_DUMPS = "file-size", "processes", "core-dumps"

#: Linux's numbers; the resource module lacks none of them there, and lacks some elsewhere.
_WHICH: Mapping[str, tuple[str, ...]] = {
    MEMORY: ("RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_AS"),
    CPU: ("RLIMIT_CPU",),
    OPEN_FILES: ("RLIMIT_NOFILE",),
    FILE_SIZE: ("RLIMIT_FSIZE",),
    PROCESSES: ("RLIMIT_NPROC",),
    CORE_DUMPS: ("RLIMIT_CORE",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Sizes in bytes, processor time in whole seconds; None leaves a limit as it is."""

    memory: int | None = None
    stack: int | None = None
    addresses: int | None = None
    cpu: int | None = None
    open_files: int | None = None
    file_size: int | None = 0
    processes: int | None = None
    core: int | None = 0

    def of(self, wall: str) -> tuple[int | None, ...]:
        """The ceilings that `wall` is made of, in the order of _WHICH."""
        values: Mapping[str, tuple[int | None, ...]] = {
            MEMORY: (self.memory, self.stack, self.addresses),
            CPU: (self.cpu,),
            OPEN_FILES: (self.open_files,),
            FILE_SIZE: (self.file_size,),
            PROCESSES: (self.processes,),
            CORE_DUMPS: (self.core,),
        }
        return values[wall]


WALLS = tuple(_WHICH)


def lower(kernel: Kernel, wall: str, bounds: Bounds) -> None:
    """Build one of WALLS; raises OSError or ValueError where the system won't, AttributeError never."""
    for name, ceiling in zip(_WHICH[wall], bounds.of(wall), strict=True):
        if ceiling is not None:
            kernel.limit(getattr(resource, name), ceiling)
