"""Command-line targets and requirements files, read as pip reads them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.acquire.sources.lines import decoded, logical_lines
from stockade.acquire.sources.requirements import Asked, asked_for
from stockade.errors import BadRequirement, NotFound
from stockade.model.evidence import GapKind
from tests.support.archives import sdist, wheel

ONE, TWO = "1" * 64, "2" * 64


def _read(folder: Path, text: str, env: Mapping[str, str] | None = None) -> Asked:
    (folder / "r.txt").write_text(text)
    return asked_for(files=[Path("r.txt")], env=env or {}, folder=folder)


def _lines(asked: Asked) -> list[str]:
    return [str(one) for one in asked.requirements]


def test_requirements_with_comments_continuations_markers_and_hashes(tmp_path: Path) -> None:
    text = f"""\
# a comment
alpha==1.0 \\
    --hash=sha256:{ONE} \\
    --hash sha256:{TWO}  # both
beta[more,extra] >= 2 ; python_version < "4"

gamma#not-a-comment-without-a-blank
"""
    asked = _read(tmp_path, text.replace("gamma#not-a-comment-without-a-blank\n", ""))
    assert _lines(asked) == ["alpha==1.0", 'beta[extra,more]>=2 ; python_version < "4"']
    assert asked.requirements[0].hashes == (ONE, TWO)
    assert [one.origin for one in asked.requirements] == ["r.txt, line 2", "r.txt, line 5"]
    with pytest.raises(BadRequirement, match="line 7"):
        _read(tmp_path, text)


def test_nested_files_and_constraints_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.txt").write_text("alpha\n-r b.txt\n-cc.txt\n")
    (tmp_path / "deep" / "b.txt").write_text("beta\n")
    (tmp_path / "deep" / "c.txt").write_text("gamma<2\n")
    (tmp_path / "d.txt").write_text("delta==1\n")
    asked = _read(tmp_path, f"--requirement deep/a.txt\n-r {(tmp_path / 'd.txt').as_uri()}\n")
    assert _lines(asked) == ["alpha", "beta", "delta==1"]
    assert [str(one) for one in asked.constraints] == ["gamma<2"]
    both = asked_for(["omega"], constraints=[tmp_path / "d.txt"], env={}, folder=tmp_path)
    assert (_lines(both), str(both.constraints[0])) == (["omega"], "delta==1")


def test_options_come_back_as_settings(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    text = """\
--index-url https://${WHO}:${PASSWORD}@index.example/simple
--extra-index-url=https://one.example/simple
--extra-index https://two.example/simple
--find-links wheels
-f https://links.example/
--trusted-host one.example
--pre --no-index --prefer-binary --require-hashes
--no-binary :all: --only-binary alpha --use-feature=x
"""
    asked = _read(tmp_path, text, {"WHO": "me", "UNUSED": "x"})
    flags = asked.flags
    assert flags.index_url == "https://me:${PASSWORD}@index.example/simple"
    assert flags.extra_index_urls == ("https://one.example/simple", "https://two.example/simple")
    assert flags.find_links == (str(tmp_path / "wheels"), "https://links.example/")
    assert flags.trusted == ("one.example",)
    assert flags.no_index and asked.prereleases
    assert not _read(tmp_path, "alpha").prereleases


def test_paths_and_urls(tmp_path: Path) -> None:
    (tmp_path / "alpha-1.0-py3-none-any.whl").write_bytes(wheel("alpha", "1.0", {}))
    (tmp_path / "beta-2.0.tar.gz").write_bytes(sdist("beta", "2.0", {}))
    text = """\
