"""A machine of its own for each test of the command line: home, cache, configuration and folder are made up."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stockade.cli import main
from tests.support.archives import sdist, sdist_name, wheel, wheel_name
from tests.support.index import TwinFile, TwinIndex
from tests.support.trojan import trojan

OLD = "2020-01-01T00:00:00Z"


@dataclass
class Ran:
    """What one command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in an empty folder, with an environment that holds nothing of this machine."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_", "STOCKADE_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home/.config"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("STOCKADE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("STOCKADE_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.chdir(folder)

    def command(*words: object) -> Ran:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as ended:  # how argparse leaves
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return command


def file_of(
    name: str, version: str, data: bytes, *, form: str = "wheel", uploaded: str | None = OLD
) -> TwinFile:
    """A file as an index offers it, uploaded long ago unless said otherwise."""
    filename = wheel_name(name, version) if form == "wheel" else sdist_name(name, version)
    return TwinFile(filename, data, uploaded=uploaded)


@pytest.fixture
def index() -> Iterator[TwinIndex]:
    """alpha brings beta; both are harmless. reqeusts is a trojan; gamma brings it."""
    packages = {
        "alpha": [
            file_of("alpha", "1.0", wheel("alpha", "1.0", {"alpha.py": "ONE = 1\n"}, requires=["beta>=1"])),
            file_of("alpha", "1.0", sdist("alpha", "1.0", {"alpha.py": "ONE = 1\n"}), form="sdist"),
        ],
        "beta": [file_of("beta", "1.5", wheel("beta", "1.5", {"beta.py": "TWO = 2\n"}))],
        "reqeusts": [file_of("reqeusts", "2.32.1", trojan(), form="sdist")],
        "gamma": [file_of("gamma", "3", wheel("gamma", "3", {"gamma.py": ""}, requires=["reqeusts"]))],
    }
    with TwinIndex(packages) as twin:
        yield twin
