"""Where a gate listens, and which URL may be one."""

from __future__ import annotations

import pytest

from stockade.act.gate.address import DEFAULT_PORT, checked, health_url, index_url, is_loopback, of_gate, same
from stockade.errors import UsageError


def test_the_default() -> None:
    assert index_url() == f"http://127.0.0.1:{DEFAULT_PORT}/simple/"
    assert index_url("::1", 9) == "http://[::1]:9/simple/"
    assert health_url("https://gate.example/a/simple/") == "https://gate.example/-/health"


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://127.0.0.1:9", "http://127.0.0.1:9/simple/"),
        ("http://localhost:9/simple", "http://localhost:9/simple/"),
        ("https://gate.example/team/simple/", "https://gate.example/team/simple/"),
    ],
)
def test_a_gate_of_somebody(given: str, url: str) -> None:
    assert checked(given) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://gate.example/simple/",
        "http://127.evil.example/simple/",
        "https://user:secret@gate.example/simple/",
        "ftp://gate.example/",
        "/simple/",
        "https://gate.example/simple/?a=b",
        "http://[::1/",
    ],
)
def test_what_cannot_be_a_gate(url: str) -> None:
    with pytest.raises(UsageError) as why:
        checked(url)
    assert "secret" not in str(why.value)


def test_whose_a_url_is() -> None:
    assert is_loopback("http://[::1]:8/") and is_loopback("http://127.0.0.9/")
    assert not is_loopback("http://127.0.0.1.example/")
    assert same("https://A.example/simple", "https://user@a.example/simple/")
    assert not same("https://a.example/simple/", "https://a.example/other/")
    assert of_gate("http://127.0.0.1:9/files/x", "http://127.0.0.1:9/simple/")
    assert not of_gate("http://127.0.0.1:90/files/x", "http://127.0.0.1:9/simple/")
    assert not of_gate("http://[::1/", "http://127.0.0.1:9/simple/")
