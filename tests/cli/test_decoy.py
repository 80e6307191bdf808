"""``stockade decoy``: planted, watched by the kernel's leases, taken out without a trace."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jsonschema  # type: ignore[import-untyped] # its stubs would be one more dependency
import pytest

from stockade.act.decoys.leases import Leases
from stockade.act.decoys.readers import reader_of
from stockade.act.report.json import schema_text
from stockade.cli import creds, respond
from tests.cli.conftest import Run
from tests.support.homes import write

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="file leases are Linux's")


def tree(home: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(home)): path.read_bytes() if path.is_file() else None
        for path in sorted(home.rglob("*"))
    }


@contextmanager
def watching(tmp_path: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """`decoy watch` in a process of its own, once its leases stand."""
    environ = {**os.environ, "STOCKADE_DATA_DIR": str(tmp_path / "data")}
    code = "import sys; from stockade.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", code, "decoy", "watch", "--format", "json", "--for", "60", *more]
    with subprocess.Popen(
        words, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        assert "watching" in process.stderr.readline()
        deadline = time.monotonic() + 30
        while Path("/proc/locks").read_text().count(f" {process.pid} ") < len(planted(tmp_path)):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.02)
        try:
            yield process
        finally:
            process.kill()


def planted(tmp_path: Path) -> list[dict[str, str]]:
    return json.loads((tmp_path / "data/decoys.json").read_text())  # type: ignore[no-any-return]


def test_planting_touches_nothing_that_is_there_and_removing_leaves_nothing(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "h"
    write(home / ".aws/credentials", "[default]\n")
    write(home / ".aws/config", "[default]\n")
    before = tree(home)
    done = run("decoy", "plant", "--home", home)
    assert (done.code, done.err) == (0, "")
    after = tree(home)
    assert {name: after[name] for name in before} == before
    assert ".aws/credentials.bak" in after and ".aliyun/config.json" in after
    assert all((home / name).stat().st_mode & 0o077 == 0 for name in after.keys() - before.keys())
    assert (home / ".aws/credentials.bak").stat().st_mtime < time.time() - 20 * 86400
    # Again: each kind once.
    assert "0 planted, 5 in all" in run("decoy", "plant", "--home", home).out
    assert run("decoy", "list").out.count("planted 20") == 5
    done = run("decoy", "remove")
    assert (done.code, tree(home)) == (0, before)
    assert run("decoy", "list").out == "0 decoys planted.\n"


def test_two_homes_get_different_secrets(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = []
    for name in ("a", "b"):
        monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / f"data-{name}"))
        run("decoy", "plant", "--home", tmp_path / name)
        texts.append((tmp_path / name / ".aws/credentials").read_text())
    assert texts[0] != texts[1]


def test_one_that_somebody_changed_is_left(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "h"
    run("decoy", "plant", "--home", home)
    (home / ".aws/credentials").write_text("[default]\nmine = 1\n")
    (home / ".kube/config").write_text("mine")
    done = run("decoy", "remove")
    assert done.code == 1
    assert "1 of 5 decoys were left" in done.err and "somebody has changed it" in done.out
    assert tree(home) == {
        ".aws": None,
        ".aws/credentials": b"[default]\nmine = 1\n",
        ".kube": None,
        ".kube/config": b"mine",
    }
    assert len(planted(tmp_path)) == 1


def test_who_opens_one_is_named_before_a_byte_is_read(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "h"
    run("decoy", "plant", "--home", home)
    trap = home / ".aws/credentials"
    held = trap.read_bytes()
    with watching(tmp_path) as process:
        assert process.stdout is not None
        # Looking at names, sizes and times opens nothing.
        subprocess.run(["ls", "-laR", str(home)], check=True, stdout=subprocess.DEVNULL)
        trap.stat()
        read = subprocess.run(["cat", ".aws/credentials"], cwd=home, check=True, capture_output=True)
        assert read.stdout == held
        told = json.loads(process.stdout.readline())
        jsonschema.Draft202012Validator(json.loads(schema_text("stockade-decoy-1"))).validate(told)
        assert (told["path"], told["expected"]) == (str(trap), False)
        assert (told["reader"]["command"], told["reader"]["folder"]) == ("cat .aws/credentials", str(home))
        assert "pytest" in " ".join(told["reader"]["started_by"])
        # And it is watched again.
        subprocess.run(["head", "-c1", str(home / ".kube/config.old")], check=True, capture_output=True)
        assert json.loads(process.stdout.readline())["reader"]["command"].startswith("head -c1")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 10


def test_a_backup_is_told_and_raises_no_alarm(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "h"
    run("decoy", "plant", "--home", home)
    backup = shutil.copy(shutil.which("cat") or "cat", tmp_path / "restic")
    with watching(tmp_path) as process:
        assert process.stdout is not None
        subprocess.run([backup, str(home / ".kube/config.old")], check=True, stdout=subprocess.DEVNULL)
        told = json.loads(process.stdout.readline())
        assert told["expected"] is True and told["reader"]["program"] == str(backup)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def test_who_does_not_wait_is_refused_and_heard(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "h"
    run("decoy", "plant", "--home", home)
    with watching(tmp_path) as process:
        assert process.stdout is not None
        with pytest.raises(BlockingIOError):
            os.open(home / ".aws/credentials", os.O_RDONLY | os.O_NONBLOCK)
        told = json.loads(process.stdout.readline())
        assert (told["reader"], told["expected"]) == (None, False)


def test_stockade_itself_raises_none(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "h"
    run("decoy", "plant", "--home", home)
    with watching(tmp_path) as process:
        done = run("creds", "list", "--home", home)
        assert "AKIA" not in done.out and done.out.startswith("0 credentials")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def test_whose_home_it_is_makes_no_difference(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only what would be left out: a test reads no variables and no processes of this machine.
    home = tmp_path / "h"
    monkeypatch.setenv("HOME", str(home))
    run("decoy", "plant")
    lying = {one["path"] for one in planted(tmp_path)}
    assert str(home / ".aws/credentials") in lying
    for given in (None, home):
        said = argparse.Namespace(home=given, loose=True)
        assert creds._scope(said, {}).home.skipped == lying
        assert respond._scope(said, []).home.skipped == lying


def test_there_is_nothing_to_watch(run: Run) -> None:
    done = run("decoy", "watch")
    assert (done.code, "no decoy is planted" in done.err) == (3, True)


def test_a_damaged_list_is_told(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "data/decoys.json", "{")
    done = run("decoy", "remove")
    assert (done.code, "is damaged" in done.err) == (1, True)


def test_leases_that_cannot_be_had(tmp_path: Path) -> None:
    write(tmp_path / "held", "x")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "held")
    with Leases() as leases:
        with (tmp_path / "held").open("rb"):
            assert leases.take(str(tmp_path / "held")) == "somebody has it open"
        assert leases.take(str(tmp_path / "held")) == leases.take(str(tmp_path / "held")) == ""
        for name in ("pipe", "link", "absent"):
            assert leases.take(str(tmp_path / name))
        assert leases.held == {str(tmp_path / "held")}
        assert list(leases.wait(0)) == []
        assert reader_of(str(tmp_path / "held")) is None
