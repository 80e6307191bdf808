"""An audit in each of its forms: valid by the schema of each, and harmless to who reads it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped] # its stubs would be one more dependency
import pytest
import referencing

from stockade.act.report.audit_html import audit_page
from stockade.act.report.audit_json import AUDIT_SCHEMA, audit_document, audit_object
from stockade.act.report.audit_sarif import audit_sarif
from stockade.act.report.audit_text import WORDS, audit_lines
from stockade.act.report.audited import AuditReport, EnvironmentReport
from stockade.act.report.cyclonedx import cyclonedx_document
from stockade.act.report.json import schema_text
from stockade.act.report.look import Look
from stockade.decide.policy import DEFAULT_AUDIT
from tests.act.test_json import tightened
from tests.act.test_sarif import official  # noqa: F401 - a fixture
from tests.support.audits import AUDIT, BAD, EMPTY, FINDINGS, GOOD, SITE
from tests.support.reports import BLOCKED

REPORTS = pytest.mark.parametrize("report", [AUDIT, EMPTY], ids=["audit", "empty"])


def strict() -> jsonschema.Draft202012Validator:
    schema = json.loads(schema_text(AUDIT_SCHEMA))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(tightened(schema))


@pytest.fixture(scope="module")
def cyclonedx() -> jsonschema.Draft7Validator:
    """The official schema of CycloneDX 1.6, and the two that it refers to, as a package carries them."""
    folder = Path(str(distribution("cyclonedx-python-lib").locate_file("cyclonedx/schema/_res")))

    def read(name: str) -> Any:
        return json.loads((folder / f"{name}.SNAPSHOT.schema.json").read_text(encoding="utf-8"))

    bom, others = read("bom-1.6"), [read("spdx"), read("jsf-0.82")]
    assert bom["$id"] == "http://cyclonedx.org/schema/bom-1.6.schema.json"
    registry = referencing.Registry().with_contents(
        [(one["$id"].replace(".SNAPSHOT", ""), one) for one in others]
    )
    return jsonschema.Draft7Validator(bom, registry=registry, format_checker=jsonschema.FormatChecker())


@REPORTS
def test_json_is_valid_and_plain(report: AuditReport) -> None:
    text = audit_document(report)
    strict().validate(json.loads(text))
    assert text.isascii() and text.replace("\n", "").isprintable()


def test_json_holds_everything() -> None:
    value = audit_object(AUDIT)
    bad, good = value["environments"]
    assert (bad["action"], good["action"]) == ("block", "allow")
    assert [one["kind"] for one in bad["findings"]] == [one.kind for one in FINDINGS]
    assert [one["artifact"] for one in bad["artifacts"]] == [one.artifact for one in BAD.artifacts]
    assert bad["installed"][0]["at"] == "2030-01-08T14:02:00+00:00"
    assert (bad["installed"][2]["origin"], bad["installed"][2]["editable"]) == ("file:///srv/shop", True)
    assert bad["gaps"] == list(BAD.gaps)
    with pytest.raises(jsonschema.ValidationError):
        strict().validate({**value, "new": 1})


@REPORTS
def test_sarif_is_valid(official: jsonschema.Draft4Validator, report: AuditReport) -> None:  # noqa: F811
    text = audit_sarif(report, descriptions={})
    official.validate(json.loads(text))
    assert text.isascii()


def test_sarif_tells_findings_beside_code() -> None:
    (run,) = json.loads(audit_sarif(AUDIT, descriptions={}))["runs"]
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    found = [one for one in run["results"] if one["ruleId"] in WORDS]
    assert [one["ruleId"] for one in found] == [one.kind for one in FINDINGS]
    assert len(run["results"]) > len(found)
    levels = {one["ruleId"]: one["level"] for one in found}
    assert (levels["malicious"], levels["vulnerable"], levels["orphan-file"]) == ("error", "warning", "note")
    prints = [one["partialFingerprints"]["stockadeFinding/v1"] for one in found]
    assert len(set(prints)) == len(prints)


@REPORTS
def test_the_bill_of_materials_is_valid(cyclonedx: jsonschema.Draft7Validator, report: AuditReport) -> None:
    boms = {BAD.installed[0].folder: [(f"{SITE}/requests-2.0.dist-info/sboms/a b.json", "0" * 64)]}
    text = cyclonedx_document(report, boms)
    cyclonedx.validate(json.loads(text))
    assert text.isascii()


def test_the_bill_names_releases_verdicts_and_vulnerabilities() -> None:
    boms = {BAD.installed[0].folder: [(f"{SITE}/a b.json", "0" * 64)]}
    value = json.loads(cyclonedx_document(AUDIT, boms))
    bad, good = value["components"]
    by_name = {one["name"]: one for one in bad["components"]}
    assert by_name["requests"]["purl"] == "pkg:pypi/requests@2.0"
    assert by_name["requests"]["externalReferences"] == [
        {
            "type": "bom",
            "url": f"file://{SITE}/a%20b.json",
            "hashes": [{"alg": "SHA-256", "content": "0" * 64}],
        }
    ]
    told = {one["name"] for one in by_name["stranger"]["properties"]}
    assert {"stockade:finding:malicious", "stockade:finding:unauthorised"} <= told
    ids = {one["id"]: one for one in value["vulnerabilities"]}
    assert ids["MAL-2030-1"]["affects"] == [{"ref": by_name["stranger"]["bom-ref"]}]
    assert ids["MAL-2030-1"]["ratings"] == [{"severity": "critical"}]
    assert ids["CVE-2030-1"]["recommendation"] == "upgrade to 2.1"
    assert good["components"][0]["name"] == "black"


def test_the_bill_is_the_same_for_the_same_contents_and_names_no_folder_twice() -> None:
    assert cyclonedx_document(AUDIT) == cyclonedx_document(AUDIT)
    twice = replace(GOOD, installed=GOOD.installed * 2)
    value = json.loads(cyclonedx_document(replace(AUDIT, environments=(twice,))))
    assert len(value["components"][0]["components"]) == 1


class Page(HTMLParser):
    """What a browser would make of a page: its tags in order, its text, and whether they close as they opened."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = io.StringIO()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            assert not (name in {"src", "href"} and not (value or "").startswith("#"))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.write(data)


