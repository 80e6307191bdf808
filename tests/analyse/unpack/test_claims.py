"""What artifacts say of themselves."""

from __future__ import annotations

import pytest

from stockade import limits
from stockade.analyse.unpack import build_backend, open_tree
from stockade.analyse.unpack.claims import parse_entry_points
from stockade.analyse.unpack.facts import Odd
from stockade.analyse.unpack.metadata import parse_metadata
from stockade.analyse.unpack.names import claimed
from stockade.model.artifact import Kind
from tests.analyse.unpack.support import as_sdist, as_wheel, limit_gaps, odd_kinds
from tests.support.archives import Content, core_metadata, sdist, tar_of, wheel, zip_of


def test_metadata_keeps_everything() -> None:
    raw = (
        b"\xef\xbb\xbfMetadata-Version: 2.1\r\nName: demo\r\nname : other\r\nSummary:  one\r\n  two\r\n\tthree\r\n"
        b"no header\r\n continued\r\nAuthor: J\xf6rg\r\nKeywords:\r\n\r\nbody: 1\r\n"
    )
    found = parse_metadata(raw, "PKG-INFO")
    assert found.fields == {
        "metadata-version": ("2.1",),
        "name": ("demo", "other"),
        "summary": ("one\ntwo\nthree",),
        "author": ("Jörg",),
        "keywords": ("",),
    }
    assert found.unparsed == ("no header", " continued", "Author: Jörg")
    assert (found.body, found.source) == (9, "PKG-INFO")
    assert (found.first("name"), found.first("license")) == ("demo", "")


def test_metadata_without_headers_or_body() -> None:
    assert parse_metadata(b"", "x").fields == {}
    assert parse_metadata(b"\n\nName: x", "x").fields == {}
    assert parse_metadata(b"Name: x\r\rbody", "x").body == 4
    assert parse_metadata(b"a\xff\xfe", "x").unparsed == ("aÿþ",)


def test_metadata_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_METADATA_LINES", 3)
    monkeypatch.setattr(limits, "MAX_UNPARSED", 2)
    found = parse_metadata(b"Name: x\njunk\nA: 1\nB: 2\nC: 3\n", "x")
    assert found.fields == {"name": ("x",), "a": ("1",)}
    assert found.unparsed == ("junk", "B: 2")
    monkeypatch.setattr(limits, "MAX_METADATA", 10)
    assert "metadata over" in limit_gaps(as_wheel(wheel("demo", "1.0", {})))[0][1]


def test_a_million_continuation_lines_take_no_time() -> None:
    raw = b"Name: x\n" + b" y\n" * 40_000
    assert parse_metadata(raw, "x").first("name").count("\n") == 40_000


@pytest.mark.parametrize(
    ("filename", "claim"),
    [
        ("Demo_Pkg-1.0-py3-none-any.whl", ("demo-pkg", "1.0")),
        ("demo-1.0-1-py3-none-any.whl", ("demo", "1.0")),
        ("demo-1.0_bad-py3-none-any.whl", ("demo", "1.0_bad")),
        ("demo.whl", ("", "")),
        ("demo-1.0.tar.gz", ("demo", "1.0")),
        ("De.mo-x-1.0.0rc1.zip", ("de-mo-x", "1.0.0rc1")),
        ("reques-new-2022-2.28.1.tar.gz", ("reques-new-2022", "2.28.1")),
        ("demo-1.0.dev-r33.tgz", ("demo", "1.0.dev-r33")),
        ("demo.tar.gz", ("", "")),
        ("readme.txt", ("", "")),
        ("a/b/demo-2.tar.xz", ("demo", "2")),
        ("demo-" + "9" * 9000 + ".tar.gz", ("", "")),
    ],
)
def test_file_names(filename: str, claim: tuple[str, str]) -> None:
    assert claimed(filename) == claim


def test_a_wheel_with_two_dist_infos() -> None:
    files = {"other-9.dist-info/METADATA": core_metadata("other", "9", ["evil"])}
    opened = as_wheel(wheel("demo", "1.0", files, requires=["fine"]))
    assert Odd.TWO_DIST_INFO in odd_kinds(opened)
    assert (opened.project, opened.requires) == ("demo", ("fine",))
    assert [one.first("name") for one in opened.identity.metadata] == ["demo", "other"]


def test_a_wheel_without_metadata() -> None:
    opened = as_wheel(zip_of({"demo.py": "1"}))
    assert odd_kinds(opened) == {Odd.METADATA_MISSING}
    assert (opened.project, opened.version) == ("demo", "1.0")


def test_metadata_says_another_name_than_the_file() -> None:
    opened = as_wheel(wheel("other", "2.0", {}), "demo-1.0-py3-none-any.whl")
    assert (opened.project, opened.version) == ("other", "2.0")
    assert opened.identity.filename == ("demo", "1.0")


