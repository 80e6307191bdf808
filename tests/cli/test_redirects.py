"""Whither an index may redirect, by the policy: for `check`, and for a gate as the policy's file changes."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Run
from tests.support.gates import serving
from tests.support.index import Fault, TwinIndex

NAME = "beta-1.5-py3-none-any.whl"


def other(index: TwinIndex, path: str) -> str:
    return f"{index.base.replace('127.0.0.1', 'localhost')}/{path}"


@pytest.fixture
def elsewhere(index: TwinIndex) -> TwinIndex:
    """The index, whose file lies on another host: the same server by another name."""
    moved = replace(index.projects["beta"].files[0], filename="moved.whl")
    index.put("moved", [moved])
    index.faults[NAME] = Fault("elsewhere", target=other(index, "files/moved.whl"))
    return index


@pytest.mark.parametrize(
    ("policy", "code"), [("", 0), ('redirect-hosts = ["localhost"]\n', 0), ("redirect-hosts = []\n", 11)]
)
def test_check(run: Run, elsewhere: TwinIndex, policy: str, code: int) -> None:
    Path("stockade.toml").write_text(policy)
    ran = run("check", "beta", "--index-url", elsewhere.url)
    assert ran.code == code, ran.out + ran.err
    said = "redirects to localhost, which is none of the policy's redirect-hosts"
    assert (said in " ".join(ran.out.split())) is bool(code)


def test_a_page_behind_such_a_redirect_cannot_be_had(run: Run, elsewhere: TwinIndex) -> None:
    Path("stockade.toml").write_text("redirect-hosts = []\n")
    elsewhere.faults["beta"] = Fault("elsewhere", target=other(elsewhere, "simple/alpha/"))
    ran = run("check", "beta", "--index-url", elsewhere.url)
    assert ran.code == 3
    assert "redirects to localhost" in ran.err
    assert "add the host to redirect-hosts in the policy" in ran.err


def test_serve_heeds_the_policy_as_it_is_now(elsewhere: TwinIndex, tmp_path: Path) -> None:
    policy = tmp_path / "stockade.toml"
    policy.write_text("redirect-hosts = []\n")
    elsewhere.faults["beta"] = Fault("elsewhere", target=other(elsewhere, "simple/alpha/"))
    with serving(tmp_path, elsewhere.url) as gate, httpx.Client(timeout=60) as client:
        answer = client.get(f"{gate.url}beta/")
        assert answer.status_code == 502
        assert b"redirects to localhost" in answer.extensions["reason_phrase"]
        policy.write_text('redirect-hosts = ["localhost"]\n')
        until = time.monotonic() + 20
        while client.get(f"{gate.url}beta/").status_code != 200:
            assert time.monotonic() < until
            time.sleep(0.1)
