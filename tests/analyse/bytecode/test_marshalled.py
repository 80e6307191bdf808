"""marshal data and compiled files, read by our own reader: what it must read, and what must not hurt it."""

from __future__ import annotations

import importlib.util
import marshal
import random
import struct
from types import CodeType
from typing import Any

import pytest

from stockade import limits
from stockade.analyse.bytecode.marshalled import (
    Bag,
    Code,
    NotMarshal,
    codes,
    compiled,
    names,
    texts,
    unmarshalled,
)
from stockade.analyse.bytecode.opcodes import version_of

_HEADER = importlib.util.MAGIC_NUMBER + bytes(12)


def code_of(text: str) -> CodeType:
    """A code object of this interpreter."""
    return compile(text, "x.py", "exec")


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        ...,
        0,
        -5,
        1 << 40,
        -(1 << 200),
        1.5,
        2j,
        b"bytes",
        "text",
        "täxt",
        "\ud800",
        "a" * 300,
        (),
        (1, (2, "x")),
        tuple(range(300)),
        [1, [2]],
    ],
    ids=repr,
)
@pytest.mark.parametrize("version", range(5))
def test_values_are_read_as_they_were_written(value: Any, version: int) -> None:
    assert unmarshalled(marshal.dumps(value, version)) == value


def test_sets_and_dicts_are_not_built() -> None:
    assert unmarshalled(marshal.dumps({1: "a"})) == Bag("dict", (1, "a"))
    found = unmarshalled(marshal.dumps(frozenset({"a"})))
    assert found == Bag("set", ("a",))


def test_a_number_too_long_to_compute_with_is_none() -> None:
    assert unmarshalled(marshal.dumps(1 << 100_000)) == 0


def test_what_was_read_before_is_found_again() -> None:
    word = "shared" * 2
    pair = [word, word, (1, 2)]
    assert unmarshalled(marshal.dumps([pair, pair])) == [pair, pair]


def test_a_compiled_file_gives_its_code() -> None:
    data = _HEADER + marshal.dumps(code_of("import os\ndef f(a):\n    return a.b('text')\n"))
    found = compiled(data)
    assert [one.name for one in codes(found.code)] == ["<module>", "f"]
    assert {"os", "f", "a", "b"} <= names(found.code)
    assert "text" in set(texts(found.code))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "does not begin"),
        (b"x" * 40, "does not begin"),
        (struct.pack("<H", 62211) + b"\r\n" + bytes(40), "is not known"),
        (struct.pack("<H", 4000) + b"\r\n" + bytes(40), "is not known"),
        (_HEADER, "middle"),
        (_HEADER + marshal.dumps("text"), "no code"),
        (_HEADER + marshal.dumps(code_of("a = 1"))[:-9], "middle"),
    ],
)
def test_what_is_no_compiled_file_says_why(data: bytes, why: str) -> None:
    with pytest.raises(NotMarshal, match=why):
        compiled(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"?",
        b"(\xff\xff\xff\x7f",
        b"(\xff\xff\xff\xff",
        b"s\xff\xff\xff\x7f",
        b"r\x00\x00\x00\x00",
        b"\xa8\x01\x00\x00\x00r\x00\x00\x00\x00",
        b"f\x03abc",
        b"u\x01\x00\x00\x00\xff",
        b"c" + bytes(80),
        b"l\x00\x00\x00\x80",
        b"(\x01\x00\x00\x00" * 5000,
        b"{" * 5000,
        b"I\x00",
    ],
)
def test_hostile_bytes_end_in_one_exception(data: bytes) -> None:
    with pytest.raises(NotMarshal):
        unmarshalled(data)


def test_damage_never_raises_anything_else() -> None:
    whole = marshal.dumps(
        code_of("import os\nclass A:\n    def f(self, *, k=1.5):\n        return {k: os.name}\n")
    )
    chance = random.Random(7)
    for _ in range(3000):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            found = unmarshalled(bytes(data[: chance.randint(1, len(data))]))
        except NotMarshal:
            continue
        if isinstance(found, Code):
            names(found)


def test_the_number_of_objects_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_MARSHALLED", 100)
    with pytest.raises(NotMarshal, match="more objects"):
        unmarshalled(marshal.dumps(tuple(range(200))))


@pytest.mark.parametrize(
    ("magic", "version"),
    [
        (3350, None),
        (3379, (3, 6)),
        (3394, (3, 7)),
        (3413, (3, 8)),
        (3425, (3, 9)),
        (3439, (3, 10)),
        (3495, (3, 11)),
        (3531, (3, 12)),
        (3571, (3, 13)),
        (3627, (3, 14)),
        (3650, None),
    ],
)
def test_versions_by_their_magic_number(magic: int, version: Any) -> None:
    assert version_of(magic) == version
