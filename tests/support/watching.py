"""A process that is watched by an observer, forked straight from the test."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Sequence

from stockade.acquire.detonate.watch.observer import Observer, Seen
from stockade.confine import watched
from stockade.confine.kernel import Linux
from stockade.model.observation import Stage

_PR_SET_NO_NEW_PRIVS, _PIDFD_GETFD = 38, 438


def watch(command: Sequence[str], seen: Seen | None = None, *, opens: str = "") -> tuple[Seen, int]:
    """What an observer saw of `command` from its start on, or after the first word that is `opens`; its exit code."""
    seen = seen or Seen(Stage.IMPORT, time.monotonic())
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become(command, theirs)
    os.close(theirs)
    number = int.from_bytes(os.read(ours, 4), "little")
    os.close(ours)
    handle = os.pidfd_open(pid)
    listener = ctypes.CDLL(None, use_errno=True).syscall(_PIDFD_GETFD, handle, number, 0)
    os.close(handle)
    assert listener >= 0, os.strerror(ctypes.get_errno())
    with Observer(listener, seen, opens=lambda words: not opens or opens in words):
        _, status = os.waitpid(pid, 0)
    return seen, os.waitstatus_to_exitcode(status)


def _become(command: Sequence[str], told: int) -> None:
    try:
        kernel = Linux()
        kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1)
        os.write(told, watched.announce(kernel).to_bytes(4, "little"))
        os.execv(command[0], list(command))
    finally:
        os._exit(127)


PYTHON = os.path.realpath(sys.executable)
