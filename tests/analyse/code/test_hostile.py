"""Input that is made to cost: it ends at a bound, soon, and says so where something was left out."""

from __future__ import annotations

import base64
import bz2
import gzip
import lzma
import time
import zlib

import pytest

from stockade import limits
from stockade.analyse.code.layout import layout
from stockade.analyse.code.parse import Source, parse
from stockade.analyse.code.walked import Walked, walk
from stockade.model.artifact import Kind
from stockade.model.evidence import Gap
from tests.support.code import argument_of

_BOMB = b"\0" * (limits.MAX_FOLDED + 2)


def _walked(text: str, seconds: float = 4.0) -> Walked:
    started = time.process_time()
    source = parse(text.encode(), "pkg/m.py")
    assert isinstance(source, Source)
    made = walk(source, "pkg/m.py", layout(Kind.WHEEL, []).place("pkg/m.py"), len(text))
    assert time.process_time() - started < seconds
    return made


@pytest.mark.parametrize(
    "text",
    [
        f"zlib.decompress({zlib.compress(_BOMB)!r})",
        f"gzip.decompress({gzip.compress(_BOMB)!r})",
        f"bz2.decompress({bz2.compress(_BOMB)!r})",
        f"lzma.decompress({lzma.compress(_BOMB)!r})",
        f"codecs.decode({base64.b64encode(zlib.compress(_BOMB))!r}, 'base64').decode('zlib')",
        f"zlib.decompress({zlib.compress(b'x' * 100)[:-5]!r})",
        "zlib.decompress(b'nonsense')",
        "lzma.decompress(b'nonsense')",
        "'a' * 10**9",
        "10**9 * [1]",
        "[1] * 10**6",
        "'a' * 'b'",
        "10 ** 10 ** 10",
        "(-8) ** 0.5",
        "1 << 10**9",
        "1 << 'a'",
        "'%1000000000d' % 1",
        "'%*d' % (10**9, 1)",
        "('%s' * 4000) % (('x' * 10000,) * 4000)",
        "format(1, '1000000000')",
        "'{:1000000000}'.format(1)",
        "'{:{}}'.format(1, 10**9)",
        "('{0}' * 4000).format('x' * 100000)",
        "f'{1:1000000000}'",
        "'a'.ljust(10**9)",
        "'a'.zfill(10**9)",
        "'\\t'.expandtabs(10**9)",
        "('a' * 10**6).replace('a', 'b' * 10**6)",
        "('a' * 10**6).replace('', 'b' * 10**6)",
        "('a' * 10**6).join(['b'] * 10**5)",
        "('a' * 10**6).translate({97: 'b' * 10**6})",
        "bytes(10**12)",
        "bytearray(10**12)",
        "list(range(10**12))",
        "(1).to_bytes(10**9, 'big')",
        "int('9' * 10**6)",
        "str([1] * 10000)",
        "json.loads('[' * 300000)",
        "ast.literal_eval('x' * 300000)",
        "ast.literal_eval('(' * 3000)",
        "'x' @ 'y'",
        "reversed(1)",
        "[x for x in range(2**18) for y in range(2**18)]",
        "''.join(str(x) for x in range(2**18))",
        "functools.reduce(lambda a, b: a + b, ['x' * 10**6] * 1000)",
        "list(map(lambda x: x * 10**6, ['y'] * 10**5))",
        "sum([[1]] * 200000, [])",
        "(':' * 10**6 + '{').format(1)",
        "codecs.decode('a' * 10**6, 'punycode')",
    ],
)
def test_what_is_too_large_is_not_made(text: str) -> None:
    started = time.process_time()
    value = argument_of(f"import zlib, gzip, bz2, lzma, codecs, json, ast, functools\nuse({text})")
    assert not value.known
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "text",
    [
        "x" + ".f()" * 3000,
        "x" + "[0]" * 3000,
        "x = " + "[" * 150 + "]" * 150,
        "x = " + "not " * 2000 + "1",
        "lambda: " * 500 + "1",
        "x = " + " if y else ".join(["1"] * 900),
        "\n".join("    " * n + "if x:" for n in range(90)) + "\n" + "    " * 90 + "pass",
        "if x: pass\n" + "elif y: pass\n" * 2500,
        "x = f(" * 180 + ")" * 180,
    ],
)
def test_deep_nesting_ends(text: str) -> None:
    source = parse(text.encode(), "pkg/m.py")
    if isinstance(source, Source):
        made = _walked(text)
        assert all("nested" in gap.why for gap in made.gaps)
    else:
        assert "nested too deeply" in source.why


