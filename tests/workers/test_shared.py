"""One pool for many threads: everybody gets what is theirs, and nobody waits for what will not come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from stockade.errors import WorkerFailed
from stockade.model.artifact import Artifact, Kind
from stockade.model.assessment import Findings
from stockade.model.project import Digest
from stockade.workers import Wall, wire
from stockade.workers.shared import Shared


def artifact(number: int) -> Artifact:
    return Artifact(
        label=f"{number}",
        filename=f"{number}.whl",
        kind=Kind.WHEEL,
        path="",
        sha256=Digest(f"{number:064x}"),
        size=1,
    )


@dataclass
class Crew:
    """An analyser with `jobs` at once that finishes the last that it took first; `broken` is called for each."""

    jobs: int = 3
    broken: Callable[[Artifact], None] = lambda one: None
    began: list[str] = field(default_factory=list)
    nothing: int = 0
    hold: threading.Event | None = None

    @property
    def walls(self) -> tuple[Wall, ...]:
        return (Wall("a wall", up=True),)

    def analyse(self, artifacts: Iterable[Artifact | None]) -> Iterator[tuple[Artifact, Findings]]:
        under_way: list[Artifact] = []
        for one in artifacts:
            if one is not None:
                self.broken(one)
                self.began.append(one.filename)
                under_way.append(one)
                if len(under_way) < self.jobs:
                    continue
            else:
                self.nothing += 1
            if self.hold is not None:
                assert self.hold.wait(10)
            if under_way:
                done = under_way.pop()
                yield done, Findings(sha256=done.sha256, project=done.filename, version="1")
        for one in under_way:
            yield one, Findings(sha256=one.sha256, project=one.filename, version="1")

    def close(self) -> None: ...


def stranded(shared: Shared, numbers: Iterable[int]) -> str:
    """How it ends for somebody who asks."""
    try:
        return ",".join(sorted(one.project for _, one in shared.analyse(artifact(n) for n in numbers)))
    except WorkerFailed as why:
        return f"failed: {why}"


def test_many_threads_each_get_their_own() -> None:
    crew = Crew()
    shared = Shared(crew)

    def ask(thread: int) -> list[str]:
        mine = [artifact(100 * thread + number) for number in range(20)]
        got = list(shared.analyse(mine))
        assert sorted(one.filename for one, _ in got) == sorted(one.filename for one in mine)
        return [findings.project for one, findings in got if findings.sha256 == one.sha256]

    with ThreadPoolExecutor(16) as threads:
        found = [name for names in threads.map(ask, range(16)) for name in names]
    shared.close()
    assert len(found) == len(set(found)) == len(crew.began) == 320
    assert shared.walls == crew.walls


def test_nothing_is_handed_on_for_the_moment_and_what_is_wanted_twice_is_analysed_once() -> None:
    crew = Crew(jobs=5)
    shared = Shared(crew)
    one, other = artifact(1), replace(artifact(1), label="theirs")
    got = list(shared.analyse([one, None, other, replace(other, filename="2.whl")]))
    shared.close()
    assert sorted((mine.label, found.project) for mine, found in got) == [
        ("1", "1.whl"),
        ("theirs", "1.whl"),
        ("theirs", "2.whl"),  # findings depend on the name
    ]
    assert crew.began == ["1.whl", "2.whl"]
    assert crew.nothing > 0


def test_a_worker_that_crashes_costs_its_own_artifact_alone() -> None:
    class Gaps(Crew):
        def analyse(self, artifacts: Iterable[Artifact | None]) -> Iterator[tuple[Artifact, Findings]]:
            for one, findings in super().analyse(artifacts):
                bad = one.filename == "2.whl"
                yield one, wire.unanalysed(one, "crashed") if bad else findings

    shared = Shared(Gaps())
    got = {one.filename: found for one, found in shared.analyse([artifact(1), artifact(2), artifact(3)])}
    shared.close()
    assert {name for name, found in got.items() if found.gaps} == {"2.whl"}


def test_a_pool_that_is_lost_fails_all_who_wait_and_all_who_come() -> None:
    gone = threading.Event()

    def lost(one: Artifact) -> None:
        if one.filename == "66.whl":
            gone.wait(10)
            raise WorkerFailed("the warm process is gone")

    shared = Shared(Crew(jobs=1, broken=lost))
    assert stranded(shared, [1, 2]) == "1.whl,2.whl"
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(stranded, shared, [66, 100 + number]) for number in range(4)]
        time.sleep(0.05)
        gone.set()
        assert {one.result(10) for one in waiting} == {"failed: the warm process is gone"}
    assert stranded(shared, [7]) == "failed: the warm process is gone"
    shared.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_in_the_pool_leaves_nobody_waiting() -> None:
    def broken(one: Artifact) -> None:
        raise ZeroDivisionError

    shared = Shared(Crew(broken=broken))
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(stranded, shared, [1, 2]).result(10).startswith("failed: ")
        assert threads.submit(stranded, shared, [3]).result(10).startswith("failed: ")
    shared.close()


@pytest.mark.parametrize("why", [WorkerFailed("no kernel for it"), ZeroDivisionError()])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_pool_that_never_starts_says_so(why: Exception) -> None:
    class Never(Crew):
        @property
        def walls(self) -> tuple[Wall, ...]:
            raise why

    shared = Shared(Never())
    with ThreadPoolExecutor(2) as threads:
        walls = threads.submit(lambda: shared.walls)
        with pytest.raises(WorkerFailed):
            walls.result(10)
        assert threads.submit(stranded, shared, [1]).result(10).startswith("failed: ")
    shared.close()


def test_closing_finishes_what_is_under_way_and_refuses_the_rest() -> None:
    crew = Crew(jobs=1, hold=threading.Event())
    shared = Shared(crew)
    with ThreadPoolExecutor(3) as threads:
        under_way = threads.submit(stranded, shared, [1])
        while not crew.began:
            time.sleep(0.001)
        closing = threads.submit(shared.close)
        time.sleep(0.05)
        late = threads.submit(stranded, shared, [2])
        time.sleep(0.05)
        assert crew.hold is not None
        crew.hold.set()
        closing.result(10)
        assert under_way.result(10) == "1.whl"
        assert late.result(10) == "failed: The analyser is closed"
    assert stranded(shared, [3]) == "failed: The analyser is closed"
