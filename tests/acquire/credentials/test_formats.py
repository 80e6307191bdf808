"""Files that are not what their names say, and values that are none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from stockade.acquire.credentials import formats
from stockade.acquire.credentials.formats import Unreadable, at, claims, login, time_of, value_at
from stockade.acquire.credentials.spots import placeholder
from tests.support.homes import jwt


@pytest.mark.parametrize(
    ("read", "data", "why"),
    [
        (formats.ini, b"[a\nb", "no INI"),
        (formats.json_document, b"{", "no JSON"),
        (formats.json_document, b"[" * 100_000, "no JSON"),
        (formats.toml, b"a = ", "no TOML"),
        (formats.yaml, b"a: [", "no YAML"),
        (formats.yaml, b"a: &x 1\nb: *x\n", "anchors"),
        (formats.xml, b"<a>", "no XML"),
        (formats.xml, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
        (formats.xml, b"<a>" * 100 + b"</a>" * 100, "too deep"),
    ],
)
def test_what_is_damaged_is_told_without_a_word_of_it(
    read: Callable[[bytes], object], data: bytes, why: str
) -> None:
    with pytest.raises(Unreadable, match=why):
        read(data)


def test_lines_of_names_and_values() -> None:
    assert formats.sectionless(b"# c\n! c\n[x]\na = 1 # d\nb: '2 #'\n\xff=3") == {
        "a": "1",
        "b": "2 #",
        "\udcff": "3",
    }
    assert formats.dotenv(b'export A="b c"\nnot a line\nB=\n1x=2\n') == {"A": "b c", "B": ""}


def test_paths() -> None:
    data = {"a": [{"MyToken": "x", "n": 1}, {"token": ""}], "b": {"c": "y"}}
    assert list(at(data, "a.*.*token")) == [(("a", "0", "MyToken"), "x")]
    assert list(at(data, "b*.c")) == [(("b", "c"), "y")]
    assert list(at(data, "b.c.d")) == []
    assert value_at(data, "a", "0", "MyToken") == "x"
    assert value_at(data, "a", "7", "x") == value_at(data, "a", "0", "n") == value_at("x", "y") == ""


@pytest.mark.parametrize(
    ("value", "year"),
    [
        ("2026-01-02T03:04:05Z", 2026),
        ("2026-01-02T03:04:05UTC", 2026),
        (1767323045, 2026),
        ("1767323045", 2026),
        (1767323045000, 2026),
        ("tomorrow", None),
        (1e300, None),
        (True, None),
        (None, None),
    ],
)
def test_times(value: object, year: int | None) -> None:
    made = time_of(value)
    assert (made and made.year) == year
    assert made is None or made.tzinfo is not None


def test_claims_of_tokens() -> None:
    assert claims(jwt(sub="x")) == {"sub": "x"}
    assert claims("a.b.c") == claims("a.b") == claims(".W10.") == {}


def test_logins_in_addresses() -> None:
    assert login("https://me:p%40ss@x.invalid/y") == ("me", "p@ss", "x.invalid")
    assert login("https://me@x.invalid/") is None
    assert login("https://[x") is None
    assert login("https://" + "t" * 20 + "@x.invalid") == ("t" * 20, "t" * 20, "x.invalid")


@pytest.mark.parametrize(
    "value", ["", "abc", "${TOKEN}", "$TOKEN", "<token>", "{{ x }}", "xxxx", "****", "changeme"]
)
def test_what_stands_for_a_secret_is_none(value: str) -> None:
    assert placeholder(value)
    assert not placeholder("s3cr3t")


def test_now_is_a_time() -> None:
    assert time_of(datetime.now(UTC).isoformat()) is not None
