"""What sdists depend on, read without running anything."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.acquire.resolve.members import Unreadable, read_members
from stockade.acquire.resolve.sdist import read_sdist
from stockade.acquire.resolve.stated import Stated
from tests.acquire.resolve.worlds import World, shown
from tests.support.archives import compressed, core_metadata, packed, sdist, tar_of

STATIC = b"Metadata-Version: 2.2\nName: alpha\nVersion: 1.0\nRequires-Dist: beta>=1\nRequires-Python: >=3.9\n"
BARE = b"Metadata-Version: 1.1\nName: alpha\nVersion: 1.0\n"


def _read(files: dict[str, str], metadata: bytes = BARE, form: str = "tar.gz") -> Stated:
    return read_sdist(io.BytesIO(sdist("alpha", "1.0", files, metadata=metadata, form=form)))


@pytest.mark.parametrize("form", ["tar.gz", "tar.bz2", "tar.xz", "tar", "zip"])
def test_static_metadata_is_believed(form: str) -> None:
    said = _read({"setup.py": "raise SystemExit\n"}, STATIC, form)
    assert said == Stated(
        name="alpha", version="1.0", requires=("beta>=1",), requires_python=">=3.9", note=""
    )


def test_static_metadata_without_dependencies_has_none() -> None:
    assert _read({}, b"Metadata-Version: 2.4\nName: alpha\nVersion: 1.0\n").note == ""


def test_dependencies_that_are_dynamic_are_looked_for_elsewhere() -> None:
    metadata = STATIC.replace(b"Requires-Dist: beta>=1", b"Dynamic: Requires-Dist\nRequires-Dist: beta")
    said = _read({"alpha.egg-info/requires.txt": "gamma\n"}, metadata)
    assert said.requires == ("gamma",)
    assert "a build may add others" in said.note


def test_pyproject_is_believed_unless_dynamic() -> None:
    project = """
        [project]
        name = "alpha"
        requires-python = ">=3.10"
        dependencies = ["beta>=2"]
        [project.optional-dependencies]
        more = ["gamma; python_version > '3' or sys_platform == 'x'", "delta"]
    """
    said = _read({"pyproject.toml": project})
    assert said.note == ""
    assert said.requires_python == ">=3.10"
    assert said.extras == ("more",)
    assert said.requires == (
        "beta>=2",
        "gamma ; (python_version > '3' or sys_platform == 'x') and extra == 'more'",
        "delta ; extra == 'more'",
    )
    dynamic = _read({"pyproject.toml": '[project]\nname = "alpha"\ndynamic = ["dependencies"]\n'})
    assert "can't be read without running its build" in dynamic.note


@pytest.mark.parametrize(
    "text", ["[project", "project = 1", "[project]\ndependencies = 3", "\x00", "a = " + "[" * 2000]
)
def test_a_pyproject_that_is_none_is_passed_over(text: str) -> None:
    assert _read({"pyproject.toml": text, "setup.cfg": "[options]\ninstall_requires = beta\n"}).requires == (
        "beta",
    )


def test_what_setuptools_wrote_counts_with_its_sections() -> None:
    sections = (
        "[more]\ngamma",
        "[:python_version < '3']\nold",
        "[both:sys_platform == 'x']\ndelta; a == 'b'",
    )
    requires = "\n\n".join(("beta>=1", *sections))
    said = _read({"src/alpha.egg-info/requires.txt": requires, "setup.py": "setup(install_requires=['no'])"})
    assert said.extras == ("more", "both")
    assert said.requires == (
        "beta>=1",
        "gamma ; extra == 'more'",
        "old ; python_version < '3'",
        "delta ; a == 'b' and sys_platform == 'x' and extra == 'both'",
    )
    assert "egg-info" in said.note


def test_an_older_pkg_info_counts_if_it_names_any() -> None:
    said = _read({"setup.py": ""}, core_metadata("alpha", "1.0", ["beta"]))
    assert said.requires == ("beta",) and "PKG-INFO" in said.note


def test_setup_cfg_counts() -> None:
    text = "[options]\npython_requires = >=3.7\ninstall_requires =\n  beta>1\n  # no\n  gamma\n"
    text += "[options.extras_require]\nmore = delta\n"
    said = _read({"setup.cfg": text, "setup.py": "import setuptools\nsetuptools.setup()\n"})
    assert said.requires == ("beta>1", "gamma", "delta ; extra == 'more'")
    assert said.requires_python == ">=3.7" and "setup.cfg" in said.note
    assert _read({"setup.cfg": "no section"}).requires == ()


@pytest.mark.parametrize(
    ("source", "requires"),
    [
        ("setup(name='a', install_requires=['beta', 'gamma>1'])", ("beta", "gamma>1")),
        ("import setuptools\nR = ['beta']\nsetuptools.setup(install_requires=R)", ("beta",)),
        ("setup(install_requires='beta\\ngamma')", ("beta", "gamma")),
        (
            "setup(extras_require={'more': ['beta'], ':a == 1': 'gamma'})",
            ("beta ; extra == 'more'", "gamma ; a == 1"),
        ),
        ("setup(name='a')", ()),
    ],
)
def test_constants_in_setup_py_count(source: str, requires: tuple[str, ...]) -> None:
    said = _read({"setup.py": source})
    assert said.requires == requires
    assert "setup.py" in said.note


@pytest.mark.parametrize(
    "source",
    [
        "setup(install_requires=open('r.txt').read())",
        "R = ['a']\nR = R + x\nsetup(install_requires=R)",
        "setup(**stuff)",
        "setup()\nsetup()",
        "setup(",
        "x = 1",
        "(" * 5000,
        "x = " + "-" * 20000 + "1",
        "setup(install_requires=" + "[" * 150 + "]" * 150 + ")\x00",
    ],
)
def test_what_only_a_build_would_tell_is_said_to_be_unknown(source: str) -> None:
    assert "can't be read without running its build" in _read({"setup.py": source}).note


def test_a_huge_setup_py_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SETUP_PY", 10)
    assert "without running" in _read({"setup.py": "setup(install_requires=['beta'])"}).note


def test_files_deeper_in_the_tree_say_nothing() -> None:
    said = _read({"sub/setup.py": "setup(install_requires=['beta'])", "a/b/c.egg-info/requires.txt": "gamma"})
    assert said.requires == ()


def test_a_release_that_is_only_an_sdist_is_resolved_and_nothing_in_it_runs(
    world: World, tmp_path: Path
) -> None:
    trace = tmp_path / "it-ran"
    code = f"open({str(trace)!r}, 'w').close()\n"
    backend = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    world.sdist(
        "alpha",
        "1.0",
        {
            "setup.py": code + "setup(install_requires=['beta'])",
            "backend.py": code,
            "pyproject.toml": backend,
        },
        metadata=BARE,
    )
    world.sdist("beta", "1.0", {"setup.py": code}, metadata=BARE)
    closure = world.resolve("alpha")
    assert shown(closure) == ["alpha==1.0", "beta==1.0"]
    assert closure.releases[1].notes == ("what it depends on can't be read without running its build",)
    assert not trace.exists()


# Hostile archives.


def _members(data: bytes) -> dict[str, bytes]:
    return read_members(io.BytesIO(data), lambda path: path.endswith("PKG-INFO"))


def test_long_names_are_read_in_both_dialects() -> None:
    long = "x" * 90 + "/" + "y" * 150 + "/PKG-INFO"
    for form in (0, 1, 2):
        if form == 0:  # ustar keeps it in prefix and name only up to 255 characters
            assert list(_members(tar_of({"p" * 100 + "/PKG-INFO": "1"}, form=form))) == [
                "p" * 100 + "/PKG-INFO"
            ]
        else:
            assert _members(tar_of({long: "1"}, form=form)) == {long: b"1"}


def test_names_that_are_not_utf8_do_not_matter() -> None:
    data = tar_of({"\udcff": "1", "a/PKG-INFO": "2"}, form=1)
    assert _members(data) == {"a/PKG-INFO": b"2"}


def test_sizes_in_base_256_are_read() -> None:
    tar = bytearray(tar_of({"a/PKG-INFO": "12"}))
    tar[124:136] = b"\x80" + bytes(10) + b"\x02"
    assert _members(bytes(tar)) == {"a/PKG-INFO": b"12"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1f\x8b garbage",
        b"BZh9garbage",
        b"\xfd7zXZ\x00garbage",
        b"PK\x03\x04garbage",
        compressed(tar_of({"a/PKG-INFO": "x" * 3000}), "gz")[:-20],
        tar_of({"a/PKG-INFO": "x" * 3000})[:1024],
        tar_of({"a": "x"}).replace(b"00000000001\0", b"zzzzzzzzzzz\0"),
    ],
)
def test_damaged_archives_are_said_to_be_so(data: bytes) -> None:
    said = read_sdist(io.BytesIO(data))
    assert said.requires == () and said.note


def test_bounds_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    big = {"a/PKG-INFO": "x" * 5000}
    monkeypatch.setattr(limits, "MAX_METADATA", 4000)
    for form in ("tar.gz", "zip"):
        with pytest.raises(Unreadable, match="larger than honest"):
            _members(packed(big, form))
    monkeypatch.setattr(limits, "MAX_STATIC_UNPACKED", 4000)
    with pytest.raises(Unreadable, match="unpacks to more"):
        _members(packed({"a/data": "x" * 5000, "a/PKG-INFO": ""}, "tar.gz"))
    monkeypatch.setattr(limits, "MAX_STATIC_ZIP", 10)
    with pytest.raises(Unreadable, match="larger zip"):
        _members(packed({"a": ""}, "zip"))


def test_only_so_many_members_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_STATIC_MEMBERS", 2)
    assert len(_members(packed({f"{n}/PKG-INFO": "" for n in range(5)}, "tar.gz"))) == 2
    monkeypatch.setattr(limits, "MAX_MEMBERS", 3)
    assert _members(packed({**{str(n): "" for n in range(5)}, "a/PKG-INFO": ""}, "tar.gz")) == {}


def test_an_encrypted_zip_is_said_to_be_so() -> None:
    data = bytearray(packed({"a/PKG-INFO": "x"}, "zip"))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + at] |= 1
    with pytest.raises(Unreadable, match="encrypted"):
        _members(bytes(data))
    assert zipfile.is_zipfile(io.BytesIO(bytes(data)))


def test_a_pax_header_that_is_none_is_passed_over() -> None:
    tar = tar_of({"x" * 200 + "/PKG-INFO": "1"})
    broken = tar.replace(b" path=", b" hath=")
    assert all(path.startswith("x") for path in _members(broken))
    worse = tar.replace(tar[512:515], b"zzz")
    assert isinstance(_members(worse), dict)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["tar", "tar.gz", "zip"]),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=8),
    st.text(max_size=200),
)
def test_no_bytes_make_the_reader_raise(form: str, changes: list[tuple[int, int]], text: str) -> None:
    names = ("setup.py", "setup.cfg", "pyproject.toml", "alpha.egg-info/requires.txt")
    data = bytearray(packed({f"a/{name}": text.encode("utf-8", "replace") for name in names}, form))
    for at, value in changes:
        data[at % len(data)] = value
    assert isinstance(read_sdist(io.BytesIO(bytes(data))), Stated)
