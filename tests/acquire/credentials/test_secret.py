"""A secret prints as nothing and goes nowhere."""

from __future__ import annotations

import copy
import pickle
import traceback

import pytest

from stockade.acquire.credentials.secret import Secret


def test_it_prints_as_nothing() -> None:
    one = Secret("hunter2")
    assert {repr(one), str(one), f"{one}", f"{one:>3}", f"{one}", repr([one])} == {
        "Secret(…)",
        "[Secret(…)]",
    }
    with pytest.raises(ValueError, match="Secret") as why:
        raise ValueError(one)
    assert "hunter2" not in "".join(traceback.format_exception(why.value))


@pytest.mark.parametrize("write", [pickle.dumps, copy.deepcopy])
def test_it_is_not_written(write: object) -> None:
    with pytest.raises(TypeError, match="not written anywhere"):
        write(Secret("hunter2"))  # type: ignore[operator]


def test_two_are_equal_if_their_bytes_are() -> None:
    assert Secret("a") == Secret(b"a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret(b"a")}) == 1
    assert len(Secret("é")) == 2


def test_a_seal_is_known_by_its_key() -> None:
    # RFC 4231, test case 2.
    assert Secret("what do ya want for nothing?").sealed(b"Jefe") == "5bdcc146bf60754e6a042426089575c7"
