"""What the scripts of a detonation do: a workstation that is some days on, and a user who tries everything."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.support.archives import sdist

STAGES = Path(__file__).parents[3] / "src/stockade/data/stages"


def python(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-B", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def among(folder: Path, script: str, *words: object) -> subprocess.CompletedProcess[str]:
    """A script of the stages where the modules in `folder` can be imported."""
    argv = [str(STAGES / script), *map(str, words)]
    begin = f"import sys; sys.path.insert(0, {str(folder)!r}); sys.argv[:] = {argv!r}"
    return python("-c", f"{begin}; exec(open(sys.argv[0]).read())")


def ordinarily(tmp_path: Path, code: str, days: int = 0) -> subprocess.CompletedProcess[str]:
    program = tmp_path / "program.py"
    program.write_text(code)
    return python(STAGES / "ordinary.py", days, tmp_path / "notes", program, "one", "two")


def test_a_program_is_main_has_its_arguments_and_its_code_comes_through(tmp_path: Path) -> None:
    ran = ordinarily(tmp_path, "import sys; print(__name__, sys.argv[1:]); sys.exit(7)")
    assert (ran.returncode, ran.stdout) == (7, "__main__ ['one', 'two']\n")


def test_days_of_sleep_pass_at_once_by_every_clock(tmp_path: Path) -> None:
    code = """
import asyncio, threading, time
clocks = (time.time, time.monotonic, time.perf_counter, lambda: time.time_ns() / 1e9, lambda: time.monotonic_ns() / 1e9)
begun = [clock() for clock in clocks]
time.sleep(86400)
assert not threading.Event().wait(86400)
asyncio.run(asyncio.sleep(86400))
threading.Timer(86400, print, ["rang"]).run()
for clock, then in zip(clocks, begun):
    assert 3.9 < (clock() - then) / 86400 < 4.5, (clock, then)
assert time.gmtime().tm_year >= 1971 and time.localtime()
"""
    begun = time.monotonic()
    ran = ordinarily(tmp_path, code)
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, "", "rang\n")
    assert time.monotonic() - begun < 3600


def test_what_comes_in_time_is_waited_for(tmp_path: Path) -> None:
    code = """
import queue, threading, time
came = queue.Queue()
threading.Thread(target=came.put, args=[1]).start()
assert came.get(timeout=600) == 1
ready = threading.Event()
threading.Thread(target=ready.set).start()
assert ready.wait(600)
"""
    assert ordinarily(tmp_path, code).returncode == 0


def test_dates_are_some_days_on_and_remain_dates(tmp_path: Path) -> None:
    code = """
import datetime, pickle, time
now = datetime.datetime.now()
real = time.clock_gettime(time.CLOCK_REALTIME)
for one in (now, datetime.datetime.today(), datetime.datetime.fromtimestamp(time.time())):
    assert 29.9 < (one.timestamp() - real) / 86400 < 30.1
utc = datetime.datetime.now(datetime.timezone.utc)
assert 29.9 < (utc.timestamp() - real) / 86400 < 30.1
assert datetime.date.today() in (utc.date(), now.date())
class Moment(datetime.datetime): pass
made = pickle.loads(pickle.dumps(now))
assert isinstance(made, datetime.datetime) and isinstance(made, datetime.date)
assert not isinstance(now, Moment) and isinstance(Moment.now(), Moment)
assert issubclass(Moment, datetime.datetime) and issubclass(datetime.datetime, datetime.date)
assert not issubclass(datetime.datetime, Moment)
assert (now - datetime.timedelta(days=1)) < now
"""
    ran = ordinarily(tmp_path, code, days=30)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_machine_has_eight_processors_and_events_are_told(tmp_path: Path) -> None:
    code = """
import os, multiprocessing, subprocess, sys
assert os.cpu_count() == multiprocessing.cpu_count() == len(os.sched_getaffinity(0)) == 8
subprocess.run(["true"], env={"SECRET": "x"})
os.system("true")
os.system("true")
"""
    ran = ordinarily(tmp_path, code)
    assert (ran.returncode, ran.stderr) == (0, "")
    notes = (tmp_path / "notes").read_text().splitlines()
    assert notes.count("os.system b'true'") == 1
    assert any(one.startswith("subprocess.Popen 'true' ['true']") for one in notes)


def test_the_first_process_stays_until_what_it_left_behind_has_ended(tmp_path: Path) -> None:
    there = tmp_path / "there"
    child = f"import time; time.sleep(0.7); open({str(there)!r}, 'w')"
    start = f"subprocess.Popen([sys.executable, '-c', {child!r}], start_new_session=True)"
    parent = f"import subprocess, sys; {start}; sys.exit(3)"
    ran = python(STAGES / "start.py", 20, 5, sys.executable, "-c", parent)
    assert ran.returncode == 3
    assert there.exists()


def test_what_takes_too_long_is_stopped_and_a_signal_is_told_as_a_shell_does() -> None:
    assert python(STAGES / "start.py", 0.3, 0, "/bin/sleep", "60").returncode == 124
    killed = python(STAGES / "start.py", 20, 0, sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
    assert killed.returncode == 137


def test_a_module_is_imported_and_its_threads_get_a_moment(tmp_path: Path) -> None:
    there = tmp_path / "there"
    (tmp_path / "module.py").write_text(
        f"import threading, time\ndef later():\n    time.sleep(0.4)\n    open({str(there)!r}, 'w')\n"
        "threading.Thread(target=later, daemon=True).start()\n"
    )
    assert among(tmp_path, "importing.py", "module").returncode == 0
    assert there.exists()


CLIENT = """
import os, sys, threading, time
OUT = "@OUT@"
def _told(*words):
    with open(OUT, "a") as file:
        file.write(" ".join(map(str, words)) + "\\n")

