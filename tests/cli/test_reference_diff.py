"""The differences of one function and another, line by line."""

from __future__ import annotations

from stockade.analyse.passages import Module, Passage
from stockade.cli.reference_diff import difference


def passage(name: str, first: int, *lines: str) -> Passage:
    return Passage(name, first, hash((name, lines)), lines)


def module(path: str, *passages: Passage) -> Module:
    return Module(path, "client", passages)


def test_a_changed_function_is_compared_with_the_one_of_its_name_that_is_most_alike() -> None:
    theirs = module(
        "a/client.py", passage("f", 1, "def f():", "    a", "    b"), passage("f", 9, "def f():", "    z")
    )
    ours = module("b/client.py", passage("f", 4, "def f():", "    a", "    c", "    b"))

    assert list(difference([theirs], [ours], "a-1.0")) == [
        "--- a-1.0/a/client.py",
        "+++ b/client.py",
        "@@ -1,3 +4,4 @@ f",
        " def f():",
        "     a",
        "+    c",
        "     b",
    ]


def test_what_is_the_same_is_not_shown() -> None:
    same = passage("f", 1, "def f():", "    a")
    assert list(difference([module("a/client.py", same)], [module("b/client.py", same)], "a-1.0")) == []


def test_a_very_long_function_is_shown_as_wholly_other() -> None:
    old = passage("f", 1, *(f"    a{n}" for n in range(2001)))
    new = passage("f", 1, "def f():", "    b")
    lines = list(difference([module("a/client.py", old)], [module("b/client.py", new)], "a-1.0"))

    assert lines[2] == "@@ -1,2001 +1,2 @@ f"
    assert len(lines) == 3 + 2001 + 2
