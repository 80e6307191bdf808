"""Importing everything that analysis may need, before no file can be opened any more."""

from __future__ import annotations

import encodings
import pkgutil
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module

#: What the standard library imports only when it is used.
_LAZY = (
    *(
        "ast",
        "bz2",
        "codecs",
        "hashlib",
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
