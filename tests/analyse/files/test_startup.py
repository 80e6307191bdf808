"""Lines of .pth and .start files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.analyse.files import bounded_lines, is_startup, started, startup_lines
from stockade.model.artifact import Kind
from stockade.model.evidence import Phase


def lines(data: bytes, path: str = "demo.pth") -> list[tuple[int | None, bool, str]]:
    """(line, executes, text) of each."""
    return [(one.where.line, one.executes, one.text) for one in startup_lines(path, data)]


def test_a_pth() -> None:
    data = b"# import no\n\n./lib\r\nimport demo\rimport\tdemo\n importing\nimportlib\n#\nimport a; b()"
    assert lines(data) == [
        (3, False, "./lib"),
        (4, True, "import demo"),
        (5, True, "import\tdemo"),
        (6, False, " importing"),
        (7, False, "importlib"),
        (9, True, "import a; b()"),
    ]
    assert next(startup_lines("demo.pth", data)).phase is Phase.STARTUP


def test_lines_that_only_some_versions_end() -> None:
    assert lines(b"# nothing\x0cimport demo\n") == [(1, True, "import demo")]
    assert lines("import a\u2028import b\n".encode()) == [
        (1, True, "import a\u2028import b"),
        (1, True, "import b"),
    ]


def test_encodings() -> None:
    assert lines(b"\xef\xbb\xbfimport demo\n") == [(1, True, "import demo")]
    assert lines(b"import demo # caf\xe9\n") == [(1, True, "import demo # café")]
    assert lines(b"PK\x03\x04\0\0import demo\n") == []
    assert lines(b"#\0\nimport demo\n./lib\nimport\0x\n") == [(2, True, "import demo")]


def test_a_start_file() -> None:
    data = b"# comment\ndemo.boot:main\n  demo:a.b  \nimport demo\ndemo\n"
    assert lines(data, "demo.start") == [
        (2, True, "demo.boot:main"),
        (3, True, "  demo:a.b  "),
        (4, False, "import demo"),
        (5, False, "demo"),
    ]


def test_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_STARTUP_LINES", 3)
    found, more = bounded_lines("demo.pth", b"\n\n# none\n\n" + b"import a\n" * 3)
    assert (len(found), more) == (3, False)
    found, more = bounded_lines("demo.pth", b"import a\n" * 4)
    assert (len(found), more) == (3, True)


@pytest.mark.parametrize(
    ("text", "path", "names"),
    [
        ("import a.b, c as d; go()", "x.pth", ["a.b", "c"]),
        ("./lib", "x.pth", []),
        ("a.b:go", "x.start", ["a.b", "a.b.go"]),
        ("a:B.go", "x.start", ["a", "a.B.go"]),
    ],
)
def test_what_a_line_starts(text: str, path: str, names: list[str]) -> None:
    (line,) = startup_lines(path, text.encode())
    assert list(started(line)) == names


@pytest.mark.parametrize(
    ("path", "kind", "starts"),
    [
        ("demo.pth", Kind.WHEEL, True),
        ("demo.START", Kind.WHEEL, True),
        ("demo-1.0.data/purelib/demo.pth", Kind.WHEEL, True),
        ("demo-1.0.data/data/lib/python3.11/site-packages/-setup.pth", Kind.WHEEL, True),
        ("demo-1.0.data/data/Lib/site-packages/demo.start", Kind.WHEEL, True),
        ("demo-1.0.data/data/share/demo.pth", Kind.WHEEL, False),
        ("demo/model.pth", Kind.WHEEL, False),
        ("demo.py", Kind.WHEEL, False),
        ("demo-1.0/demo.pth", Kind.SDIST, True),
        ("demo-1.0/files/demo.pth", Kind.SDIST, True),
    ],
)
def test_which_files(path: str, kind: Kind, starts: bool) -> None:
    assert is_startup(path, kind) is starts


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from(["a.pth", "a.start"]))
def test_any_bytes(data: bytes, path: str) -> None:
    assert len(lines(data, path)) <= 2 * len(data)
