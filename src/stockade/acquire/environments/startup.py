"""Files that an interpreter runs when it starts, and which of nobody's are as makers of environments write them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable

from stockade import limits
from stockade.acquire.environments.added import pth_file
from stockade.acquire.environments.files import read, reason

_CUSTOM = re.compile(r"(?:sitecustomize|usercustomize)(?:\.(?:py|pyw|pyc|pyo)|(?:\.[\w-]+)?\.(?:so|pyd))?")
#: What virtualenv wrote into each environment until it no longer patched distutils; uv did the same.
_VIRTUALENV_PTH = frozenset({"import _virtualenv"})
#: SHA-256 of that _virtualenv.py, as releases of virtualenv (20.0 to 20.34) and of uv (0.4 to 0.9) wrote it.
_VIRTUALENV = frozenset(
    {
        "684b8c07932ba4a84ac2e5ae9afe49ef04e92bac3d8d4191d455cf09d093e5fc",
        "ce57d5e0d9b5d7356cb42da7450ba8f9359bdf693e335f4c921626943c77e64d",
        "c9199315871b11b12df226f890a38e66e63191e1adbfb11a66e6861151b33fca",
        "0aeb86546345c1d0fada097536e35525714d5cdbcc2d8eb3f9912a955044fcff",
        "0f20351ea7e90039c46d3fabdef991f28b1e3ff33eb13ee6f0d5cd21ea0e8b14",
        "6cf30c56faf2a55228914dbbd17f8088ed371ebb08f5e7fa6fd931f913fcaf1d",
    }
)
#: setuptools writes it (and claims it, unless it was installed without RECORD).
_DISTUTILS = frozenset(
    "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; "
    f"enabled = os.environ.get(var, '{default}') == 'local'; "
    "enabled and __import__('_distutils_hack').add_shim();"
    for default in ("local", "stdlib")
)


def is_startup(name: str) -> bool:
    """Whether an entry of a site folder of that name is looked at by an interpreter that starts (``site``)."""
    return name.endswith((".pth", ".start")) or _CUSTOM.fullmatch(name) is not None


def is_customize(name: str) -> bool:
    """Whether it is sitecustomize or usercustomize, which is imported from any folder of the path."""
    return _CUSTOM.fullmatch(name) is not None


def as_made(path: str, targets: Iterable[str]) -> bool:
    """Whether a file that nobody claims is one that an environment's maker writes, byte for byte.

    `targets` are folders that editable installations run from: setuptools lists those in easy-install.pth.
    """
    name = os.path.basename(path)
    try:
        if name == "_virtualenv.py":
            return hashlib.sha256(read(path, limits.MAX_MARK)).hexdigest() in _VIRTUALENV
        if name == "_virtualenv.pth":
            text = read(path, limits.MAX_MARK).decode("utf-8", "replace").strip()
            return text in _VIRTUALENV_PTH and as_made(path.removesuffix(".pth") + ".py", ())
        if name == "distutils-precedence.pth":
            return read(path, limits.MAX_MARK).decode("utf-8", "replace").strip() in _DISTUTILS
        if name in ("easy-install.pth", "setuptools.pth"):
            return _easy(path, targets)
    except OSError:
        return False
    return False


def described(path: str, note: Callable[[str], None]) -> tuple[bool, str]:
    """Whether a start-up file runs code, and what it does, for a person."""
    if not path.endswith(".pth"):
        return True, "an interpreter runs it when it starts"
    try:
        file = pth_file(path)
    except OSError as why:
        note(f"{path} cannot be read: {reason(why)}.")
        return True, "it cannot be read"
    if file.code:
        return True, "an interpreter runs its line when it starts"
    if file.folders:
        return False, "it adds a folder to the path"
    return False, "it does nothing"


def _easy(path: str, targets: Iterable[str]) -> bool:
    file = pth_file(path)
    site = os.path.dirname(path)
    known = {os.path.realpath(one) for one in targets}
    folders = [os.path.normpath(os.path.join(site, one)) for one in file.folders]
    # Its oldest form sorts its own folders to the front, by two lines of code that never differ but in a number.
    if any(not line.startswith("import sys; ") or "__plen" not in line for line in file.code):
        return False
    if any(line.strip() not in _PLEN and not _PLEN_LAST.fullmatch(line.strip()) for line in file.code):
        return False
    return all(
        os.path.realpath(one) in known or (one.endswith(".egg") and os.path.dirname(one) == site)
        for one in folders
    )


_PLEN = frozenset({"import sys; sys.__plen = len(sys.path)"})
_PLEN_LAST = re.compile(
    r"import sys; new=sys\.path\[sys\.__plen:\]; del sys\.path\[sys\.__plen:\]; "
    r"p=getattr\(sys,'__egginsert',0\); sys\.path\[p:p\]=new; sys\.__egginsert = p\+len\(new\)"
)
