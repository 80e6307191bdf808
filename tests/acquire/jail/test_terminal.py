"""Terminals: a person types outside, the command has one of its own, and neither notices."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import termios
import time

import pytest

_PROGRAM = """
import sys
from tests.support.jails import plan
from stockade.acquire.jail.launch import launch
from stockade.acquire.jail.terminal import attached
with attached() as ends:
    one, two, three = ends.streams
    with launch(plan(environment={"TERM": "xterm"}), sys.argv[2:], stdin=one, stdout=two, stderr=three,
                terminal=ends.terminal, mechanism=sys.argv[1]) as inmate:
        sys.exit(ends.follow(inmate))
"""


class Person:
    """Somebody at a terminal, who starts a jailed command."""

    def __init__(self, mechanism: str, *command: str, piped: tuple[int, ...] = ()) -> None:
        self.said = b""
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            nothing = os.open(os.devnull, os.O_RDWR)
            for number in piped:
                os.dup2(nothing, number)
            os.execv(sys.executable, [sys.executable, "-c", _PROGRAM, mechanism, *command])

    def hears(self, words: bytes) -> None:
        """Wait until something is said."""
        until = time.monotonic() + 60
        while words not in self.said:
            assert time.monotonic() < until, self.said
            self._listen(1)

    def _listen(self, seconds: float) -> bool:
        if select.select([self.terminal], [], [], seconds)[0]:
            try:
                data = os.read(self.terminal, 4096)
            except OSError:
                return False
            self.said += data
            return bool(data)
        return True

    def types(self, words: bytes) -> None:
        os.write(self.terminal, words)

    def end(self) -> int:
        """The exit code."""
        while self._listen(60):
            pass
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.terminal)
        return code


def test_what_is_typed_gets_in_and_what_is_said_gets_out(mechanism: str) -> None:
    person = Person(
        mechanism, "sh", "-c", 'test -t 0 && test -t 1 && echo ready; read x; echo "got $x" >/dev/tty'
    )
    person.hears(b"ready")
    person.types(b"words\n")
    assert person.end() == 0
    assert person.said.count(b"got words\r\n") == 1


def test_an_interruption_is_the_commands_to_answer(mechanism: str) -> None:
    person = Person(
        mechanism, "sh", "-c", "trap 'echo answered; exit 5' INT; echo ready; while :; do sleep 0.05; done"
    )
    person.hears(b"ready")
    person.types(b"\x03")
    assert person.end() == 5 and b"answered" in person.said


def test_one_that_is_not_answered_ends_the_command_alone(mechanism: str) -> None:
    person = Person(mechanism, "sh", "-c", "echo ready; exec sleep 60")
    person.hears(b"ready")
    person.types(b"\x03")
    assert person.end() == 130


def test_a_stop_does_not_leave_a_person_before_a_dead_terminal(mechanism: str) -> None:
    person = Person(mechanism, "sh", "-c", "echo ready; read x; echo $x")
    person.hears(b"ready")
    person.types(b"\x1aon\n")
    assert person.end() == 0


def test_a_new_size_is_told(mechanism: str) -> None:
    person = Person(
        mechanism, "sh", "-c", "trap 'stty size; exit 4' WINCH; echo ready; while :; do sleep 0.05; done"
    )
    person.hears(b"ready")
    termios.tcsetwinsize(person.terminal, (33, 77))
    assert person.end() == 4 and b"33 77" in person.said


def test_the_terminal_is_as_it_was_afterwards(mechanism: str) -> None:
    outer, inner = pty.openpty()
    before = termios.tcgetattr(inner)
    pid = os.fork()
    if not pid:
        os.setsid()
        _login(inner)
        os.execv(sys.executable, [sys.executable, "-c", _PROGRAM, mechanism, "stty", "-echo"])
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert termios.tcgetattr(inner) == before
    os.close(outer)
    os.close(inner)


def _login(terminal: int) -> None:
    import fcntl

    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for number in (0, 1, 2):
        os.dup2(terminal, number)


def test_a_stream_that_is_no_terminal_is_handed_in(mechanism: str) -> None:
    person = Person(mechanism, "sh", "-c", "cat; test -t 0 || echo no; test -t 1 && echo yes", piped=(0,))
    assert person.end() == 0
    assert person.said == b"no\r\nyes\r\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_a_signal_to_us_is_one_to_the_command(mechanism: str, number: signal.Signals) -> None:
    name = number.name.removeprefix("SIG")
    script = f"trap 'echo told {name}; exit 6' {name}; echo ready; while :; do sleep 0.05; done"
    person = Person(mechanism, "sh", "-c", script, piped=(0,))
    person.hears(b"ready")
    os.kill(person.pid, number)
    assert person.end() == 6 and f"told {name}".encode() in person.said
