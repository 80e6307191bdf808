"""Where an artifact says what else to install."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade import limits
from stockade.analyse.unpack.addresses import address, on_a_forge
from stockade.analyse.unpack.facts import Metadata
from stockade.analyse.unpack.requirements import asked


def test_the_list_of_an_egg_info_counts_where_nothing_else_is_said() -> None:
    listed = ("demo.egg-info/requires.txt", b"a>=1\n\n[:python_version < '3']\nb\n\n[more]\nc\n")
    found = asked((), {"build-system": {"requires": ["wheel"]}}, b"", "", listed)
    assert [(one.text, one.source, one.optional) for one in found[1:]] == [
        ("a>=1", listed[0], False),
        ("b", listed[0], False),
        ("c", listed[0], True),
    ]
    metadata = Metadata(source="PKG-INFO", fields={"requires-dist": ("a",)})
    assert [one.text for one in asked((metadata,), {}, b"", "", listed)] == ["a"]


def test_each_place_in_order() -> None:
    metadata = Metadata(source="PKG-INFO", fields={"requires-dist": ("a", "b ; extra == 'x'")})
    second = Metadata(source="other", fields={"requires-dist": ("z",)})
    project = {
        "build-system": {"requires": ["c", 1]},
        "project": {"dependencies": ["d"]},
        "tool": {
            "poetry": {"dependencies": {"e": {"git": "https://e.invalid/"}, "f": "1", "g": {"version": "1"}}}
        },
    }
    cfg = b"[options]\ninstall_requires = h\n# i\nsetup_requires =\n  j\n[other]\ninstall_requires = k\n"
    found = asked((metadata, second), project, cfg, "demo-1.0")
    told = [(one.text, one.source, one.building, one.optional) for one in found]
    assert told == [
        ("a", "PKG-INFO", False, False),
        ("b ; extra == 'x'", "PKG-INFO", False, True),
        ("c", "demo-1.0/pyproject.toml", True, False),
        ("d", "demo-1.0/pyproject.toml", False, False),
        ("e @ https://e.invalid/", "demo-1.0/pyproject.toml", False, False),
        ("h", "demo-1.0/setup.cfg", False, False),
        ("j", "demo-1.0/setup.cfg", True, False),
    ]


@pytest.mark.parametrize(
    "project", [{"project": 1}, {"build-system": {"requires": "a"}}, {"tool": {"poetry": []}}, {}]
)
def test_tables_of_another_kind_ask_nothing(project: dict[str, object]) -> None:
    assert asked((), project, b"", "") == ()


def test_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_REQUIRES", 2)
    assert len(asked((), {"project": {"dependencies": ["a", "b", "c"]}}, b"", "")) == 2


@pytest.mark.parametrize(
    ("text", "found", "forge"),
    [
        ("a>=1", "", False),
        ("a @ https://x.invalid/a.whl ; python_version > '3'", "https://x.invalid/a.whl", False),
        ("a@git+ssh://git@github.com/x/a.git@main", "git+ssh://git@github.com/x/a.git@main", True),
        ("a @ https://github.com.x.invalid/a", "https://github.com.x.invalid/a", False),
        ("a @ https://x.invalid/https://github.com/a", "https://x.invalid/https://github.com/a", False),
        ("a @ file:///tmp/a.whl", "file:///tmp/a.whl", False),
        ("a @ GIT+HTTPS://GitLab.com/x/a", "GIT+HTTPS://GitLab.com/x/a", True),
    ],
)
def test_addresses(text: str, found: str, forge: bool) -> None:
    assert address(text) == found
    assert on_a_forge(found) is forge


@given(st.binary(max_size=300))
def test_any_setup_cfg(raw: bytes) -> None:
    asked((), {}, b"[options]\n" + raw, "")


def test_a_long_line_is_read_once() -> None:
    begin = time.process_time()
    asked((), {}, b"[options]\ninstall_requires = " + b"https:/" * 150_000, "")
    assert address("git+" * 100_000 + "https:/") == ""
    assert time.process_time() - begin < 2