./alpha-1.0-py3-none-any.whl[more] ; python_version > "3"
beta-2.0.tar.gz
https://files.example/gamma-1.0.zip
https://files.example/archive/main.zip#egg=delta
omega @ https://files.example/omega.tar.gz
"""
    asked = _read(tmp_path, text)
    base = tmp_path.as_uri()
    assert _lines(asked) == [
        f'alpha[more] @ {base}/alpha-1.0-py3-none-any.whl ; python_version > "3"',
        f"beta @ {base}/beta-2.0.tar.gz",
        "gamma @ https://files.example/gamma-1.0.zip",
        "delta @ https://files.example/archive/main.zip#egg=delta",
        "omega @ https://files.example/omega.tar.gz",
    ]
    assert asked.gaps == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("-e .", "a local project would be built"),
        (".", "a local project would be built"),
        ("./here", "a local project would be built"),
        ("alpha @ file:///nonexistent-folder/", "a local project would be built"),
        ("file:///", "a local project would be built"),
        ("-e git+https://code.example/a.git#egg=a", "version-control"),
        ("git+ssh://git@code.example/a.git", "version-control"),
        ("alpha @ git+https://code.example/a.git@main", "version-control"),
        ("https://files.example/main.zip", "which project"),
        ("https://me:s3cret@files.example/alpha-1.0.zip", "login"),
        ("alpha @ https://me:s3cret@files.example/alpha-1.0.zip", "login"),
        ("./odd.zip", "which project"),
        ("-r https://files.example/r.txt", "behind a URL"),
    ],
)
def test_what_cannot_be_judged_is_a_limit(tmp_path: Path, line: str, why: str) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "odd.zip").write_bytes(b"PK")
    asked = _read(tmp_path, line)
    assert asked.requirements == ()
    (gap,) = asked.gaps
    assert gap.kind is GapKind.LIMIT and why in gap.why
    assert "s3cret" not in gap.what + gap.why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("alpha==", "line 1"),
        ("ok\nno good name", "line 2"),
        ("--unknown-option x", "line 1: no such option"),
        ("--index-url", "requires 1 argument"),
        ("-r gone.txt", "no file gone.txt"),
        ("-r r.txt", "includes itself"),
        ("alpha --hash=sha256:12", "not a SHA-256 digest"),
        ("alpha --hash=md5:12", "not a hash that pip takes"),
        ("alpha --hash='x", "quote is not closed"),
        ("--pre beta", "'beta' follows an option"),
        ("./gone-1.0.zip", "no such file"),
        ("a/b\0c", "not a requirement|no such file"),
        ("https://[bad/alpha-1.0.zip", "not a requirement"),
        ("alpha; " + "(" * 6000, "nested too deeply|not a requirement"),
        ("# coding: nonsense", "names an encoding that doesn't exist"),
    ],
)
def test_bad_lines_say_where_and_why(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises((BadRequirement, NotFound), match=why):
        _read(tmp_path, text)


def test_hashes_of_other_kinds_leave_every_file_to_be_judged(tmp_path: Path) -> None:
    asked = _read(tmp_path, f"alpha==1 --hash=sha512:{ONE}{TWO}")
    assert asked.requirements[0].hashes == ()
    assert [gap.kind for gap in asked.gaps] == [GapKind.SCOPE]


def test_files_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "fifo")
    for name in ("gone.txt", "fifo", "."):
        with pytest.raises(NotFound):
            asked_for(files=[tmp_path / name], env={}, folder=tmp_path)
    monkeypatch.setattr(limits, "MAX_REQUIREMENTS", 3)
    with pytest.raises(BadRequirement, match="larger than"):
        _read(tmp_path, "alpha")
    monkeypatch.setattr(limits, "MAX_REQUIREMENTS", 1000)
    monkeypatch.setattr(limits, "MAX_INCLUDES", 2)
    (tmp_path / "1.txt").write_text("-r 2.txt")
    (tmp_path / "2.txt").write_text("alpha")
    with pytest.raises(BadRequirement, match="more than 2 files deep"):
        _read(tmp_path, "-r 1.txt")


def test_encodings_as_pip_takes_them() -> None:
    assert decoded("alpha # é".encode("utf-16"), "r") == "alpha # é"
    assert decoded(b"\xef\xbb\xbfalpha", "r") == "alpha"
    assert decoded(b"# coding: latin-1\n# \xe9", "r").endswith("é")
    with pytest.raises(BadRequirement, match="is not utf-8 text"):
        decoded(b"\xff", "r")


#: Pieces that requirements files are made of, to be joined in odd ways.
_PIECES = st.sampled_from(
    [
        *(
            "alpha==1",
            "beta ",
            "\\",
            "\\\n",
            "\n",
            " #",
            "#",
            "# x",
            "-r",
            " --hash=sha256:00",
            "--pre",
            " -i u",
        ),
        *(
            "-e x",
            '"',
            "'",
            ";",
            " ; a == 'b'",
            "${A}",
            "${B}",
            "\t",
            "\x0c",
            "\u2028",
            "@",
            "-",
            "--",
            "=",
            "\r",
        ),
    ]
)


def _by_pip(text: str, folder: Path) -> list[tuple[int, str]] | None:
    """What pip's own parser makes of a file: line numbers and requirements; None where it refuses it."""
    from pip._internal.exceptions import InstallationError
    from pip._internal.network.session import PipSession
    from pip._internal.req import req_file

    path = folder / "r.txt"
    path.write_bytes(text.encode())
    parser = req_file.RequirementsFileParser(PipSession(), req_file.get_line_parser(None))
    try:
        found: list[Any] = list(parser._parse_file(str(path), constraint=False))
    except InstallationError:
        return None
    asked = [(line.lineno, getattr(line, "requirement", None)) for line in found]
    return [(number, text.strip()) for number, text in asked if text]


# pip's vendored pkg_resources warns of itself.
@pytest.mark.filterwarnings("ignore::DeprecationWarning:pip")
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_PIECES, max_size=12).map("".join))
@example("alpha \\\n# comment\nbeta\\\n  # end\ngamma \\")
@example("# a comment does not go on \\\nalpha")
@example("a\x0cb\u2028c\\\n\\\nd # e\\\nf")
def test_lines_are_split_as_pip_splits_them(tmp_path: Path, text: str) -> None:
    expected = _by_pip(text, tmp_path)
    try:
        lines = list(logical_lines(text, os.environ, "r.txt"))
        found = [
            (line.number, text)
            for line in lines
            for text in ([line.text] if line.text else list(line.all("editables"))[:1])
        ]
    except BadRequirement:
        assert expected is None or "-" in text
        return
    if expected is not None:
        assert found == expected


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=12).map("".join)))
def test_nothing_but_a_sentence_comes_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.txt").write_bytes(text.encode("utf-8", "surrogatepass"))
    for targets, files in ((text.splitlines(), []), ([], [Path("r.txt")])):
        try:
            assert isinstance(asked_for(targets, files, env={}, folder=tmp_path), Asked)
        except (BadRequirement, NotFound):
            continue
