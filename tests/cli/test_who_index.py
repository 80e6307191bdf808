"""`stockade who` with an index: the same card with what the index tells, and "unknown" for what it does not."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs would be one more dependency
import pytest

from tests.cli.conftest import OLD, Run
from tests.cli.test_past import ABOUT, ago, demo
from tests.support.index import Fault, TwinFile, TwinIndex, TwinProject

INFO = ABOUT["info"] | {
    "author": "Ada\x1b[31m",
    "author_email": "ada@example.org",
    "project_urls": {"Source": "https://github.com/ada/demo", "Docs": "https://demo.example/"},
}
HONEST = ABOUT | {"info": INFO}


def card(run: Run, twin: TwinIndex, *names: str) -> str:
    ran = run("who", *names, "--index-url", twin.url)
    assert ran.code == 0, ran.err
    return " ".join(ran.out.split())


def document(run: Run, twin: TwinIndex, name: str) -> dict[str, Any]:
    ran = run("who", name, "--index-url", twin.url, "--format", "json")
    (line,) = ran.out.splitlines()
    found: dict[str, Any] = json.loads(line)
    schema = resources.files("stockade.act.report").joinpath("schemas/stockade-who-1.json").read_text()
    jsonschema.validate(found, json.loads(schema))
    return found


def test_a_card_of_an_old_project(run: Run) -> None:
    files = (demo("1.0"), demo("1.1", ago(days=9)), demo("1.2", ago(days=2)))
    with TwinIndex({"demo": TwinProject(files, about=HONEST)}) as twin:
        told = card(run, twin, "demo")
        found = document(run, twin, "demo")
    assert "years (since 2020-01-01)" in told
    assert "releases 3, the last 1.2 2 days ago" in told
    assert "owner ada" in told
    assert "claims to be Ada\\x1b[31m, ada@example.org" in told
    assert "repository github.com/ada/demo" in told
    assert "attested unknown" in told
    assert "verdict nothing is known against it in" in told
    project = found["project"]
    assert (project["releases"], project["latest"], project["owners"]) == (3, "1.2", ["ada"])
    assert (project["attested"], found["exists"], found["remarks"]) == (None, True, [])


@pytest.mark.parametrize(
    "fault", [Fault("error", status=500), Fault("page"), Fault("endless")], ids=lambda f: f.kind
)
def test_what_is_down_is_unknown_and_never_nothing(run: Run, fault: Fault) -> None:
    project = TwinProject((demo("1.0"),), about=HONEST)
    with TwinIndex({"demo": project}, faults={"demo/json": fault}) as twin:
        told = card(run, twin, "demo")
        found = document(run, twin, "demo")
    assert "owner unknown author unknown repository unknown" in told
    assert "releases one" in told
    assert "not told owners and links are unknown: " in told
    assert found["project"]["owners"] is None


def test_an_index_that_is_down(run: Run) -> None:
    ran = run("who", "demo", "--index-url", "http://127.0.0.1:9/simple/")
    assert ran.code == 0
    assert "unknown: 127.0.0.1 cannot be reached" in " ".join(ran.out.split())


def test_a_lookalike_that_is_days_old(run: Run) -> None:
    with TwinIndex({"reqeusts": TwinProject((demo("1.0", ago(days=3)),))}) as twin:
        twin.put("reqeusts", [TwinFile("reqeusts-1.0.tar.gz", b"", uploaded=ago(days=3))])
        told = card(run, twin, "reqeusts")
        assert document(run, twin, "reqeusts")["project"]["age_days"] == 3
    assert "verdict may be taken for requests, and is 3 days old; make sure that it is what you mean" in told


def test_a_name_that_does_not_exist(run: Run) -> None:
    with TwinIndex({}) as twin:
        told = card(run, twin, "reqeusts", "quite-unlike-anything-known")
        found = document(run, twin, "reqeusts")
    assert "verdict does not exist; requests was meant, most likely" in told
    assert told.endswith("verdict does not exist")
    assert (found["exists"], found["project"]) == (False, None)


def test_quarantined_new_and_remarkable_projects_are_told_in_one_line(run: Run) -> None:
    old = (demo("1.0"), demo("1.1", "2020-02-01T00:00:00Z"), demo("1.2", ago(days=1)))
    packages = {
        "gone": TwinProject(
            (TwinFile("gone-1.tar.gz", b"", uploaded=OLD),), status="quarantined", reason="bad"
        ),
        "fresh": TwinProject((TwinFile("fresh-1.tar.gz", b"", uploaded=ago(days=5)),), about={"info": {}}),
        "undated": TwinProject((TwinFile("undated-1.tar.gz", b""),)),
        "demo": TwinProject(old, about=HONEST),
    }
    with TwinIndex(packages) as twin:
        told = {name: card(run, twin, name) for name in packages}
    assert "verdict quarantined by the index: do not install it" in told["gone"]
    assert "(bad)" in told["gone"]
    assert "verdict new (5 days); nothing else is known against it" in told["fresh"]
    assert "author none is given repository none is given" in told["fresh"]
    assert "verdict nothing is known against it, and its age is unknown" in told["undated"]
    assert "verdict worth a look: it comes" in told["demo"]


def test_organizations_and_attestations(run: Run) -> None:
    roles = [{"role": "Owner", "user": f"user{number}"} for number in range(7)]
    about = {"info": {"name": "demo"}, "ownership": {"organization": "House", "roles": roles}}
    attested = TwinFile(demo("1.0").filename, b"", uploaded=OLD)
    later = TwinFile(demo("1.1").filename, b"", uploaded="2021-01-01T00:00:00Z")
    with TwinIndex({"demo": TwinProject((attested,), about=about)}) as twin:
        twin.attest(attested.filename, b"{}")
        told = card(run, twin, "demo")
        assert document(run, twin, "demo")["project"]["attested"] is True
        twin.put(
            "demo", TwinProject((attested, later), about={"info": {}, "ownership": {"organization": "House"}})
        )
        twin.attest(attested.filename, b"{}")
        lost = card(run, twin, "demo")
        assert document(run, twin, "demo")["project"]["attested"] is False
    assert "attested unknown: what the index gives as its attestations is none" in told
    assert "owner the organization House: user0, user1, user2, user3, user4 and 2 more" in told
    assert "attested no, though earlier releases were" in lost


def test_offline_stays_as_it_was(run: Run) -> None:
    with TwinIndex({"demo": [demo("1.0")]}) as twin:
        ran = run("who", "--offline", "demo", "--format", "json", "--index-url", twin.url)
        assert twin.log == []
    assert set(json.loads(ran.out)) == {"name", "known", "downloads", "lookalikes", "as_of"}


@pytest.mark.index
def test_known_packages_of_the_real_index_read_true(run: Run) -> None:
    ran = run("who", "requests", "six", "--format", "json")
    requests, six = (json.loads(line) for line in ran.out.splitlines())
    assert requests["project"]["first_release"].startswith("2011-02")
    assert six["project"]["repository"] == "github.com/benjaminp/six"
    assert requests["remarks"] == []
