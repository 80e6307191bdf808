"""The whole of it: real workers behind all walls, and analysers that misbehave in every way we thought of."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stockade import limits
from stockade.confine import WALLS
from stockade.errors import WorkerFailed
from stockade.model.artifact import Artifact
from stockade.model.assessment import Findings
from stockade.workers import Analyser, child, confined, finished, in_process
from stockade.workers.launch import worker_profile
from stockade.workers.pool import Pool
from tests.workers.making import artifact, descriptors, echo, findings, why
from tests.workers.probing import as_user, behind, users


def space() -> Any:
    """The mapping that the result goes to, as code that took over a worker would find it."""
    frame: Any = sys._getframe(1)
    while "result" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["result"]


def leave(raw: bytes, length: int | None = None) -> None:
    """Send `raw` as the result, and end as if all were well."""
    mapping = space()
    mapping[8 : 8 + len(raw)] = raw
    mapping[:8] = (len(raw) if length is None else length).to_bytes(8, "little")
    os._exit(0)


def open_something(sha256: str) -> Findings:
    try:
        Path("/etc/hostname").read_bytes()
    except OSError as refused:
        return findings(sha256, project=f"refused: {refused.strerror}")
    return findings(sha256, project="opened")


def change_the_bytes(data: memoryview, sha256: str) -> Findings:
    return findings(sha256, project=f"readonly={data.readonly}")


def starve(sha256: str) -> Findings:
    return findings(sha256, project=str(len(bytearray(300 << 20))))


def raises(error: BaseException) -> Any:
    raise error


MISDEEDS: dict[str, Callable[[memoryview, str], Any]] = {
    "sigsegv": lambda data, sha256: ctypes.string_at(8),
    "suicide": lambda data, sha256: os.kill(os.getpid(), signal.SIGABRT),
    "hangs": lambda data, sha256: time.sleep(60),
    "spins": lambda data, sha256: any(iter(int, 1)),
    "socket": lambda data, sha256: socket.socket(),
    "fork": lambda data, sha256: os.fork(),
    "program": lambda data, sha256: os.execv("/bin/true", ["true"]),
    "garbage": lambda data, sha256: leave(b"garbage"),
    "boasts": lambda data, sha256: leave(b"x", 100 << 20),
    "silent": lambda data, sha256: os._exit(0),
    "exits": lambda data, sha256: os._exit(5),
    "floods": lambda data, sha256: replace(findings(sha256), requires=("x" * (20 << 20),)),
    "lies": lambda data, sha256: findings("00" * 32),
    "memory": lambda data, sha256: raises(MemoryError()),
    "starves": lambda data, sha256: starve(sha256),
    "crashes": lambda data, sha256: raises(RuntimeError("boom")),
    "leaves": lambda data, sha256: raises(SystemExit(0)),
    "opens": lambda data, sha256: open_something(sha256),
    "reads": lambda data, sha256: change_the_bytes(data, sha256),
    "environment": lambda data, sha256: findings(sha256, project=repr(dict(os.environ))),
}
SIGSYS = "was killed by signal 31 (SIGSYS), for it asked the kernel for something that analysis never needs"
TOLD = {
    "sigsegv": "was killed by signal 11 (SIGSEGV)",
    "suicide": "was killed by signal 6 (SIGABRT)",
    "hangs": "ran over 1 s and was stopped",
    "spins": "ran over 1 s and was stopped",
    "socket": SIGSYS,
    "fork": SIGSYS,
    "program": SIGSYS,
    "garbage": "sent a result that makes no sense",
    "boasts": "sent more than the 8 MiB that a result may have",
    "silent": "ended without a result",
    "exits": "ended with 5",
    "floods": "found more than the 8 MiB that a result may have",
    "lies": "sent a result about other bytes",
    "memory": "needed more than 1024 MiB of memory",
    "starves": "needed more than 1024 MiB of memory",
    "crashes": "crashed (RuntimeError: boom)",
    "leaves": "crashed (SystemExit: 0)",
}
DONE = {
    "opens": "refused: Operation not permitted",
    "reads": "readonly=True",
    "environment": "{}",
}


def misbehave(data: memoryview, *, filename: str, sha256: str, **_: Any) -> Findings:
    if filename not in MISDEEDS:
        return findings(sha256, project=filename)
    return MISDEEDS[filename](data, sha256)  # type: ignore[no-any-return]


def held() -> int:
    """Bytes of private writable memory that this process has, as RLIMIT_DATA counts them."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmData"))
    return int(line.split()[1]) << 10


@pytest.fixture
def analyser() -> Iterator[Analyser]:
    # A worker is forked from this process, and what that holds counts: here the modules of the whole suite. msgspec is
    # killed (SIGSEGV) where its buffer may not grow, so there must be room for what `floods` encodes.
    worker = worker_profile(seconds=5, memory=held() + (256 << 20))
    with confined(jobs=2, load=lambda: misbehave, worker=worker, seconds=1.0) as made:
        yield made


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    before = descriptors()
    yield
    assert descriptors() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_every_misdeed_costs_its_own_artifact_and_no_other(analyser: Analyser, tmp_path: Path) -> None:
    names = [name for pair in zip(MISDEEDS, map(str, range(99)), strict=False) for name in pair]
    artifacts = [artifact(tmp_path, name.encode(), name=name) for name in names]

    found = {one.filename: result for one, result in analyser.analyse(artifacts)}

    assert found.keys() == set(names)
    assert {name: why(found[name]) for name in TOLD} == TOLD
    assert {name: found[name].project for name in DONE} == DONE
    assert all(found[name].project == name and finished(found[name]) for name in names if name.isdigit())


