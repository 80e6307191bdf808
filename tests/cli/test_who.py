"""``stockade who``: a card for a person, an object a line for a program, and what comes of names that are none."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.cli.conftest import Run


def records(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_an_object_a_line(run: Run) -> None:
    ran = run("who", "--offline", "--format", "json", "reqeusts", "requests", "no-such-name-at-all")
    assert ran.code == 0
    squat, known, neither = records(ran.out)
    assert squat["name"] == "reqeusts"
    assert squat["known"] is False
    assert squat["downloads"] is None
    (one,) = squat["lookalikes"]
    assert one["target"] == "requests"
    assert one["mechanisms"] == ["transposition"]
    assert one["target_downloads"] == known["downloads"] == 1_291_814_272
    assert 0.5 < one["score"] < 1
    assert (known["known"], known["lookalikes"]) == (True, [])
    assert (neither["known"], neither["downloads"], neither["lookalikes"]) == (False, None, [])


def test_a_card(run: Run) -> None:
    ran = run("who", "--offline", "reqeusts", "requests")
    assert ran.code == 0
    assert "fewer than 57,500 a month (April 2026)" in ran.out
    assert "of requests (1,291,814,272 downloads a month, at least 22," in ran.out
    assert "two letters swapped" in " ".join(ran.out.split())
    assert "number 7 of the 15,000 most downloaded" in ran.out


def test_names_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("numpy\n\n nunpy \n"))
    ran = run("who", "--offline", "--format", "json", "-")
    assert [one["name"] for one in records(ran.out)] == ["numpy", "nunpy"]


@pytest.mark.parametrize(
    "bad", ["", " ", "a b", "-x", "x;y", "re\x1bquests", "a" * 300, "ре\x00", "ре quests"]
)
def test_what_is_no_name(run: Run, bad: str) -> None:
    ran = run("who", "--offline", "--format", "json", "requests", "--", bad)
    assert ran.code == 2
    assert not ran.out
    assert "is not a project name" in ran.err
    assert "\x1b" not in ran.err


def test_ten_megabytes_are_no_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a" * 10_000_000))
    ran = run("who", "--offline", "-")
    assert ran.code == 2
    assert "longer than 255 characters" in ran.err
    assert len(ran.err) < 400
