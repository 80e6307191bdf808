"""`stockade watch`, as the installed service runs it: processes of their own, killed, doubled, and deaf for a while."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stockade.acquire.environments.find import find
from stockade.acquire.environments.inventory import inventory
from stockade.cli.ledger import this_machine
from stockade.remember.durable.store import Durable
from tests.act.schedule.fakes import Fakes
from tests.cli.conftest import Run
from tests.support.advisories import record
from tests.support.environments import malicious, planted, published
from tests.support.feed_server import FeedServer
from tests.support.sink import Sink

NOW = datetime.now(UTC)
HOOK = """
desktop = false
[[webhook]]
name = "team"
kind = "json"
url = "{url}"
"""


class Service:
    """A machine of one person, with a watch that a timer starts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data, self.config = folder / "data", folder / "config"
        self.venv = planted(folder / "home/work/.venv", "evil==1.0", "fine==2.0")
        for one in (self.data, self.config, folder / "cache"):
            one.mkdir(mode=0o700)
        self.environ = {
            "PATH": os.defpath,
            "HOME": str(folder / "home"),
            "STOCKADE_DATA_DIR": str(self.data),
            "STOCKADE_CONFIG_DIR": str(self.config),
            "STOCKADE_CACHE_DIR": str(folder / "cache"),
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "PYTHONWARNINGS": "error",
        }

    def tells(self, text: str) -> None:
        path = self.config / "watch.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())", *words]

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*words),
            env=self.environ,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        started = self.start(*words)
        said = started.communicate(timeout=120)[0]
        return started.returncode, said

    def once(self) -> tuple[int, str]:
        return self.run("watch", "--once", "--offline", "--no-search")

    def audited(self) -> None:
        code, said = self.run("audit", "--no-code", str(self.venv))
        assert code == 0, said

    def condemned(self) -> None:
        published(self.data, malicious("evil==1.0", at=NOW), at=NOW)

    def time_passes(self) -> None:
        """What waits for its time is due now."""
        with closing(sqlite3.connect(self.data / "gate-1.sqlite3")) as db, db:
            db.execute("update tellings set due = '2026-01-01 00:00:00.000000' where due is not null")

    def shown(self) -> str:
        """What `stockade watch --alerts` says."""
        code, said = self.run("watch", "--alerts")
        assert code == 0, said
        return said

    def alerts(self) -> int:
        with Durable(self.data / "gate-1.sqlite3", note=print) as store:
            return len(store.alerts(99))


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as made:
        yield made


def test_one_alert_once_for_what_is_condemned_after_it_was_installed(service: Service, sink: Sink) -> None:
    service.tells(HOOK.format(url=sink.url))
    service.audited()
    published(service.data, at=NOW)
    assert service.once() == (0, "")
    service.condemned()
    code, said = service.once()
    assert code == 10, said
    assert "ALERT: evil 1.0 is condemned, and it was here" in said
    assert f"in {service.venv}" in said and "by pip; still there" in said
    assert service.once() == (0, "") and service.alerts() == 1
    (told,) = sink.taken
    (place,) = told.value["alerts"][0]["sightings"]
    assert (place["place"], place["within"], place["by"]) == (str(service.venv), "virtualenv", "pip")
    assert "s3cr3t" not in said


def test_a_webhook_that_is_down_gets_it_later_and_once(service: Service, sink: Sink) -> None:
    sink.answers = [(503, {}), (200, {})]
    service.tells("terminal = false\n" + HOOK.format(url=sink.url))
    service.audited()
    service.condemned()
    code, said = service.once()
    assert code == 10 and "team: 127.0.0.1 answers 503; tried again after" in said
    assert service.once()[0] == 0 and len(sink.told) == 1, "it is not due yet"
    assert (
        "not told yet by team: evil 1.0 is condemned, and it was here (127.0.0.1 answers 503)"
        in service.shown()
    )
    service.time_passes()
    assert service.once()[0] == 0 and len(sink.taken) == 1
    service.time_passes()
    assert service.once()[0] == 0 and len(sink.taken) == 1 and service.alerts() == 1
    assert "not told yet" not in service.shown()


def test_a_process_that_is_killed_while_it_tells_has_it_told_again(service: Service, sink: Sink) -> None:
    service.tells(HOOK.format(url=sink.url))
    service.audited()
    service.condemned()
    started = service.start("watch", "--once", "--offline", "--no-search")
    while not sink.told and started.poll() is None:
        time.sleep(0.01)
    started.kill()
    started.communicate()
    service.time_passes()
    assert service.once()[0] == 0 and service.alerts() == 1
    service.time_passes()
    service.once()
    # Whoever was told twice can tell: it has the same id.
    assert len({one.value["id"] for one in sink.taken}) == 1 and len(sink.taken) <= 2


@pytest.fixture
def feed() -> Iterator[FeedServer]:
    with FeedServer() as one:
        one.publish(record("MAL-2026-0", "another", "1.0"))
        yield one


