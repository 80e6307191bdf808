"""Which system calls a jailed command may not make (seccomp(2)): it is a program like any other, so all but these.

What an ordinary program has no use for, and what takes a kernel's attack surface or somebody else's process, fails with
EPERM, so that it says so and may go on. Calls that a C library tries first and can do without are ENOSYS. Calls in
the manner of another architecture (int 0x80, x32) kill, since no table here judges them.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from dataclasses import dataclass

from stockade.confine.bpf import ALLOW, Check, Machine, Rule, assemble, encode, fails
from stockade.confine.calls import MACHINES
from stockade.confine.kernel import Kernel
from stockade.confine.seccomp import machine

_SET_MODE_FILTER = 1
_PROGRAM = struct.Struct("HxxxxxxQ")
_ALL = 0xFFFFFFFF
_REFUSED, _UNKNOWN, _NO_FAMILY = fails(errno.EPERM), fails(errno.ENOSYS), fails(errno.EAFNOSUPPORT)
#: CLONE_NEW* as flags of clone; a new time namespace cannot be asked for there.
_NAMESPACES = 0x7E020000
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_UNIX, _INET, _NETLINK, _INET6, _DATAGRAM = 1, 2, 16, 10, 2
#: Plain Linux, with and without a 32-bit uname, and the question which it is.
_PERSONALITIES = (0, 8, _ALL)

# fmt: off
#: Those that both architectures know by one number.
_NEW = dict(  # noqa: C408 - names read better than quoted names
    io_uring_setup=425, io_uring_enter=426, io_uring_register=427, open_tree=428, move_mount=429, fsopen=430,
    fsconfig=431, fsmount=432, fspick=433, clone3=435, pidfd_getfd=438, process_madvise=440, mount_setattr=442,
    quotactl_fd=443, open_tree_attr=467, file_setattr=469,
)
_X86_64 = _NEW | dict(  # noqa: C408
    ioctl=16, socket=41, socketpair=53, clone=56, ptrace=101, syslog=103, uselib=134, personality=135,
    sysfs=139, vhangup=153, pivot_root=155, _sysctl=156, chroot=161, acct=163, settimeofday=164, mount=165,
    umount2=166, swapon=167, swapoff=168, reboot=169, sethostname=170, setdomainname=171, iopl=172, ioperm=173,
    create_module=174, init_module=175, delete_module=176, query_module=178, quotactl=179, nfsservctl=180,
    lookup_dcookie=212, clock_settime=227, kexec_load=246, add_key=248, request_key=249, keyctl=250,
    migrate_pages=256, unshare=272, move_pages=279, perf_event_open=298, fanotify_init=300,
    open_by_handle_at=304, clock_adjtime=305, setns=308, process_vm_readv=310, process_vm_writev=311, kcmp=312,
    finit_module=313, kexec_file_load=320, bpf=321, userfaultfd=323,
)
_AARCH64 = _NEW | dict(  # noqa: C408
    ioctl=29, umount2=39, mount=40, pivot_root=41, nfsservctl=42, chroot=51, vhangup=58, quotactl=60, acct=89,
    personality=92, unshare=97, kexec_load=104, init_module=105, delete_module=106, clock_settime=112,
    syslog=116, ptrace=117, reboot=142, sethostname=161, setdomainname=162, settimeofday=170, socket=198,
    socketpair=199, add_key=217, request_key=218, keyctl=219, clone=220, swapon=224, swapoff=225,
    migrate_pages=238, move_pages=239, perf_event_open=241, fanotify_init=262, open_by_handle_at=265,
    clock_adjtime=266, setns=268, process_vm_readv=270, process_vm_writev=271, kcmp=272, finit_module=273,
    bpf=280, userfaultfd=282, kexec_file_load=294, lookup_dcookie=18,
)
# fmt: on
_CALLS = {MACHINES["x86_64"].audit: _X86_64, MACHINES["aarch64"].audit: _AARCH64}

_NOT_EVER = Rule(
    (
        *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd"),
        *("mount", "umount2", "pivot_root", "chroot", "open_tree", "open_tree_attr", "move_mount", "fsopen"),
        *("fsconfig", "fsmount", "fspick", "mount_setattr", "unshare", "setns", "open_by_handle_at"),
        *("add_key", "request_key", "keyctl", "bpf", "perf_event_open", "userfaultfd", "fanotify_init"),
        *("kexec_load", "kexec_file_load", "create_module", "init_module", "finit_module", "delete_module"),
        *("query_module", "quotactl", "quotactl_fd", "acct", "swapon", "swapoff", "reboot", "syslog"),
        *("sethostname", "setdomainname", "settimeofday", "clock_settime", "clock_adjtime", "iopl", "ioperm"),
        *("uselib", "sysfs", "_sysctl", "vhangup", "nfsservctl", "lookup_dcookie", "migrate_pages"),
        *("move_pages", "file_setattr"),
    ),
    _REFUSED,
)
_FALL_BACK = Rule(("clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"), _UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sockets:
    """Which kinds may be made. What was handed in can be used in any case."""

    internet: bool = True
    unix: bool = True


def _rules(sockets: Sockets) -> tuple[Rule, ...]:
    families = ((_UNIX, sockets.unix), (_INET, sockets.internet), (_INET6, sockets.internet))
    return (
        Rule(("ioctl",), _REFUSED, (Check(1, _ALL, _TIOCSTI),)),
        Rule(("ioctl",), _REFUSED, (Check(1, _ALL, _TIOCLINUX),)),
        *(
            Rule(("socket",), ALLOW if allowed else _REFUSED, (Check(0, _ALL, family),))
            for family, allowed in families
        ),
        # Names of interfaces and addresses (rtnetlink) are asked for by every C library.
        Rule(("socket",), ALLOW, (Check(0, _ALL, _NETLINK), Check(2, _ALL, 0))),
        Rule(("socket",), _NO_FAMILY),
        # One of a pair of datagram sockets can be pointed at a path afterwards; one of a pair of streams can't.
        *(() if sockets.unix else (Rule(("socketpair",), _REFUSED, (Check(1, 0xF, _DATAGRAM),)),)),
        Rule(("clone",), ALLOW, (Check(0, _NAMESPACES, 0),)),
        Rule(("clone",), _REFUSED),
        *(Rule(("personality",), ALLOW, (Check(0, _ALL, one),)) for one in _PERSONALITIES),
        Rule(("personality",), _REFUSED),
        _NOT_EVER,
        _FALL_BACK,
    )


def program(kernel: Kernel, sockets: Sockets) -> bytes:
    """The filter for this machine, as an array of ``struct sock_filter``; raises OSError where we have no table."""
    audit = machine(kernel).audit
    return encode(assemble(_rules(sockets), Machine(audit, _CALLS[audit]), ALLOW))


def install(kernel: Kernel, code: bytes) -> None:
    """Put the filter on this process and all that it starts, for good; raises OSError. Needs no_new_privs."""
    buffer = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(
        _PROGRAM.pack(len(code) // 8, ctypes.addressof(buffer)), _PROGRAM.size
    )
    kernel.syscall(machine(kernel).numbers["seccomp"], _SET_MODE_FILTER, 0, ctypes.addressof(header))
