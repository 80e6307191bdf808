"""Whatever ends or hinders a gate: what stands in its store is whole, and what cannot be written is not let out."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from stockade import limits
from stockade.errors import RecordFailed
from stockade.remember.durable.store import Durable
from stockade.remember.durable.writer import Writer
from tests.support.records import NAME, condemnation, decided, delivery, sha

_WRITES = """
import sys
from pathlib import Path
from stockade.remember.durable.store import Durable
from tests.support.records import condemnation, decided, delivery
store = Durable(Path(sys.argv[1]), note=print)
for number in range(10**9):
    store.record(*(decided(number) for _ in range(7)))
    if store.delivered(delivery(number)).result(30) and not number % 5:
        store.condemn(condemnation(number))
    print(number, flush=True)
"""


def test_killed_in_the_middle_of_writing_it_holds_whole_rows_and_all_that_was_promised(
    tmp_path: Path,
) -> None:
    path = tmp_path / "gate-1.sqlite3"
    for again in range(3):
        child = subprocess.Popen([sys.executable, "-c", _WRITES, str(path)], stdout=subprocess.PIPE)
        assert child.stdout
        promised = [int(child.stdout.readline()) for _ in range(20 + 9 * again)]
        child.send_signal(signal.SIGKILL)
        rest = child.communicate()[0]
        promised += [int(line) for line in rest[: rest.rfind(b"\n") + 1].split()]
        assert child.returncode == -signal.SIGKILL
        with Durable(path, note=print) as store:
            condemned = store.condemned()
            for number in promised:
                assert store.deliveries_of(sha(number))
                assert number % 5 or (sha(number), NAME) in condemned
            # Seven at a time went in, and so they are there: the last ones of all, or none of them.
            assert len(store.recent(10**6)) % 7 == 0
            assert store.recent(10**6)[-1] == decided(0)


_FULL = """
import resource, sys, time
from pathlib import Path
from stockade.errors import RecordFailed
from stockade.remember.durable.store import Durable
from tests.support.records import condemnation, decided, delivery
store = Durable(Path(sys.argv[1]), note=print, retry=0.02)
store.record(decided(1)).result(30)
size = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
failed = 0
for number in range(2, 26):
    try:
        store.record(*(decided(number, reason="x" * 400) for _ in range(40))).result(30)
    except RecordFailed:
        failed += 1
print("failed", failed > 0, store.healthy)
for attempt in (lambda: store.delivered(delivery(5)).result(30), lambda: store.condemn(condemnation(5)), store.flush):
    try:
        attempt()
        print("went through")
    except RecordFailed:
        print("refused")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
until = time.monotonic() + 20
while not store.healthy and time.monotonic() < until:
    time.sleep(0.02)
store.flush()
print("healthy", store.healthy, len(store.recent(10**6)), store.deliveries_of("5".zfill(64)))
store.close()
"""


def test_a_full_disk_is_told_once_refuses_and_loses_no_decision(tmp_path: Path) -> None:
    path = tmp_path / "gate-1.sqlite3"
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(path), str(200 * limits.KIB)],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"The store {path} cannot be used: ")
    assert lines[1:] == [
        "failed True False",
        *["refused"] * 3,
        f"The store {path} works again.",
        f"healthy True {1 + 24 * 40} ()",
    ]


def test_a_store_that_another_process_holds_is_told_and_goes_on_when_it_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "gate-1.sqlite3"
    notes: list[str] = []
    with Durable(path, note=notes.append, patience=0.05, retry=0.02) as store:
        held = sqlite3.connect(path, isolation_level=None)
        held.execute("begin immediate")
        with pytest.raises(RecordFailed, match="held by another process"):
            store.delivered(delivery(1)).result(10)
        with pytest.raises(RecordFailed, match="held by another process"):
            store.condemn(condemnation(1))
        kept = store.record(decided(1))
        with pytest.raises(RecordFailed):
            kept.result(10)
        assert not store.healthy and len(notes) == 1
        # Reading goes on.
        assert store.condemned() == frozenset()
        held.execute("rollback")
        held.close()
        wait_for(lambda: store.healthy)
        store.flush()
        assert store.recent(9) == (decided(1),) and store.deliveries_of(sha(1)) == ()
    assert len(notes) == 2 and notes[1].endswith("works again.")


def test_a_store_that_recovers_without_anything_to_write_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "gate-1.sqlite3"
    with Durable(path, note=lambda _: None, patience=0.05, retry=0.02) as store:
        held = sqlite3.connect(path, isolation_level=None)
        held.execute("begin immediate")
        with pytest.raises(RecordFailed):
            store.flush()
        time.sleep(0.2)
        assert not store.healthy
        held.execute("rollback")
        held.close()
        wait_for(lambda: store.healthy)


def test_a_process_that_never_finishes_opening_keeps_nobody_waiting_for_ever(tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(RecordFailed, match="opened by another process"):
        Durable(tmp_path / "gate-1.sqlite3", note=print, patience=0.05)
    os.close(handle)
    Durable(tmp_path / "gate-1.sqlite3", note=print, patience=0.05).close()


class Fake:
    """A database that is slow, or fails, as told."""

    def __init__(self) -> None:
        self.engine = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
        self.go = threading.Event()
        self.failing = False

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        self.go.wait(10)
        if self.failing:
            raise OperationalError("", {}, sqlite3.OperationalError("disk full"))
        with self.engine.begin() as connection:
            yield connection


def writer(begin: Callable[[], AbstractContextManager[Connection]], notes: list[str], **more: Any) -> Writer:
    return Writer(begin, "the store X", note=notes.append, retry=0.02, **more)


def test_what_waits_is_bounded_and_what_is_lost_is_told() -> None:
    fake, notes = Fake(), list[str]()
    one = writer(fake.begin, notes, most=10)
    first = one.put(lambda _: "first")
    wait_for(first.running)
    waiting = [one.put(lambda _: 0, entries=5, lasting=True) for _ in range(2)]
    over = one.put(lambda _: 0, entries=4, lasting=True)
    with pytest.raises(RecordFailed, match="10 entries wait"):
        over.result(0)
    assert not one.healthy
    fake.go.set()
    assert first.result(10) == "first" and [job.result(10) for job in waiting] == [0, 0]
    wait_for(lambda: one.healthy)
    one.close()
    assert notes == [
        "The store X is too slow: 10 entries wait to be written. What was decided waits to be written.",
        "The store X works again; 4 decisions could not be kept.",
    ]


def test_work_that_breaks_the_writer_leaves_nobody_waiting(recwarn: pytest.WarningsRecorder) -> None:
    fake, notes = Fake(), list[str]()
    hook, threading.excepthook = threading.excepthook, lambda _: None
    try:
        one = writer(fake.begin, notes)
        first = one.put(lambda _: 1 // 0)
        wait_for(first.running)
        second = one.put(lambda _: 0)
        fake.go.set()
        for job in (first, second):
            with pytest.raises((RecordFailed, ZeroDivisionError)):
                job.result(10)
        one.close()
        assert not one.healthy
    finally:
        threading.excepthook = hook


def test_closing_a_store_that_fails_tries_once_more_and_ends() -> None:
    fake, notes = Fake(), list[str]()
    fake.failing = True
    fake.go.set()
    one = writer(fake.begin, notes)
    job = one.put(lambda _: 0, lasting=True)
    with pytest.raises(RecordFailed, match="disk full"):
        job.result(10)
    one.close()
    assert len(notes) == 1


def wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.005)
