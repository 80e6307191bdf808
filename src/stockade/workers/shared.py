"""One pool of workers for many threads: each hands in what it wants analysed, and gets its own findings back."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future

from stockade.errors import WorkerFailed
from stockade.model.artifact import Artifact
from stockade.model.assessment import Findings
from stockade.workers import Analyser, Wall

_Job = tuple[Artifact, "queue.SimpleQueue[_Done]"]
_Done = tuple[Artifact, Findings | None]


class Shared:
    """An Analyser over another one that only one thread drives. `close` ends that thread, not the inner analyser.

    Artifacts of all callers wait in one line; a caller that takes nothing back any more costs what it handed in.
    """

    def __init__(self, inner: Analyser) -> None:
        self._inner = inner
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._waiting: dict[int, _Job] = {}
        self._lost = ""
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._drive, name="analyser", daemon=True)
        self._started: Future[tuple[Wall, ...]] = Future()
        self._thread.start()

    @property
    def walls(self) -> tuple[Wall, ...]:
        """As the inner one's; raises WorkerFailed."""
        return self._started.result()

    def analyse(self, artifacts: Iterable[Artifact | None]) -> Iterator[tuple[Artifact, Findings]]:
        """As Analyser.analyse, but that all artifacts are taken at once. Raises WorkerFailed."""
        done: queue.SimpleQueue[_Done] = queue.SimpleQueue()
        count = 0
        for artifact in artifacts:
            if artifact is None:
                continue
            with self._lock:
                if self._lost:
                    raise WorkerFailed(self._lost)
                self._jobs.put((artifact, done))
            count += 1
        for _ in range(count):
            artifact, findings = done.get()
            if findings is None:
                raise WorkerFailed(self._lost)
            yield artifact, findings

    def close(self) -> None:
        """Stop driving; what is under way is finished first."""
        self._jobs.put(None)
        self._thread.join()

    def _drive(self) -> None:
        why = WorkerFailed("The analyser broke off")
        try:
            self._started.set_result(self._inner.walls)
            for artifact, findings in self._inner.analyse(self._line()):
                _, done = self._waiting.pop(id(artifact))
                done.put((artifact, findings))
            why = WorkerFailed("The analyser is closed")
        except WorkerFailed as lost:
            why = lost
        finally:  # whatever broke, nobody waits for what will not come
            if not self._started.done():
                self._started.set_exception(why)
            self._end(str(why))

    def _line(self) -> Iterator[Artifact | None]:
        """What waits, one after the other; None while nothing does and workers are busy."""
        while True:
            try:
                job = self._jobs.get(block=not self._waiting)
            except queue.Empty:
                yield None
                continue
            if job is None:
                return
            artifact = job[0]
            if id(artifact) in self._waiting:  # the very same object twice: it can wait for itself
                self._jobs.put(job)
                yield None
                continue
            self._waiting[id(artifact)] = job
            yield artifact

    def _end(self, why: str) -> None:
        """Nobody waits for what will not come."""
        with self._lock:
            self._lost = why
        left = list(self._waiting.values())
        self._waiting.clear()
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is not None:
                left.append(job)
        for artifact, done in left:
            done.put((artifact, None))
