"""Programs that tests need and this machine may not have, unpacked from their Debian packages and never installed.

    bwrap = debian("bubblewrap") / "usr/bin/bwrap"

They are fetched on first use by ``apt-get download``, from wherever this machine's own apt is set up to look, and
unpacked by ``dpkg-deb`` below ``.cache/debian/`` of the project, where they stay. Where there is no apt-get, a test
that asks for one is skipped and says so.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

FOLDER = Path(__file__).parents[2] / ".cache" / "debian"
#: Seconds that one package may take to come, by whichever worker of the tests fetches it.
_PATIENCE = 240

Name = Literal["bubblewrap"]


class _Lacking(Exception):
    """What this machine has not, and cannot get."""


def debian(name: Name) -> Path:
    """The folder that the package is unpacked in; only one process at a time fetches it."""
    return _or_skipped(_unpacked(name))


def bubblewrap() -> Path:
    """bwrap: the machine's own, or the one of the package; it starts, or the test is skipped."""
    return _or_skipped(_bubblewrap())


def _or_skipped(found: Path | _Lacking) -> Path:
    """In CI a test that cannot run has failed; elsewhere, offline for one, it is skipped and says why."""
    if isinstance(found, Path):
        return found
    if os.environ.get("CI"):
        pytest.fail(f"this machine lacks {found}")
    pytest.skip(f"waits for {found}")


@cache
def _bubblewrap() -> Path | _Lacking:
    own = shutil.which("bwrap")
    found = Path(own) if own else _unpacked("bubblewrap")
    if isinstance(found, _Lacking):
        return found
    program = found if own else found / "usr/bin/bwrap"
    tried = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return _Lacking(f"bwrap that starts: {tried.stderr.strip()}") if tried.returncode else program


@cache
def _unpacked(name: Name) -> Path | _Lacking:
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            return _Lacking(f"{program}: {name} comes unpacked from its Debian package")
    folder = FOLDER / name
    with _turn(name):
        if not folder.exists():
            half = FOLDER / f"{name}.half"
            shutil.rmtree(half, ignore_errors=True)
            try:
                _done(["dpkg-deb", "-x", str(_fetch(name)), str(half)])
            except _Lacking as why:
                return why
            half.rename(folder)
    return folder


def _fetch(name: Name) -> Path:
    """The package's file: by the lists that apt has, or else by lists of our own, so that the machine's stay as
    they are and no privilege is needed. Raises _Lacking."""
    into = FOLDER / f"{name}.deb"
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    lists, kept = FOLDER / "lists", FOLDER / "apt"
    for made in (lists / "partial", kept / "archives" / "partial"):
        made.mkdir(parents=True, exist_ok=True)
    own = ["-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={kept}", "-o", "APT::Sandbox::User=root"]
    said = ""
    for arguments in (["download", name], [*own, "update"], [*own, "download", name]):
        said = _said(["apt-get", "-qq", *arguments], into)
        found = list(into.glob(f"{name}_*.deb"))
        if found:
            return found[0]
    raise _Lacking(f"the Debian package {name}, which apt-get would not fetch: {said}")


def _said(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    return (done.stdout + done.stderr).strip()


def _done(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    assert done.returncode == 0, done.stderr


@contextmanager
def _turn(name: str) -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    handle = os.open(FOLDER / f".{name}.turn", os.O_RDWR | os.O_CREAT)
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                assert time.monotonic() < until, f"another process has been fetching {name} for too long"
                time.sleep(0.1)
        yield
    finally:
        os.close(handle)