class _Hidden:
    def __init__(self): _told("hidden")

class Client:
    def __init__(
        self, access_key, access_secret, region, count: int, names: list, flag: "bool", *rest, token=None, **more
    ):
        held = access_key.anything.secret
        _told("Client", access_key, access_secret, region, count + 1, names, flag, token, held, rest, more)
        threading.Thread(target=lambda: (time.sleep(0.3), _told("thread")), daemon=True).start()
    def send(self, url, password): _told("send", url, password)
    async def later(self): _told("later")
    def _own(self): _told("own")

class Failing:
    def __init__(self, credentials): raise SystemExit
    def never(self): _told("never")

def ends(): _told("ends"); os._exit(1)
def hangs():
    _told("hangs")
    while True: pass
def placed(api_key, /, body): _told("placed", api_key, body)
async def coroutine(): _told("coroutine")
@object.__new__
class odd: pass
from json import dumps
from os.path import join as joined
"""


def touched(tmp_path: Path, seconds: float = 30) -> list[str]:
    package = tmp_path / "lib" / "bird"
    package.mkdir(parents=True)
    out = tmp_path / "out"
    (package / "__init__.py").write_text("from bird.client import Client\n")
    (package / "client.py").write_text(CLIENT.replace("@OUT@", str(out)))
    (package / "broken.py").write_text("raise RuntimeError\n")
    (package / "tests.py").write_text(f"open({str(out)!r}, 'a').write('tests\\n')\n")
    seeds = tmp_path / "seeds.json"
    seeds.write_text(
        json.dumps([["secret|token|password", "MADE", "CALLED"], ["key|cred", "MADE-KEY", "CALLED-KEY"]])
    )
    notes = tmp_path / "notes"
    assert among(tmp_path / "lib", "touching.py", "bird", seeds, notes, seconds).returncode == 0
    (tmp_path / "told").write_text(notes.read_text())
    return out.read_text().splitlines() if out.exists() else []


def test_a_package_is_used_with_decoys_for_what_is_called_like_a_secret(tmp_path: Path) -> None:
    told = touched(tmp_path)
    made = "Client MADE-KEY MADE eu-central-1 2 [] True MADE MADE () {}"
    assert told == [
        *(made, "send https://service.example/api CALLED", "later", "thread"),
        *("placed CALLED-KEY some text", "ends", "hangs", "coroutine"),
    ]
    notes = (tmp_path / "told").read_text().splitlines()
    assert notes[0] == "touch bird.Client"
    assert "touch bird.client.hangs" in notes
    assert not [
        one for one in notes if "dumps" in one or "joined" in one or "Hidden" in one or "tests" in one
    ]


def test_using_ends_when_its_time_is_up(tmp_path: Path) -> None:
    assert touched(tmp_path, 0) == []
    assert (tmp_path / "told").read_text() == "touch: time is up\n"


BACKEND = """
import os
def get_requires_for_build_wheel(settings=None):
    return ["further>=1"]
def build_wheel(folder, settings=None, metadata=None):
    open(os.path.join(folder, "made-1-py3-none-any.whl"), "w").write(os.path.basename(os.getcwd()))
"""


def test_a_source_distribution_is_asked_what_it_needs_and_built(tmp_path: Path) -> None:
    system = '[build-system]\nrequires = ["first"]\nbuild-backend = "own:Inner"\nbackend-path = ["back"]\n'
    backend = BACKEND + "class Inner:\n    build_wheel = staticmethod(build_wheel)\n"
    backend += "    get_requires_for_build_wheel = staticmethod(get_requires_for_build_wheel)\n"
    for form in ("tar.gz", "zip"):
        archive = tmp_path / f"made-1.{form}"
        archive.write_bytes(sdist("made", "1", {"pyproject.toml": system, "back/own.py": backend}, form=form))
        out, folder = tmp_path / f"out-{form}", tmp_path / f"work-{form}"
        out.mkdir()
        folder.mkdir()
        build = STAGES / "building.py"
        assert python(build, "asks", archive, folder, out).returncode == 0
        assert json.loads((out / "requires.json").read_text()) == ["first"]
        assert python(build, "requires", archive, folder, out).returncode == 0
        assert json.loads((out / "requires.json").read_text()) == ["further>=1"]
        assert python(build, "wheel", archive, folder, out).returncode == 0
        assert (out / "made-1-py3-none-any.whl").read_text() == "made-1"


def test_where_nothing_is_said_setuptools_builds(tmp_path: Path) -> None:
    archive = tmp_path / "made-1.tar.gz"
    archive.write_bytes(sdist("made", "1", {"setup.py": ""}))
    (tmp_path / "work").mkdir()
    assert python(STAGES / "building.py", "asks", archive, tmp_path / "work", tmp_path).returncode == 0
    assert json.loads((tmp_path / "requires.json").read_text()) == ["setuptools"]
