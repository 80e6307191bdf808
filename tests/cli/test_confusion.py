"""Dependency confusion: a private index beside a public one, and a policy that says whose a name is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Run, file_of
from tests.support.archives import wheel
from tests.support.index import TwinFile, TwinIndex


def release(name: str, version: str, requires: tuple[str, ...] = ()) -> TwinFile:
    module = name.replace("-", "_")
    return file_of(
        name, version, wheel(name, version, {f"{module}.py": "ONE = 1\n"}, requires=list(requires))
    )


@pytest.fixture
def private() -> Iterator[TwinIndex]:
    packages = {
        "acme-core": [release("acme-core", "1.2", ("open-thing",))],
        "open-thing": [release("open-thing", "2.0")],
        "requests": [release("requests", "2.0")],
    }
    with TwinIndex(packages) as twin:
        yield twin


@pytest.fixture
def public() -> Iterator[TwinIndex]:
    """Somebody has put the private name there, as version 99."""
    packages = {"acme-core": [release("acme-core", "99.0")], "open-thing": [release("open-thing", "2.0")]}
    with TwinIndex(packages) as twin:
        yield twin


def policy(private: TwinIndex, *names: str, more: str = "") -> None:
    listed = json.dumps(list(names))
    Path("stockade.toml").write_text(
        f"{more}\n[[indexes]]\nurl = {json.dumps(private.url)}\nnames = {listed}\n"
    )


def check(run: Run, public: TwinIndex, private: TwinIndex, name: str = "acme-core") -> Ran:
    return run("check", name, "--index-url", public.url, "--extra-index-url", private.url, "--format", "json")


def releases(ran: Ran) -> dict[str, Any]:
    return {one["project"]: one for one in json.loads(ran.out)["releases"]}


def asked(twin: TwinIndex) -> str:
    return " ".join(hit.path for hit in twin.log)


def test_a_public_version_that_outbids_a_private_one_is_asked_about(
    run: Run, public: TwinIndex, private: TwinIndex
) -> None:
    ran = check(run, public, private)
    one = releases(ran)["acme-core"]
    assert (one["version"], one["action"]) == ("99.0", "ask")
    assert any(
        "outbids" in why and "1.2 at most" in why for file in one["artifacts"] for why in file["reasons"]
    )


def test_what_both_offer_alike_outbids_nobody(run: Run, public: TwinIndex, private: TwinIndex) -> None:
    ran = check(run, public, private, "open-thing")
    assert ran.code == 0, ran.out + ran.err


def test_policy_says_whose_it_is_and_nobody_else_is_asked(
    run: Run, public: TwinIndex, private: TwinIndex
) -> None:
    policy(private, "acme-*")
    ran = check(run, public, private)
    assert ran.code == 0, ran.out + ran.err
    assert releases(ran)["acme-core"]["version"] == "1.2"
    assert "acme-core" in asked(private)
    assert "acme-core" not in asked(public)
    assert "open-thing" in asked(public)


def test_who_does_not_ask_either(run: Run, public: TwinIndex, private: TwinIndex) -> None:
    policy(private, "acme-*")
    ran = run("who", "acme-core", "--index-url", public.url, "--extra-index-url", private.url)
    assert ran.code == 0, ran.out + ran.err
    assert "acme-core" not in asked(public)


def test_an_index_that_is_not_configured_is_not_replaced(
    run: Run, public: TwinIndex, private: TwinIndex
) -> None:
    policy(private, "acme-*")
    ran = run("check", "acme-core", "--index-url", public.url)
    assert ran.code == 3
    assert "policy lets an index serve acme-core that is not configured here" in ran.err
    assert "acme-core" not in asked(public)


def test_an_address_does_not_get_around_it(run: Run, public: TwinIndex, private: TwinIndex) -> None:
    policy(private, "acme-*")
    Path("acme_core-99.0-py3-none-any.whl").write_bytes(
        wheel("acme-core", "99.0", {"acme_core.py": "ONE = 1\n"})
    )
    address = (Path.cwd() / "acme_core-99.0-py3-none-any.whl").as_uri()
    ran = check(run, public, private, f"acme-core @ {address}")
    assert ran.code == 10, ran.out + ran.err
    assert any(
        "this is from elsewhere" in why
        for file in releases(ran)["acme-core"]["artifacts"]
        for why in file["reasons"]
    )


@pytest.mark.parametrize(("names", "told"), [("Acme.Core\t1.0\nother\n", True), ("acme-cores\n\n", False)])
def test_a_private_name_in_a_snapshot_of_public_ones_is_said(
    run: Run, public: TwinIndex, private: TwinIndex, names: str, told: bool
) -> None:
    Path("public.txt").write_text(names)
    policy(private, "acme-*", more='public-names = ["public.txt"]\n')
    ran = check(run, public, private)
    assert ran.code == 0, ran.out + ran.err
    reasons = [why for file in releases(ran)["acme-core"]["artifacts"] for why in file["reasons"]]
    assert any("a public project bears it" in why for why in reasons) is told


def test_a_well_known_name_is_public_without_any_snapshot(
    run: Run, public: TwinIndex, private: TwinIndex
) -> None:
    policy(private, "requests", more="[rules]\nalso-public = 'block'\n")
    ran = check(run, public, private, "requests")
    assert ran.code == 10, ran.out + ran.err


@pytest.mark.parametrize("data", [None, b"\xff\xfe"])
def test_a_snapshot_that_cannot_be_read(
    run: Run, public: TwinIndex, private: TwinIndex, data: bytes | None
) -> None:
    if data is not None:
        Path("public.txt").write_bytes(data)
    policy(private, "acme-*", more='public-names = ["public.txt"]\n')
    ran = check(run, public, private)
    assert ran.code in (2, 3)
    assert "public.txt" in ran.err
