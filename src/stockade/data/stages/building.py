"""Build a source distribution as PEP 517 says: ``building.py asks|requires|wheel ARCHIVE FOLDER OUT``.

``asks`` writes what its pyproject.toml needs for that to OUT/requires.json, ``requires`` what its backend needs beside,
and ``wheel`` leaves the wheel in OUT.
"""

import importlib
import json
import os
import sys
import tarfile
import zipfile

try:
    import tomllib
except ModuleNotFoundError:  # before Python 3.11
    tomllib = None


def unpack(archive: str, folder: str) -> None:
    if archive.endswith((".zip", ".whl")):
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)
    else:
        with tarfile.open(archive) as opened:
            opened.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))


def source(folder: str) -> str:
    """The only folder in there, or itself."""
    held = os.listdir(folder)
    inner = os.path.join(folder, held[0]) if len(held) == 1 else folder
    return inner if os.path.isdir(inner) else folder


def system() -> dict:
    """``[build-system]``, or what stands for it where there is none."""
    found: dict = {}
    if tomllib and os.path.exists("pyproject.toml"):
        with open("pyproject.toml", "rb") as file:
            found = tomllib.load(file).get("build-system", {})
    ordinary = {"requires": ["setuptools"], "build-backend": "setuptools.build_meta:__legacy__"}
    return {**ordinary, "backend-path": [], **found}


def backend(table: dict) -> object:
    for path in reversed(table["backend-path"]):
        sys.path.insert(0, os.path.abspath(path))
    module, _, inner = table["build-backend"].partition(":")
    found: object = importlib.import_module(module)
    for name in filter(None, inner.split(".")):
        found = getattr(found, name)
    return found


def main() -> None:
    what, archive, folder, out = sys.argv[1:5]
    if not os.listdir(folder):
        unpack(archive, folder)
    os.chdir(source(folder))
    sys.argv = sys.argv[:1]
    table = system()
    if what == "wheel":
        backend(table).build_wheel(out)
        return
    asks = table["requires"]
    if what == "requires":
        asks = getattr(backend(table), "get_requires_for_build_wheel", lambda settings: [])(None)
    with open(os.path.join(out, "requires.json"), "w", encoding="utf-8") as file:
        json.dump([str(one) for one in asks], file)


main()
