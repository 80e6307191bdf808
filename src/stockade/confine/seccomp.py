"""Which system calls a confined process may make (seccomp(2), filter mode).

Three answers, and why each:

- **Allowed**: what computing needs (memory, futexes, clocks, its own death), listed by name.
- **EPERM** (or ENOSYS for clone3): calls that honest code makes without meaning harm, such as the import
  system looking for a module's file, or a library printing a panic. They are refused, and what asked carries
  on or raises, so that the artifact ends with findings or a gap that says what happened.
- **Killed**: everything else. No analyser opens a socket, starts a program or traces a process; code that
  does is not ours any more, and gets no second try at another door.

Arguments are looked at where a name is not enough. Mappings may be private only: RLIMIT_DATA does not count
shared or stack-like (MAP_GROWSDOWN) ones, so each would be a way round the wall on memory. Nothing may become
executable that was not so before the hostile bytes came. A worker may signal itself (abort does) and no other.
"""

from __future__ import annotations

import ctypes
import errno
import struct

from stockade.confine.bpf import ALLOW, OWN_PID, Check, Machine, Rule, assemble, encode, fails, places
from stockade.confine.calls import MACHINES
from stockade.confine.kernel import Kernel

_SET_MODE_FILTER = 1
#: struct sock_fprog: a length in instructions, a pointer.
_PROGRAM = struct.Struct("HxxxxxxQ")
_PROT_EXEC = 0x4
_MAP_SHARED, _MAP_GROWSDOWN, _MAP_HUGETLB = 0x01, 0x0100, 0x40000
#: The only flags of clone that fork(2) in libc uses, and the signal number in the low byte.
_FORK_FLAGS = 0x01200000 | 0xFF
_REFUSED = fails(errno.EPERM)

_COMPUTE = Rule(
    (
        *("munmap", "brk", "madvise", "mremap", "clock_gettime", "clock_getres", "gettimeofday"),
        *("getrandom", "getpid", "gettid", "sched_yield", "sched_getaffinity", "getrusage", "times", "time"),
        *("rt_sigreturn", "rt_sigaction", "rt_sigprocmask", "sigaltstack", "restart_syscall"),
        *("nanosleep", "clock_nanosleep", "close", "exit", "exit_group"),
    ),
    ALLOW,
)
#: Python 3.13 asks for it to word an AttributeError, and breaks where it is refused.
_WHERE = Rule(("getcwd",), ALLOW)
#: FUTEX_WAIT, _WAKE, _WAIT_BITSET and _WAKE_BITSET, private or not, by either clock: what locks are made of.
#: Those that pass locks on or between processes have been the way into kernels.
_LOCKS = tuple(
    Rule(("futex",), ALLOW, (Check(1, 0xFFFFFFFF & ~(128 | 256), operation),)) for operation in (0, 1, 9, 10)
)
_NOT_EXECUTABLE = Check(2, _PROT_EXEC, 0)
_PRIVATE = Check(3, _MAP_SHARED | _MAP_GROWSDOWN | _MAP_HUGETLB, 0)
_REFUSE = Rule(
    (
        *("mmap", "mprotect", "read", "write", "pread64", "pwrite64", "readv", "writev", "lseek", "fcntl"),
        *("open", "openat", "openat2", "creat", "stat", "fstat", "lstat", "newfstatat", "statx", "statfs"),
        *("access", "faccessat", "faccessat2", "readlink", "readlinkat", "getdents64", "ioctl"),
        *(
            "dup",
            "dup2",
            "dup3",
            "pipe",
            "pipe2",
            "poll",
            "ppoll",
            "uname",
            "sysinfo",
            "getrlimit",
            "prlimit64",
        ),
        *(
            "getuid",
            "geteuid",
            "getgid",
            "getegid",
            "getppid",
            "unlink",
            "unlinkat",
            "mkdir",
            "rmdir",
            "rename",
        ),
    ),
    _REFUSED,
)
_FALL_BACK = Rule(("clone3",), fails(errno.ENOSYS))


_OWN = Rule(("kill", "tgkill"), ALLOW, (Check(0, 0xFFFFFFFF, OWN_PID),))

#: For a process that reads hostile bytes: it may compute, and die.
ANALYSING = (
    *_LOCKS,
    _COMPUTE,
    _WHERE,
    Rule(("mmap",), ALLOW, (_NOT_EXECUTABLE, _PRIVATE)),
    Rule(("mprotect",), ALLOW, (_NOT_EXECUTABLE,)),
    _OWN,
    _REFUSE,
    _FALL_BACK,
)


#: For the warm process that forks them: it may fork, confine, wait, kill, and talk on its socket.
FORKING = (
    *_LOCKS,
    _COMPUTE,
    _WHERE,
    Rule(
        (
            *(
                "ppoll",
                "poll",
                "recvmsg",
                "sendmsg",
                "sendto",
                "wait4",
                "pidfd_open",
                "pidfd_send_signal",
            ),
            *("close_range", "fcntl", "fstat", "getppid", "geteuid", "set_robust_list", "prctl", "prlimit64"),
            *("seccomp", "landlock_create_ruleset", "landlock_restrict_self", "capset"),
        ),
        ALLOW,
    ),
    Rule(("mmap", "mprotect"), ALLOW, (_NOT_EXECUTABLE,)),
    Rule(("clone",), ALLOW, (Check(0, 0xFFFFFFFF & ~_FORK_FLAGS, 0),)),
    # Workers inherit this filter, so it cannot name one pid; Landlock keeps signals within the family.
    Rule(("kill", "tgkill"), ALLOW),
    _REFUSE,
    _FALL_BACK,
)


def machine(kernel: Kernel) -> Machine:
    """The table for this machine; raises OSError (ENOSYS) where we have none."""
    found = MACHINES.get(kernel.machine)
    if found is None:
        raise OSError(errno.ENOSYS, f"no table of system calls for {kernel.machine or 'this platform'}")
    return found


class Filter:
    """Rules for a process, assembled once, before the forks that install them: that halves their cost."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self._code: bytearray | None = None
        self._places: tuple[int, ...] = ()

    def prepare(self, table: Machine) -> bytearray:
        """The program, with room for a pid."""
        if self._code is None:
            program = assemble(self.rules, table)
            self._places = places(program)
            self._code = bytearray(encode(program))
        return self._code

    def install(self, kernel: Kernel, pid: int) -> None:
        """Put the filter on this process, `pid`, and all it will fork, for good; raises OSError.

        Needs PR_SET_NO_NEW_PRIVS, or the privilege that confinement has dropped.
        """
        table = machine(kernel)
        code = self.prepare(table)
        for place in self._places:
            struct.pack_into("<I", code, place, pid)
        buffer = (ctypes.c_char * len(code)).from_buffer(code)
        header = ctypes.create_string_buffer(
            _PROGRAM.pack(len(code) // 8, ctypes.addressof(buffer)), _PROGRAM.size
        )
        kernel.syscall(table.numbers["seccomp"], _SET_MODE_FILTER, 0, ctypes.addressof(header))
