"""From a fork to a warm process: what it drops, and what it says if it cannot begin."""

from __future__ import annotations

import ctypes
import errno
import gc
import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from stockade import limits
from stockade.confine import WALLS
from stockade.errors import WorkerFailed
from stockade.workers import launch, wire
from stockade.workers.launch import Launch
from tests.workers.making import descriptors, echo
from tests.workers.probing import behind


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(10)
    with ours, theirs:
        yield ours, theirs


def heard(control: socket.socket) -> Any:
    return wire.decode_reply(control.recv(limits.MAX_MESSAGE))


def test_it_keeps_one_descriptor_three_empty_ones_and_no_terminal(
    pair: tuple[socket.socket, socket.socket], tmp_path: Path
) -> None:
    ours, theirs = pair
    kept_open = os.open(tmp_path, os.O_RDONLY)

    def drop() -> str:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        control = launch.drop_everything(theirs)
        control.send(b"still here")
        names = [os.readlink(f"/proc/self/fd/{number}") for number in (0, 1, 2)]
        return repr(
            (
                sorted(descriptors()),
                set(names),
                control.fileno(),
                os.getsid(0) == os.getpid(),
                signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,
            )
        )

    try:
        said = behind(None, drop, measured=True)
    finally:
        os.close(kept_open)
    assert said == repr((["0", "1", "2", "3"], {os.devnull}, 3, True, True))
    assert ours.recv(100) == b"still here"


def test_it_forgets_the_environment_even_where_the_kernel_put_it() -> None:
    token = "STOCKADE_TEST_TOKEN"
    marker = b"inert-value-of-the-test"

    def forget() -> str:
        os.environ[token] = marker.decode()
        first = ctypes.POINTER(ctypes.c_void_p).in_dll(ctypes.CDLL(None), "environ")
        places: list[int] = []
        while first[len(places)]:
            places.append(first[len(places)])
        assert any(marker in ctypes.string_at(place) for place in places)
        launch.forget_environment()
        left = any(ctypes.string_at(place) for place in places)
        own = Path("/proc/self/environ").read_bytes().strip(b"\0")
        return repr((dict(os.environ), left, own))

    assert behind(None, forget, measured=True) == repr(({}, False, b""))


def test_a_variable_that_was_set_anew_leaves_nothing_behind_either() -> None:
    name = next(name for name in ("HOME", "PATH", "LANG") if name in os.environ)
    first = os.environ[name].encode()

    def forget() -> str:
        os.environ[name] = "another"
        launch.forget_environment()
        return repr((len(first) > 0, first in Path("/proc/self/environ").read_bytes()))

    assert behind(None, forget, measured=True) == repr((True, False))


def test_it_serves_until_the_parent_closes_and_tells_its_walls_first(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    before = descriptors()
    ours.shutdown(socket.SHUT_WR)
    asked = Launch(load=lambda: echo, options=None, confine=lambda *_, **__: ())

    launch.serve(asked, theirs, os.getppid())

    ready = heard(ours)
    # What forked it had no walls, so this trial worker had to build each of its own.
    assert [wall.name for wall in ready.walls] == list(WALLS)
    assert [wall for wall in ready.walls if not wall.up] == []
    assert descriptors() == before


def test_a_trial_worker_that_dies_is_a_failure(pair: tuple[socket.socket, socket.socket]) -> None:
    def die(*_: object, **__: object) -> Any:
        os._exit(9)

    asked = Launch(load=lambda: echo, options=None, confine=lambda *_, **__: (), trial=die)

    with pytest.raises(WorkerFailed, match="a trial worker ended with 9 while it was being confined"):
        launch.serve(asked, pair[1], os.getppid())


@pytest.mark.parametrize("message", ["no such thing", "bad \udcff"])
def test_its_last_words_say_what_failed(pair: tuple[socket.socket, socket.socket], message: str) -> None:
    launch.last_words(pair[1], ImportError(message))

    said = message.encode("utf-8", "backslashreplace").decode()
    assert heard(pair[0]) == wire.Failed(f"failed (ImportError: {said})")


def test_a_loader_that_fails_has_its_words_passed_on() -> None:
    def load() -> Any:
        raise ImportError("no such thing")

    child, control = launch.start(Launch(load=load, options=None))
    with control:
        control.settimeout(10)
        assert heard(control) == wire.Failed("failed (ImportError: no such thing)")
        assert control.recv(10) == b""
    assert child.wait(10) == 1


def test_where_no_process_can_be_forked_it_says_so_and_leaves_nothing() -> None:
    before = descriptors()

    def unable() -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    with pytest.raises(
        WorkerFailed, match="no process could be forked for the analyser: Resource temporarily"
    ):
        launch.start(Launch(load=lambda: echo, options=None), fork=unable)
    assert descriptors() == before
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_a_collector_that_was_off_stays_off() -> None:
    def unable() -> int:
        raise BlockingIOError(errno.EAGAIN, "no")

    gc.disable()
    try:
        with pytest.raises(WorkerFailed):
            launch.start(Launch(load=lambda: echo, options=None), fork=unable)
        assert not gc.isenabled()
    finally:
        gc.enable()


class Left(BaseException):
    """The end of a process that cannot really end here."""


def leave(code: int) -> NoReturn:
    raise Left(code)


def test_the_fork_runs_as_the_warm_process_with_its_collector_off() -> None:
    def run(asked: Launch, control: socket.socket, parent: int) -> NoReturn:
        control.close()
        assert parent == os.getpid()
        raise Left(gc.isenabled())

    try:
        with pytest.raises(Left, match="False"):
            launch.start(Launch(load=lambda: echo, options=None), fork=lambda: 0, run=run)
    finally:
        gc.unfreeze()
        gc.enable()
        gc.collect()


def test_the_warm_process_ends_with_its_parent_or_with_last_words(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    ours.shutdown(socket.SHUT_WR)
    asked = Launch(load=lambda: echo, options=None, confine=lambda *_, **__: ())

    def unable() -> NoReturn:
        raise KeyError("x")

    def run(load: Any) -> None:
        launch.main(
            replace(asked, load=load), theirs, os.getppid(), drop=lambda control: control, leave=leave
        )

    with pytest.raises(Left, match=r"^0$"):
        run(lambda: echo)
    assert isinstance(heard(ours), wire.Ready)
    with pytest.raises(Left, match=r"^1$"):
        run(unable)
    assert heard(ours) == wire.Failed("failed (KeyError: 'x')")
    ours.close()
    with pytest.raises(Left, match=r"^1$"):
        run(unable)


def test_the_profiles_bound_what_they_say() -> None:
    worker = launch.worker_profile(seconds=2.5, memory=1 << 20)

    assert (worker.bounds.memory, worker.bounds.cpu, worker.bounds.open_files) == (1 << 20, 3, 0)
    assert worker.walls == launch.warm_profile().walls == frozenset(WALLS)
    assert replace(worker, walls=frozenset()).walls == frozenset()
