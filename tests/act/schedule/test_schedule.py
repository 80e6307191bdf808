"""Timers are set up and taken out exactly, told by fake programs what they were run with, in homes that are made up."""

from __future__ import annotations

import argparse
import plistlib
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from stockade.act.schedule import cron, systemd
from stockade.act.schedule.choose import set_up, taken_out
from stockade.act.schedule.jobs import Job, command, job
from stockade.act.schedule.plan import Run, Write, carried_out, ran, shown_steps
from stockade.cli.scheduling import NEVER, every, schedule
from stockade.errors import ScheduleFailed
from tests.act.schedule.fakes import Fakes


@pytest.fixture
def fakes(tmp_path: Path) -> Fakes:
    return Fakes(tmp_path)


def watch(*words: str, length: timedelta = timedelta(hours=1)) -> Job:
    return Job(
        name="watch",
        words=(shutil.which("true") or "/bin/true", *words),
        every=length,
        purpose="look for condemned releases",
        undo="stockade watch --uninstall",
        environ={"STOCKADE_DATA_DIR": '/home/ada/100% "mine"'},
    )


def test_a_systemd_timer_is_written_started_and_taken_out_exactly(fakes: Fakes) -> None:
    fakes.systemctl()
    units = fakes.folder / "home/.config/systemd/user"
    units.mkdir(parents=True)
    (units / "other.service").write_text("[Service]\n", encoding="utf-8")
    before = fakes.tree()
    name, steps = set_up(watch("watch", "--once"), fakes.machine())
    assert name == "systemd"
    fakes.calls()
    carried_out(steps)
    timer = "stockade-watch.timer"
    words = [["--user", "daemon-reload"], ["--user", "enable", timer], ["--user", "restart", timer]]
    assert fakes.calls() == [["systemctl", *each] for each in words]
    service = (units / "stockade-watch.service").read_text(encoding="utf-8")
    assert service.startswith("# Written by Stockade; `stockade watch --uninstall` takes it out.\n")
    assert 'true" "watch" "--once"\n' in service
    assert "OnUnitInactiveSec=3600s" in (units / timer).read_text(encoding="utf-8")
    # A second time, with another interval: no more than one.
    carried_out(set_up(watch("watch", length=timedelta(days=1)), fakes.machine())[1])
    assert "OnUnitInactiveSec=86400s" in (units / timer).read_text(encoding="utf-8")
    fakes.calls()
    carried_out(taken_out("watch", fakes.machine()))
    assert fakes.calls() == [
        ["systemctl", "--user", "disable", "--now", timer],
        ["systemctl", "--user", "daemon-reload"],
    ]
    assert fakes.tree() == before
    assert taken_out("watch", fakes.machine()) == []


def test_systemd_is_told_every_word_as_it_is(fakes: Fakes) -> None:
    fakes.systemctl()
    carried_out(set_up(watch('a "b"', "$HOME", "100%h", "c\\d"), fakes.machine())[1])
    text = (fakes.folder / "home/.config/systemd/user/stockade-watch.service").read_text(encoding="utf-8")
    (line,) = [one for one in text.splitlines() if one.startswith("ExecStart=")]
    # A specifier is doubled, a variable too; quotes and backslashes are escaped (systemd.service(5)).
    assert line.endswith('true" "a \\"b\\"" "$$HOME" "100%%h" "c\\\\d"')
    assert 'Environment="STOCKADE_DATA_DIR=/home/ada/100%% \\"mine\\""' in text.splitlines()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="waits for systemd-analyze")
def test_systemd_takes_the_units(fakes: Fakes) -> None:
    fakes.systemctl()
    carried_out(set_up(watch("watch", "--once", 'a "b" $HOME %h \\ ü'), fakes.machine())[1])
    units = fakes.folder / "home/.config/systemd/user"
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--recursive-errors=no", *units.glob("stockade-*")],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(fakes.folder / "home"), "XDG_RUNTIME_DIR": str(fakes.folder)},
    )
    said = [line for line in done.stderr.splitlines() if "stockade-" in line]
    assert (said, done.returncode) == ([], 0), done.stderr


def test_what_is_written_by_others_is_left_alone(fakes: Fakes) -> None:
    fakes.systemctl()
    path = fakes.folder / "home/.config/systemd/user/stockade-watch.timer"
    path.parent.mkdir(parents=True)
    path.write_text("[Timer]\n", encoding="utf-8")
    with pytest.raises(ScheduleFailed, match="was not written by Stockade, and is left as it is"):
        carried_out(set_up(watch(), fakes.machine())[1])
    assert path.read_text(encoding="utf-8") == "[Timer]\n"
    carried_out(taken_out("watch", fakes.machine()))
    assert path.exists()


