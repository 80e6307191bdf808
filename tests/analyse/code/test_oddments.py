"""Rare forms that the walk meets: each is followed as far as Python itself would go, or left unknown."""

from __future__ import annotations

import pytest

from stockade.analyse.code.abstract import (
    MAX_ORIGINS,
    MAX_STEPS,
    UNKNOWN,
    Abstract,
    derived,
    join,
    known,
    merge_origins,
)
from stockade.analyse.code.facts import Value
from stockade.model.evidence import Phase
from tests.support.code import argument_of, calls_of, module_of, modules_of, targets_of


@pytest.mark.parametrize(
    ("text", "const"),
    [
        ("use(not 0)", True),
        ("use(~5)", -6),
        ("use(2 ** 3)", 8),
        ("use(1 << 3)", 8),
        ("use([1] * 2)", [1, 1]),
        ("use(2 * (1,))", (1, 1)),
        ("use(2 * 3.5)", 7.0),
        ("use('%s' % {'a': 1})", "{'a': 1}"),
        ("use('%s-%s' % ([1], None))", "[1]-None"),
        ("use(b'%d' % 3)", b"3"),
        ("use(f'{1!a}{2!s}{\"x\"!r}')", "12'x'"),
        ("use(3 in [3])", True),
        ("use('a' not in 'b')", True),
        ("use({'a': 1}.get('a'))", 1),
        ("use({'a': 1}.keys())", ["a"]),
        ("use((5).bit_length())", 3),
        ("use('a-b'.split('-'))", ["a", "b"]),
        ("use('\\t'.expandtabs(2))", "  "),
        ("use('a'.zfill(3))", "00a"),
        ("use(b'ab'.translate(bytes.maketrans(b'a', b'b')))", b"bb"),
        ("use(b'ab'.translate(None, b'a'))", b"b"),
        ("use(b''.fromhex('6162'))", b"ab"),
        ("use('ab'.encode('rot13'))", "no"),
        ("use(b'ab'.hex())", "6162"),
        ("import codecs\nuse(codecs.encode(b'ab', 'hex'))", b"6162"),
        ("import codecs\nuse(codecs.encode('ab', 'rot13'))", "no"),
        ("import codecs\nuse(codecs.encode('ab', 'utf-8'))", b"ab"),
        ("import operator\nuse(operator.xor(3, 1))", 2),
        ("import operator\nuse(operator.add('a', 'b'))", "ab"),
        ("import os\nuse(os.path.join('a', '/b', 'c'))", "/b/c"),
        ("import os\nuse(os.fsencode('a'))", b"a"),
        ("import os\nuse(os.sep)", "/"),
        ("use(int('ff', 16))", 255),
        ("use(int('ff', base=16))", 255),
        ("use(str(5))", "5"),
        ("use(repr('a'))", "'a'"),
        ("use(bytes(2))", b"\0\0"),
        ("use(list(enumerate('a')))", [(0, "a")]),
        ("import functools\nuse(functools.reduce(lambda a, b: a + b, ['b'], 'a'))", "ab"),
        ("use([*'ab'])", ["a", "b"]),
        ("use({'a', 'a'})", ["a", "a"]),
        ("use([x for x in ['a', 'b']][1:])", ["b"]),
        ("use({k: 1 for k in 'ab'})", {"a": 1, "b": 1}),
        ("use([a + b for a in 'ab' for b in 'cd'])", ["ac", "ad", "bc", "bd"]),
        ("use([x for x in 'ab' if x != 'a'])", ["b"]),
        ("x = [1]\ndef f():\n    return x\nuse(f())", [1]),
        ("def f(a, b=2):\n    return a + b\nuse(f(1))", 3),
        ("def f(a, b):\n    'doc'\n    pass\n    return a + b\nuse(f(1, b=2))", 3),
        ("def f(a):\n    x, y = a\n    return y\nuse(f([1, 2]))", 2),
        ("def f(a):\n    if a:\n        return 1\n    return 2\nuse(f(0))", 2),
        ("def f(a):\n    a.strip()\n    return a\nuse(f('x'))", "x"),
        ("def f(a):\n    b = []\n    b.extend(a)\n    b.insert(0, 9)\n    return b\nuse(f([1]))", [9, 1]),
        ("from string import ascii_letters\nimport string\nuse(string.digits)", "0123456789"),
        ("use(__name__)", "pkg.mod"),
    ],
)
def test_folded(text: str, const: object) -> None:
    value = argument_of(text)
    assert value.known and value.const == const