@REPORTS
def test_the_page_is_whole_and_loads_nothing(report: AuditReport) -> None:
    page = Page()
    page.feed(audit_page(report))
    assert page.open == []
    assert "script" not in page.tags and "b" not in page.tags
    assert "default-src 'none'" in audit_page(report)


def test_the_page_says_what_was_found() -> None:
    page = Page()
    page.feed(audit_page(AUDIT))
    text = page.text.getvalue()
    for one in (
        "/srv/shop/.venv",
        "stranger 1.0",
        "<b>more</b>",
        "upgrade to 2.1",
        "Permission denied",
        "uv.lock",
    ):
        assert one in text
    assert "\x1b" not in text and "\u202e" not in text
    assert "1 more that policy only has told" in text


def lines(report: AuditReport, look: Look | None = None) -> list[str]:
    return audit_lines(report, look or Look())


def test_the_text_tells_environments_in_order_first_and_each_project_once() -> None:
    told = lines(AUDIT)
    text = "\n".join(told)
    assert text.index("/home/ann/tools/black") < text.index("/srv/shop/.venv")
    assert text.count("✗ stranger 1.0") == 1 and text.count("requests 2.0") == 1
    assert "and 2 more; --format json has them all" in text
    assert "also 1 orphan-file" in text
    assert "→ upgrade to 2.1" in text
    assert "Permission denied" in text
    assert "no distribution" in text and "lib/python3.11/site-packages/" in text
    assert told[-2] == "2 environments: 1 blocked, 1 allowed."
    assert "advisories: malicious: 3 hours old; analyser behind 2 walls" in told[-1]


def test_code_is_told_once_below_its_distribution_and_not_for_an_advisory_alone() -> None:
    code = replace(BLOCKED, project="stranger", version="1.0", artifact=f"{SITE}/stranger-1.0.dist-info")
    told = lines(replace(AUDIT, environments=(replace(BAD, artifacts=(code,)),)))
    assert sum("✗ stranger 1.0" in line for line in told) == 1
    at = next(n for n, line in enumerate(told) if "while it is installed" in line)
    assert told[at].startswith("    ") and not any(
        line.startswith("/") or SITE + "/str" in line for line in told
    )
    clean = replace(code, verdict="clean", evidence=(), gaps=(), reasons=("MAL-2030-1 says so",))
    told = lines(replace(AUDIT, environments=(replace(BAD, artifacts=(clean,)),)))
    assert "MAL-2030-1 says so" not in "\n".join(told)
    alone = replace(BAD, artifacts=(replace(code, project="quiet"),), findings=())
    told = lines(replace(AUDIT, environments=(alone,)))
    assert any(line.startswith("  ✗ quiet 1.0") for line in told)
    assert any(line.startswith(f"    {SITE[:8]}") or "stranger-1.0.dist-info" in line for line in told)


def test_the_text_obeys_nobody_but_the_terminal() -> None:
    for look in (Look(), Look(unicode=False), Look(colour=True, width=60)):
        text = "\n".join(lines(AUDIT, look))
        assert "\u202e" not in text and "\x1b[2J" not in text and "\x07" not in text
        if not look.unicode:
            assert text.isascii()


def test_of_no_environment_the_text_says_so() -> None:
    assert "Nothing was inspected." in lines(EMPTY)


@pytest.mark.parametrize("kind", sorted(DEFAULT_AUDIT))
def test_every_kind_of_finding_has_words(kind: str) -> None:
    assert WORDS[kind]


def environments() -> Iterator[tuple[EnvironmentReport, str]]:
    yield GOOD, "allow"
    yield replace(GOOD, gaps=("x",)), "undetermined"
    yield replace(GOOD, gaps=("x",), findings=FINDINGS), "block"
    yield replace(GOOD, artifacts=BAD.artifacts), "block"
    yield replace(GOOD, findings=tuple(one for one in FINDINGS if one.action == "ask")), "ask"


@pytest.mark.parametrize(("report", "action"), list(environments()))
def test_an_environment_is_as_bad_as_the_worst_of_it(report: EnvironmentReport, action: str) -> None:
    assert report.action == action