def test_all_walls_stand_around_a_worker(analyser: Analyser) -> None:
    assert [wall.name for wall in analyser.walls] == list(WALLS)
    assert [wall for wall in analyser.walls if not wall.up] == []


def test_the_warm_process_is_confined_too_and_a_worker_twice(analyser: Analyser, tmp_path: Path) -> None:
    assert isinstance(analyser, Pool)
    assert analyser.walls

    def source() -> Iterator[Artifact]:
        yield artifact(tmp_path, name="hangs")
        seen.append(status(analyser.warm.pid))
        until(lambda: bool(descendants(analyser.warm.pid)))
        worker = descendants(analyser.warm.pid)[0]
        until(lambda: status(worker)["Seccomp_filters"] == outside + 2)
        seen.append(status(worker))

    outside = status(os.getpid())["Seccomp_filters"]
    seen: list[dict[str, int]] = []
    list(analyser.analyse(source()))

    assert [(one["NoNewPrivs"], one["Seccomp"], one["CapEff"], one["CapPrm"]) for one in seen] == [
        (1, 2, 0, 0)
    ] * 2
    assert [one["Seccomp_filters"] - outside for one in seen] == [1, 2]


def status(pid: int) -> dict[str, int]:
    """The numbers that the kernel shows of a process's confinement."""
    text = Path(f"/proc/{pid}/status").read_text()
    wanted = ("NoNewPrivs", "Seccomp", "Seccomp_filters", "CapEff", "CapPrm")
    fields = (line.partition(":") for line in text.splitlines())
    return {name: int(value, 16) for name, _, value in fields if name in wanted}


def test_a_worker_is_given_the_bytes_the_name_and_the_options(tmp_path: Path) -> None:
    one = artifact(tmp_path, b"x" * 3000, name="caf\udce9.whl")
    with confined(jobs=1, load=lambda: echo, options={"o": 1}) as made:
        ((_, found),) = made.analyse([one])

    assert found.project == f"caf\\udce9.whl sdist {one.sha256} {{'o': 1}}"


def test_two_hundred_in_sequence_leave_nothing_behind(analyser: Analyser, tmp_path: Path) -> None:
    one = artifact(tmp_path, b"x", name="one")
    list(analyser.analyse([one]))
    before = descriptors()

    results = list(analyser.analyse(one for _ in range(200)))

    assert [found.project for _, found in results] == ["one"] * 200
    assert descriptors() == before
    assert len(descendants(os.getpid())) == 1


def test_workers_run_at_the_same_time(tmp_path: Path) -> None:
    def nap(data: memoryview, *, sha256: str, **_: Any) -> Findings:
        time.sleep(0.3)
        return findings(sha256)

    with confined(jobs=4, load=lambda: nap) as made:
        assert made.walls
        started = time.monotonic()
        assert len(list(made.analyse(artifact(tmp_path, name=str(n)) for n in range(4)))) == 4

    assert time.monotonic() - started < 1.0


def test_a_file_changed_on_disk_after_it_was_checked_is_a_gap(analyser: Analyser, tmp_path: Path) -> None:
    one = artifact(tmp_path, b"benign")
    Path(one.path).write_bytes(b"hostil")

    ((_, found),) = analyser.analyse([one])

    assert why(found) == "was not given the file, which holds other bytes than were checked before"


def test_the_warm_process_killed_under_way_costs_what_was_under_way(
    analyser: Analyser, tmp_path: Path
) -> None:
    assert isinstance(analyser, Pool)

    def source() -> Iterator[Artifact]:
        yield artifact(tmp_path, b"1", name="hangs")
        worker = descendants(analyser.warm.pid)
        os.kill(analyser.warm.pid, signal.SIGKILL)
        wait_until_gone(worker)
        yield artifact(tmp_path, b"2", name="b")
        yield artifact(tmp_path, b"3", name="c")

    results = analyser.analyse(source())
    told: dict[str, str] = {}
    with pytest.raises(WorkerFailed, match="is gone: it was killed by signal 9"):
        told.update((one.filename, why(found)) for one, found in results)

    lost = "lost the process that runs it, which was killed by signal 9 (SIGKILL)"
    assert "hangs" in told and all(text.startswith(lost) for text in told.values())
    with pytest.raises(WorkerFailed):
        list(analyser.analyse([artifact(tmp_path)]))