@pytest.mark.parametrize(
    "text",
    [
        "def f(a):\n    b = []\n    b.extend(5)\n    return b\nuse(f(1))",
        "def f(a):\n    g(a)\n    return a\nuse(f(1))",
        "def f(a):\n    return\nuse(f(1))",
        "def f(a):\n    x, y = a\n    return y\nuse(f([1]))",
        "def f(a):\n    x[0] = a\n    return a\nuse(f(1))",
        "def f(a):\n    a += unknown\n    return a\nuse(f(1))",
        "def f(a):\n    a += 'x'\n    return a\nuse(f(1))",
        "def f(a):\n    for x in 5:\n        pass\n    return a\nuse(f(1))",
        "def f(a):\n    pass\nuse(f(1))",
        "def f(a, b):\n    return a\nuse(f(1))",
        "@deco\ndef f(a):\n    return a\nuse(f(1))",
        "use([x for x in ['a'] if unknown])",
        "use(list(map(unknown, ['a'])))",
        "use(list(map(lambda x: unknown, ['a'])))",
        "import functools\nuse(functools.reduce(lambda a, b: a, []))",
        "import functools\nuse(functools.reduce(lambda a, b: a))",
        "use(2 ** -1 @ 1)",
        "use(1 is 1)",
        "use(...)",
        "use(1j)",
        "use('a'[unknown])",
        "use('a'[unknown:])",
        "use([unknown][0])",
        "use('{}'.join(unknown))",
        "use((1).nothing())",
        "use(True.bit_length())",
        "use([1].sort())",
        "import codecs\nuse(codecs.encode('a', 'punycodex'))",
        "import string\nuse(string.nothing)",
        "use(yield_)",
        "use(f'{x!r:{y}}')",
        "use({**{'a': 1}})",
        "use({unknown: 1})",
        "use([*unknown])",
    ],
)
def test_not_folded(text: str) -> None:
    assert not argument_of(text).known


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("x = y = 1\n(a, *b), c[0], d.e, f().g = z\nact()", "?.act"),
        ("for a, b in c:\n    act()\nelse:\n    end()", "?.end"),
        ("while a:\n    act()\nelse:\n    end()", "?.end"),
        ("try:\n    act()\nfinally:\n    end()", "?.end"),
        ("try:\n    a()\nexcept* E as e:\n    act()", "?.act"),
        (
            "match a:\n  case {'x': y, **rest}:\n    act()\n  case [*z]:\n    end()\n  case b.c:\n    pass",
            "?.end",
        ),
        ("x['a']()", "?.()"),
        ("import os\nos.environ['A']()", "os.environ.__getitem__.__call__"),
        ("class A: pass\nA()(1)", "pkg.mod.A.__call__"),
        ("import requests\ngetattr(requests.get(u), 'json')()", "requests.get.json"),
        ("def f():\n    nonlocal_ = 1\n    def g():\n        act()\n    g()\nf()", "?.act"),
        ("x.y += act()", "?.act"),
        ("x[0] += act()", "?.act"),
        ("x: int\ny: int = act()", "?.act"),
        ("raise act() from cause()", "?.cause"),
        ("assert act()", "?.act"),
        ("(yield act())", "?.act"),
        ("def f():\n    yield from act()", "?.act"),
        ("async def f():\n    async for x in act():\n        pass", "?.act"),
        ("class A:\n    x = act()\n    class B:\n        y = end()", "?.end"),
        ("setattr(x, act(), 1)", "?.act"),
        ("getattr(x)", "getattr"),
        ("getattr(x, y)(1)", "getattr.__call__"),
        ("vars()\nlocals()", "locals"),
        ("vars()['f']()", "?.f"),
        ("__import__(x).y()", "__import__.y"),
        ("import importlib\nimportlib.import_module('')", "importlib.import_module"),
        ("import sys\nsys.modules[x].y()", "sys.modules.__getitem__.y"),
        ("import functools\nfunctools.partial(x)()", "?.x"),
        ("import operator\noperator.attrgetter(x)(y)", "operator.attrgetter.__call__"),
        ("super().f()", "super.f"),
        ("Path(x)\nfrom pathlib import Path\nPath(y).read_text()", "pathlib.Path.read_text"),
        ("import typing\nX = typing.List[int]\nact()", "?.act"),
        ("from a import *\nfrom b import *\nf()", "?.f"),
        ("f(*[1, 2], **{'a': 1}, **x)", "?.f"),
        ("if x:\n    y = 1\nelif z:\n    del y\nact()", "?.act"),
        ("def f(x: 'quoted', y: a.b = 1): x.act()\n", "?.act"),
        ("(lambda: act())()", "?.act"),
        ("lambda x=act(): x", "?.act"),
        ("x[a:b, c] = act()", "?.act"),
        ("import os\nos.environ.setdefault('A', 'b')", "os.environ.setdefault"),
    ],
)
def test_walked(text: str, target: str) -> None:
    assert target in targets_of(text)


