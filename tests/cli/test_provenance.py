"""Attestations from end to end: `check` and `who` against an index whose files a Sigstore of our own has signed."""

from __future__ import annotations

import json
import os
import shutil
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs would be one more dependency
import pytest

from stockade.remember.folders import data_folder
from stockade.remember.ledger import NAME
from tests.acquire.test_attestations import DIGESTS, FIXTURES, GITHUB
from tests.cli.conftest import Ran, Run
from tests.cli.test_past import ago, demo, evidence
from tests.support.archives import sdist, sdist_name
from tests.support.attesting import GitHub, Sigstore
from tests.support.index import Fault, TwinFile, TwinIndex

ADA = GitHub("ada/demo", "release.yml", "7")
MALLORY = GitHub("mallory/demo", "release.yml", "9")
DETECTORS = {"attestation-invalid", "attestation-lost", "publisher-changed"}


@pytest.fixture
def sigstore(tmp_path: Path, run: Run) -> Sigstore:
    """A Sigstore that the policy here trusts."""
    made = Sigstore()
    made.write_root(tmp_path / "here/root.json")
    Path("stockade.toml").write_text('[provenance]\ntrusted-root = "root.json"\n', encoding="utf-8")
    return made


def sign(sigstore: Sigstore, twin: TwinIndex, file: TwinFile, publisher: GitHub, **wrong: Any) -> None:
    twin.attest(file.filename, sigstore.provenance(file.filename, file.digest, publisher, **wrong))
    # What held once is kept for those bytes, whatever the index says later.
    shutil.rmtree(Path(os.environ["STOCKADE_CACHE_DIR"]) / "provenance", ignore_errors=True)


def judged(run: Run, twin: TwinIndex, *words: str) -> tuple[dict[str, Any], set[str], Ran]:
    """The release in the report of `check`, what is said of its attestations, and the whole."""
    ran = run("check", *(words or ("demo",)), "--index-url", twin.url, "--format", "json", "--no-cache")
    document = json.loads(ran.out)
    schema = resources.files("stockade.act.report").joinpath("schemas/stockade-check-1.json").read_text()
    jsonschema.validate(document, json.loads(schema))
    (release,) = document["releases"]
    return release, evidence(ran.out) & DETECTORS, ran


def test_attested_is_told_and_lowers_nothing(run: Run, sigstore: Sigstore) -> None:
    file = demo("1.0")
    with TwinIndex({"demo": [file]}) as twin:
        without, said, _ = judged(run, twin)
        assert (without["attested"], said) == ([], set())
        sign(sigstore, twin, file, ADA)
        release, said, ran = judged(run, twin)
    (one,) = release["attested"]
    assert one == {
        "file": file.filename,
        "publishers": [
            {"kind": "GitHub", "repository": "ada/demo", "workflow": "release.yml", "identifier": "7"}
        ],
        "invalid": "",
        "unknown": "",
    }
    assert said == set()
    assert release["artifacts"][0]["score"] == without["artifacts"][0]["score"]
    assert ran.code == 0


def test_the_publisher_of_the_first_sight_is_expected_ever_after(run: Run, sigstore: Sigstore) -> None:
    old, young = demo("1.0", ago(days=200)), demo("1.1", ago(days=5))
    with TwinIndex({"demo": [old, young]}) as twin:
        sign(sigstore, twin, old, ADA)
        assert judged(run, twin, "demo==1.0")[1] == set()
        sign(sigstore, twin, young, MALLORY)
        for _ in range(2):
            _, said, ran = judged(run, twin)
            assert said == {"publisher-changed"}
        assert "was published from GitHub mallory/demo, while 1.0 came from GitHub ada/demo" in ran.out
        assert judged(run, twin, "demo==1.0")[1] == set()
        sign(sigstore, twin, young, GitHub("team/demo-renamed", "publish.yml", "7"))
        assert judged(run, twin)[1] == set()


def test_where_nothing_was_ever_seen_the_release_before_speaks(run: Run, sigstore: Sigstore) -> None:
    old, young = demo("1.0", ago(days=200)), demo("1.1", ago(days=5))
    with TwinIndex({"demo": [old, young]}) as twin:
        sign(sigstore, twin, old, ADA)
        sign(sigstore, twin, young, MALLORY)
        assert judged(run, twin)[1] == {"publisher-changed"}
        # What is expected from then on is the former one.
        assert judged(run, twin, "demo==1.0")[1] == set()
        assert judged(run, twin)[1] == {"publisher-changed"}


