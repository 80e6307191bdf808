"""Importing and compiling everything that analysis may need, before no file can be opened any more."""

from __future__ import annotations

import encodings
import hashlib
import io
import pkgutil
import tarfile
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module

from stockade.model.artifact import Kind
from stockade.model.project import Digest
from stockade.workers.child import Analyse

#: What the standard library imports only when it is used.
_LAZY = (
    *(
        "ast",
        "bz2",
        "codecs",
        "hashlib",
        "heapq",
        "linecache",
        "lzma",
        "stringprep",
        "tarfile",
        "tokenize",
        "unicodedata",
    ),
    *("warnings", "zipfile", "zlib"),
)


def warm(packages: Iterable[str]) -> None:
    """Import every module of `packages`, what they may import late, and every codec a source may name.

    Raises what an import raises, except for codecs that belong to another platform.
    """
    for name in _LAZY:
        import_module(name)
    for module in pkgutil.iter_modules(encodings.__path__):
        with suppress(ImportError):  # mbcs and oem exist on Windows alone
            import_module(f"encodings.{module.name}")
    for package in packages:
        for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            import_module(found.name)


#: A release that does nothing, with a file of each kind that is looked at in its own way.
_SAMPLE = {
    "warm-1/PKG-INFO": "Metadata-Version: 2.1\nName: warm\nVersion: 1\n",
    "warm-1/setup.py": "from setuptools import setup\n\nsetup(name='warm', version='1')\n",
    "warm-1/warm/__init__.py": "import base64\n\nprint(base64.b64decode('d2FybQ==').decode())\n",
    "warm-1/warm/other.py": "def warm(path):\n    return open(path).read()\n",
    "warm-1/warm.pth": "warm\n",
    "warm-1/warm/data.pkl": "(lp0\nI1\na.",
    "warm-1/warm/native.so": "\x7fELF" + "\0" * 64,
    "warm-1/README.txt": "It is warm here.\n",
}


def exercise(analyse: Analyse, options: object) -> None:
    """Analyse a small release of our own, so that rules are compiled and caches filled once, not by every worker.

    Behind the walls nothing can become executable, so what compiles to machine code must have done so by then.
    """
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, text in _SAMPLE.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    data = packed.getvalue()
    analyse(
        memoryview(data),
        filename="warm-1.tar",
        kind=Kind.SDIST,
        sha256=Digest(hashlib.sha256(data).hexdigest()),
        options=options,
    )
