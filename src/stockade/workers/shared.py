"""One pool of workers for many threads: each hands in what it wants analysed, and gets its own findings back."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from stockade.errors import StockadeError, WorkerFailed
from stockade.model.artifact import Artifact
from stockade.model.assessment import Findings
from stockade.workers import Analyser, Wall

_Done = tuple[Artifact, Findings | None]


@dataclass(frozen=True, slots=True)
class _Fed:
    """All that one caller wants analysed was taken, or what went wrong with that."""

    count: int
    error: StockadeError | None


_Job = tuple[Artifact, "queue.SimpleQueue[_Done | _Fed]"]
#: What findings depend on: digest, name, and what it is taken for.
_Key = tuple[str, str, str]


class Shared:
    """An Analyser over another one that only one thread drives. `close` ends that thread, not the inner analyser.

    Artifacts of all callers wait in one line, and what several hand in at a time is analysed once; a caller that takes
    nothing back any more costs what it handed in.
    """

    def __init__(self, inner: Analyser) -> None:
        self._inner = inner
        self._line: queue.SimpleQueue[Artifact | None] = queue.SimpleQueue()
        #: Who waits for what is in the line or under way.
        self._waiting: dict[_Key, list[_Job]] = {}
        self._under_way = 0
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
        """As Analyser.analyse, but that all artifacts are taken at once, in a thread of their own: one that is long in
        coming holds up no other. Raises WorkerFailed, and what taking them raises of Stockade's own."""
        done: queue.SimpleQueue[_Done | _Fed] = queue.SimpleQueue()
        threading.Thread(target=self._feed, args=(artifacts, done), name="feed", daemon=True).start()
        count: int | None = None
        taken = 0
        while count is None or taken < count:
            one = done.get()
            if isinstance(one, _Fed):
                if one.error is not None:
                    raise one.error
                count = one.count
                continue
            artifact, findings = one
            if findings is None:
                raise WorkerFailed(self._lost)
            taken += 1
            yield artifact, findings

    def _feed(self, artifacts: Iterable[Artifact | None], done: queue.SimpleQueue[_Done | _Fed]) -> None:
        count = 0
        error: StockadeError | None = WorkerFailed("What was to be analysed could not be taken")
        try:
            for artifact in artifacts:
                if artifact is None:
                    continue
                with self._lock:
                    if self._lost:
                        raise WorkerFailed(self._lost)
                    waiting = self._waiting.setdefault(_key(artifact), [])
                    waiting.append((artifact, done))
                    if len(waiting) == 1:
                        self._line.put(artifact)
                count += 1
            error = None
        except StockadeError as why:
            error = why
        finally:  # whatever broke, nobody waits for what will not come
            done.put(_Fed(count, error))

    def close(self) -> None:
        """Stop driving; what is under way is finished first."""
        self._line.put(None)
        self._thread.join()

    def _drive(self) -> None:
        why = WorkerFailed("The analyser broke off")
        try:
            self._started.set_result(self._inner.walls)
            for artifact, findings in self._inner.analyse(self._taken()):
                self._under_way -= 1
                with self._lock:
                    waiting = self._waiting.pop(_key(artifact))
                for own, done in waiting:
                    done.put((own, findings))
            why = WorkerFailed("The analyser is closed")
        except WorkerFailed as lost:
            why = lost
        finally:  # whatever broke, nobody waits for what will not come
            if not self._started.done():
                self._started.set_exception(why)
            self._end(str(why))

    def _taken(self) -> Iterator[Artifact | None]:
        """What waits, one after the other; None while nothing does and workers are busy."""
        while True:
            try:
                artifact = self._line.get(block=not self._under_way)
            except queue.Empty:
                yield None
                continue
            if artifact is None:
                return
            self._under_way += 1
            yield artifact

    def _end(self, why: str) -> None:
        """Nobody waits for what will not come."""
        with self._lock:
            self._lost = why
            left = [job for waiting in self._waiting.values() for job in waiting]
            self._waiting.clear()
        for artifact, done in left:
            done.put((artifact, None))


def _key(artifact: Artifact) -> _Key:
    return artifact.sha256, artifact.filename, artifact.kind