def test_as_a_service_killed_between_sync_and_alert_it_raises_one(
    service: Service, sink: Sink, feed: FeedServer
) -> None:
    service.tells(HOOK.format(url=sink.url))
    policy = service.folder / "config/stockade.toml"
    policy.write_text(
        f'[[advisories.feeds]]\nname = "osv"\nkind = "osv"\nurl = "{feed.url}"\n', encoding="utf-8"
    )
    service.audited()
    assert service.run("watch", "--once", "--no-search") == (0, "")
    feed.publish(record("MAL-2026-1", "evil", "1.0", modified=f"{NOW:%Y-%m-%dT%H:%M:%SZ}"))
    # The advisory is here, and whoever fetched it was killed before it looked.
    started = service.start("watch", "--no-search", "--every", "5m")
    store = service.data / "feeds/osv.sqlite3"
    before = store.stat().st_ino
    while store.stat().st_ino == before and started.poll() is None:
        time.sleep(0.001)
    started.kill()
    started.communicate()
    # Nobody answers any more: that it was fetched must be enough.
    feed.__exit__()
    codes = [service.run("watch", "--once", "--no-search")[0] for _ in range(2)]
    service.time_passes()
    codes.append(service.run("watch", "--once", "--no-search")[0])
    assert service.alerts() == 1 and codes.count(10) <= 1
    assert len({one.value["id"] for one in sink.taken}) == 1


def test_a_feed_that_is_down_is_told_and_the_rest_is_looked_at(service: Service, feed: FeedServer) -> None:
    policy = service.folder / "config/stockade.toml"
    policy.write_text(
        f'[[advisories.feeds]]\nname = "osv"\nkind = "osv"\nurl = "{feed.url}"\n', encoding="utf-8"
    )
    service.audited()
    feed.publish(record("MAL-2026-1", "evil", "1.0"))
    assert service.run("feed", "sync")[0] == 0
    feed.__exit__()
    code, said = service.run("watch", "--once", "--no-search")
    assert code == 10 and "osv was not synced: " in said and "ALERT: evil 1.0" in said
    assert service.run("watch", "--once", "--no-search")[0] == 11


def test_two_watches_at_once_raise_and_tell_one(service: Service, sink: Sink) -> None:
    service.tells(HOOK.format(url=sink.url))
    service.audited()
    service.condemned()
    started = [service.start("watch", "--once", "--offline", "--no-search") for _ in range(3)]
    said = [one.communicate(timeout=120)[0] for one in started]
    assert sorted(one.returncode for one in started) == [0, 0, 10], said
    assert len(sink.taken) == 1 and service.alerts() == 1


def test_the_loop_ends_cleanly_when_it_is_told_to(service: Service, sink: Sink) -> None:
    service.tells(HOOK.format(url=sink.url))
    service.audited()
    service.condemned()
    for number in (signal.SIGTERM, signal.SIGINT):
        started = service.start("watch", "--offline", "--no-search", "--every", "5m")
        assert started.stdout
        seen = [started.stdout.readline()]
        while number == signal.SIGTERM and not sink.taken:
            time.sleep(0.01)
        started.send_signal(number)
        rest = started.communicate(timeout=60)[0]
        assert started.returncode == 0, seen[0] + rest
        assert "Traceback" not in rest
    assert len(sink.taken) == 1


