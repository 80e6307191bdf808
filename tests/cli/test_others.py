"""policy, allow, eval, help and the ways in which a command ends."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import stockade.cli
from stockade.cli import COMMANDS, main
from stockade.cli.check import inside
from tests.cli.conftest import Run
from tests.support.archives import sdist, wheel
from tests.support.trojan import trojan

ONES = "1" * 64


def test_policy_show_says_where_each_value_comes_from(run: Run) -> None:
    ran = run("policy", "show")
    assert ran.code == 0
    assert "minimum-age" in ran.out
    Path("stockade.toml").write_text('minimum-age = "1w"\n')
    ran = run("policy", "show")
    assert '"1w"' in ran.out
    assert run("policy", "check").code == 0
    Path("other.toml").write_text("version = 9\n")
    assert run("policy", "check", "other.toml").code == 2


def test_policy_check_without_one(run: Run) -> None:
    ran = run("policy", "check")
    assert ran.code == 2
    assert "the defaults hold" in ran.err


def test_allow_wants_a_pin_a_digest_a_time_and_a_reason(run: Run) -> None:
    assert run("allow", "a>1", "--sha256", ONES, "--because", "fine").code == 2
    assert run("allow", "a==1", "--sha256", "abc", "--because", "fine").code == 2
    assert run("allow", "a==1", "--sha256", ONES, "--for", "7", "--because", "fine").code == 2
    assert run("allow", "a==1", "--sha256", ONES, "--for", "52w", "--because", "fine").code == 2
    assert run("allow", "a==1", "--sha256", ONES, "--because", " ").code == 2
    assert run("allow", "a==1", "--sha256", ONES, "--because", "fine").code == 0
    assert run("allow", "--sha256", ONES, "--because", "an archive without a name").code == 0
    assert "# waivers: 2 in" in run("policy", "show").out


def corpus() -> None:
    Path("bad/one").mkdir(parents=True)
    Path("good").mkdir()
    Path("bad/one/reqeusts-2.32.1.tar.gz").write_bytes(trojan())
    Path("bad/index.csv").write_text("file,cluster,listed\none/reqeusts-2.32.1.tar.gz,c1,2024-09-01\n")
    Path("good/alpha-1.0-py3-none-any.whl").write_bytes(wheel("alpha", "1.0", {"alpha.py": "ONE = 1\n"}))


def test_eval_measures_both_sides(run: Run) -> None:
    corpus()
    ran = run(
        "eval", "--malicious", "bad", "--benign", "good", "--cases", "deep/cases.ndjson", "--list", "missed"
    )
    assert ran.code == 0, ran.err
    assert "clusters blocked          100.0 % of 1" in ran.out
    assert "benign blocked              0.0 % of 1" in ran.out
    assert "bad/one" not in ran.out  # nothing was missed
    cases = [json.loads(line) for line in Path("deep/cases.ndjson").read_text().splitlines()]
    bad = next(case for case in cases if case["malicious"])
    assert (bad["cluster"], bad["listed"], bad["action"]) == ("c1", "2024-09-01", "block")
    assert bad["source_bytes"] > 0
    assert bad["features"]


def test_eval_counts_an_error_against_us(run: Run) -> None:
    corpus()
    Path("good/broken-1.0.tar.gz").write_bytes(b"\x1f\x8b not really")
    ran = run("eval", "--malicious", "bad", "--benign", "good", "--list", "alarms")
    assert "benign blocked             50.0 % of 2" in ran.out
    assert "undetermined good/broken-1.0.tar.gz" in ran.out


def test_eval_counts_what_is_no_archive_at_all(run: Run) -> None:
    corpus()
    Path("good/notes.gz").write_text("only a name")
    ran = run("eval", "--malicious", "bad", "--benign", "good", "--list", "alarms")
    assert "benign blocked             50.0 % of 2" in ran.out
    assert "undetermined good/notes.gz" in ran.out


def test_eval_gives_figures_without_doubted_labels_too(run: Run) -> None:
    corpus()
    Path("bad/empty-1.0.tar.gz").write_bytes(sdist("empty", "1.0", {"setup.py": "import setuptools\n"}))
    both = ["eval", "--malicious", "bad", "--benign", "good", "--labels", "labels.toml"]
    Path("labels.toml").write_text('[clusters]\n[archives]\n"empty-1.0.tar.gz" = "it holds nothing"\n')
    ran = run(*both)
    assert "clusters blocked           50.0 % of 2" in ran.out
    assert "without 1 malicious archives" in ran.out
    assert "clusters blocked          100.0 % of 1" in ran.out
    Path("labels.toml").write_text(
        '[clusters]\n"empty-1.0.tar.gz" = "a cluster by its only archive"\n[archives]\n'
    )
    assert "clusters blocked          100.0 % of 1" in run(*both).out
    Path("labels.toml").write_text("clusters = 1\n")
    assert run(*both).code == 2
    assert run(*both[:-1], "nowhere.toml").code == 3


def test_eval_of_nothing(run: Run) -> None:
    Path("empty").mkdir()
    assert run("eval", "--benign", "empty").code == 3
    assert run("eval", "--benign", "nowhere").code == 3


@pytest.mark.parametrize("command", [*COMMANDS, ""])
def test_help_is_there_for_each_command(run: Run, command: str) -> None:
    ran = run(*([command] if command else []), "--help")
    assert ran.code == 0
    assert "usage: stockade" in ran.out


def test_version(run: Run) -> None:
    assert run("--version").out.startswith("stockade ")


def test_jobs_are_bounded(run: Run) -> None:
    assert run("scan", ".", "--jobs", "0").code == 2
    assert run("scan", ".", "--jobs", "many").code == 2


def test_asked_at_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("stockade.toml").write_text('[rules]\nflagged = "ask"\n')
    Path("reqeusts-2.32.1.tar.gz").write_bytes(trojan())

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert run("scan", "reqeusts-2.32.1.tar.gz").code == 12
    for said, code in (("y\n", 0), ("\n", 12), ("", 12)):
        monkeypatch.setattr(sys, "stdin", Terminal(said))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        assert run("scan", "reqeusts-2.32.1.tar.gz").code == code
    Path("stockade.toml").write_text('mode = "monitor"\n[rules]\nflagged = "ask"\n')
    ran = run("scan", "reqeusts-2.32.1.tar.gz")
    assert ran.code == 0
    assert "this time?" not in ran.err  # monitor mode asks nobody


def test_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(name: str) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(stockade.cli, "_module", stopped)
    assert main(["policy", "show"]) == stockade.cli.INTERRUPTED
    assert "interrupted" in capsys.readouterr().err


def test_a_full_disk_is_a_sentence(run: Run) -> None:
    Path("reqeusts-2.32.1.tar.gz").write_bytes(trojan())
    ran = run("scan", "reqeusts-2.32.1.tar.gz", "--output", "/dev/full")
    assert ran.code == 1
    assert "No space left" in ran.err
    assert "Traceback" not in ran.err


def test_an_internal_error_is_a_sentence_too(capsys: pytest.CaptureFixture[str]) -> None:
    stockade.cli.plainly(RuntimeError, RuntimeError("boom \x1b[31m"), None)
    said = capsys.readouterr().err
    assert "internal error: RuntimeError: boom" in said
    assert "\x1b" not in said


def test_it_says_so_when_it_runs_inside_the_environment_that_it_is_asked_about(run: Run) -> None:
    assert sys.prefix != sys.base_prefix, "the suite runs in a virtual environment"
    (said,) = inside({"VIRTUAL_ENV": sys.prefix})
    assert "install it apart" in said
    assert inside({"VIRTUAL_ENV": "/somewhere/else"}) == []
    assert inside({}) == []  # the empty folder of the test has no environment


def test_output_goes_where_it_can_and_spoils_nothing(run: Run) -> None:
    Path("reqeusts-2.32.1.tar.gz").write_bytes(trojan())
    for place in (".", "/nowhere/x.json"):
        ran = run("scan", "reqeusts-2.32.1.tar.gz", "--output", place)
        assert ran.code == 2
        assert "--output" in ran.err
    Path("kept.json.partial").write_text("mine")
    assert run("scan", "reqeusts-2.32.1.tar.gz", "--output", "kept.json").code == 10
    assert Path("kept.json.partial").read_text() == "mine"
    assert run("scan", "reqeusts-2.32.1.tar.gz", "--output", "/dev/null").code == 10
    assert Path("/dev/null").is_char_device()
    Path("real.json").write_text("old")
    Path("real.json").chmod(0o600)
    Path("link.json").symlink_to("real.json")
    assert run("scan", "reqeusts-2.32.1.tar.gz", "--output", "link.json").code == 10
    assert Path("link.json").is_symlink()
    assert "BLOCK" in Path("real.json").read_text()
    assert Path("real.json").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in Path().iterdir() if path.name.startswith(".")) == []


def test_a_reader_who_leaves_is_no_failure_of_ours(tmp_path: Path) -> None:
    (tmp_path / "reqeusts-2.32.1.tar.gz").write_bytes(trojan())
    script = 'stockade scan "$0" | true; echo "${PIPESTATUS[0]}"'
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run(
        ["bash", "-c", script, tmp_path / "reqeusts-2.32.1.tar.gz"],
        env={"PATH": path, "HOME": str(tmp_path), "STOCKADE_CACHE_DIR": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(stockade.cli.READER_LEFT)
    assert done.stderr == ""