def test_wheels_and_sdists_from_different_places(run: Run, sigstore: Sigstore) -> None:
    wheels = GitHub("ada/demo-wheels", "build.yml", "8")

    def both(version: str, uploaded: str) -> list[TwinFile]:
        name = sdist_name("demo", version)
        return [
            demo(version, uploaded),
            TwinFile(name, sdist("demo", version, {"demo.py": "X = 1\n"}), uploaded=uploaded),
        ]

    files = [*both("1.0", ago(days=30)), *both("1.1", ago(days=5))]
    with TwinIndex({"demo": files}) as twin:
        for file in files:
            sign(sigstore, twin, file, wheels if file.filename.endswith(".whl") else ADA)
        for words in (("demo", "--all-files"), ("demo==1.0", "--all-files"), ("demo", "--all-files")):
            release, said, _ = judged(run, twin, *words)
            assert len(release["attested"]) == 2
            assert said == set()
        sign(sigstore, twin, files[3], wheels)
        assert judged(run, twin, "demo", "--all-files")[1] == {"publisher-changed"}


def test_where_wheels_are_new_the_sdists_tell_where_a_project_lives(run: Run, sigstore: Sigstore) -> None:
    old = TwinFile(
        sdist_name("demo", "1.0"), sdist("demo", "1.0", {"demo.py": "X = 1\n"}), uploaded=ago(days=200)
    )
    young = demo("1.1", ago(days=5))
    with TwinIndex({"demo": [old, young]}) as twin:
        sign(sigstore, twin, old, ADA)
        sign(sigstore, twin, young, MALLORY)
        assert judged(run, twin)[1] == {"publisher-changed"}
        sign(sigstore, twin, young, ADA)
        assert judged(run, twin)[1] == set()


def test_bad_releases_in_a_row_do_not_vouch_for_each_other(run: Run, sigstore: Sigstore) -> None:
    files = [demo("1.0", ago(days=200)), demo("1.1", ago(hours=100)), demo("1.2", ago(hours=99))]
    with TwinIndex({"demo": files}) as twin:
        for file, publisher in zip(files, (ADA, MALLORY, MALLORY), strict=True):
            sign(sigstore, twin, file, publisher)
        _, said, ran = judged(run, twin)
    assert said == {"publisher-changed"}
    assert "while 1.0 came from GitHub ada/demo" in ran.out


def test_a_release_before_that_shows_nothing_says_nothing(run: Run, sigstore: Sigstore) -> None:
    old, young = demo("1.0", ago(days=200)), demo("1.1", ago(days=5))
    plain = TwinFile(sdist_name("demo", "1.0"), b"", uploaded=ago(days=200))
    with TwinIndex({"demo": [plain, old, young]}) as twin:
        sign(sigstore, twin, young, MALLORY)
        sign(sigstore, twin, old, ADA, bad_signature=True)
        assert judged(run, twin)[1] == set()
        (data_folder(os.environ) / NAME).unlink()
        # The file of it that has an attestation is the one that counts.
        sign(sigstore, twin, old, ADA)
        assert judged(run, twin)[1] == {"publisher-changed"}


def test_a_change_that_stood_for_a_season_is_expected_from_then_on(run: Run, sigstore: Sigstore) -> None:
    files = [demo("1.0", ago(days=300)), demo("1.1", ago(days=200)), demo("1.2", ago(days=5))]
    with TwinIndex({"demo": files}) as twin:
        for file, publisher in zip(files, (ADA, MALLORY, MALLORY), strict=True):
            sign(sigstore, twin, file, publisher)
        assert judged(run, twin, "demo==1.0")[1] == set()
        assert judged(run, twin)[1] == set()
        files.append(demo("1.3", ago(days=4)))
        twin.put("demo", files)
        for file, publisher in zip(files, (ADA, MALLORY, MALLORY, ADA), strict=True):
            sign(sigstore, twin, file, publisher)
        assert judged(run, twin)[1] == {"publisher-changed"}


def test_a_release_without_where_this_machine_verified_the_one_before(run: Run, sigstore: Sigstore) -> None:
    files = [demo("0.9", ago(days=300)), demo("1.0", ago(days=200)), demo("1.1", ago(days=5))]
    with TwinIndex({"demo": files}) as twin:
        sign(sigstore, twin, files[1], ADA)
        # The listing alone shows no habit.
        assert judged(run, twin)[1] == set()
        assert judged(run, twin, "demo==1.0")[1] == set()
        assert judged(run, twin)[1] == {"attestation-lost"}


def test_one_that_does_not_hold_is_evidence(run: Run, sigstore: Sigstore) -> None:
    file = demo("1.0")
    with TwinIndex({"demo": [file]}) as twin:
        sign(sigstore, twin, file, ADA, of="b" * 64)
        release, said, ran = judged(run, twin)
    assert said == {"attestation-invalid"}
    assert release["attested"][0]["invalid"] == "it is of other bytes"
    assert f"it is of other bytes ({file.filename})" in ran.out


