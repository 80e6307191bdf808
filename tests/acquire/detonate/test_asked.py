"""What a build says that it needs is its own words, and nothing but a list of texts is taken from it."""

from __future__ import annotations

import pytest

from stockade import limits
from stockade.acquire.detonate.run import _requires


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (b'["setuptools>=60", "wheel"]', ("setuptools>=60", "wheel")),
        (b'["a", 1, null, ["b"]]', ("a",)),
        (b'{"a": 1}', ()),
        (b"", ()),
        (b"\xff", ()),
        (b"[" * 100_000, ()),
    ],
)
def test_what_a_build_asks_for(said: bytes, taken: tuple[str, ...]) -> None:
    assert _requires(said) == taken


def test_no_more_than_a_build_can_need() -> None:
    assert len(_requires(b'["a"' + b', "b"' * 500 + b"]")) == limits.MAX_BUILD_REQUIRES
