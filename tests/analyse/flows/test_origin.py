"""In a large distribution only what may come from a secret is told to be handed on."""

from __future__ import annotations

import pytest

from stockade import limits
from stockade.analyse.flows.origin import Origins
from tests.analyse.flows.following import program, traced

_HEAD = "import os, getpass\nfrom elsewhere import keep\n"


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every program counts as large."""
    monkeypatch.setattr(limits, "SMALL_DISTRIBUTION", 0)


@pytest.mark.parametrize(
    "body",
    [
        "def f(secret_key):\n    keep(secret_key)\n",
        "def f(value):\n    keep(value)\ndef g(password):\n    f(password)\n",
        "class C:\n    def __init__(self, token):\n        self.a = token\n    def go(self):\n        keep(self.a)\n",
        "class C:\n    def __init__(self, token):\n        self.a = token\n    def go(self):\n        keep(self)\n",
        "class C:\n    def go(self, other):\n        keep(other.api_key)\n",
        "HELD = os.environ['TOKEN']\ndef f():\n    keep(HELD)\n",
        "def made(value):\n    return value\ndef f(token):\n    keep(made(token))\n",
        "def made():\n    return getpass.getpass()\ndef f():\n    keep(made())\n",
        "def f(token):\n    keep({'a': [str(token)]})\n",
        "def f(token, seen={}):\n    seen['x'] = token\n    keep(seen)\n",
    ],
)
def test_a_secret_that_is_handed_on_is_told(body: str) -> None:
    found = traced(_HEAD + body)
    assert [one.port.callee for one in found.handovers] == ["elsewhere.keep"]


@pytest.mark.parametrize(
    "body",
    [
        "def f(colour):\n    keep(colour)\n",
        "def f(value):\n    keep(value)\ndef g(colour):\n    f(colour)\n",
        "class C:\n    def __init__(self, hue):\n        self.a = hue\n    def go(self):\n        keep(self.a)\n",
        "class C:\n    def __init__(self, hue):\n        self.a = hue\n    def go(self):\n        keep(self)\n",
        "HELD = 'a' + 'b'\ndef f():\n    keep(HELD)\n",
        "def made(value):\n    return made(value)\ndef f(colour):\n    keep(made(colour))\n",
        "import hashlib\ndef f(token):\n    keep(hashlib.sha256(token).hexdigest())\n",
        "def f(token):\n    keep(len(token) == 3)\n",
    ],
)
def test_what_comes_from_no_secret_is_not(body: str) -> None:
    found = traced(_HEAD + body)
    assert found.handovers == []
    assert found.passings == []


def test_where_the_search_ends_at_a_bound_a_value_may_be_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = "".join(f"def f{n}(value):\n    f{n + 1}(value)\n" for n in range(30))
    text = f"{_HEAD}{chain}def f30(value):\n    keep(value)\ndef g(colour):\n    f0(colour)\n"
    made, _, _ = program({"kit/__init__.py": "", "kit/one.py": text})
    last = made.functions["kit.one.f30"]
    assert not Origins(made).secret(last, "p:value")
    monkeypatch.setattr(limits, "MAX_FLOW_NODES", 10)
    assert Origins(made).secret(last, "p:value")
