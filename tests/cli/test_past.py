"""`stockade check` and what an index tells of a project beside its bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cli.conftest import OLD, Run, file_of
from tests.support.archives import wheel
from tests.support.index import Fault, TwinFile, TwinIndex, TwinProject

ABOUT: dict[str, Any] = {
    "info": {"name": "demo", "author_email": "ada@yopmail.com", "project_urls": {}},
    "ownership": {"organization": None, "roles": [{"role": "Owner", "user": "ada"}]},
}


def ago(**time: float) -> str:
    """A moment so long ago, as an index writes it."""
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


def demo(version: str, uploaded: str = OLD) -> TwinFile:
    return file_of("demo", version, wheel("demo", version, {"demo.py": "X = 1\n"}), uploaded=uploaded)


def evidence(out: str) -> set[str]:
    document = json.loads(out)
    return {
        one["detector"]
        for release in document["releases"]
        for file in release["artifacts"]
        for one in file["evidence"]
    }


def test_a_projects_past_is_evidence_that_weighs_nothing_alone(run: Run) -> None:
    files = (demo("1.0"), demo("1.1", "2020-03-01T00:00:00Z"), demo("1.2", ago(days=5)))
    with TwinIndex({"demo": TwinProject(files, about=ABOUT)}) as twin:
        ran = run("check", "demo", "--index-url", twin.url, "--format", "json")
    assert evidence(ran.out) == {"dormant-project", "throwaway-mail"}
    assert ran.code == 0, ran.out


def test_a_project_that_changed_hands_whole_is_remarked_on(run: Run) -> None:
    def owned_by(*names: str) -> TwinProject:
        roles = [{"role": "Owner", "user": name} for name in names]
        about = {"info": {"name": "demo"}, "ownership": {"organization": None, "roles": roles}}
        return TwinProject((demo("1.0"),), about=about)

    with TwinIndex({"demo": owned_by("ada", "bob")}, max_age=0) as twin:
        told = []
        for owners in (("ada", "bob"), ("bob", "carol"), ("mallory",), ("mallory",)):
            twin.put("demo", owned_by(*owners))
            told.append(evidence(run("check", "demo", "--index-url", twin.url, "--format", "json").out))
    assert told == [set(), set(), {"owners-changed"}, {"owners-changed"}]


def test_code_alone_asks_nobody(run: Run) -> None:
    with TwinIndex({"demo": TwinProject((demo("1.0"),), about=ABOUT)}) as twin:
        ran = run("check", "demo", "--index-url", twin.url, "--format", "json", "--evidence", "code")
        assert twin.hits("/pypi/") == []
    assert evidence(ran.out) == set()
    assert ran.code == 0


def test_only_named_and_young_projects_are_asked_about(run: Run) -> None:
    brings = wheel("alpha", "1.0", {"alpha.py": ""}, requires=["demo", "young"])
    packages: dict[str, Any] = {
        "alpha": [file_of("alpha", "1.0", brings)],
        "demo": [demo("1.0")],
        "young": [file_of("young", "1.0", wheel("young", "1.0", {"young.py": ""}), uploaded=ago(days=10))],
    }
    with TwinIndex(
        {name: TwinProject(tuple(files), about=b"{}") for name, files in packages.items()}
    ) as twin:
        ran = run("check", "alpha", "--index-url", twin.url)
        assert sorted(twin.hits("/pypi/")) == ["/pypi/alpha/json", "/pypi/young/json"]
    assert ran.code == 0, ran.out


@pytest.mark.parametrize(
    "fault", [Fault("error", status=500), Fault("page"), Fault("cut")], ids=lambda f: f.kind
)
def test_a_source_that_is_down_costs_the_figure_not_the_verdict(run: Run, fault: Fault) -> None:
    project = TwinProject((demo("1.0"),), about=ABOUT)
    with TwinIndex({"demo": project}, faults={"demo/json": fault}) as twin:
        ran = run("check", "demo", "--index-url", twin.url)
    assert ran.code == 0, ran.out + ran.err
    assert "1 release: 1 allowed." in ran.out
