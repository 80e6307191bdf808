"""Leaving the host's network, processes and System V memory for namespaces of one's own (namespaces(7)).

Root does so directly. Anybody else does so within a user namespace, in which they are who they were and nobody else is
known. The process should have one thread.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from enum import IntFlag

from stockade.confine.kernel import Kernel
from stockade.confine.seccomp import machine

_UNSHARE = {0xC000003E: 272, 0xC00000B7: 97}
_MOUNT, _MOUNT_SETATTR = {0xC000003E: 165, 0xC00000B7: 40}, 442
_BIND, _RECURSIVE, _PRIVATE, _NO_SUID, _NO_DEVICES, _NO_PROGRAMS = 4096, 16384, 1 << 18, 2, 4, 8
_HERE, _WHOLE_TREE, _READ_ONLY = -100, 0x8000, 1
_PR_SET_DUMPABLE = 4
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_IFREQ = struct.Struct("16sh14x")
_RTM_NEWROUTE, _NLM_F = 24, 0x0001 | 0x0004 | 0x0400 | 0x0100  # request, acknowledged, create, replace
_RTN_LOCAL, _TABLE_LOCAL, _RTPROT_STATIC, _SCOPE_HOST = 2, 255, 4, 254
_RTA_OIF = 4
_NLMSG_ERROR = 2


class Space(IntFlag):
    """What can be had anew (sched.h)."""

    MOUNT = 0x00020000
    UTS = 0x04000000
    IPC = 0x08000000
    USER = 0x10000000
    PID = 0x20000000
    NET = 0x40000000


def enter(kernel: Kernel, spaces: Space) -> None:
    """Leave the host's `spaces`; PID holds for what is forked from here on. Raises OSError where that isn't allowed."""
    number = _UNSHARE[machine(kernel).audit]
    if os.geteuid() == 0:
        kernel.syscall(number, spaces)
        return
    user, group = os.geteuid(), os.getegid()
    kernel.syscall(number, spaces | Space.USER)
    kernel.prctl(_PR_SET_DUMPABLE, 1)  # or else the files below belong to root
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1\n"),
        ("gid_map", f"{group} {group} 1\n"),
    ):
        handle = os.open(f"/proc/self/{name}", os.O_WRONLY)
        try:
            os.write(handle, text.encode())
        finally:
            os.close(handle)


def loopback_up() -> None:
    """Let processes of this network namespace reach one another; raises OSError."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket, _SIOCGIFFLAGS, _IFREQ.pack(b"lo", 0))
        flags = _IFREQ.unpack(answer)[1]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, _IFREQ.pack(b"lo", flags | _IFF_UP))


def everywhere_here() -> None:
    """Make every address this namespace's own, so that whatever is connected to is a listener of its own, or refuses.
    Raises OSError; IPv6 is left out where the kernel has none."""
    index = socket.if_nametoindex("lo")
    _route(socket.AF_INET, index)
    try:
        _route(socket.AF_INET6, index)
    except OSError:
        return


def _route(family: int, index: int) -> None:
    """``ip route add local default dev lo table local``, by rtnetlink(7)."""
    message = struct.pack(
        "BBBBBBBBI", family, 0, 0, 0, _TABLE_LOCAL, _RTPROT_STATIC, _SCOPE_HOST, _RTN_LOCAL, 0
    )
    message += struct.pack("HHI", 8, _RTA_OIF, index)
    header = struct.pack("IHHII", 16 + len(message), _RTM_NEWROUTE, _NLM_F, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as netlink:
        netlink.bind((0, 0))
        netlink.send(header + message)
        answer = netlink.recv(4096)
    kind, code = struct.unpack_from("H", answer, 4)[0], struct.unpack_from("i", answer, 16)[0]
    if kind != _NLMSG_ERROR or code:
        raise OSError(-code, os.strerror(-code))


def die_with_parent(kernel: Kernel, number: int = 9) -> None:
    """Get signal `number` when the parent ends."""
    kernel.prctl(1, number)


def no_new_privileges(kernel: Kernel) -> None:
    """No program that is executed from here on gets more than this process has (no_new_privs)."""
    kernel.prctl(38, 1)


def adopt(kernel: Kernel) -> None:
    """Become the parent of every orphan among this process's descendants."""
    kernel.prctl(36, 1)


def mounts_alone(kernel: Kernel) -> None:
    """No mount of this namespace gets back to where it came from."""
    _mount(kernel, "none", "/", "", _RECURSIVE | _PRIVATE)


def read_only(kernel: Kernel, path: str) -> None:
    """From here on nobody in this mount namespace writes at or beneath `path`; raises OSError."""
    _mount(kernel, path, path, "", _BIND | _RECURSIVE)
    _sealed(kernel, path)


def blank(kernel: Kernel, path: str) -> None:
    """From here on there is nothing at `path`; raises OSError."""
    if os.path.isdir(path):
        _mount(kernel, "none", path, "tmpfs", _NO_SUID | _NO_DEVICES)
    else:
        _mount(kernel, os.devnull, path, "", _BIND)
    _sealed(kernel, path)


def own_processes(kernel: Kernel) -> None:
    """Let /proc tell of this process namespace alone; raises OSError. Its first process has to ask for it."""
    _mount(kernel, "proc", "/proc", "proc", _NO_SUID | _NO_DEVICES | _NO_PROGRAMS)


def _mount(kernel: Kernel, source: str, target: str, kind: str, flags: int) -> None:
    words = [ctypes.create_string_buffer(os.fsencode(word)) for word in (source, target, kind)]
    number = _MOUNT[machine(kernel).audit]
    first, second, third = map(ctypes.addressof, words)
    kernel.syscall(number, first, second, third if kind else 0, flags, 0)


def _sealed(kernel: Kernel, path: str) -> None:
    """Read-only, and whatever else it was before (mount_setattr(2))."""
    target = ctypes.create_string_buffer(os.fsencode(path))
    attributes = ctypes.create_string_buffer(struct.pack("4Q", _READ_ONLY, 0, 0, 0), 32)
    kernel.syscall(
        _MOUNT_SETATTR, _HERE, ctypes.addressof(target), _WHOLE_TREE, ctypes.addressof(attributes), 32
    )
