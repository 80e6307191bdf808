"""Asking the kernel for what would be a way out, or for parts of it that have been one before."""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
from pathlib import Path

from tests.jail.escapees import Escape, Held, call
from tests.jail.escapees.facts import Facts

_MOUNT, _UNSHARE, _SETNS, _CLONE, _CLONE3 = 165, 272, 308, 56, 435
_NEW_MOUNTS, _NEW_USER, _NEW_NETWORK = 0x00020000, 0x10000000, 0x40000000
_SIGCHLD = 17


def mount(facts: Facts) -> str:
    """An empty file system over a folder of the project, seen by nobody outside of the test's own mounts."""
    folder = Path(facts.project, "mounted")
    folder.mkdir()
    call(_MOUNT, b"none\0", str(folder).encode() + b"\0", b"tmpfs\0", 0, b"size=4k\0")
    return "mounted"


def bind_mount(facts: Facts) -> str:
    """The new calls for mounting do what the old one does."""
    call(428, -100, facts.readable.encode() + b"\0", 1)  # open_tree, OPEN_TREE_CLONE
    return "cloned"


def unshare_user(facts: Facts) -> str:
    call(_UNSHARE, _NEW_USER)
    return "every privilege over a namespace"


def clone_user(facts: Facts) -> str:
    child = call(_CLONE, _NEW_USER | _SIGCHLD, 0, 0, 0, 0)
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return "a child with every privilege over a namespace"


def clone3_user(facts: Facts) -> str:
    arguments = (ctypes.c_uint64 * 11)(_NEW_USER, 0, 0, 0, _SIGCHLD)
    child = call(_CLONE3, ctypes.create_string_buffer(bytes(arguments), 88), 88)
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return "a child with every privilege over a namespace"


def join_network(facts: Facts) -> str:
    """Into the network of a process outside of the jail, which is the test's own."""
    opened = os.open(f"/proc/{facts.canary}/ns/net", os.O_RDONLY)
    call(_SETNS, opened, _NEW_NETWORK)
    return "joined"


def write_sysctl(facts: Facts) -> str:
    """The name of the host, which is the test's own."""
    Path("/proc/sys/kernel/hostname").write_text("escaped")
    return "written"


def write_sysctl_network(facts: Facts) -> str:
    Path("/proc/sys/net/ipv4/ip_default_ttl").write_text("77")
    return "written"


def io_uring(facts: Facts) -> str:
    os.close(call(425, 4, ctypes.create_string_buffer(120)))
    return "made"


def userfaultfd(facts: Facts) -> str:
    os.close(call(323, 1))  # for faults of user space only
    return "made"


def performance_events(facts: Facts) -> str:
    # struct perf_event_attr: software, its first size, a counter of this process without the kernel's part
    head = (1).to_bytes(4, "little") + (64).to_bytes(4, "little") + bytes(32) + (0x61).to_bytes(8, "little")
    os.close(call(298, ctypes.create_string_buffer(head.ljust(64, b"\0"), 64), 0, -1, -1, 0))
    return "made"


def bpf(facts: Facts) -> str:
    # BPF_MAP_CREATE: an array of one number
    os.close(
        call(
            321,
            0,
            ctypes.create_string_buffer(bytes([2, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 1] + [0] * 59), 72),
            72,
        )
    )
    return "made"


def foreign_calls(facts: Facts) -> str:
    """A call by the door of 32-bit programs, whose numbers mean other things: getpid is 20 there."""
    if platform.machine() != "x86_64":
        raise Held("only x86_64 has that door")
    code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\0\0\0\xcd\x80\xc3")  # mov eax, 20; int 0x80; ret
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    said = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    if said != os.getpid():
        raise Held(f"answered {said}")
    return "answered"


ESCAPES: dict[str, Escape] = {
    one.__name__: one
    for one in (
        *(mount, bind_mount, unshare_user, clone_user, clone3_user, join_network),
        *(write_sysctl, write_sysctl_network),
        *(io_uring, userfaultfd, performance_events, bpf, foreign_calls),
    )
}