def test_what_came_and_went_is_said_and_environments_are_searched_for_once_a_day(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search is of what the test made alone: of the machine itself there is nothing to find."""
    monkeypatch.setattr(
        "stockade.cli.looking.find", lambda roots, *_, **more: find(roots, *_, system=False, **more)
    )
    data = tmp_path / "data"
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(data))
    (tmp_path / "home").mkdir()
    venv = planted(tmp_path / "home/a/.venv", "six==1.0")

    def roots() -> dict[str, bool]:
        """The environments of this test that are known, and whether they are there."""
        with Durable(data / "gate-1.sqlite3", note=print) as store:
            known = store.environments(this_machine())
        return {one.root: one.gone is None for one in known if one.root.startswith(str(tmp_path))}

    done = run("watch", "--once", "--offline")
    assert (done.code, done.out) == (11, "")
    assert done.err == "stockade: no advisories are here yet: `stockade feed sync` fetches them\n"
    published(data, at=NOW)
    planted(venv, "one==1", "two==2")
    planted(tmp_path / "home/b/.venv", "late==1")
    done = run("watch", "--once", "--offline")
    assert (done.code, done.err) == (0, f"stockade: {venv}: +one==1, +two==2\n")
    assert roots() == {str(venv): True}, "b is found tomorrow"
    later = time.time() + 90_000
    monkeypatch.setattr("stockade.cli.looking.time.time", lambda: later)
    shutil.rmtree(venv)
    run("watch", "--once", "--offline")
    assert roots() == {str(venv): False, str(tmp_path / "home/b/.venv"): True}


def test_each_channel_can_be_tried(run: Run, tmp_path: Path, sink: Sink) -> None:
    (tmp_path / "config").mkdir(mode=0o700)
    path = tmp_path / "config/watch.toml"
    path.write_text(HOOK.format(url=sink.url), encoding="utf-8")
    path.chmod(0o600)
    done = run("watch", "--try")
    assert (done.code, done.out) == (0, "terminal: told\nteam: told\n")
    assert "Stockade can reach you" in done.err and sink.told[0].value["alerts"][0]["kind"] == "trial"
    sink.answers = [(403, {})]
    done = run("watch", "--try")
    assert (done.code, done.out) == (12, "terminal: told\nteam: 127.0.0.1 answers 403\n")
    path.write_text("terminal = false\ndesktop = false\n", encoding="utf-8")
    done = run("watch", "--try")
    assert done.code == 12 and "nobody would be told" in done.out
    assert run("watch", "--alerts").out == "no alert was raised yet\n"


def test_a_timer_runs_it_and_is_taken_out_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes = Fakes(tmp_path / "fakes")
    fakes.crontab()
    monkeypatch.setenv("PATH", fakes.environ["PATH"])
    (tmp_path / "config").mkdir(mode=0o700)
    (tmp_path / "config/watch.toml").write_text(
        'every = "6h"\n[[webhook]]\nname = "a"\nkind = "slack"\nurl-env = "SLACK_URL"\n', encoding="utf-8"
    )
    done = run("watch", "--install", "--no-search", "--root", "x", "--dry-run")
    assert done.code == 0 and "watch --once --root " in done.out and "--no-search" in done.out
    assert "a timer has none of your variables: put what SLACK_URL holds into a file" in done.err
    assert not fakes.table.exists()
    done = run("watch", "--install", "--store", f"sqlite:///{tmp_path}/x.sqlite3")
    assert "runs every 6h from now on, by cron; `stockade watch --uninstall` takes it out." in done.out
    line = fakes.table.read_text(encoding="utf-8").splitlines()[-2]
    assert "*/6 * * * env STOCKADE_CACHE_DIR=" in line and f"--store sqlite:///{tmp_path}/x.sqlite3" in line
    assert run("watch", "--uninstall").out == "watch is no longer run by itself.\n"
    assert not fakes.table.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--every", "never"], "`stockade watch --uninstall` ends it"),
        (["--dry-run"], "--dry-run goes with --install or --uninstall"),
        (
            ["--install", "--store", "postgresql://ada:secret@db.example/x"],
            "cannot be told a store with a login",
        ),
        (["--once", "--install"], "not allowed with"),
    ],
)
def test_what_does_not_go_together_is_said(run: Run, words: list[str], said: str) -> None:
    done = run("watch", *words)
    assert done.code == 2 and said in done.err and "secret" not in done.err


def test_a_watch_without_the_ledgers_libraries_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "stockade.remember.durable.store", None)
    done = run("watch", "--once")
    assert done.code == 1 and "its libraries are not installed" in done.err and "stockade[gate]" in done.err


def test_a_look_from_feed_to_alert(run: Run, tmp_path: Path, feed: FeedServer) -> None:
    venv = planted(tmp_path / "v", "evil==1.0")
    policy = tmp_path / "mine.toml"
    policy.write_text(
        f'[[advisories.feeds]]\nname = "osv"\nkind = "osv"\nurl = "{feed.url}"\n', encoding="utf-8"
    )
    assert run("audit", "--no-code", venv).code == 0
    feed.publish(record("MAL-2026-1", "evil", "1.0", modified=f"{NOW:%Y-%m-%dT%H:%M:%SZ}"))
    done = run("watch", "--once", "--no-search", "--policy", policy)
    assert done.code == 10 and f"in {venv} on {this_machine()} by pip" in done.err
    assert run("watch", "--once", "--no-search", "--policy", policy).code == 0
    assert "evil 1.0 is condemned, and it was here" in run("watch", "--alerts").out
    shutil.rmtree(venv)
    feed.status["/eco/modified_id.csv"] = feed.status["/eco/all.zip"] = 500
    done = run("watch", "--once", "--no-search", "--policy", policy)
    assert done.code == 11 and done.err.startswith("stockade: osv was not synced: ")
    with Durable(tmp_path / "data/gate-1.sqlite3", note=print) as store:
        (known,) = store.environments(this_machine())
        assert known.gone is not None


def test_of_much_that_cannot_be_looked_at_a_little_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gaps = tuple(f"/x/{number} cannot be read" for number in range(20))
    monkeypatch.setattr(
        "stockade.cli.looking.inventory", lambda one, **_: replace(inventory(one, **_), gaps=gaps)
    )
    venv = planted(tmp_path / "v", *(f"p{number}==1" for number in range(9)))
    assert run("audit", "--no-code", venv).code == 0
    planted(venv, *(f"q{number}==1" for number in range(9)))
    published(tmp_path / "data", at=NOW)
    done = run("watch", "--once", "--no-search", "--offline")
    lines = done.err.splitlines()
    assert done.code == 11 and lines[0].endswith("+q4==1, +q5==1 and 3 more")
    assert lines[-1].endswith("and 14 more could not be looked at; `stockade audit --all` names them")
