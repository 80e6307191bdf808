"""The installers themselves, each in an environment of its own: what the gate is tested with.

    pip = client("pip-oldest").program("pip")

They are made on first use, below ``.clients/`` of the project, from the hash-pinned ``requirements/clients-NAME.lock``
with the pip and the index that this machine is set up with, and kept for as long as the lock stays the same.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

_ROOT = Path(__file__).parents[2]
FOLDER = _ROOT / ".clients"
#: Seconds that one environment may take to be made, by whichever worker makes it.
_PATIENCE = 300

Name = Literal["pip-oldest", "pip-newest", "poetry", "pdm", "pipx", "pip-tools", "tox", "nox", "hatch"]


@dataclass(frozen=True, slots=True)
class Client:
    """An environment with one installer in it."""

    folder: Path

    def program(self, name: str) -> str:
        """The path of one of its programs."""
        found = self.folder / "bin" / name
        assert found.is_file(), found
        return str(found)


@cache
def client(name: Name) -> Client:
    """The environment with that installer, made if need be; only one process at a time makes it."""
    lock = _ROOT / "requirements" / f"clients-{name}.lock"
    key = hashlib.sha256(lock.read_bytes() + sys.version.encode() + str(FOLDER).encode()).hexdigest()[:12]
    folder = FOLDER / f"{name}-{key}"
    ready = folder / ".ready"
    with _turn(name):
        if not ready.exists():
            for former in FOLDER.glob(f"{name}-????????????"):
                shutil.rmtree(former)
            _make(folder, lock)
            ready.touch()
    return Client(folder)


def _make(folder: Path, lock: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=_PATIENCE)
    python = str(folder / "bin" / "python")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    exactly = ["--require-hashes", "--no-deps", "--no-compile", "-r", str(lock)]
    done = subprocess.run([*pip, *exactly], capture_output=True, text=True, timeout=_PATIENCE, check=False)
    assert done.returncode == 0, done.stderr


@contextmanager
def _turn(name: str) -> Iterator[None]:
    FOLDER.mkdir(exist_ok=True)
    handle = os.open(FOLDER / f".{name}.turn", os.O_RDWR | os.O_CREAT)
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                assert time.monotonic() < until, f"another process has been making {name} for too long"
                time.sleep(0.1)
        yield
    finally:
        os.close(handle)
