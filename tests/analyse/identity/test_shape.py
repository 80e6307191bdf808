"""The shape of a file: what changes it, what doesn't, and how long it may take."""

from __future__ import annotations

import time
from textwrap import dedent

import pytest

from stockade.analyse.identity.shape import Piece, Sort, hashed, hashes, package_hash, pieces

PLAIN = dedent('''\
    """A module."""

    import os
    from demo.other import thing

    LIMIT = "a # b"


    class Thing:
        """A thing."""

        size = 1

        @property
        def name(self):
            """Its name."""
            return thing(self.size, "x")  # never empty

        async def read(self, path, *, encoding="utf-8"):
            async with opened(path, encoding=encoding) as file:
                return await file.read()


    def last(
        one,
        two,
    ):
        def inner():
            return two

        return inner
''')


def shape(text: str, top: str = "demo") -> tuple[int, list[int]]:
    whole, found = hashes(text.encode(), top)
    return whole, [value for value, _, _ in found]


@pytest.mark.parametrize(
    "changed",
    [
        PLAIN.replace("    ", "\t"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace('"x"', "'x'"),
        PLAIN.replace('"""A thing."""', '"""Another\n    text.\n    """'),
        PLAIN.replace('"""Its name."""', "'Its name.'"),
        PLAIN.replace('"""A module."""', ""),
        PLAIN.replace("# never empty", "# sometimes"),
        PLAIN.replace("  # never empty", ""),
        PLAIN.replace("import os\n", "import os\n# a 'quoted' remark\n\n"),
        PLAIN.replace("(\n    one,\n    two,\n)", "(one, two)"),
        PLAIN.replace('(self.size, "x")', '(\n            self.size,\n            "x",\n        )'),
        "\ufeff" + PLAIN,
    ],
)
def test_form_comments_and_docstrings_change_nothing(changed: str) -> None:
    assert changed != PLAIN
    assert shape(changed) == shape(PLAIN)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a # b", "a # c"),
        ("return two", "return one"),
        ("size = 1", "size = 2"),
        ("@property", "@cached"),
        ("def last", "def first"),
        ("import os", "import os, sys"),
        ("    return inner\n", "    return inner()\n"),
    ],
)
def test_code_changes_the_piece_that_it_stands_in_alone(before: str, after: str) -> None:
    (whole, parts), (other, others) = shape(PLAIN), shape(PLAIN.replace(before, after, 1))

    assert whole != other
    assert len(parts) == len(others)
    assert sum(one != two for one, two in zip(parts, others, strict=True)) == 1


def test_pieces_have_lines_and_names() -> None:
    found = list(pieces(PLAIN.encode(), "demo"))

    assert [(one.first, one.last, one.name) for one in found] == [
        (3, 14, ""),
        (15, 17, "name"),
        (19, 21, "read"),
        (24, 31, "last"),
    ]
    assert found[1].sort is Sort.FUNCTION and found[0].sort is Sort.REST
    assert [one.hash for one in found] == shape(PLAIN)[1]


def test_a_renamed_package_keeps_its_shape() -> None:
    assert shape(PLAIN.replace("demo", "copied"), "copied") == shape(PLAIN)
    assert shape(PLAIN.replace("demo", "copied"), "demo") != shape(PLAIN)


def test_what_a_text_dedents_is_no_place_to_hide() -> None:
    """A text at the margin ends the function for us; what follows is a piece of its own, and is hashed."""
    text = "def f():\n    x = '''\nmargin\n'''\n    return x\n"
    assert shape(text.replace("return x", "return y"))[1][-1] != shape(text)[1][-1]


def test_sorts_are_told_apart() -> None:
    assert len({hashed(sort, b"same") for sort in Sort}) == len(Sort)
    assert package_hash("boto3") == hashed(Sort.PACKAGE, b"boto3")


def test_a_file_without_code_has_no_pieces() -> None:
    assert hashes(b'"""Only a docstring."""\n# and a remark\n', "demo")[1] == []


def test_deep_functions_have_an_end() -> None:
    text = "if x:\n" + " " * 80 + "def f():\n" + " " * 84 + "return 1\n" + "y = 2\n"
    assert [one.name for one in pieces(text.encode(), "")] == ["", "f", ""]


HOSTILE = {
    "one line of defs": b"def a " * 200_000,
    "docstrings that never end": b":\n'''\"\"\" " * 100_000,
    "half docstrings": b':\n"' * 300_000,
    "colons and lines": (b":" + b"\n" * 50) * 20_000,
    "hashes with quotes": b"x = '#\n" * 150_000,
    "hashes on one line": b"'#" * 500_000,
    "nested functions": b"".join(b" " * min(n, 300) + b"def f():\n" for n in range(5_000)),
    "async everywhere": b"async def\n" * 100_000,
    "brackets at the margin": b"def f(\n" + b")\n" * 500_000,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_takes_linear_time(data: bytes) -> None:
    started = time.process_time()

    whole, found = hashes(data, "def")
    again: list[Piece] = list(pieces(data, "def"))

    assert time.process_time() - started < 3
    assert [one.hash for one in again] == [value for value, _, _ in found]
    assert whole