def test_nesting_beyond_the_bound_is_a_gap_and_the_rest_is_still_walked() -> None:
    made = _walked("x" + ".f()" * 900 + "\nact(1)")
    assert [gap.why for gap in made.gaps] == ["code is nested too deeply to be followed"]
    assert any(record.target == "?.act" for record in made.records)


def test_long_chains_of_operators_are_no_nesting() -> None:
    made = _walked("x = " + " + ".join(["'ab'"] * 900) + "\nact(x)")
    assert not made.gaps
    (call,) = [record for record in made.records if record.target == "?.act"]
    assert call.args[0].const == "ab" * 900


def test_a_long_function_is_walked() -> None:
    made = _walked("def f():\n" + "    x = y\n" * 50_000)
    assert not made.gaps


def test_growing_text_in_many_statements_ends_at_the_budget() -> None:
    made = _walked("x = 'a' * 100000\n" + "x = x + 'b'\n" * 20_000)
    assert any("folding stopped" in gap.why for gap in made.gaps)


def test_facts_are_bounded() -> None:
    made = _walked("f()\n" * (limits.MAX_FACTS + 10))
    assert len(made.records) == limits.MAX_FACTS
    assert any("facts" in gap.why for gap in made.gaps)


def test_layers_are_bounded_in_depth_and_number() -> None:
    nested = "act(1)"
    for _ in range(12):
        nested = f"exec({base64.b64encode(nested.encode())!r}.decode('base64'))"
    assert not _walked(nested).gaps
    looping = "x = 'exec(x)'\nexec(x)"
    assert any("layers" in gap.why for gap in _walked(looping).gaps)
    assert any("too many" in gap.why for gap in _walked("exec('f()')\n" * 100).gaps)


def test_recursive_functions_and_lambdas_end() -> None:
    _walked(
        "def f(x):\n    return f(x + 1)\nf(1)\ng = lambda x: g(x)\ng(1)\n"
        "def a(x): return b(x)\ndef b(x): return a(x)\na(1)"
    )


def test_a_large_literal_is_cheap() -> None:
    made = _walked("x = '" + "a" * (limits.MAX_SOURCE - 100) + "'", seconds=2)
    assert len(made.records) == 1


def test_exponential_helpers_end() -> None:
    text = "def f0(x):\n    return x + x\n"
    for n in range(1, 30):
        text += f"def f{n}(x):\n    return f{n - 1}(x) + f{n - 1}(x)\n"
    _walked(text + "f29('a')\n")


_GROWTH = (
    "x = [x, x]",
    "x = (x, x)",
    "x = {'a': x, 'b': x}",
    "x = [x] * 2",
    "x = [x for _ in 'ab']",
    "x = x + [x]",
)


@pytest.mark.parametrize("grow", _GROWTH)
def test_containers_that_hold_themselves_many_times_do_not_explode(grow: str) -> None:
    _walked("x = [1]\n" + f"{grow}\n" * 60 + "y = str(x) + f'{x}' + '%s' % (x,)\nz = x == [x]\n")
    _walked(f"def f(x):\n    for i in range(60):\n        {grow}\n    return x\nuse(str(f([1])))\n")
    _walked("def f(x):\n    for i in range(60):\n        x.append(x)\n    return x\nuse(str(f([1])))\n")


def test_blank_lines_and_long_lines_cost_no_more_than_their_length() -> None:
    started = time.process_time()
    parse(b"\n" * (1 << 21) + b"(", "x.py")
    parse(b"`" * (1 << 20) + b"(", "x.py")
    _walked("open('x').write('" + "\\n" * (1 << 18) + "')")
    assert time.process_time() - started < 4


