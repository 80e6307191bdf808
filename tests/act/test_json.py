"""JSON output validates against the published schemas, strictly, and carries no terminal codes."""

from __future__ import annotations

import json
from dataclasses import replace
from math import nan
from typing import Any

import jsonschema  # type: ignore[import-untyped] # its stubs would be one more dependency
import pytest

from stockade.act.report.json import (
    ARTIFACT_SCHEMA,
    CHECK_SCHEMA,
    artifact_object,
    check_document,
    check_object,
    ndjson_line,
    schema_text,
)
from stockade.act.report.types import (
    ArtifactReport,
    artifact_report,
    hardest,
    release_report,
    strongest_first,
)
from stockade.model.assessment import Clean, Flagged
from stockade.model.decision import Allow, Block
from tests.support.reports import ALL, BLOCKED, CHECK, CLEAN, CLONE, EVIDENCE, EXPLAINED, HELPER, UNFETCHED


def tightened(node: Any) -> Any:
    """The schema with every object closed, so that a name which the schema does not publish fails here."""
    if isinstance(node, list):
        return [tightened(one) for one in node]
    if not isinstance(node, dict):
        return node
    closed = {key: tightened(value) for key, value in node.items()}
    if "properties" in closed and closed.get("type") == "object":
        closed["additionalProperties"] = False
    return closed


def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(schema_text(name))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(tightened(schema))


@pytest.mark.parametrize("report", [*ALL, CLONE, EXPLAINED], ids=lambda one: one.action + one.artifact)
def test_a_line_is_valid(report: ArtifactReport) -> None:
    line = ndjson_line(report)
    validator(ARTIFACT_SCHEMA).validate(json.loads(line))
    assert line.endswith("\n") and line.count("\n") == 1
    assert line.strip().isascii() and line.strip().isprintable()


def test_the_document_is_valid() -> None:
    text = check_document(CHECK)
    value = json.loads(text)
    validator(CHECK_SCHEMA).validate(value)
    assert value["schema"] == CHECK_SCHEMA
    assert text.isascii() and text.replace("\n", "").isprintable()


def test_an_unpublished_name_would_fail() -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator(ARTIFACT_SCHEMA).validate({**artifact_object(CLEAN), "new": 1})
    with pytest.raises(jsonschema.ValidationError):
        validator(CHECK_SCHEMA).validate({**check_object(CHECK), "new": 1})


def test_both_schemas_describe_the_same_artifact() -> None:
    one, whole = json.loads(schema_text(ARTIFACT_SCHEMA)), json.loads(schema_text(CHECK_SCHEMA))
    assert {key: one[key] for key in ("properties", "required")} == {
        key: whole["$defs"]["artifact"][key] for key in ("properties", "required")
    }
    for name in ("evidence", "step", "gap", "explanation"):
        assert one["$defs"][name] == whole["$defs"][name]


def test_the_names_are_the_contract() -> None:
    value = json.loads(ndjson_line(BLOCKED))
    assert list(value) == [
        *("artifact", "sha256", "project", "version", "verdict", "score", "action", "reasons"),
        *("evidence", "gaps", "seconds", "waive"),
    ]
    assert value["evidence"][0] == {
        "detector": "install-shell",
        "phase": "install",
        "message": "runs a command through a shell",
        "file": "setup.py",
        "line": 14,
        "layer": 0,
        "excerpt": 'os.system("curl")',
        "path": [],
    }
    assert value["evidence"][3]["phase"] is None and value["evidence"][3]["line"] is None
    assert value["gaps"][1] == {"kind": "scope", "what": "x.so", "why": "is a native binary"}
    assert (value["verdict"], value["action"], value["score"]) == ("flagged", "block", 0.99)
    assert value["waive"].startswith("stockade allow reqeusts==2.32.1 --sha256 aaaa")


def test_an_explanation_is_there_where_it_was_asked_for() -> None:
    value = json.loads(ndjson_line(EXPLAINED))
    assert value["explanation"]["terms"][1] == {
        "detector": "import-network",
        "phases": ["import", "call"],
        "log_odds": 1.5,
        "share": 0.2,
        "prior": True,
    }
    assert (value["explanation"]["intercept"], value["explanation"]["total"]) == (-3.0, 4.5)


def test_each_step_of_a_way_names_its_archive() -> None:
    first, *_, last, _ = json.loads(ndjson_line(CLONE))["evidence"][0]["path"]
    assert first == {
        "artifact": "skycloud_client-1.0.1-py3-none-any.whl",
        "file": "skycloud/client.py",
        "line": 31,
        "layer": 0,
        "what": "comes in as `access_key_secret`",
    }
    assert last["artifact"] == HELPER and "\\udcff" in last["what"]


def test_text_is_kept_but_for_lone_surrogates() -> None:
    odd = replace(CLEAN, artifact="caf\xe9\x1b\x7f\u202e\udcff.whl")
    line = ndjson_line(odd)
    assert json.loads(line)["artifact"] == "caf\xe9\x1b\x7f\u202e\\udcff.whl"
    assert "\x7f" not in line


def test_releases_hold_artifacts() -> None:
    value = json.loads(check_document(CHECK))
    assert [release["action"] for release in value["releases"]] == ["block", "allow", "undetermined"]
    assert value["releases"][0]["artifacts"][1] == artifact_object(BLOCKED)
    assert value["at"] == "2030-01-10T12:00:00+00:00"
    assert len(CHECK.artifacts) == 4


def test_the_hardest_action_stands_for_all() -> None:
    assert hardest(["allow", "ask"]) == "ask"
    assert hardest(["ask", "undetermined", "allow"]) == "undetermined"
    assert hardest(["block", "undetermined"]) == "block"
    assert hardest([]) == "undetermined"
    assert release_report("a", "1", (), direct=True).refused


def test_the_strongest_evidence_comes_first() -> None:
    mixed = (EVIDENCE[3], EVIDENCE[2], EVIDENCE[1], EVIDENCE[0])
    assert strongest_first(mixed, {}) == EVIDENCE
    weighed = strongest_first(mixed, {"name-disagreement": 2.0, "import-network": 3.0})
    assert [one.detector for one in weighed][:2] == ["import-network", "name-disagreement"]


def test_a_report_is_made_of_an_assessment_and_a_decision() -> None:
    flagged = Flagged(score=0.9, evidence=(EVIDENCE[3], EVIDENCE[0]), gaps=())
    common = {"artifact": "a.whl", "sha256": "a" * 64, "project": "a", "version": "1", "waive": "cmd"}
    got = artifact_report(flagged, Block(("because",)), **common)  # type: ignore[arg-type]
    assert (got.verdict, got.action, got.reasons, got.waive) == ("flagged", "block", ("because",), "cmd")
    assert got.evidence == (EVIDENCE[0], EVIDENCE[3]) and got.refused
    got = artifact_report(Clean(score=nan, evidence=(), gaps=()), Allow(()), **common)  # type: ignore[arg-type]
    assert got.waive == "" and not got.refused
    assert got.score == 1.0, "no usable score is never told as a low one"


def test_what_could_not_be_fetched_has_no_digest() -> None:
    assert json.loads(ndjson_line(UNFETCHED))["sha256"] == ""
