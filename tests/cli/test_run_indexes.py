"""Names of an index that only the command's own words name are asked of no other one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run, file_of
from tests.support.archives import wheel
from tests.support.index import TwinFile, TwinIndex
from tests.support.trojan import trojan

PIP = (sys.executable, "-m", "pip", "download", "--no-cache-dir", "--no-build-isolation", "--no-deps")


def release(name: str, *requires: str, version: str = "1.0") -> TwinFile:
    module = name.replace("-", "_")
    return file_of(
        name, version, wheel(name, version, {f"{module}.py": "ONE = 1\n"}, requires=list(requires))
    )


@pytest.fixture
def public() -> Iterator[TwinIndex]:
    """The configured one; somebody has put a private name there, and waits."""
    packages = {
        "open-thing": [release("open-thing")],
        "acme-core": [release("acme-core", version="0.1")],
        "acme-base": [release("acme-base", version="99.0")],
    }
    with TwinIndex(packages) as twin:
        yield twin


@pytest.fixture
def private() -> Iterator[TwinIndex]:
    packages = {
        "acme-core": [release("acme-core", "acme-base", "acme-gone ; python_version < '2'")],
        "acme-base": [release("acme-base")],
        "acme-bad": [release("acme-bad", "acme-trojan")],
        "acme-trojan": [file_of("acme-trojan", "2.32.1", trojan(), form="sdist")],
        "acme-open": [release("acme-open", "open-thing")],
    }
    with TwinIndex(packages) as twin:
        yield twin


@pytest.fixture
def gated(run: Run, public: TwinIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("PIP_INDEX_URL", public.url)
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "data"))
    return run


def asked(twin: TwinIndex) -> set[str]:
    return {hit.path for hit in twin.log}


def test_nothing_of_it_reaches_the_configured_index(
    gated: Run, public: TwinIndex, private: TwinIndex, tmp_path: Path
) -> None:
    """Neither what was asked for nor what that brings, which is judged all the same: --no-deps asks for none of it."""
    ran = gated("run", "--", *PIP, "-d", tmp_path / "got", "--index-url", private.url, "acme-core")
    assert ran.code == 0, ran.err
    assert [path.name for path in (tmp_path / "got").iterdir()] == ["acme_core-1.0-py3-none-any.whl"]
    assert asked(public) == set()
    assert private.hits("/files/acme_base-1.0-py3-none-any.whl")
    ran = gated("run", "--", *PIP, "-d", tmp_path / "more", "--index-url", private.url, "acme-bad")
    assert ran.code == 10, ran.err
    assert asked(public) == set()


def test_where_the_command_asks_both_so_does_the_judgement(
    gated: Run, public: TwinIndex, private: TwinIndex, tmp_path: Path
) -> None:
    ran = gated("run", "--", *PIP, "-d", tmp_path / "got", "--extra-index-url", private.url, "acme-open")
    assert ran.code == 0, ran.err
    # pip asked both for acme-open; what that brings is not known to the private one, and the command uses the other.
    assert "/simple/open-thing/" in asked(public)
    assert public.hits("/files/open_thing-1.0-py3-none-any.whl")


def test_what_a_private_release_brings_is_looked_for_where_that_comes_from_first(
    gated: Run, public: TwinIndex, private: TwinIndex, tmp_path: Path
) -> None:
    ran = gated("run", "--", *PIP, "-d", tmp_path / "got", "--extra-index-url", private.url, "acme-bad")
    assert ran.code == 10, ran.err
    assert "/simple/acme-trojan/" not in asked(public)
