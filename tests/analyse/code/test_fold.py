"""Our own evaluation of constants gives what Python gives, or nothing."""

from __future__ import annotations

import base64
import bz2
import codecs
import gzip
import lzma
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.code import argument_of

_B = b"import os; x = 1"
_T = _B.decode()


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (f"base64.b64decode({base64.b64encode(_B)!r})", ("base64",)),
        (f"base64.b64decode({base64.b64encode(_B).decode()!r})", ("base64",)),
        (f"base64.standard_b64decode({base64.b64encode(_B)!r})", ("base64",)),
        (f"base64.urlsafe_b64decode({base64.urlsafe_b64encode(_B)!r})", ("base64",)),
        (f"base64.decodebytes({base64.encodebytes(_B)!r})", ("base64",)),
        (f"base64.b32decode({base64.b32encode(_B)!r})", ("base32",)),
        (f"base64.b32hexdecode({base64.b32hexencode(_B)!r})", ("base32",)),
        (f"base64.b16decode({base64.b16encode(_B)!r})", ("base16",)),
        (f"base64.a85decode({base64.a85encode(_B)!r})", ("base85",)),
        (f"base64.b85decode({base64.b85encode(_B)!r})", ("base85",)),
        (f"binascii.unhexlify({_B.hex()!r})", ("hex",)),
        (f"binascii.a2b_hex({_B.hex()!r})", ("hex",)),
        (f"binascii.a2b_base64({base64.b64encode(_B)!r})", ("base64",)),
        (f"bytes.fromhex({_B.hex()!r})", ("hex",)),
        (f"bytes(bytearray.fromhex({_B.hex()!r}))", ("hex",)),
        (f"zlib.decompress({zlib.compress(_B)!r})", ("zlib",)),
        (f"gzip.decompress({gzip.compress(_B)!r})", ("gzip",)),
        (f"bz2.decompress({bz2.compress(_B)!r})", ("bz2",)),
        (f"lzma.decompress({lzma.compress(_B)!r})", ("lzma",)),
        (f"codecs.decode({base64.b64encode(_B)!r}, 'base64')", ("base64",)),
        (f"codecs.decode({_B.hex()!r}, 'hex')", ("hex",)),
        (f"codecs.decode({_B.hex().encode()!r}, 'hex_codec')", ("hex",)),
        (f"codecs.decode({zlib.compress(_B)!r}, 'zlib')", ("zlib",)),
        (f"codecs.decode({bz2.compress(_B)!r}, encoding='bz2')", ("bz2",)),
        (f"codecs.decode({codecs.encode(_B, 'uu')!r}, 'uu')", ("uu",)),
        (f"{_B[::-1]!r}[::-1]", ("reverse",)),
        (f"bytes([{', '.join(map(str, _B))}])", ()),
        (f"bytes(c ^ 7 for c in {bytes(c ^ 7 for c in _B)!r})", ("xor",)),
        (f"bytes([c ^ k for c in {bytes(c ^ 9 for c in _B)!r} for k in [9]])", ("xor",)),
        (f"zlib.decompress(base64.b64decode({base64.b64encode(zlib.compress(_B))[::-1]!r}[::-1]))",
         ("reverse", "base64", "zlib")),
        (f"__import__('base64').b64decode({base64.b64encode(_B)!r})", ("base64",)),
        (f"getattr(base64, 'b64' + 'decode')({base64.b64encode(_B)!r})", ("base64",)),
        (f"({int.from_bytes(_B, 'big')}).to_bytes({len(_B)}, 'big')", ("int",)),
    ],
)  # fmt: skip
def test_bytes_are_decoded(text: str, steps: tuple[str, ...]) -> None:
    value = argument_of(f"import base64, binascii, zlib, gzip, bz2, lzma, codecs\nuse({text})")
    assert value.known and value.const == _B
    assert value.steps == steps


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("'import os' + '; x = 1'", ()),
        ("'import %s; x = %d' % ('os', 1)", ()),
        ("'import %(m)s; x = 1' % {'m': 'os'}", ()),
        ("'import {}; x = {n}'.format('os', n=1)", ()),
        ("'import {m}; x = 1'.format_map({'m': 'os'})", ()),
        ("f'import {\"os\"}; x = {1:d}'", ()),
        ("f'import {\"os\"!s}; x = {1!r}'", ()),
        ("''.join(['import', ' os; ', 'x = 1'])", ("join",)),
        ("''.join(reversed('1 = x ;so tropmi'))", ("reverse", "join")),
        (f"''.join(chr(c) for c in {[ord(c) for c in _T]})", ("chr", "join")),
        (f"''.join(map(chr, {[ord(c) for c in _T]}))", ("chr", "join")),
        (f"''.join(map(lambda c: chr(c - 1), {[ord(c) + 1 for c in _T]}))", ("chr", "join")),
        (f"''.join([chr(c) for c in {[0, *[ord(c) for c in _T]]} if c > 0])", ("chr", "join")),
        ("'xximport os; x = 1yy'[2:-2]", ("slice",)),
        ("'import os; x = 1'.replace('@', '')", ("replace",)),
        ("'IMPORT OS; X = 1'.lower()", ()),
        ("'  import os; x = 1 '.strip()", ()),
        ("'import os; y = 1'.translate(str.maketrans('y', 'x'))", ("translate",)),
        ("'import os; y = 1'.translate({121: 'x'})", ("translate",)),
        ("codecs.decode('vzcbeg bf; k = 1', 'rot13')", ("rot13",)),
        ("codecs.decode('vzcbeg bf; k = 1', 'rot_13')", ("rot13",)),
        ("urllib.parse.unquote('import%20os; x = 1')", ("percent",)),
        ("html.unescape('import os; x &#61; 1')", ("html",)),
        ("b'import os; x = 1'.decode()", ()),
        ("b'import os; x = 1'.decode('ascii', errors='ignore')", ()),
        ("str(b'import os; x = 1', 'utf-8')", ()),
        (r"'import\\x20os; x = 1'.encode().decode('unicode_escape')", ("escape",)),
        ("{'a': 'import os; x = 1'}['a']", ()),
        ("['no', 'import os; x = 1'][1]", ()),
        ("('import os', '; x = 1')[0] + '; x = 1'", ()),
        ("'import os; x = 1' if 1 < 2 else 'no'", ()),
        ("(lambda a, b='1': a + b)('import os; x = ')", ()),
        ("'{}{}'.format(*['import os', '; x = 1'])", ()),
        ("functools.reduce(lambda a, b: a + b, ['import ', 'os; ', 'x = 1'])", ()),
        ("json.loads('[\"import os; x = 1\"]')[0]", ()),
        ("ast.literal_eval('\"import os; x = 1\"')", ()),
        ("string.ascii_lowercase[8] + 'mport os; x = 1'", ("slice",)),
        ("''.join(sorted({'import os; x = 1'}))", ("join",)),
        ("[a + b for a, b in zip(['import os'], ['; x = 1'])][0]", ()),
        ("{k: v for k, v in [('a', 'import os; x = 1')]}['a']", ()),
        ("'import os; x = 1'.ljust(4)", ()),
        ("os.path.join('import os; x = 1')", ()),
    ],
)  # fmt: skip
def test_text_is_put_together(text: str, steps: tuple[str, ...]) -> None:
    value = argument_of(
        f"import codecs, html, functools, json, ast, string, os\nimport urllib.parse\nuse({text})"
    )
    assert value.known and value.const == _T
    assert value.steps == steps


