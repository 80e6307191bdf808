"""`stockade scan`: archives and folders of this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from math import exp
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # its stubs would be one more dependency
import pytest

from stockade import limits
from stockade.cli import common
from stockade.workers import Analyser, in_process
from tests.cli.conftest import Run
from tests.support.archives import wheel
from tests.support.trojan import SETUP, trojan


def archives() -> None:
    Path("dist").mkdir()
    Path("dist/alpha-1.0-py3-none-any.whl").write_bytes(wheel("alpha", "1.0", {"alpha.py": "ONE = 1\n"}))
    Path("dist/reqeusts-2.32.1.tar.gz").write_bytes(trojan())


def test_a_folder_of_archives(run: Run) -> None:
    archives()
    ran = run("scan", "dist")
    assert ran.code == 10, ran.out + ran.err
    assert "2 files: 1 blocked, 1 allowed." in ran.out


def test_ndjson_is_one_valid_object_a_line(run: Run) -> None:
    archives()
    ran = run("scan", "dist/alpha-1.0-py3-none-any.whl", "dist/reqeusts-2.32.1.tar.gz", "--format", "ndjson")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    schema = json.loads(
        resources.files("stockade.act.report").joinpath("schemas/stockade-artifact-1.json").read_text()
    )
    for line in lines:
        jsonschema.validate(line, schema)
    by_name = {line["artifact"]: line for line in lines}
    assert by_name["dist/alpha-1.0-py3-none-any.whl"]["action"] == "allow"
    bad = by_name["dist/reqeusts-2.32.1.tar.gz"]
    assert (bad["action"], bad["verdict"], bad["project"], bad["version"]) == (
        "block",
        "flagged",
        "reqeusts",
        "2.32.1",
    )
    assert any(one["file"].endswith("setup.py") and one["phase"] == "install" for one in bad["evidence"])


def test_a_name_that_is_like_a_known_one_is_told_unless_code_alone_counts(run: Run) -> None:
    archives()
    scan = ("scan", "dist/reqeusts-2.32.1.tar.gz", "--format", "ndjson")
    for more, told in (((), True), (("--evidence", "code"), False), ((), True)):
        line = json.loads(run(*scan, *more).out)
        found = [one for one in line["evidence"] if one["detector"] == "lookalike-name"]
        assert bool(found) is told
        assert all("may be taken for requests (transposition)" in one["message"] for one in found)


def test_requirements_on_bad_names_are_told_unless_code_alone_counts(run: Run) -> None:
    data = wheel("kit", "1.0", {"kit/__init__.py": ""}, requires=["requests-http", "numpyy"])
    Path("kit-1.0-py3-none-any.whl").write_bytes(data)
    for more, told in (
        ((), {"requirement-malicious", "requirement-lookalike"}),
        (("--evidence", "code"), set()),
    ):
        line = json.loads(run("scan", "kit-1.0-py3-none-any.whl", "--format", "ndjson", *more).out)
        assert {one["detector"] for one in line["evidence"]} == told


def test_more_requirements_than_are_looked_up_are_a_gap(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_REQUIREMENTS_NAMED", 1)
    data = wheel("kit", "1.0", {"kit/__init__.py": ""}, requires=["attrs", "requests-http"])
    Path("kit-1.0-py3-none-any.whl").write_bytes(data)
    line = json.loads(run("scan", "kit-1.0-py3-none-any.whl", "--format", "ndjson").out)
    assert (line["verdict"], line["evidence"]) == ("unknown", [])
    assert [(one["what"], one["kind"]) for one in line["gaps"]] == [("its requirements", "limit")]


def test_explained_scores_add_up(run: Run) -> None:
    archives()
    line = json.loads(run("scan", "dist/reqeusts-2.32.1.tar.gz", "--format", "ndjson", "--explain").out)
    told = line["explanation"]
    assert told["total"] == pytest.approx(
        told["intercept"] + sum(one["log_odds"] for one in told["terms"]), abs=0.01
    )
    assert line["score"] == pytest.approx(1 / (1 + exp(-told["total"])), abs=0.001)
    assert {one["detector"] for one in told["terms"]} == {one["detector"] for one in line["evidence"]}
    assert "explanation" not in json.loads(
        run("scan", "dist/reqeusts-2.32.1.tar.gz", "--format", "ndjson").out
    )


def test_a_source_folder(run: Run) -> None:
    Path("vendor").mkdir()
    Path("vendor/setup.py").write_text(SETUP)
    assert run("scan", "vendor").code == 10


def test_sarif(run: Run) -> None:
    archives()
    ran = run("scan", "dist", "--format", "sarif", "--output", "out.sarif")
    assert ran.code == 10
    assert ran.out == ""
    assert json.loads(Path("out.sarif").read_text())["version"] == "2.1.0"
    assert not Path("out.sarif.partial").exists()


def test_nothing_there(run: Run) -> None:
    ran = run("scan", "nowhere.whl")
    assert ran.code == 3
    assert "nowhere.whl" in ran.err
    assert ran.out == ""


def test_one_of_two_missing_is_undetermined(run: Run) -> None:
    archives()
    ran = run("scan", "dist/alpha-1.0-py3-none-any.whl", "nowhere.whl")
    assert ran.code == 11
    assert "nowhere.whl" in ran.out


def test_an_empty_folder_holds_nothing(run: Run) -> None:
    Path("empty").mkdir()
    assert run("scan", "empty").code == 3


def test_a_damaged_archive_is_undetermined_not_clean(run: Run) -> None:
    Path("broken-1.0.tar.gz").write_bytes(trojan()[:200])
    assert run("scan", "broken-1.0.tar.gz").code == 11


def test_a_users_own_yara_rule_can_block(run: Run) -> None:
    archives()
    Path("mine.yar").write_text(
        'rule forbidden { meta: description = "our own word" strings: $a = "ONE = 1" condition: $a }'
    )
    Path("stockade.toml").write_text('[yara]\nrules = ["mine.yar"]\n[detectors]\nuser-rule = "block"\n')
    ran = run("scan", "dist/alpha-1.0-py3-none-any.whl")
    assert ran.code == 10, ran.out + ran.err
    assert "our own word" in ran.out


def test_a_policy_that_names_missing_or_unreadable_rules(run: Run) -> None:
    archives()
    Path("stockade.toml").write_text('[yara]\nrules = ["gone.yar"]\n')
    assert "gone.yar" in run("scan", "dist").err
    Path("gone.yar").write_bytes(b"\xff\xfe")
    assert run("scan", "dist").code == 2
    Path("gone.yar").write_text("rule {")
    ran = run("scan", "dist")
    assert ran.code == 2, ran.err
    assert "Traceback" not in ran.err


def test_a_policy_with_an_unknown_key(run: Run) -> None:
    archives()
    Path("stockade.toml").write_text("minimum-agee = '3d'\n")
    ran = run("scan", "dist")
    assert ran.code == 2
    assert "minimum-age" in ran.err


def test_a_corrupt_cache_costs_nothing_but_time(run: Run, tmp_path: Path) -> None:
    archives()
    first = run("scan", "dist", "--format", "ndjson")
    database = next((tmp_path / "cache").rglob("*.sqlite3"))
    database.write_bytes(b"not a database, not at all" * 100)
    again = run("scan", "dist", "--format", "ndjson")
    assert first.code == again.code == 10
    assert sorted(line.partition('"seconds"')[0] for line in first.out.splitlines()) == sorted(
        line.partition('"seconds"')[0] for line in again.out.splitlines()
    )


def test_without_the_cache_nothing_is_kept(run: Run, tmp_path: Path) -> None:
    archives()
    assert run("scan", "dist", "--no-cache").code == 10
    assert not list(tmp_path.glob("cache/**/*.sqlite3"))
    assert run("scan", "dist").code == 10
    assert list(tmp_path.glob("cache/**/*.sqlite3"))


def test_a_detector_that_policy_ignores_adds_nothing_to_the_score(run: Run) -> None:
    archives()
    words = ("scan", "dist/reqeusts-2.32.1.tar.gz", "--format", "ndjson")
    before = json.loads(run(*words).out)
    heard = sorted({one["detector"] for one in before["evidence"]})
    Path("stockade.toml").write_text("[detectors]\n" + "".join(f'{one} = "ignore"\n' for one in heard))
    after = json.loads(run(*words).out)
    assert (after["action"], after["evidence"]) == ("allow", [])
    assert after["score"] < before["score"]


def test_a_missing_wall_is_said_and_left_to_policy(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    archives()

    @contextmanager
    def bare(*, jobs: int | None, options: object, reference: object) -> Iterator[Analyser]:
        yield in_process(options, why="this is a test")

    monkeypatch.setattr(common, "confined", bare)
    ran = run("scan", "dist/alpha-1.0-py3-none-any.whl")
    assert ran.code == 0
    assert "this is a test" in ran.out
    Path("stockade.toml").write_text('[rules]\nunconfined = "block"\n')
    assert run("scan", "dist/alpha-1.0-py3-none-any.whl").code == 10