def test_closing_under_way_ends_the_workers(tmp_path: Path) -> None:
    with confined(jobs=2, load=lambda: misbehave, seconds=60) as made:
        assert isinstance(made, Pool)

        def source() -> Iterator[Artifact]:
            yield artifact(tmp_path, b"1", name="hangs")
            until(lambda: bool(descendants(made.warm.pid)))
            raise InterruptedError

        with pytest.raises(InterruptedError):
            list(made.analyse(source()))
        started = time.monotonic()
    assert time.monotonic() - started < 2


def test_ctrl_c_ends_everything_at_once(tmp_path: Path) -> None:
    one = artifact(tmp_path, name="hangs")
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        code = 1
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            with confined(jobs=1, load=lambda: misbehave, seconds=60) as made:
                assert made.walls
                os.write(write, b"+")
                list(made.analyse([one]))
        except KeyboardInterrupt:
            code = 7 if not descendants(os.getpid()) else 8
        finally:
            os._exit(code)
    os.read(read, 1)
    os.close(read)
    os.close(write)
    until(lambda: any(descendants(warm) for warm in descendants(pid)))
    family = descendants(pid) + [grand for warm in descendants(pid) for grand in descendants(warm)]

    started = time.monotonic()
    os.kill(pid, signal.SIGINT)

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    assert time.monotonic() - started < 3
    wait_until_gone(family)


def test_a_parent_that_is_killed_takes_everything_with_it(tmp_path: Path) -> None:
    one = artifact(tmp_path, name="hangs")
    pid = os.fork()
    if not pid:
        with confined(jobs=1, load=lambda: misbehave, seconds=60) as made:
            list(made.analyse([one]))
        os._exit(0)
    until(lambda: any(descendants(warm) for warm in descendants(pid)))
    family = descendants(pid) + [grand for warm in descendants(pid) for grand in descendants(warm)]

    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

    wait_until_gone(family)


@pytest.mark.parametrize("user", users())
def test_it_works_for_every_user(tmp_path: Path, user: int) -> None:
    def run() -> str:
        folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"stockade-test-{os.getpid()}"
        folder.mkdir()
        names = ["opens", "socket", "fine"]
        artifacts = [artifact(folder, name.encode(), name=name) for name in names]
        with confined(jobs=2, load=lambda: misbehave, seconds=20) as made:
            down = [wall.name for wall in made.walls if not wall.up]
            found = {one.filename: result for one, result in made.analyse(artifacts)}
        for one in artifacts:
            os.unlink(one.path)
        folder.rmdir()
        return repr((down, found["opens"].project, found["socket"].gaps[0].why, found["fine"].project))

    assert as_user(user, run) == repr(([], DONE["opens"], SIGSYS, "fine"))


def test_without_a_wall_its_workers_are_not_given_what_was_promised(tmp_path: Path) -> None:
    """The mutant: a worker that lacks the filter opens no less than a free process, and the walls say so."""
    worker = worker_profile()
    mutant = replace(worker, walls=worker.walls - {"seccomp", "open-files", "landlock-files"})
    warm = replace(
        mutant, bounds=replace(mutant.bounds, cpu=None, memory=None, open_files=None, processes=None)
    )
    with confined(jobs=1, load=lambda: misbehave, worker=mutant, warm=warm) as made:
        down = {wall.name for wall in made.walls if not wall.up}
        ((_, found),) = made.analyse([artifact(tmp_path, name="opens")])

    assert down == {"seccomp", "open-files", "landlock-files", *({"processes"} if os.geteuid() == 0 else ())}
    assert found.project == "opened"


def test_rules_of_yara_x_scan_behind_the_walls(tmp_path: Path) -> None:
    def load() -> child.Analyse:
        import yara_x

        source = "".join(
            f'rule r{n} {{ strings: $a = "needle{n}" $b = /na+d{{2,5}}le{n}/ $c = {{ 6e ?? 65 64 [2-4] {n:02x} }}'
            f" condition: ($a or $b or $c) and (#a == 0 or for all i in (1..#a): (@a[i] >= 0)) }}\n"
            for n in range(60)
        )
        scanner = yara_x.Scanner(yara_x.compile(source))

        def scan(data: memoryview, *, sha256: str, **_: Any) -> Findings:
            hits = [rule.identifier for rule in scanner.scan(bytes(data)).matching_rules]
            return findings(sha256, project=",".join(hits))

        return scan

    one = artifact(tmp_path, b"hay " * 200_000 + b"needle7 naaaddle59")
    with confined(jobs=1, load=load) as made:
        ((_, found),) = made.analyse([one])

    assert {"r7", "r59"} <= set(found.project.split(","))
    assert [(one, found)] == list(in_process(load=load).analyse([one]))


def descendants(pid: int) -> list[int]:
    """The children of a process."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(number) for number in file.read().split()]


def until(true: Callable[[], bool]) -> None:
    """Wait for it, but not forever."""
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_until_gone(pids: list[int]) -> None:
    """Until none of them lives; a zombie that init has yet to reap is dead."""
    until(lambda: not any(alive(pid) for pid in pids))


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_probe_behind_no_walls_gets_through() -> None:
    assert behind(None, lambda: open_something("0").project) == "opened"
    assert limits.MAX_RESULT == child.SPACE - child.HEADER