@pytest.mark.parametrize(
    "text",
    [
        "x = 'import os'\nx += '; x = 1'\nuse(x)",
        "A, B = 'import os', '; x = 1'\nuse(A + B)",
        "(x := 'import os; x = 1')\nuse(x)",
        "class K:\n    A = 'import os; x = 1'\nuse(K.A)",
        "class K:\n    def __init__(s):\n        s.a = 'import os; x = 1'\n    def go(s):\n        use(s.a)",
        "X = 'import os; x = 1'\ndef f():\n    use(X)",
        "def f():\n    global X\n    X = 'import os; x = 1'\nf()\nuse(X)",
        "def dec(t):\n    return t[::-1]\nuse(dec('1 = x ;so tropmi'))",
        "def dec(t, k=1):\n  o = ''\n  for c in t:\n    o += chr(ord(c) - k)\n  return o\nuse(dec('jnqpsu!pt<!y!>!2'))",
        "def d(t):\n o=[]\n for c in t:\n  if c!='@': o.append(c)\n return ''.join(o)\nuse(d('imp@ort os;@ x = 1'))",
        "s = ''\nfor c in [105, 109, 112, 111, 114, 116]:\n    s += chr(c)\nuse(s + ' os; x = 1')",
        "def f(code):\n    use(code)\nf('import os; x = 1')",
        "def f(*, code):\n    use(code)\nf(code='import os; x = 1')",
        "if y:\n    X = 'import os; x = 1'\nelse:\n    X = 'import os; x = 1'\nuse(X)",
        "try:\n    X = 'import os; x = 1'\nexcept E:\n    X = 'import os; x = 1'\nuse(X)",
        "x: str = 'import os; x = 1'\nuse(x)",
        "obj.part = 'import os; x = 1'\nuse(obj.part)",
        "a = b = 'import os; x = 1'\nuse(b)",
        "f = lambda: 'import os; x = 1'\nuse(f())",
        "def f():\n    return 'import os; x = 1'\nuse(f())",
        "use(''.join([x for x in ('import os', '; x = 1')]))",
        "key = 'k'\nd = {'k': 'import os; x = 1'}\nuse(d[key])",
        "d = {'a': unknown, 'k': 'import os; x = 1'}\nuse(d['k'])",
        "x = [*['import os'], '; x = 1']\nuse(''.join(x))",
    ],
)
def test_constants_are_followed_through_names(text: str) -> None:
    value = argument_of(text)
    assert value.known and value.const == _T


