"""One digest over everything but the artifact that findings depend on: the key under which they are cached."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import msgspec

import stockade

#: What analysis is made of, under the package's folder: code and the data beside it.
_PARTS = ("analyse", "model", "workers/child.py", "workers/wire.py", "limits.py")


def fingerprint(options: object, *, root: Path | None = None, versions: str | None = None) -> str:
    """64 hexadecimal digits over the analyser's files, `options`, and the versions of Python and yara_x.

    `options` is anything that msgspec encodes. `root` is the package's folder, `versions` those texts (tests
    have others).
    """
    root = root or Path(stockade.__file__).parent
    digest = hashlib.sha256()
    for name, path in sorted(_files(root)):
        content = Path(path).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    digest.update((versions or f"{sys.version}\0{_yara_x()}").encode())
    digest.update(msgspec.msgpack.encode(options, order="deterministic"))
    return digest.hexdigest()


def _files(root: Path) -> list[tuple[str, str]]:
    """(name under `root`, path) of every file but compiled ones."""
    found: list[tuple[str, str]] = []
    folders: list[tuple[str, str]] = []
    for part in _PARTS:
        path = root / part
        (folders if path.is_dir() else found).append((part, str(path)))
    while folders:
        name, folder = folders.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                inner = f"{name}/{entry.name}"
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        folders.append((inner, entry.path))
                else:
                    found.append((inner, entry.path))
    return found


def _yara_x() -> str:
    """Its version, from the name of the folder that its installer wrote; reading the metadata takes 25 ms."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.startswith("yara_x-") and name.endswith(".dist-info"):
                return name
    return "none"