def test_an_sdist_with_several_pkg_infos() -> None:
    files: dict[str, Content] = {
        "src/demo.egg-info/PKG-INFO": core_metadata("other", "3"),
        "tests/data/PKG-INFO": core_metadata("noise", "4"),
        "tests/noise.egg-info/PKG-INFO": core_metadata("noise", "4"),
        "a/b/noise.egg-info/PKG-INFO": core_metadata("noise", "4"),
        "demo/__init__.py": "",
    }
    opened = as_sdist(sdist("demo", "1.0", files))
    assert [one.first("name") for one in opened.identity.metadata] == ["demo", "other"]
    assert opened.identity.metadata[0].source == "demo-1.0/PKG-INFO"


def test_top_level_names() -> None:
    files = {
        "a/__init__.py": "",
        "b/c.py": "",
        "mod.py": "",
        "fast.cpython-311-x86_64-linux-gnu.so": "",
        "demo-1.0.data/purelib/pure/__init__.py": "",
        "demo-1.0.data/data/lib/python3.11/site-packages/sneaky.py": "",
        "demo-1.0.data/scripts/run": "",
        "start.pth": "import mod",
    }
    assert as_wheel(wheel("demo", "1.0", files)).identity.top_level == (
        "a",
        "b",
        "mod",
        "fast",
        "pure",
        "sneaky",
    )
    files = {"src/a/__init__.py": "", "b/__init__.py": "", "docs/conf.py": "", "setup.py": "", "mod.py": ""}
    assert as_sdist(sdist("demo", "1.0", files)).identity.top_level == ("a", "b", "mod")


def test_entry_points_of_a_wheel() -> None:
    text = "# c\n[console_scripts]\nrun = demo:main\nrun = demo:other\n\n[pytest11]\nx=demo.plugin\nbroken\n"
    opened = as_wheel(wheel("demo", "1.0", {}, entry_points=text))
    assert opened.identity.entry_points == {
        "console_scripts": (("run", "demo:main"), ("run", "demo:other")),
        "pytest11": (("x", "demo.plugin"),),
    }
    assert parse_entry_points(b"a = b:c\n\xff = d") == {"": (("a", "b:c"), ("\\xff", "d"))}


def test_entry_points_and_backend_of_an_sdist() -> None:
    files = {
        "pyproject.toml": (
            '[build-system]\nbuild-backend = "evil"\nbackend-path = ["_build", 3]\n'
            '[project.scripts]\nrun = "demo:main"\nodd = 3\n[project.gui-scripts]\ng = "demo:gui"\n'
            '[project.entry-points.pytest11]\np = "demo.plugin"\n'
        ),
        "setup.cfg": (
            "[metadata]\nname = x\n[options.entry_points]\nconsole_scripts =\n  run = demo:main\n  # no\n"
            "  more = demo:more\nflake8.extension = F = demo:flake\n[other]\na = b\n"
        ),
        "demo.egg-info/entry_points.txt": "[console_scripts]\nrun = demo:main\n",
    }
    opened = as_sdist(sdist("demo", "1.0", files))
    assert opened.identity.entry_points == {
        "console_scripts": (("run", "demo:main"), ("more", "demo:more")),
        "gui_scripts": (("g", "demo:gui"),),
        "pytest11": (("p", "demo.plugin"),),
        "flake8.extension": (("F", "demo:flake"),),
    }
    assert (opened.identity.build_backend, opened.identity.backend_path) == ("evil", ("_build",))
    assert build_backend(opened.tree, opened.root) == ("evil", ("_build",))


@pytest.mark.parametrize(
    "text", ["", "= bad", "build-system = 3", "[build-system]\nbuild-backend = 3\nbackend-path = 'x'", "\xff"]
)
def test_pyproject_that_names_no_backend(text: str) -> None:
    opened = as_sdist(sdist("demo", "1.0", {"pyproject.toml": text.encode("latin-1")}))
    assert (opened.identity.build_backend, opened.identity.backend_path) == ("", ())
    assert opened.gaps == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("# " + "x" * 20_000, "a line of it is longer than 16 KiB"),
        ("# x\n" * 300_000, "it is larger than 1024 KiB"),
        ("a = " + "[" * 8000, "it is nested too deeply"),
    ],
)
def test_pyproject_beyond_our_bounds_is_a_gap(text: str, why: str) -> None:
    opened = as_sdist(sdist("demo", "1.0", {"pyproject.toml": text}))
    assert limit_gaps(opened) == [("demo-1.0/pyproject.toml", why)]


def test_roots() -> None:
    assert as_sdist(tar_of({"x/a.py": "", "x/b.py": ""}), "demo-1.0.tar").root == "x"
    assert as_sdist(tar_of({"./x/setup.py": ""}), "demo-1.0.tar").root == "x"
    assert as_sdist(tar_of({"x/a.py": "", "y/b.py": ""}), "demo-1.0.tar").root == ""
    assert as_sdist(tar_of({"a.py": ""}), "demo-1.0.tar").root == ""
    assert as_sdist(tar_of({}), "demo-1.0.tar").root == ""
    assert open_tree(tar_of({"x/a.py": ""}), "x.tar", Kind.ARCHIVE).root == ""
    assert open_tree(tar_of({"x/setup.py": ""}), "x.tar", Kind.ARCHIVE).root == "x"
    assert open_tree(tar_of({"x/setup.py": ""}), "x", Kind.FOLDER).root == ""