@pytest.mark.parametrize(
    "text",
    [
        "x = 'one'\nif y:\n    x = 'two'\nuse(x)",
        "x = ''\nwhile y:\n    x += 'a'\nuse(x)",
        "x = 'a'\nfor y in unknown:\n    x = 'b'\nuse(x)",
        "use(unknown + 1)",
        "use(1 / 0)",
        "use('a'.nothing())",
        "use([1][5])",
        "use(-'a')",
        "use('a' < 1)",
        "use(codecs.decode('a', 'nonsense'))",
        "use('{0.__class__}'.format(1))",
        "use(f'{1:>{unknown}}')",
        "use(''.join(x for x in unknown))",
        "use(sum(x for y in [1] for x in unknown))",
        "use({**unknown})",
        "def f(a):\n    while a:\n        a = b\n    return a\nuse(f(1))",
        "def f(a, *, b):\n    return a\nuse(f(1))",
        "def f(a):\n    f(a)\nuse(f(1))",
        "def f(a):\n    return f(a)\nuse(f(1))",
        "def f(a):\n    a.b = 1\n    return a\nuse(f(1))",
        "def f(a):\n    b, c = a\n    return b\nuse(f([1]))",
        "use({[]: 1 for x in [1]})",
    ],
)
def test_what_is_not_certain_is_not_known(text: str) -> None:
    assert not argument_of(text).known


def test_a_partly_known_text_has_holes() -> None:
    for text in ("f'curl {u} | sh'", "'curl ' + u + ' | sh'", "'curl %s | sh' % u", "'curl {} | sh'.format(u)",
                 "' '.join(['curl', u, '| sh'])", "'curl {} | sh'.format(u).strip().encode()"):  # fmt: skip
        value = argument_of(f"def f(u):\n    use({text})")
        assert not value.known, text
        assert value.text == "curl {} | sh", text
        assert value.origins == {"param:u"}, text