@pytest.mark.parametrize(
    "fault", [Fault("error", status=500), Fault("page"), Fault("endless"), Fault("cut")], ids=lambda f: f.kind
)
def test_a_source_that_fails_costs_the_figure_not_the_verdict(
    run: Run, sigstore: Sigstore, fault: Fault
) -> None:
    file = demo("1.0")
    with TwinIndex({"demo": [file]}, faults={f"{file.filename}.provenance": fault}) as twin:
        sign(sigstore, twin, file, ADA)
        release, said, ran = judged(run, twin)
    assert said == set()
    assert release["attested"][0]["unknown"]
    assert ran.code == 0


def test_policy_and_code_alone_leave_it(run: Run, sigstore: Sigstore) -> None:
    file = demo("1.0")
    with TwinIndex({"demo": [file]}) as twin:
        sign(sigstore, twin, file, ADA, of="b" * 64)
        _, said, _ = judged(run, twin, "demo", "--evidence", "code")
        Path("stockade.toml").write_text("[provenance]\nverify = false\n", encoding="utf-8")
        release, more, _ = judged(run, twin)
        assert (said, more, release["attested"]) == (set(), set(), None)
        assert twin.hits("/integrity/") == []


def test_a_trust_root_that_is_none_is_said(run: Run, sigstore: Sigstore) -> None:
    file = demo("1.0")
    Path("root.json").write_text("{}", encoding="utf-8")
    with TwinIndex({"demo": [file]}) as twin:
        sign(sigstore, twin, file, ADA)
        ran = run("check", "demo", "--index-url", twin.url)
    assert ran.code == 2
    assert "is no trust root of Sigstore" in ran.err


def who(run: Run, twin: TwinIndex) -> tuple[str, dict[str, Any]]:
    """The card, and the object."""
    card = run("who", "demo", "--index-url", twin.url)
    ran = run("who", "demo", "--index-url", twin.url, "--format", "json")
    schema = resources.files("stockade.act.report").joinpath("schemas/stockade-who-1.json").read_text()
    found: dict[str, Any] = json.loads(ran.out)
    jsonschema.validate(found, json.loads(schema))
    return " ".join(card.out.split()), found


def test_who_names_the_publisher(run: Run, sigstore: Sigstore) -> None:
    files = [demo("1.0", ago(days=200)), demo("1.1", ago(days=5))]
    with TwinIndex({"demo": files}) as twin:
        for file in files:
            sign(sigstore, twin, file, ADA)
        card, found = who(run, twin)
        assert "verified, by GitHub ada/demo release.yml (attested is not safe)" in card
        assert [one["repository"] for one in found["project"]["publishers"]] == ["ada/demo"]
        assert "nothing is known against it" in found["verdict"]
        sign(sigstore, twin, files[1], MALLORY)
        card, found = who(run, twin)
        assert "worth a look: it was published from GitHub mallory/demo" in card
        sign(sigstore, twin, files[1], ADA, bad_signature=True)
        card, found = who(run, twin)
        assert "attestation that does not hold: DSSE: invalid signature" in card
        assert found["project"]["publishers"] == []
        sign(sigstore, twin, files[1], ADA)
        twin.attest(files[1].filename, b"<html>")
        card, found = who(run, twin)
        assert "attested unknown: what the index gives as its attestations is none" in card


def test_who_says_where_it_did_not_look(
    run: Run, sigstore: Sigstore, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = demo("1.0")
    with TwinIndex({"demo": [file]}) as twin:
        sign(sigstore, twin, file, ADA)
        Path("stockade.toml").write_text("[provenance]\nverify = false\n", encoding="utf-8")
        card, found = who(run, twin)
        assert "not checked: policy does not want it; attested is not safe" in card
        assert found["project"]["publishers"] is None
        Path("stockade.toml").unlink()
        # As on a machine without the extra.
        monkeypatch.setitem(sys.modules, "sigstore", None)
        card, found = who(run, twin)
        assert "not checked: that takes the extra stockade[provenance]; attested is not safe" in card
        release, said, ran = judged(run, twin)
        assert (release["attested"], said, ran.code) == (None, set(), 0)
        assert twin.hits("/integrity/") == []


def test_a_real_attestation_by_the_trust_root_that_ships(run: Run) -> None:
    """The file itself is not here: what is offered under its digest cannot be fetched, its attestation holds."""
    file = TwinFile(GITHUB, b"", uploaded=ago(days=200), sha256=DIGESTS[GITHUB])
    with TwinIndex({"pypi-attestations": [file]}) as twin:
        twin.attest(GITHUB, (FIXTURES / f"{GITHUB}.provenance").read_bytes())
        ran = run("who", "pypi-attestations", "--index-url", twin.url)
    assert "by GitHub trailofbits/pypi-attestations release.yml" in " ".join(ran.out.split())
    assert ran.err == ""