def test_a_command_that_fails_ends_it_and_says_so(fakes: Fakes) -> None:
    fakes.systemctl()
    (fakes.folder / "fails").write_text("daemon-reload", encoding="utf-8")
    with pytest.raises(ScheduleFailed, match=r"daemon-reload` ended with 1: Failed to do it\\x1b\[2J"):
        carried_out(set_up(watch(), fakes.machine())[1])


@pytest.mark.parametrize(
    ("state", "there"),
    [("running", True), ("degraded", True), ("starting", True), ("offline", False), ("", False)],
)
def test_a_user_manager_that_does_not_answer_is_none(fakes: Fakes, state: str, there: bool) -> None:
    fakes.systemctl(state)
    assert systemd.there(fakes.machine()) is there


def test_a_launchd_agent_is_written_started_and_taken_out_exactly(fakes: Fakes) -> None:
    fakes.program("launchctl")
    machine = fakes.machine("darwin")
    name, steps = set_up(watch("watch", "--once"), machine)
    assert name == "launchd"
    carried_out(steps)
    path = fakes.folder / "home/Library/LaunchAgents/stockade.watch.plist"
    about = plistlib.loads(path.read_bytes())
    assert about["Label"] == "stockade.watch" and about["StartInterval"] == 3600
    assert about["ProgramArguments"][1:] == ["watch", "--once"]
    assert about["EnvironmentVariables"] == {"STOCKADE_DATA_DIR": '/home/ada/100% "mine"'}
    assert fakes.calls() == [
        ["launchctl", "bootout", "gui/501/stockade.watch"],
        ["launchctl", "bootstrap", "gui/501", str(path)],
    ]
    carried_out(taken_out("watch", machine))
    assert fakes.calls() == [["launchctl", "bootout", "gui/501/stockade.watch"]]
    assert fakes.tree() == {} and taken_out("watch", machine) == []


@pytest.mark.parametrize("mine", ["", "# mine\n5 4 * * * /bin/mine --with '%'\n\n", "MAILTO=ada\n"])
def test_a_cron_entry_stands_between_two_lines_of_ours_and_goes_exactly(fakes: Fakes, mine: str) -> None:
    fakes.crontab()
    if mine:
        fakes.table.write_text(mine, encoding="utf-8")
    name, steps = set_up(watch("watch", "--once"), fakes.machine())
    assert name == "cron"
    carried_out(steps)
    text = fakes.table.read_text(encoding="utf-8")
    assert text.startswith(mine) and text.count("Written by Stockade: watch") == 1
    line = text.splitlines()[-2]
    minute, rest = line.split(" ", 1)
    assert 0 <= int(minute) < 60
    assert rest.startswith("* * * * env 'STOCKADE_DATA_DIR=/home/ada/100\\% \"mine\"' ")
    # Another interval, and another job beside it.
    carried_out(set_up(watch(length=timedelta(days=1)), fakes.machine())[1])
    other = Job(name="audit", words=("/a",), every=timedelta(days=7), purpose="p", undo="u", environ={})
    carried_out(set_up(other, fakes.machine())[1])
    assert fakes.table.read_text(encoding="utf-8").count("Written by Stockade") == 2
    carried_out(taken_out("watch", fakes.machine()))
    assert "audit" in fakes.table.read_text(encoding="utf-8")
    carried_out(taken_out("audit", fakes.machine()))
    assert (fakes.table.read_text(encoding="utf-8") if fakes.table.exists() else "") == mine
    assert taken_out("audit", fakes.machine()) == []


def test_a_crontab_that_cannot_be_told_apart_is_left_alone(fakes: Fakes) -> None:
    fakes.crontab()
    fakes.table.write_text("# Written by Stockade: watch\n5 * * * * /bin/mine\n", encoding="utf-8")
    with pytest.raises(ScheduleFailed, match="lacks the line"):
        taken_out("watch", fakes.machine())
    fakes.table.write_text("5 * * * * /bin/mine", encoding="utf-8")
    with pytest.raises(ScheduleFailed, match="last line does not end"):
        set_up(watch(), fakes.machine())
    fakes.program("crontab", "sys.exit('you may not')")
    with pytest.raises(ScheduleFailed, match="so that the crontab is left as it is"):
        set_up(watch(), fakes.machine())


@pytest.mark.parametrize(
    ("length", "pattern"),
    [
        ("5m", "*/5 * * * *"),
        ("45m", "*/30 * * * *"),
        ("1h", "M * * * *"),
        ("5h", "M */4 * * *"),
        ("1d", "M H * * *"),
        ("3d", "M H * * *"),
        ("1w", "M H * * D"),
    ],
)
def test_what_cron_is_told(fakes: Fakes, length: str, pattern: str) -> None:
    said = cron._when(every(length), fakes.machine()).split()
    wanted = [{"M": said[0], "H": said[1], "D": said[4]}.get(one, one) for one in pattern.split()]
    assert said == wanted


