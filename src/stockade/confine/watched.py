"""The calls that an observer wants announced (seccomp_unotify(2)), as a filter that a process puts on itself.

It lets everything pass: what it names waits until the observer has read the arguments and says "go on". The walls are
another filter's business, and where that one refuses or kills, nothing is announced.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator, Mapping

from stockade.confine.bpf import ALLOW, Instruction, Op, encode
from stockade.confine.calls import MACHINES
from stockade.confine.kernel import Kernel
from stockade.confine.seccomp import machine

ANNOUNCE = 0x7FC00000
_SET_MODE_FILTER = 1
#: The descriptor to read from is returned, and of signals only fatal ones interrupt a call that is being looked at.
_NEW_LISTENER, _WAIT_KILLABLE = 1 << 3, 1 << 5
_PROGRAM = struct.Struct("HxxxxxxQ")
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
_CLONE_THREAD = 0x10000

# fmt: off
_X86_64 = dict(  # noqa: C408 - names read better than quoted names
    open=2, connect=42, sendto=44, sendmsg=46, bind=49, clone=56, fork=57, vfork=58, execve=59, nanosleep=35,
    truncate=76, rename=82, mkdir=83, rmdir=84, creat=85, link=86, unlink=87, symlink=88, clock_nanosleep=230,
    openat=257, mkdirat=258, unlinkat=263, renameat=264, linkat=265, symlinkat=266, sendmmsg=307, renameat2=316,
    execveat=322, clone3=435, openat2=437,
)
_AARCH64 = dict(  # noqa: C408
    connect=203, sendto=206, sendmsg=211, bind=200, clone=220, execve=221, nanosleep=101, truncate=45,
    clock_nanosleep=115, openat=56, mkdirat=34, unlinkat=35, renameat=38, linkat=37, symlinkat=36, sendmmsg=269,
    renameat2=276, execveat=281, clone3=435, openat2=437,
)
# fmt: on
#: By AUDIT_ARCH_*: the numbers of the calls that are announced, by name.
CALLS: Mapping[int, Mapping[str, int]] = {
    MACHINES["x86_64"].audit: _X86_64,
    MACHINES["aarch64"].audit: _AARCH64,
}


def names(kernel: Kernel) -> dict[int, str]:
    """The calls that are announced on this machine, by number; raises OSError (ENOSYS) where we have no table."""
    return {number: name for name, number in CALLS[machine(kernel).audit].items()}


def announce(kernel: Kernel) -> int:
    """From here on this process, and whatever it starts, waits for an observer at each such call, for good. Returns the
    descriptor that the observer reads from; raises OSError.

    Needs PR_SET_NO_NEW_PRIVS, or the privilege. `sendmsg` is among the calls, so this process cannot hand the
    descriptor on by itself: whoever is to have it takes it (pidfd_getfd(2)).
    """
    table = machine(kernel)
    code = encode(program(table.audit, CALLS[table.audit]))
    buffer = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(
        _PROGRAM.pack(len(code) // 8, ctypes.addressof(buffer)), _PROGRAM.size
    )
    number = table.numbers["seccomp"]
    try:
        flags = _NEW_LISTENER | _WAIT_KILLABLE
        return kernel.syscall(number, _SET_MODE_FILTER, flags, ctypes.addressof(header))
    except OSError:  # before Linux 5.19
        return kernel.syscall(number, _SET_MODE_FILTER, _NEW_LISTENER, ctypes.addressof(header))


def program(audit: int, calls: Mapping[str, int]) -> Iterator[Instruction]:
    allow, announced = Instruction(Op.RETURN, 0, 0, ALLOW), Instruction(Op.RETURN, 0, 0, ANNOUNCE)
    yield Instruction(Op.LOAD, 0, 0, _ARCH)
    yield Instruction(Op.EQUAL, 1, 0, audit)
    yield allow
    yield Instruction(Op.LOAD, 0, 0, _NUMBER)
    for name, number in calls.items():
        match name:
            case (
                "sendto"
            ):  # only what names an address: what goes through a connection is kept by who it goes to
                both = (_ARGUMENTS + 8 * 4, _ARGUMENTS + 8 * 4 + 4)
                yield Instruction(Op.EQUAL, 0, 6, number)
                yield Instruction(Op.LOAD, 0, 0, both[0])
                yield Instruction(Op.EQUAL, 0, 2, 0)
                yield Instruction(Op.LOAD, 0, 0, both[1])
                yield Instruction(Op.EQUAL, 1, 0, 0)
                yield announced
                yield allow
            case "clone":  # processes, not threads
                yield Instruction(Op.EQUAL, 0, 5, number)
                yield Instruction(Op.LOAD, 0, 0, _ARGUMENTS)
                yield Instruction(Op.AND, 0, 0, _CLONE_THREAD)
                yield Instruction(Op.EQUAL, 1, 0, 0)
                yield allow
                yield announced
            case _:
                yield Instruction(Op.EQUAL, 0, 1, number)
                yield announced
    yield allow