def test_keywords_that_are_spread_are_seen() -> None:
    call = calls_of("act(*[1, 2], **{'a': 3}, **x)")["?.act"]
    assert [one.const for one in call.args] == [1, 2]
    assert call.keywords["a"].const == 3 and "**" in call.keywords


def test_a_fact_answers_for_its_arguments() -> None:
    call = calls_of("act(1, b=g())")["?.act"]
    assert call.arg(0).const == 1 and call.arg(5, "b").origins == {"?.g"}
    assert call.arg(7, "c") == Value() and call.origins == {"?.g"} and len(call.values) == 2
    assert calls_of("act()")["?.act"].origins == frozenset()


def test_values_as_text() -> None:
    assert (Value(True, "a").text, Value(True, b"\xff").text, Value(True, 1).text) == ("a", "\xff", "")
    assert (known("a").text(), known(b"b").text(), known(3).text(), known(None).text()) == (
        "a",
        "b",
        "3",
        "{}",
    )
    assert UNKNOWN.text() == "{}"


def test_values_are_joined_and_merged_within_bounds() -> None:
    first, second = Abstract(target="a.b"), Abstract(target="c.d")
    joined = join(first, second)
    assert joined.target == "a.b" and joined.origins == {"c.d"}
    assert join(None, None) is UNKNOWN and join(first, UNKNOWN) is first and join(UNKNOWN, first) is first
    many = [Abstract(origins=frozenset({f"o{n}"}), steps=(f"s{n}",)) for n in range(100)]
    assert len(merge_origins(many)) == MAX_ORIGINS
    assert len(derived(many, "x").steps) == MAX_STEPS


def test_relative_imports_of_packages_and_modules() -> None:
    files = {
        "a/__init__.py": "from . import b\nfrom .b import c\n",
        "a/b.py": "from . import d\nfrom .. import e\n",
    }
    modules = modules_of(files)
    assert [one.module for one in modules["a/__init__.py"].imports] == ["a", "a.b"]
    assert [one.module for one in modules["a/b.py"].imports] == ["a", ""]


def test_a_module_says_what_it_is() -> None:
    module = module_of("x = 1\n", "pkg/sub/__init__.py")
    assert (module.name, module.phase, module.size) == ("pkg.sub", Phase.IMPORT, 6)
