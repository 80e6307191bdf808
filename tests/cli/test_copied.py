"""`stockade check` and `who`: a new project that describes itself as a known one does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.cli.conftest import Run, file_of
from tests.cli.test_past import ago, evidence
from tests.cli.test_who_index import card
from tests.support.archives import wheel
from tests.support.index import Fault, TwinFile, TwinIndex, TwinProject

README = "".join(
    f"Line {number} tells at some length how a request is made and answered.\n" for number in range(9)
)


def about(name: str, owner: str, **info: Any) -> dict[str, Any]:
    """A project's JSON, all of it as a person would fill it in."""
    told = {"name": name, "summary": "Asks servers for pages, and people for patience", "description": README}
    roles = [{"role": "Owner", "user": owner}]
    return {
        "info": told | {"author": "Ada Wheelwright"} | info,
        "ownership": {"organization": None, "roles": roles},
    }


def squat(owner: str = "mallory", **info: Any) -> TwinProject:
    data = wheel("reqeusts", "1.0", {"reqeusts.py": "X = 1\n"})
    file: TwinFile = file_of("reqeusts", "1.0", data, uploaded=ago(days=5))
    return TwinProject((file,), about=about("reqeusts", owner, **info))


def known() -> TwinProject:
    """Its files are nobody's concern: only what it says of itself is asked for."""
    return TwinProject((), about=about("requests", "ada"))


TAKEN = {"copied-description", "claimed-author"}


def test_a_copied_description_and_a_claimed_author_are_evidence(run: Run) -> None:
    with TwinIndex({"reqeusts": squat(), "requests": known()}) as twin:
        ran = run("check", "reqeusts", "--index-url", twin.url, "--format", "json")
        assert sorted(twin.hits("/pypi/")) == ["/pypi/reqeusts/json", "/pypi/requests/json"]
        assert twin.hits("/simple/requests/") == []
        again = run("check", "reqeusts", "--index-url", twin.url, "--format", "json", "--offline")
        assert len(twin.hits("/pypi/")) == 2
    assert evidence(ran.out) >= TAKEN
    assert evidence(again.out) >= TAKEN


def test_the_same_owners_and_what_says_fork_are_passed(run: Run) -> None:
    for project in (squat("ada"), squat(summary="A fork of requests for old interpreters")):
        with TwinIndex({"reqeusts": project, "requests": known()}) as twin:
            ran = run("check", "reqeusts", "--index-url", twin.url, "--format", "json")
        assert not evidence(ran.out) & TAKEN
        assert "lookalike-name" in evidence(ran.out)


def test_a_known_project_that_cannot_be_asked_about_costs_the_figure(run: Run) -> None:
    for faults in ({"requests/json": Fault("error", status=500)}, {"requests/json": Fault("page")}):
        with TwinIndex({"reqeusts": squat(), "requests": known()}, faults=faults) as twin:
            ran = run("check", "reqeusts", "--index-url", twin.url, "--format", "json")
        assert not evidence(ran.out) & TAKEN
        assert "lookalike-name" in evidence(ran.out)
    with TwinIndex({"reqeusts": squat()}) as twin:
        ran = run("check", "reqeusts", "--index-url", twin.url, "--format", "json")
    assert not evidence(ran.out) & TAKEN


def test_code_alone_and_private_names_ask_nobody_else(run: Run, tmp_path: Path) -> None:
    with TwinIndex({"reqeusts": squat(), "requests": known()}) as twin:
        run("check", "reqeusts", "--index-url", twin.url, "--evidence", "code")
        assert twin.hits("/pypi/") == []
        for private in ("reqeusts", "requests"):
            policy = tmp_path / f"{private}.toml"
            policy.write_text(f'[[indexes]]\nurl = "{twin.url}"\nnames = ["{private}"]\n', encoding="utf-8")
            ran = run(
                "check", "reqeusts", "--index-url", twin.url, "--policy", str(policy), "--format", "json"
            )
            assert not evidence(ran.out) & TAKEN
        assert "/pypi/requests/json" not in twin.hits("/pypi/")


def test_the_card_says_it_in_a_line(run: Run) -> None:
    with TwinIndex({"reqeusts": squat(), "requests": known()}) as twin:
        told = card(run, twin, "reqeusts")
    assert "remark it has the description of requests, word for word (Line 0 tells" in told
    assert "gives the author of requests as its own, though none of that project's accounts owns it" in told
