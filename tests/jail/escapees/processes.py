"""Looking into, changing or signalling processes outside: the test's own canary, and the jail's parent."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import struct
import termios
import time
from pathlib import Path

from tests.jail.escapees import Escape, Held, call
from tests.jail.escapees.facts import Facts

_PTRACE, _SEIZE, _DETACH = 101, 0x4206, 17
_READV, _PIDFD_GETFD, _KEYCTL = 310, 438, 250
_SHMGET, _SHMAT = 29, 30
_SEARCH, _READ, _SESSION_KEYRING = 10, 11, -3
_SECRET = 200


def _environment(pid: int) -> str:
    return Path(f"/proc/{pid}/environ").read_bytes().decode()


def environment_variable(facts: Facts) -> str:
    if facts.variable not in os.environ:
        raise Held("no such variable")
    return os.environ[facts.variable]


def environment_of_init(facts: Facts) -> str:
    return _environment(1)


def environment_of_parent(facts: Facts) -> str:
    return _environment(os.getppid())


def environment_of_another(facts: Facts) -> str:
    return _environment(facts.canary)


def command_line_of_another(facts: Facts) -> str:
    return Path(f"/proc/{facts.canary}/cmdline").read_text()


def memory_of_another(facts: Facts) -> str:
    with open(f"/proc/{facts.canary}/mem", "rb", buffering=0) as memory:
        memory.seek(facts.canary_memory)
        return memory.read(_SECRET).decode("latin-1")


def memory_of_another_by_call(facts: Facts) -> str:
    into = ctypes.create_string_buffer(_SECRET)
    here = ctypes.create_string_buffer(struct.pack("QQ", ctypes.addressof(into), _SECRET), 16)
    there = ctypes.create_string_buffer(struct.pack("QQ", facts.canary_memory, _SECRET), 16)
    call(_READV, facts.canary, here, 1, there, 1, 0)
    return into.raw.decode("latin-1")


def descriptor_of_another(facts: Facts) -> str:
    process = os.pidfd_open(facts.canary)
    taken = call(_PIDFD_GETFD, process, facts.canary_descriptor, 0)
    return os.pread(taken, 999, 0).decode()


def _trace(pid: int) -> str:
    """Seize stops nobody; who was seized is let go when this process ends."""
    call(_PTRACE, _SEIZE, pid, 0, 0)
    return "seized"


def trace_parent(facts: Facts) -> str:
    return _trace(os.getppid())


def trace_another(facts: Facts) -> str:
    return _trace(facts.canary)


def signal_another(facts: Facts) -> str:
    os.kill(facts.canary, signal.SIGUSR1)
    return "signalled"


def signal_by_descriptor(facts: Facts) -> str:
    signal.pidfd_send_signal(os.pidfd_open(facts.canary), signal.SIGUSR1)
    return "signalled"


def signal_by_owner(facts: Facts) -> str:
    """The kernel sends it, on our behalf, when a pipe becomes readable."""
    reading, writing = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, facts.canary)
    fcntl.fcntl(reading, 10, signal.SIGUSR1)  # F_SETSIG
    fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    os.write(writing, b"x")
    return "asked for a signal"


def type_into_terminal(facts: Facts) -> str:
    """What is typed lies in the queue of the terminal for whoever reads it next: the shell."""
    for byte in b"escaped\n":
        fcntl.ioctl(0, termios.TIOCSTI, bytes([byte]))
    return "typed"


def kernel_keyring(facts: Facts) -> str:
    key = call(_KEYCTL, _SEARCH, _SESSION_KEYRING, b"user\0", facts.key.encode() + b"\0", 0)
    into = ctypes.create_string_buffer(_SECRET)
    call(_KEYCTL, _READ, key, into, _SECRET)
    return into.value.decode()


def shared_memory(facts: Facts) -> str:
    segment = call(_SHMGET, facts.segment, 0, 0)
    address = call(_SHMAT, segment, None, 0o10000)  # read-only
    return ctypes.string_at(address, _SECRET).decode("latin-1")


def outlive_the_jail(facts: Facts) -> str:
    """A daemon of two forks that writes after the command has ended; harmless, and gone after a second."""
    if os.fork():
        return "left a daemon behind"
    os.setsid()
    if os.fork():
        os._exit(0)
    null = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(null, number)
    time.sleep(0.7)
    Path(facts.project, "outlived").write_text("escaped")
    os._exit(0)


ESCAPES: dict[str, Escape] = {
    one.__name__: one
    for one in (
        *(environment_variable, environment_of_init, environment_of_parent, environment_of_another),
        *(command_line_of_another, memory_of_another, memory_of_another_by_call, descriptor_of_another),
        *(trace_parent, trace_another, signal_another, signal_by_descriptor, signal_by_owner),
        *(type_into_terminal, kernel_keyring, shared_memory, outlive_the_jail),
    )
}
