"""Shell commands taken apart."""

from __future__ import annotations

import contextlib
import time

import pytest

from stockade import limits
from stockade.act.gate.hook.shell import UnreadableError, commands


def words(text: str) -> list[list[str]]:
    return [[word.text for word in one.words] for one in commands(text)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", []),
        ("a b  c", [["a", "b", "c"]]),
        ("a && b || c; d & e\nf", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
        ("a | b |& c", [["a"], ["b"], ["c"]]),
        ("(a; b) ; { c; }", [["a"], ["b"], ["{", "c"], ["}"]]),
        ("'a b' \"c d\" e\\ f", [["a b", "c d", "e f"]]),
        ("a\"b\"'c'd", [["abcd"]]),
        ("a # b ; c\nd", [["a"], ["d"]]),
        ("a#b", [["a#b"]]),
        ("a 2>&1 >out <in b &> all 3>x", [["a", "b"]]),
        ("a>=1", [["a"]]),
        ("a 'x>=1'", [["a", "x>=1"]]),
        ("a \\\n b", [["a", "b"]]),
        ("a\r\nb", [["a"], ["b"]]),
        ("a $'b\\n' $\"c\" $", [["a", "b\\n", "c", "$"]]),
        ("cat <<EOF\nx ' y\nEOF\nb", [["cat"], ["b"]]),
        ("cat <<-'E F' >o\n\tx\n\tE F\nb", [["cat"], ["b"]]),
        ("cat <<A <<B\n1\nA\n2\nB\nc", [["cat"], ["c"]]),
        ("a <<<'b c' d", [["a", "d"]]),
        ("case x in a) b;; esac", [["case", "x", "in", "a"], ["b"], ["esac"]]),
    ],
)
def test_words(text: str, meant: list[list[str]]) -> None:
    assert words(text) == meant


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("a $(b c)", ["b c"]),
        ('a "$(b "c)")"', ['b "c)"']),
        ("a `b`", ["b"]),
        ("a <(b) >(c)", ["b", "c"]),
        ("a ${x:-$(b)}", ["b"]),
        ("a '$(b)' \\$(", []),
        ("x=$(b) c", ["b"]),
        ("a > $(b)", ["b"]),
        ("a <<E\n$(b)\nE", ["b"]),
        ("a <<'E'\n$(b)\nE", []),
        ("a \"$(cat <<'E'\nit's ) one\nE\n)\"", ["cat <<'E'\nit's ) one\nE\n"]),
        ("a $((1+2))", []),
    ],
)
def test_commands_inside(text: str, inner: list[str]) -> None:
    assert [one for command in commands(text) for one in command.inner] == inner


def test_what_an_expansion_takes_part_in_is_marked() -> None:
    found = commands("a $x \"$y\" '$z' b*  c==1.* {d,e} f{g} ${h} [i]")[0].words
    assert [word.dynamic for word in found] == [
        False,
        True,
        True,
        False,
        True,
        False,
        True,
        False,
        True,
        False,
    ]


def test_pipes_here_documents_and_subshells() -> None:
    first, second, third = commands("a | b | c <<< 'd e'")
    assert second.piped is first and third.piped is second and first.piped is None
    assert third.stdin == "d e"
    assert commands("a <<E\nb\nc\nE\n")[0].stdin == "b\nc"
    assert [one.depth for one in commands("a; (b; (c)); d")] == [0, 1, 2, 0]


@pytest.mark.parametrize(
    "text", ["'a", '"a', "a $(b", "`a", "${a", 'a "$(b"', "a\0b", "x" * (limits.MAX_HOOK_COMMAND + 1)]
)
def test_what_cannot_be_read(text: str) -> None:
    with pytest.raises(UnreadableError):
        commands(text)


@pytest.mark.parametrize(
    "text",
    [
        "$(",
        '"$(',
        "${",
        "`",
        "(",
        "<(",
        "<<",
        "<<a\n",
        "'",
        '"',
        "\\",
        "a=",
        "*",
        "{,",
        "${x:-",
        '"${',
        "$((",
        "<<<",
        "a|",
    ],
)
def test_hostile_ones_take_no_time(text: str) -> None:
    started = time.process_time()
    with contextlib.suppress(UnreadableError):
        commands(text * (limits.MAX_HOOK_COMMAND // len(text)))
    assert time.process_time() - started < 15
