"""What is parsed, and what gap is left by what is not."""

from __future__ import annotations

import ast
import codecs

import pytest

from stockade import limits
from stockade.analyse.code.parse import Source, parse
from stockade.model.evidence import Gap, GapKind


@pytest.mark.parametrize(
    "data",
    [
        b"x = 1",
        b"",
        codecs.BOM_UTF8 + b"x = 1",
        "# -*- coding: latin-1 -*-\nx = 'é'".encode("latin-1"),
        "# coding: utf-8\nx = 'é'".encode(),
        "# coding: cp1252\nx = '€'".encode("cp1252"),
        b"x = '\\d'",
        b"a = 1\r\nb = 2\rc = 3\n",
        b"def f[T](x: T) -> T:\n    return x",
        b"class A[T: int]:\n    pass",
        b"type A[T] = list[T]",
        b"try:\n    x\nexcept A, b:\n    y",
        b"x = t'{y}'",
    ],
)
def test_python_is_parsed(data: bytes) -> None:
    assert isinstance(parse(data, "x.py"), Source)


@pytest.mark.parametrize(
    ("data", "kind", "why"),
    [
        (b"print 'hello'", GapKind.SCOPE, "Python 2"),
        (b"exec 'hello'", GapKind.SCOPE, "Python 2"),
        (b"try:\n    x\nexcept A, b:\n    print y", GapKind.SCOPE, "Python 2"),
        (b"raise A, 'b'", GapKind.SCOPE, "Python 2"),
        (b"x = 0777", GapKind.SCOPE, "Python 2"),
        (b"x = 10L", GapKind.SCOPE, "Python 2"),
        (b"if a <> b: pass", GapKind.SCOPE, "Python 2"),
        (b"import {{ cookiecutter.name }}", GapKind.SCOPE, "template"),
        (b"{% if x %}\nimport a\n{% endif %}", GapKind.SCOPE, "template"),
        (b"def f(:\n  pass", GapKind.LIMIT, "not valid Python"),
        (b"x = 1\0", GapKind.SCOPE, "could run"),
        (b"x = '\xff\xfe'", GapKind.SCOPE, "not utf-8 text"),
        (b"if x:\npass", GapKind.SCOPE, "could run"),
        (b"x = 'C:\\Users <> 077'", GapKind.SCOPE, "could run"),
        (b"if x:\n\ty\n        z", GapKind.SCOPE, "could run"),
        (b"# coding: nonsense\nx = 1", GapKind.LIMIT, "nonsense"),
        (b"# coding: hex\nx = 1", GapKind.LIMIT, "hex"),
        (b"# coding: ascii\nx = '\xff'", GapKind.LIMIT, "ascii"),
        (b"(" * 5000, GapKind.LIMIT, "nested too deeply"),
        (b"x = " + b"-" * 50000 + b"1", GapKind.LIMIT, "nested too deeply"),
        (b"#" * (limits.MAX_SOURCE + 1), GapKind.LIMIT, "MiB of source"),
    ],
)
def test_what_is_not_parsed_leaves_a_gap_that_says_why(data: bytes, kind: GapKind, why: str) -> None:
    made = parse(data, "x.py")
    gap = made.gap if isinstance(made, Source) else made
    assert isinstance(gap, Gap)
    assert (gap.kind, gap.what) == (kind, "x.py")
    assert why in gap.why


def test_a_broken_file_is_read_without_the_lines_that_break_it() -> None:
    source = parse(b"import os\nx = 'unterminated\nif x:\n    print 'y'\nos.system('id')\n", "x.py")
    assert isinstance(source, Source) and source.gap is not None
    assert source.gap.kind is GapKind.LIMIT and "line 2" in source.gap.why
    assert ast.unparse(source.tree) == "import os\npass\nif x:\n    pass\nos.system('id')"


@pytest.mark.parametrize("data", [b"x = (1\n" * 60, b"def f(:\n" * 60, b"x = '\n" * 2000 + b"#" * (1 << 20)])
def test_a_file_that_is_broken_all_over_is_not(data: bytes) -> None:
    assert isinstance(parse(data, "x.py"), Gap)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("print 'a' % b", "(0, 'a' % b)"),
        ("print >>f, a; print 'b'", "(print >> f, a)\n(0, 'b')"),
        ('print """\nx\n"""; f()', "(0, '\\nx\\n')\nf()"),
        ("exec 'x' in {}", "exec 'x' in {}"),
        ("exec code in names; print 'b'", "exec(code)\n(0, 'b')"),
        ("raise A, 'b'", "raise A"),
        ("try:\n    x\nexcept A, b:\n    print y", "try:\n    x\nexcept (A, b):\n    (0, y)"),
        ("x = 0777, 10L, 0xFFL, `y`, ur'z'", "x = (511, 10, 255, repr(y), 'z')"),
        ("if a <> b: print a", "if a != b:\n    (0, a)"),
        ("if x:\n\tprint 'a'\n        print 'b'", "if x:\n    (0, 'a')\n    (0, 'b')"),
    ],
)
def test_python_2_is_read_as_near_as_it_goes(old: str, new: str) -> None:
    source = parse(old.encode(), "x.py")
    assert isinstance(source, Source) and source.gap is not None and source.gap.kind is GapKind.SCOPE
    if not new.startswith("exec '"):
        assert ast.unparse(source.tree) == new


def test_of_a_file_that_is_broken_all_over_the_lines_that_stand_alone_are_read_as_called() -> None:
    text = "import os\n    x = 1\n  if y:\n z = 'unterminated\n\tos.system('id')\n" + "  x = (\n" * 40
    source = parse(text.encode(), "x.py")
    assert isinstance(source, Source) and source.gap is not None
    assert ast.unparse(source.tree) == (
        "def broken():\n    import os\n    x = 1\n    if y:\n        pass\n    os.system('id')"
    )
    assert [node.lineno for node in ast.walk(source.tree) if isinstance(node, ast.Call)] == [5]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"'C:\Users\data'", r"C:\Users\data"),
        (r"'\x4 \x41'", r"\x4 A"),
        (r"'\x   41\x42'", "AB"),
        (r"'\N \u12 \U0001'", r"\N \u12 \U0001"),
        (r"'\\x \\\x'", r"\x \\x"),
    ],
)
def test_escapes_that_lack_their_digits_are_written_out(written: str, meant: str) -> None:
    made = parse(f"x = {written}".encode(), "x.py")
    assert isinstance(made, Source)
    (line,) = made.tree.body
    assert isinstance(line, ast.Assign)
    assert isinstance(line.value, ast.Constant)
    assert line.value.value == meant