def test_a_job_is_there_once_whatever_starts_it(fakes: Fakes) -> None:
    fakes.crontab()
    carried_out(set_up(watch(), fakes.machine())[1])
    fakes.systemctl()
    name, steps = set_up(watch(), fakes.machine())
    assert name == "systemd"
    carried_out(steps)
    assert not fakes.table.exists()
    name, steps = set_up(watch(), fakes.machine(), "cron")
    carried_out(steps)
    assert name == "cron" and fakes.table.exists() and fakes.tree() == {}


def test_where_nothing_starts_jobs_that_is_said(fakes: Fakes) -> None:
    with pytest.raises(ScheduleFailed, match="systemd's user manager, launchd or cron does not answer"):
        set_up(watch(), fakes.machine())
    with pytest.raises(ScheduleFailed, match="launchd does not answer"):
        set_up(watch(), fakes.machine(), "launchd")
    assert taken_out("watch", fakes.machine()) == []


def test_a_dry_run_says_all_of_it_and_does_nothing(fakes: Fakes) -> None:
    fakes.systemctl()
    _, steps = set_up(watch("--x\u202e"[:3]), fakes.machine())
    lines = "\n".join(shown_steps(steps))
    assert "OnUnitInactiveSec=3600s" in lines and "--user daemon-reload" in lines
    assert fakes.tree() == {}
    fakes.crontab()
    assert "/bin/mine" in "\n".join(shown_steps([Run(("crontab", "-"), stdin="5 * * * * /bin/mine\n")]))
    carried_out(steps)
    assert "remove " in "\n".join(shown_steps(taken_out("watch", fakes.machine())))


def test_what_no_timer_can_be_told_is_refused() -> None:
    with pytest.raises(ScheduleFailed, match="no timer can be told"):
        watch("a\nb")


def test_programs_that_are_not_there_or_do_not_end(
    tmp_path: Path, fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ScheduleFailed, match="cannot be run"):
        ran((str(tmp_path / "none"),))
    fakes.program("slow", "import time; time.sleep(60)")
    monkeypatch.setattr("stockade.limits.SCHEDULER_SECONDS", 0.3)
    with pytest.raises(ScheduleFailed, match="does not end"):
        ran((str(tmp_path / "bin/slow"),))
    (tmp_path / "file").touch()
    with pytest.raises(ScheduleFailed, match="cannot be"):
        carried_out([Write(tmp_path / "file/unit", "# Written by Stockade\n")])
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed/folder").mkdir()
    with pytest.raises(ScheduleFailed, match="cannot be read"):
        carried_out([Write(tmp_path / "closed/folder", "x")])


def given(**more: object) -> argparse.Namespace:
    return argparse.Namespace(**{"scheduler": None, "dry_run": False, **more})


def test_the_command_says_what_was_done(fakes: Fakes, capsys: pytest.CaptureFixture[str]) -> None:
    fakes.systemctl()

    def said(length: timedelta, **more: object) -> str:
        schedule(
            "audit",
            ["audit", "--all"],
            length,
            purpose="look at every environment",
            undo="stockade audit --every never",
            given=given(**more),
            machine=fakes.machine(),
        )
        return capsys.readouterr().out

    assert "write " in said(every("day"), dry_run=True) and fakes.tree() == {}
    assert "runs every 1d from now on, by systemd; `stockade audit --every never` takes it out." in said(
        every("day")
    )
    assert said(NEVER) == "audit is no longer run by itself.\n" and fakes.tree() == {}
    assert said(every("never")) == "audit was not run by itself.\n"
    assert said(NEVER, dry_run=True) == "nothing would be changed\n"


@pytest.mark.parametrize("text", ["", "daily", "1m", "9w", "0h", "-1d"])
def test_intervals_that_are_none(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        every(text)


def test_a_job_runs_what_is_installed_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STOCKADE_DATA_DIR", "data")
    monkeypatch.delenv("STOCKADE_CACHE_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    made = job("watch", ("watch", "--once"), timedelta(hours=1), "p", "u")
    assert made.words[-2:] == ("watch", "--once") and made.environ["STOCKADE_DATA_DIR"] == str(
        tmp_path / "data"
    )
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert command()[:2] == (str(tmp_path / "python"), "-c")
    (tmp_path / "stockade").touch(0o755)
    assert command() == (str(tmp_path / "stockade"),)
