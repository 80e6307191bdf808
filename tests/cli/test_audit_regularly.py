"""`stockade audit --every`: the same audit, by cron, from another folder; and out again, exactly."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.act.schedule.fakes import Fakes
from tests.cli.conftest import Run
from tests.cli.test_audit import honest


@pytest.fixture
def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fakes:
    made = Fakes(tmp_path / "fakes")
    made.crontab()
    monkeypatch.setenv("PATH", made.environ["PATH"])
    return made


def entry(fakes: Fakes) -> str:
    """The one line of ours that cron runs."""
    lines = fakes.table.read_text(encoding="utf-8").splitlines()
    (line,) = [one for one in lines if one and not one.startswith("#") and "stockade" in one]
    return line


def test_what_is_run_is_this_audit_with_whole_paths(run: Run, fakes: Fakes, tmp_path: Path) -> None:
    honest()
    Path("requirements.txt").write_text("alpha\nbeta\n")
    Path("stockade.toml").write_text('[audit]\norphan-file = "ask"\n')
    words = (
        "audit",
        "--every",
        "day",
        "--no-code",
        "--against",
        "requirements.txt",
        "--output",
        "report.json",
    )
    ran = run(*words, "--format", "json", "--dry-run")
    assert ran.code == 0 and "--against" in ran.out and not fakes.table.exists()
    ran = run(*words, "--format", "json")
    assert ran.code == 0, ran.err
    assert "`stockade audit --every never` takes it out" in ran.out
    # 1. What the table holds runs as it stands, in another folder, and audits the same environment by the same rules.
    command = entry(fakes).split(maxsplit=5)[5]
    (tmp_path / "elsewhere").mkdir()
    environ = os.environ | {"PATH": os.defpath}
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path / "elsewhere", env=environ, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert str(Path(".venv").absolute()) in Path("report.json").read_text()
    honest_site = next(Path(".venv").glob("lib/*/site-packages"))
    (honest_site / "stray.py").write_text("")
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path / "elsewhere", env=environ, capture_output=True, check=False
    )
    assert done.returncode == 12, done.stderr
    # 2. And out again.
    assert run("audit", "--every", "never").code == 0
    assert not fakes.table.exists() or "stockade" not in fakes.table.read_text()


def test_a_whole_machine_may_be_audited_regularly(run: Run, fakes: Fakes) -> None:
    ran = run("audit", "--every", "week", "--all", "--root", ".", "--no-code", "--since", "last")
    assert ran.code == 0, ran.err
    words = shlex.split(entry(fakes))
    assert words[words.index("--root") + 1] == str(Path.cwd())
    assert "--all" in words and "--no-code" in words and words[words.index("--since") + 1] == "last"


def test_stores_and_references_have_whole_paths_too(run: Run, fakes: Fakes) -> None:
    honest()
    ran = run("audit", "--every", "day", "--store", "sqlite:///a@b.sqlite3", "--reference", "known.bin")
    assert ran.code == 0, ran.err
    words = shlex.split(entry(fakes))
    assert words[words.index("--store") + 1] == f"sqlite:///{Path.cwd()}/a@b.sqlite3"
    assert words[words.index("--reference") + 1] == str(Path.cwd() / "known.bin")
    assert (
        run("audit", "--every", "day", "--store", "postgresql://db.example/x", "--reference", "none").code
        == 0
    )
    words = shlex.split(entry(fakes))
    assert words[words.index("--store") + 1] == "postgresql://db.example/x"
    assert words[words.index("--reference") + 1] == "none"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--fix",), "--fix changes environments"),
        (("--index-url", "https://index.invalid/simple"), "can be read by others"),
        (("accept",), "for a person to say"),
        (("--store", "postgresql://ada:secret@db.example/x"), "a store with a login"),
        (("--store", "postgresql://db.example/x?PassWord=secret"), "a store with a login"),
    ],
)
def test_what_no_timer_should_do_is_refused(
    run: Run, fakes: Fakes, words: tuple[str, ...], said: str
) -> None:
    honest()
    ran = run("audit", "--every", "day", *words)
    assert ran.code == 2 and said in ran.err and "secret" not in ran.err
    assert not fakes.table.exists()


def test_where_there_is_nothing_to_audit_nothing_is_set_up(run: Run, fakes: Fakes) -> None:
    ran = run("audit", "--every", "day")
    assert ran.code == 3 and not fakes.table.exists()
