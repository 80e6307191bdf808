"""Which files a secret may cross from, by their imports and parameters."""

from __future__ import annotations

import pytest

from stockade.analyse.code.layout import Place
from stockade.analyse.flows import crossing
from stockade.analyse.flows.crossing import Crossings, foreign, imports, takes_secrets
from stockade.model.artifact import Member
from stockade.model.evidence import Phase

OWN = frozenset({"mine"})


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import helper\n", {"helper"}),
        ("import os, helper.parts as h, other\n", {"helper", "other"}),
        ("if x: import helper;from other.parts import y\n", {"helper", "other"}),
        ("    from helper import (\n  y)\n", {"helper"}),
        ("from \\\n  helper import y", {"helper"}),
        ("import helper  # why\nimport os\n", {"helper"}),
        ("m = __import__('helper')\n", {"helper"}),
        ('m = importlib.import_module(\n  "helper.parts")\n', {"helper"}),
        ("from . import x\nfrom .parts import y\nimport mine.parts, sys\n", set()),
        ("reimport = important(1)\n# an import of nothing\nx = 'import'\n", set()),
        ("import\n", set()),
        ("import of goods, and more\nimport in, as\n", set()),
    ],
)
def test_foreign_modules(source: str, found: set[str]) -> None:
    assert foreign(source.encode(), OWN) == found


def _place(name: str) -> Place:
    package = name in {"mine", "mine.sub"}
    return Place(name, name, package, Phase.IMPORT, Phase.ENTRY, False, True)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from . import a, b as c\n", [("mine.sub", ["a", "b", "as", "c"])]),
        ("from .a import (\n    b,  # why\n    c,\n)\n", [("mine.sub.a", ["b", "why", "c"])]),
        ("from ..a import b\nfrom ...a import b\n", [("mine.a", ["b"]), ("a", [])]),
        ("from.a import b; import mine.c\n", [("mine.sub.a", ["b"]), ("mine.c", [])]),
        ("from mine.a import *\n", [("mine.a", [])]),
    ],
)
def test_what_is_imported_from_where(source: str, found: list[tuple[str, list[str]]]) -> None:
    assert [
        (one, list(names))
        for one, names in imports(source.encode(), _place("mine.sub.x"), frozenset({"mine"}))
    ] == found


def test_lists_of_names_that_overlap_without_end_count_as_unread() -> None:
    source = b"from mine import (a,\n" * 2_000
    assert ("?", ()) in list(imports(source, _place("mine.sub.x"), frozenset({"mine"})))


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("def login(self, secret_key): ...\n", True),
        ("def login(\n    self,\n    AK,\n): ...\n", True),
        ("def login(self, *, accessKeyId: str = ''): ...\n", True),
        ("def login(self, name): ...\nsecret = 1\n", False),
        ("def risk(mask, asks, tokens, max_tokens): ...\n", False),
        ("def listed(page_token, next_token, pad_token): ...\n", False),
        ("def login(self, one: Token): ...\n", False),
    ],
)
def test_what_takes_secrets(source: str, wanted: bool) -> None:
    assert takes_secrets(source.encode()) is wanted


KNOWN = ("requests>=2; python_version > '3'", "urllib3")


def _chosen(
    files: dict[str, str], requires: tuple[str, ...] = KNOWN, telling: dict[str, set[str]] | None = None
) -> set[str]:
    """The files that are parsed, at once or later; `telling` ones have these groups."""
    names = {name: f"mine.{name}" for name in files}
    crossings = Crossings(frozenset({"mine", *names.values()}), requires)
    found = set()
    for name, source in files.items():
        member = Member(path=name, size=len(source))
        if name in (telling or {}):
            crossings.telling(source.encode(), _place(names[name]), frozenset((telling or {})[name]))
        elif crossings.crosses(member, source.encode(), _place(names[name]), again=len(files) % 2 == 0):
            found.add(name)
    later = list(crossings.chosen())
    assert all(data is None or data == files[member.path].encode() for member, data, _ in later)
    return found | {member.path for member, _, _ in later}


def test_no_more_is_held_than_could_be_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossing, "_HELD", len(TAKES) + 20)
    files = dict.fromkeys(("a", "b", "c"), f"import mine.c\n{TAKES}")
    assert _chosen(files) == {"b", "c"}
    assert _chosen(files | {"d": ""}) == set()  # all of these are at hand


TAKES = "def login(access_key): note(access_key)\n"


def test_what_imports_something_unheard_of_is_parsed() -> None:
    assert _chosen({"a": "import unheard_of_helper\n", "b": "import requests\n", "c": "x = 1\n"}) == {"a"}


def test_secrets_that_go_to_well_known_modules_of_well_known_projects_are_not_followed() -> None:
    files = {"a": f"import requests\n{TAKES}"}
    assert _chosen(files) == set()
    assert _chosen(files, ("requests", "some-helper-nobody-knows")) == {"a"}
    assert _chosen(files, ("requests @ https://files.example/requests.whl",)) == {"a"}
    assert _chosen(files, ()) == {"a"}  # who knows what it requires


def test_secrets_are_followed_to_where_imports_lead() -> None:
    files = {
        "b": "from . import c\n",
        "c": "import unheard_of_helper\n",
        "d": TAKES,
        "e": f"import mine.f\n{TAKES}",
    }
    files["f"] = "x = 1\n"
    assert _chosen({"a": f"from .b import note\n{TAKES}", **files}) == {"a", "c"}
    assert _chosen({"a": f"import mine.b as b\n{TAKES}", **files}) == {"a", "c"}
    assert _chosen({"a": f"from mine.f import note\n{TAKES}", **files}) == {"c"}


def test_secrets_are_followed_to_where_they_may_leave() -> None:
    own, known = f"from .b import note\n{TAKES}", f"import requests\nfrom .b import note\n{TAKES}"
    acts = {"b": {"network", "writing"}}
    assert _chosen({"a": known, "b": ""}, KNOWN, acts) == {"a"}
    assert _chosen({"a": own, "b": ""}, KNOWN, acts) == set()
    assert _chosen({"a": known, "b": ""}, KNOWN, {"b": {"decode"}}) == set()