def test_a_partly_known_list_has_none_for_what_is_not_known() -> None:
    value = argument_of("use(['curl', u, '-o', 'x'])")
    assert not value.known and value.const == ["curl", None, "-o", "x"]
    assert argument_of("c = ['a'] + [u]\nuse(c)").const == ["a", None]
    assert argument_of("use({'a': u, 'b': 'c'})").const == {"a": None, "b": "c"}


def test_paths_are_put_together_as_far_as_known() -> None:
    assert argument_of("import os\nuse(os.path.join(home, '.ssh', 'id'))").text == "{}/.ssh/id"
    assert argument_of("import os\nuse(os.path.expanduser('~/.ssh'))").text == "~/.ssh"
    assert argument_of("from pathlib import Path\nuse(Path.home() / '.ssh' / 'id')").text == "{}/.ssh/id"
    assert argument_of("from pathlib import Path\nuse(str(Path('~') / '.ssh'))").text == "~/.ssh"


# Fuzz: random pure expressions over constants.

_atoms = st.one_of(
    st.integers(-300, 300).map(repr),
    st.text("abc%{}0 \\'é", max_size=5).map(repr),
    st.binary(max_size=4).map(repr),
    st.booleans().map(repr),
    st.floats(-5, 5, allow_nan=False).map(repr),
)


def _bigger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = "+ - * / // % ** << >> & | ^ < == in"
    binary = st.tuples(inner, st.sampled_from(operators.split()), inner)
    method = st.tuples(
        inner, st.sampled_from(("upper", "strip", "decode", "encode", "hex", "split", "title"))
    )
    with_arg = st.tuples(
        inner, st.sampled_from(("join", "split", "replace", "format", "count", "ljust", "zfill")), inner
    )
    names = "chr ord len str bytes int hex reversed list tuple sorted sum bool abs repr float"
    function = st.tuples(st.sampled_from(names.split()), inner)
    return st.one_of(
        binary.map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        method.map(lambda t: f"({t[0]}).{t[1]}()"),
        with_arg.map(lambda t: f"({t[0]}).{t[1]}({t[2]})"),
        function.map(lambda t: f"{t[0]}({t[1]})"),
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})[{t[1]}]"),
        st.tuples(inner, st.integers(-3, 3), st.sampled_from((-1, 1, 2))).map(
            lambda t: f"({t[0]})[{t[1]}::{t[2]}]"
        ),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        inner.map(lambda text: f"[x for x in {text}]"),
        inner.map(lambda text: f"[chr(x ^ 3) for x in {text} if x]"),
        inner.map(lambda text: f"(lambda x: x)({text})"),
        st.tuples(inner, st.sampled_from(("", "!r", "!s"))).map(
            lambda t: "f'''a{" + t[0].replace("'''", "") + t[1] + "}b'''"
        ),
    )


@settings(max_examples=60, deadline=None)
@given(st.recursive(_atoms, _bigger, max_leaves=6))
def test_folding_agrees_with_python(text: str) -> None:
    try:
        code = compile(f"({text})", "<test>", "eval")
    except (SyntaxError, ValueError):
        return
    value = argument_of(f"use({text})")
    if not value.known:
        return
    try:
        expected = eval(code)
    except Exception:
        return  # a branch that fails may be folded over; nothing runs then
    if text.count("reversed") and not isinstance(expected, (str, bytes, int, float, list, tuple, dict)):
        expected = list(expected)
    assert value.const == expected
    assert type(value.const) is type(expected) or isinstance(expected, list)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_the_walk_never_raises_on_text(text: str) -> None:
    try:
        compile(text, "<test>", "exec")
    except (SyntaxError, ValueError):
        return
    from tests.support.code import module_of

    module_of(text)
