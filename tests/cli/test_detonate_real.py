"""Packages of the real index, detonated: honest ones are not accused, whatever they read and whomever they ask."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run
from tests.support.debian import bubblewrap

#: Of many kinds: clients of services with secrets, native code, start-up files, tools that look around.
BENIGN = (
    "requests urllib3 boto3 httpx pyyaml click rich attrs jinja2 certifi"
    " keyring python-dotenv psutil tqdm paramiko redis docker PyJWT distlib setuptools"
)


@pytest.mark.index
@pytest.mark.slow
@pytest.mark.parametrize("name", BENIGN.split())
def test_an_honest_package_is_not_accused(name: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCKADE_BWRAP", str(bubblewrap()))
    monkeypatch.setenv("CI", "true")
    ran = run("detonate", name, "--yes-run-it", "--only-seen", "--format", "json")
    assert ran.code in {0, 11}, ran.out + ran.err  # something that it needs may be too new to be let in
    document = json.loads(ran.out)
    assert not [
        one
        for one in document["artifact"]["evidence"]
        if one["detector"] in {"decoy-stolen", "decoy-handed-on"}
    ]
    assert [one for one in document["observation"]["ran"] if one["stage"] == "import" and one["code"] == 0]
