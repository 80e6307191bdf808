"""Which files a secret may cross from, by their imports and parameters."""

from __future__ import annotations

import pytest

from stockade.analyse.code.crossing import crosses, foreign

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
    ],
)
def test_foreign_modules(source: str, found: set[str]) -> None:
    assert foreign(source.encode(), OWN) == found


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("import unheard_of_helper\n", True),
        ("import requests\ndef login(self, secret_key): ...\n", True),
        ("import requests\ndef login(\n    self,\n    AK,\n): ...\n", True),
        ("import requests\ndef login(self, name): ...\nsecret = 1\n", False),
        ("import requests\ndef risk(mask, asks): ...\n", False),
        ("import os\ndef login(self, secret_key): ...\n", False),
    ],
)
def test_what_a_secret_may_cross_from(source: str, wanted: bool) -> None:
    assert crosses(source.encode(), OWN) is wanted
