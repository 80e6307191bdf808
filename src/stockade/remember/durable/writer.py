"""The one thread of a process that writes: what comes in meanwhile goes into one transaction together."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from stockade import limits
from stockade.errors import RecordFailed
from stockade.remember.durable.opening import failure

T = TypeVar("T")


@dataclass(slots=True)
class _Job:
    work: Callable[[Connection], Any]
    entries: int
    #: Whether it is tried again until it is written.
    lasting: bool
    future: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs work in transactions of `begin`, in the order in which it came.

    What fails is told once, through `note`, and makes `healthy` False until something was written again, which is
    tried every `retry` seconds.
    """

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[Connection]],
        name: str,
        *,
        note: Callable[[str], None],
        retry: float,
        most: int = limits.MAX_UNWRITTEN,
    ) -> None:
        self._begin = begin
        self._name = name
        self._note = note
        self._retry = retry
        self._most = most
        self._wake = threading.Condition()
        self._jobs: deque[_Job] = deque()
        self._entries = 0
        self._lost = 0
        self._closing = False
        self._ended = False
        self._fails = False
        self._thread = threading.Thread(target=self._run, name="stockade-store", daemon=True)
        self._thread.start()

    @property
    def healthy(self) -> bool:
        """Whether what was to be written last could be."""
        return not self._fails and not self._ended

    def put(self, work: Callable[[Connection], T], *, entries: int = 1, lasting: bool = False) -> Future[T]:
        """Have `work` done soon; the future brings its result when it is committed, or RecordFailed. Never waits."""
        job = _Job(work, entries, lasting)
        full = False
        with self._wake:
            if self._ended or self._closing:
                job.future.set_exception(RecordFailed(f"{self._name} is closed"))
            elif self._entries + entries > self._most:
                full = True
                self._lost += entries if lasting else 0
            else:
                self._jobs.append(job)
                self._entries += entries
                self._wake.notify_all()
        if full:
            why = RecordFailed(f"{self._name} is too slow: {self._most} entries wait to be written")
            job.future.set_exception(why)
            self._fail(why)
        return job.future

    def close(self) -> None:
        """Write what waits, once more, and end."""
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._thread.join()

    def _run(self) -> None:
        batch: list[_Job] = []
        try:
            while batch := self._next():
                self._write(batch)
        finally:
            # Whatever ended it: nobody waits for ever, and nobody takes silence for success.
            with self._wake:
                self._ended = True
                left = [*batch, *self._jobs]
                self._jobs.clear()
            self._settle(left, RecordFailed(f"{self._name} is closed"))

    def _next(self) -> list[_Job]:
        """What is to be written together: empty at the end, an attempt at nothing after a failure."""
        with self._wake:
            if self._fails:
                self._wake.wait_for(lambda: self._closing, timeout=self._retry)
            else:
                self._wake.wait_for(lambda: self._closing or self._jobs)
            batch: list[_Job] = []
            entries = 0
            while self._jobs and (not batch or entries + self._jobs[0].entries <= limits.MAX_WRITTEN_AT_ONCE):
                job = self._jobs.popleft()
                self._entries -= job.entries
                if not job.future.set_running_or_notify_cancel():
                    # Whoever asked has gone; a decision was made all the same.
                    if not job.lasting:
                        continue
                    job.future = Future()
                batch.append(job)
                entries += job.entries
            if not batch and not self._closing:
                batch.append(_Job(_attempt, 0, lasting=False))
            return batch

    def _write(self, batch: list[_Job]) -> None:
        try:
            with self._begin() as connection:
                results = [job.work(connection) for job in batch]
        except (SQLAlchemyError, OSError) as reason:
            # What waits behind it would fail as well: whoever waits for it is told now.
            why = failure(self._name, reason)
            with self._wake:
                failed = [*batch, *self._jobs]
                again = [] if self._closing else [job for job in failed if job.lasting]
                self._jobs = deque(_Job(job.work, job.entries, lasting=True) for job in again)
                self._entries = sum(job.entries for job in again)
            self._fail(why)
            self._settle(failed, why)
            return
        self._recover()
        for job, result in zip(batch, results, strict=True):
            job.future.set_result(result)

    def _fail(self, why: RecordFailed) -> None:
        told, self._fails = self._fails, True
        if not told:
            self._note(f"{_upper(why)}. What was decided waits to be written.")

    def _recover(self) -> None:
        if not self._fails:
            return
        with self._wake:
            lost, self._lost = self._lost, 0
            self._fails = False
        self._note(
            f"{_upper(self._name)} works again{f'; {lost} decisions could not be kept' if lost else ''}."
        )

    @staticmethod
    def _settle(jobs: list[_Job], why: RecordFailed) -> None:
        for job in jobs:
            future = job.future
            if future.running() or (not future.done() and future.set_running_or_notify_cancel()):
                future.set_exception(why)


def _attempt(connection: Connection) -> None:
    """Something that only a store that can be written to lets pass, and that changes nothing for anybody."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("update stockade_schema set version_num = version_num")
    else:
        connection.execute(text("select 1"))


def _upper(sentence: object) -> str:
    words = str(sentence)
    return words[:1].upper() + words[1:]
