"""Thieves are found out by what they do, with static analysis switched off; whoever takes nothing is not accused."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stockade.acquire.jail import bubblewrap as jail_by_bubblewrap
from stockade.cli import permitted
from tests.cli.conftest import OLD, Ran, Run
from tests.support import thieves
from tests.support.campaign import SOURCE, Dist, campaign, helper
from tests.support.debian import bubblewrap
from tests.support.detonating import REQUESTS, wheel_of
from tests.support.index import TwinFile, TwinIndex

Detonate = Callable[..., Ran]


@pytest.fixture
def _in_ci(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCKADE_BWRAP", str(bubblewrap()))
    monkeypatch.setenv("CI", "true")


@pytest.fixture
def detonate(run: Run, tmp_path: Path, _in_ci: None) -> Detonate:
    """Detonates a distribution as CI would, and judges it by what is seen alone."""

    def command(dist: Dist, *words: object, alone: bool = True) -> Ran:
        archive = dist.write(tmp_path)
        only = ["--only-seen"] if alone else []
        return run("detonate", archive, "--yes-run-it", "--offline", *only, *words)

    return command


def proofs(ran: Ran) -> list[dict[str, Any]]:
    """Evidence in a JSON report that a decoy got out."""
    document = json.loads(ran.out)
    return [one for one in document["artifact"]["evidence"] if one["detector"] == "decoy-stolen"]


@pytest.mark.parametrize("name", sorted(thieves.thieves()))
def test_a_thief_is_proved_to_be_one(name: str, detonate: Detonate) -> None:
    ran = detonate(thieves.thieves()[name], "--format", "json")
    assert ran.code == 10, ran.out + ran.err
    assert proofs(ran)


def test_a_thief_in_machine_code_is_proved_to_be_one(detonate: Detonate, tmp_path: Path) -> None:
    if shutil.which("gcc") is None:
        pytest.skip("waits for gcc")
    ran = detonate(thieves.native(tmp_path), "--format", "json")
    assert ran.code == 10, ran.out + ran.err
    assert proofs(ran)


@pytest.mark.parametrize("name", sorted(thieves.honest()))
def test_whoever_takes_nothing_is_not_accused(name: str, detonate: Detonate) -> None:
    ran = detonate(thieves.honest()[name], "--format", "json")
    assert ran.code == 0, ran.out + ran.err
    assert json.loads(ran.out)["artifact"]["score"] < 0.5


def test_the_campaign_is_proved_though_nobody_reads_its_code(detonate: Detonate, tmp_path: Path) -> None:
    made = campaign()
    first, inside = SOURCE.partition("import json")[0], SOURCE.partition("import json")[1:]
    guarded = helper(first + thieves.guard() + "".join(inside))
    beside = [guarded.write(tmp_path), *(wheel_of(name, tmp_path) for name in REQUESTS)]
    ran = detonate(made.clone, "--format", "json", "--beside", *beside)
    assert ran.code == 10, ran.out + ran.err
    (told, *_) = proofs(ran)
    assert "drift.clock.invalid" in json.dumps(told)


def test_a_thief_is_proved_to_be_one_where_there_is_no_bubblewrap(
    detonate: Detonate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STOCKADE_BWRAP")
    monkeypatch.setattr(jail_by_bubblewrap, "FOLDERS", ())
    ran = detonate(thieves.at_import(), "--format", "json")
    assert ran.code == 10, ran.out + ran.err
    assert proofs(ran)
    assert "/home/lena" not in ran.out  # nothing can be shown elsewhere than where it lies


def test_what_it_did_is_told_with_the_static_evidence(detonate: Detonate) -> None:
    ran = detonate(thieves.at_import(), alone=False)
    assert ran.code == 10
    assert "import early_bird" in ran.out
    assert "/home/lena/.aws/credentials" in ran.out


def test_a_page_is_made_of_it(detonate: Detonate, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert detonate(thieves.at_import(), "--format", "html", "--output", page).code == 10
    assert "early_bird" in page.read_text()


def test_what_is_dropped_is_told_with_its_digest(detonate: Detonate) -> None:
    source = "import os\nopen(os.path.expanduser('~/.cache-helper'), 'w').write('tool')\n"
    ran = detonate(thieves.wheel("dropping-bird", source), "--format", "json")
    (dropped,) = json.loads(ran.out)["observation"]["dropped"]
    assert (dropped["path"], dropped["size"]) == ("~/.cache-helper", 4)


def test_nothing_is_run_unless_somebody_says_so(run: Run, tmp_path: Path) -> None:
    ran = run("detonate", thieves.plain().write(tmp_path))
    assert ran.code == 2
    assert "--yes-run-it" in ran.err


def test_nothing_is_run_as_root_outside_ci(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    ran = run("detonate", thieves.plain().write(tmp_path), "--yes-run-it")
    assert ran.code == 3
    assert "as root" in ran.err


def test_nothing_is_run_where_what_it_takes_is_missing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(permitted, "NEEDED", "cryptography_that_nobody_has")
    ran = run("detonate", thieves.plain().write(tmp_path), "--yes-run-it")
    assert ran.code == 3
    assert "stockade[gate]" in ran.err


def test_what_is_not_there_is_said(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    (tmp_path / "text.txt").write_text("nothing")
    assert run("detonate", tmp_path / "text.txt", "--yes-run-it").code == 3
    both = tmp_path / "both"
    both.mkdir()
    thieves.plain().write(both)
    thieves.reader().write(both)
    ran = run("detonate", both, "--yes-run-it")
    assert ran.code == 3
    assert "more than one archive" in ran.err


def test_what_cannot_be_built_or_imported_is_undetermined(detonate: Detonate) -> None:
    system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    broken = Dist(
        name="stone", form="sdist", files={"pyproject.toml": system, "backend.py": "raise ValueError"}
    )
    ran = detonate(broken)
    assert ran.code == 11
    assert "no wheel could be built" in ran.out
    ran = detonate(thieves.wheel("lead", "raise ValueError('of lead')\n"))
    assert ran.code == 11
    assert "ValueError: of lead" in ran.out


def served(*dists: Dist) -> TwinIndex:
    """An index with what was uploaded long ago."""
    return TwinIndex({one.name: [TwinFile(one.filename, one.data, uploaded=OLD)] for one in dists})


@pytest.mark.usefixtures("_in_ci")
def test_a_requirement_is_had_from_the_index_with_what_it_needs(run: Run) -> None:
    needed = Dist(name="needed", files={"needed.py": "ONE = 1\n"})
    needing = Dist(
        name="needing",
        files={"needing.py": "import needed\nassert needed.ONE\n"},
        requires=("needed>=1", "absent; extra == 'x'"),
    )
    with served(needed, needing) as index:
        ran = run("detonate", "needing", "--yes-run-it", "--index-url", index.url, "--format", "json")
    assert ran.code == 0, ran.out + ran.err
    done = json.loads(ran.out)["observation"]
    assert ["import needing", 0] in [[one["what"], one["code"]] for one in done["ran"]]
    assert done["gaps"] == []


@pytest.mark.usefixtures("_in_ci")
def test_what_it_needs_is_judged_before_it_is_run(run: Run) -> None:
    bad = Dist(name="reqeusts", files={"reqeusts.py": thieves.guard() + thieves.TAKE + "send(take())\n"})
    needing = Dist(name="needing", files={"needing.py": "import reqeusts\n"}, requires=("reqeusts",))
    with served(bad, needing) as index:
        ran = run("detonate", "needing", "--yes-run-it", "--index-url", index.url)
        lone = run("detonate", needing.write(Path()), "--yes-run-it", "--index-url", index.url)
        assert run("detonate", "nobody-has-this", "--yes-run-it", "--index-url", index.url).code == 3
    for one in (ran, lone):
        assert one.code in {10, 11}, one.out + one.err
        assert "reqeusts==1.0.0: it was left out" in one.out
        assert "No module named 'reqeusts'" in one.out


@pytest.mark.usefixtures("_in_ci")
def test_check_runs_what_static_analysis_left_undecided(run: Run) -> None:
    Path("stockade.toml").write_text("[thresholds]\nask = 0.5\nblock = 0.995\n")
    with served(thieves.at_import(), thieves.plain()) as index:
        words = ("check", "early-bird", "song-bird", "--index-url", index.url)
        assert run(*words).code == 12
        assert run(*words, "--detonate").code == 2
        ran = run(*words, "--detonate", "--yes-run-it")
    assert ran.code == 10, ran.out + ran.err
    assert "early_bird-1.0.0-py3-none-any.whl was run among decoys" in ran.out
    assert "song_bird-1.0.0-py3-none-any.whl was run" not in ran.out
