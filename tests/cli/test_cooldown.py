"""`stockade check` and releases that are young: asked about, blocked, waived, or passed over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import OLD, Ran, Run, file_of
from tests.cli.test_past import ago
from tests.support.archives import sdist, wheel
from tests.support.index import TwinFile, TwinIndex, TwinProject
from tests.support.trojan import trojan


def demo(
    version: str, uploaded: str | None = OLD, name: str = "demo", requires: tuple[str, ...] = ()
) -> TwinFile:
    data = wheel(name, version, {f"{name}.py": "X = 1\n"}, requires=requires)
    return file_of(name, version, data, uploaded=uploaded)


def taken(ran: Ran) -> dict[str, str]:
    """Project -> version and action."""
    document = json.loads(ran.out)
    return {one["project"]: f"{one['version']} {one['action']}" for one in document["releases"]}


def test_an_honest_young_release_is_asked_about_in_a_clear_sentence(run: Run) -> None:
    with TwinIndex({"demo": [demo("1.0"), demo("1.1", ago(hours=26))]}) as twin:
        ran = run("check", "demo==1.1", "--index-url", twin.url)
    assert ran.code == 12, ran.out
    assert "it was uploaded 26 hours ago (" in ran.out
    assert "releases are left to age for 3d" in " ".join(ran.out.split())


def test_a_new_projects_first_hours_are_blocked(run: Run) -> None:
    with TwinIndex({"demo": [demo("1.0", ago(hours=3))]}) as twin:
        ran = run("check", "demo==1.0", "--index-url", twin.url)
        assert ran.code == 10, ran.out
        assert "its project is new (3 hours)" in ran.out
        Path("stockade.toml").write_text(
            '[[cooldown.exempt]]\nproject = "demo"\nuntil = 2099-01-01\nbecause = "we wrote it"\n'
        )
        ran = run("check", "demo", "--index-url", twin.url)  # unpinned: the resolver must know it too
    assert ran.code == 0, ran.out + ran.err
    assert "we wrote it" in ran.out


FIXED = {"vulnerabilities": [{"id": "PYSEC-2026-1", "fixed_in": ["1.1"]}]}


@pytest.mark.parametrize(
    ("told", "wanted", "code"),
    [
        (FIXED, "1.1 allow", 0),
        ({"vulnerabilities": [{"id": "X", "fixed_in": ["1.1"], "withdrawn": "2026-01-01"}]}, "1.0 allow", 0),
        ({"vulnerabilities": [{"id": "X", "fixed_in": ["0.9", "2.0"]}]}, "1.0 allow", 0),
        (
            {"vulnerabilities": [{"id": "X", "fixed_in": None}, 7, {"id": 3, "fixed_in": ["1.1"]}]},
            "1.0 allow",
            0,
        ),
        ({"vulnerabilities": "none"}, "1.0 allow", 0),
        (b"<html>", "1.0 allow", 0),
        (None, "1.0 allow", 0),
    ],
)
def test_a_fix_is_taken_at_once_where_the_index_says_that_it_is_one(
    run: Run, told: Any, wanted: str, code: int
) -> None:
    project = TwinProject(
        (demo("1.0"), demo("1.1", ago(hours=5))), releases={} if told is None else {"1.0": told}
    )
    with TwinIndex({"demo": project}) as twin:
        ran = run("check", "demo", "--index-url", twin.url, "--format", "json")
        pinned = run("check", "demo==1.1", "--index-url", twin.url)
    assert taken(ran) == {"demo": wanted}
    assert ran.code == code
    assert pinned.code == (0 if wanted.startswith("1.1") else 12)
    assert (
        "the cooldown is waived: it fixes PYSEC-2026-1" in " ".join(pinned.out.split())
    ) is wanted.startswith("1.1")


def test_the_policy_may_let_fixes_wait_too(run: Run) -> None:
    Path("stockade.toml").write_text("[cooldown]\nfixes = false\n")
    project = TwinProject((demo("1.0"), demo("1.1", ago(hours=5))), releases={"1.0": FIXED})
    with TwinIndex({"demo": project}) as twin:
        assert run("check", "demo==1.1", "--index-url", twin.url).code == 12
        assert twin.hits("/pypi/demo/1.0/") == []


def test_without_upload_times_our_own_first_sight_counts(run: Run) -> None:
    with TwinIndex({"demo": [demo("1.0", None)]}) as twin:
        assert run("check", "demo", "--index-url", twin.url).code == 0
        twin.put("demo", [demo("1.0", None), demo("1.1", None)])
        ran = run("check", "demo==1.1", "--index-url", twin.url)
        assert ran.code == 12, ran.out
        assert "0 minutes ago" in ran.out or "1 minute ago" in ran.out
        ran = run("check", "demo", "--index-url", twin.url, "--format", "json")
        assert taken(ran) == {"demo": "1.0 allow"}  # the resolver passes over it as well


def test_older_is_the_newest_closure_that_passes(run: Run) -> None:
    bad = [file_of("beta", version, trojan("beta", version), form="sdist") for version in ("1.2", "1.1")]
    good = file_of("beta", "1.0", sdist("beta", "1.0", {"beta.py": ""}), form="sdist")
    packages = {
        "alpha": [demo("2.0", ago(hours=2), "alpha", ("beta",)), demo("1.0", OLD, "alpha", ("beta",))],
        "beta": [*bad, good],
    }
    with TwinIndex(packages) as twin:
        plain = run("check", "alpha==2.0", "--index-url", twin.url, "--format", "json")
        assert taken(plain) == {"alpha": "2.0 ask", "beta": "1.2 block"}
        ran = run("check", "alpha==2.0", "--resolve-older", "--index-url", twin.url, "--format", "json")
        assert taken(ran) == {"alpha": "1.0 allow", "beta": "1.0 allow"}
        assert ran.code == 0
        told = " ".join(json.loads(ran.out)["notes"])
        assert "beta==1.2 is passed over" in told
        assert "beta==1.1 is passed over" in told


def test_where_nothing_older_passes_the_first_closure_is_told(run: Run) -> None:
    packages = {"beta": [file_of("beta", "1.1", trojan("beta", "1.1"), form="sdist")]}
    with TwinIndex(packages) as twin:
        ran = run("check", "beta", "--resolve-older", "--index-url", twin.url)
    assert ran.code == 10
    assert "no older closure passes" in ran.out


def test_a_lock_is_a_closure_already(run: Run) -> None:
    ran = run("check", "--lock", "uv.lock", "--resolve-older")
    assert ran.code == 2
    assert "--resolve-older" in ran.err