_HIDDEN = "import os; act(1)"
_XORED = bytes(ord(char) ^ 7 for char in _HIDDEN)
_UNDO = f"exec(bytes(c ^ 7 for c in {_XORED!r}))\n"


def _acted(made: Walked) -> bool:
    return any(record.target == "?.act" for record in made.records)


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n" + "    x = x + y\n" * 50_000 + f"    {_UNDO}f(z)\n",
        "".join(f"if z == {n}:\n    x = {n}\n" for n in range(10_000)) + _UNDO,
        "".join(f"if {n} > {n + 1}:\n    x = {n}\nelif {n} < {n + 1}:\n    y = {n}\n" for n in range(5_000))
        + _UNDO,
        "x = []\n" + "x.append('a')\nx[0] = 'b'\n" * 10_000 + _UNDO,
        "x = {}\n" + "".join(f"x[{n}] = {n}\n" for n in range(20_000)) + _UNDO,
        "def f(x):\n    return g(x)\n" + "f(1)\n" * 10_000 + _UNDO,
        "while True:\n    pass\n" + _UNDO,
        "for x in range(200000):\n    for y in range(200000):\n        pass\n" + _UNDO,
        "from itertools import count, cycle\nx = list(count())\ny = list(cycle('a'))\nz = zip(count())\n"
        + _UNDO,
        "def f():\n    while True:\n        yield 1\nx = list(f())\n" + _UNDO,
        "def f(n):\n    return f(n - 1) + f(n - 1)\nx = f(40)\n" + _UNDO,
        "class A:\n    def __init__(self, n):\n        self.n = A(n + 1)\nA(0)\n" + _UNDO,
        "def f(n):\n    x = []\n    while True:\n        x.append('a' * 4000000)\nf(1)\n" + _UNDO,
        "def f(n):\n    x = 'a'\n    while True:\n        x = x + x\nf(1)\n" + _UNDO,
        "def f(n):\n    x = 7\n    while True:\n        x = x * x\nf(1)\n" + _UNDO,
        "def f(n):\n    x = [1]\n    while True:\n        x.extend(x)\nf(1)\n" + _UNDO,
        "def f(n):\n    x = [1]\n    for y in x:\n        x.append(y)\n    return x\nf(1)\n" + _UNDO,
        "x = [1]\nx.append(x)\nx = str(x) + repr(x)\n" + _UNDO,
    ],
)
def test_what_matters_is_found_however_much_is_piled_up(text: str) -> None:
    assert _acted(_walked(text, seconds=12.0))


def test_the_branch_that_matters_among_ten_thousand() -> None:
    branches = "".join(f"elif z == {n}:\n    x = '{n}'\n" for n in range(60))
    text = "".join(f"if z == {n}:\n    x = ''\n{branches}" for n in range(160))
    text += f"if z == 1:\n    pass\nelif z == 2:\n    {_UNDO}"
    assert _acted(_walked(text, seconds=12.0))


def test_nesting_of_ten_thousand_is_a_gap() -> None:
    for text in ("x = " + "(" * 10_000 + ")" * 10_000, "f(" * 10_000 + ")" * 10_000, "-" * 10_000 + "1"):
        found = parse(text.encode(), "pkg/m.py")
        gap = found.gap if isinstance(found, Source) else found
        assert gap is None or "nested too deeply" in gap.why
        if gap is None:
            _walked(text)


def test_a_literal_of_forty_megabytes_is_a_gap() -> None:
    gap = parse(b"x = '" + b"a" * (40 << 20) + b"'", "pkg/m.py")
    assert isinstance(gap, Gap) and "MiB of source" in gap.why


def test_runs_share_one_budget() -> None:
    text = "def f(n):\n    x = 0\n    while x < 10**9:\n        x += 1\n    return x\n" + "".join(
        f"f('{n}' * 40)\n" for n in range(600)
    )
    assert _acted(_walked(text + "act(1)\n", seconds=12.0))
