"""Numbers of the system calls that our rules name, by architecture (asm/unistd_64.h, asm-generic/unistd.h).

The highest number here is the youngest call that was judged; bpf.assemble answers ENOSYS to any above it.
"""

from __future__ import annotations

from stockade.confine.bpf import Machine

# fmt: off
_X86_64 = dict(  # noqa: C408 - names read better than quoted names
    read=0, write=1, open=2, close=3, stat=4, fstat=5, lstat=6, poll=7, lseek=8, mmap=9, mprotect=10,
    munmap=11, brk=12, rt_sigaction=13, rt_sigprocmask=14, rt_sigreturn=15, ioctl=16, pread64=17,
    pwrite64=18, readv=19, writev=20, access=21, pipe=22, sched_yield=24, mremap=25, madvise=28, dup=32,
    dup2=33, nanosleep=35, getpid=39, sendto=44, sendmsg=46, recvmsg=47, clone=56, kill=62, wait4=61,
    uname=63, fcntl=72, getcwd=79, rename=82, mkdir=83, rmdir=84, creat=85, unlink=87, readlink=89,
    gettimeofday=96, getrlimit=97, getrusage=98, sysinfo=99, times=100, getuid=102, getgid=104,
    geteuid=107, getegid=108, getppid=110, capset=126, sigaltstack=131, statfs=137, prctl=157,
    gettid=186, time=201, futex=202, sched_getaffinity=204, getdents64=217, restart_syscall=219,
    clock_gettime=228, clock_getres=229, clock_nanosleep=230, exit=60, exit_group=231, tgkill=234,
    openat=257, newfstatat=262, unlinkat=263, readlinkat=267, faccessat=269, ppoll=271,
    set_robust_list=273, dup3=292, pipe2=293, prlimit64=302, seccomp=317, getrandom=318, statx=332,
    pidfd_send_signal=424, pidfd_open=434, clone3=435, close_range=436, openat2=437, faccessat2=439,
    landlock_create_ruleset=444, landlock_restrict_self=446,
)
_AARCH64 = dict(  # noqa: C408
    read=63, write=64, close=57, fstat=80, lseek=62, mmap=222, mprotect=226, munmap=215, brk=214,
    rt_sigaction=134, rt_sigprocmask=135, rt_sigreturn=139, ioctl=29, pread64=67, pwrite64=68, readv=65,
    writev=66, sched_yield=124, mremap=216, madvise=233, dup=23, nanosleep=101, getpid=172, sendto=206,
    sendmsg=211, recvmsg=212, clone=220, kill=129, wait4=260, uname=160, fcntl=25, getcwd=17,
    gettimeofday=169, getrlimit=163, getrusage=165, sysinfo=179, times=153, getuid=174, getgid=176,
    geteuid=175, getegid=177, getppid=173, capset=91, sigaltstack=132, statfs=43, prctl=167, gettid=178,
    futex=98, sched_getaffinity=123, getdents64=61, restart_syscall=128, clock_gettime=113,
    clock_getres=114, clock_nanosleep=115, exit=93, exit_group=94, tgkill=131, openat=56, newfstatat=79,
    unlinkat=35, readlinkat=78, faccessat=48, ppoll=73, set_robust_list=99, dup3=24, pipe2=59,
    prlimit64=261, seccomp=277, getrandom=278, statx=291, pidfd_send_signal=424, pidfd_open=434,
    clone3=435, close_range=436, openat2=437, faccessat2=439, landlock_create_ruleset=444,
    landlock_restrict_self=446,
)
# fmt: on

#: By ``uname -m``; the first number is AUDIT_ARCH_* (linux/audit.h).
MACHINES = {
    "x86_64": Machine(0xC000003E, _X86_64),
    "aarch64": Machine(0xC00000B7, _AARCH64),
}
