"""What a wheel requires beyond what resolution knew; whatever cannot be read counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker

from stockade.acquire.resolve.unforeseen import applies, unforeseen
from stockade.model.evidence import GapKind
from stockade.model.project import ProjectName, Release, Resolved

HERE = {
    "python_version": "3.11",
    "python_full_version": "3.11.7",
    "sys_platform": "linux",
    "os_name": "posix",
}
ONE = Release(name=ProjectName("one"), version="1")
KNOWN = Release(name=ProjectName("known"), version="1")
CLOSURE = [Resolved(release=ONE, files=()), Resolved(release=KNOWN, files=())]


def brought(*lines: str) -> list[str]:
    gaps = list(unforeseen(CLOSURE, {ONE: lines}, HERE))
    assert all(gap.kind is GapKind.LIMIT and gap.what == "one==1" for gap in gaps)
    return [gap.why.split()[2].rstrip(",") for gap in gaps]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("hidden", "hidden"),
        ("Hid_den[extra]>=1 ; python_version >= '3'", "hid-den"),
        ("hidden @ https://files.example/hidden-1.zip", "hidden"),
        # Installers forgive these.
        ("hidden >=1.0.*", "hidden"),
        ("hidden (>=1.0.*) ; python_version >= '3'", "hidden"),
        ("hidden >=1.0.* ; extra == 'a' or python_version >= '3'", "hidden"),
        # These cannot be evaluated, and are no reason to stop or to look away.
        ("hidden ; sys_platform ~= 'x'", "hidden"),
        ("hidden ; nonsense == '1'", "hidden"),
        ("hidden ; " + "(" * 5_000 + "os_name == 'x'" + ")" * 5_000, "hidden"),
    ],
)
def test_what_an_installer_would_bring(line: str, name: str) -> None:
    assert brought(line) == [name]


@pytest.mark.parametrize(
    "line",
    [
        "known>=1",
        "KNOWN",
        "elsewhere ; python_version < '3'",
        "elsewhere >=1.0.* ; python_version < '3'",
        "only-extra ; extra == 'more'",
        "only-extra >=1.0.* ; extra == 'more'",
        "!!! no name at all",
        "",
    ],
)
def test_what_it_would_not(line: str) -> None:
    assert brought(line) == []


def test_a_marker_holds_for_any_of_the_extras() -> None:
    marker = Marker("extra == 'a'")
    assert applies(marker, HERE, {"", "a"})
    assert not applies(marker, HERE, {""})
    assert applies(None, HERE)


@settings(max_examples=60)
@given(st.text(max_size=80) | st.from_regex(r"a\s*[<>=~!]=?[0-9.*]+\s*;\s*[a-z_]+ [<>=~!]=? '[^']*'"))
def test_no_line_raises(line: str) -> None:
    brought(line)
