"""Requirements that name an address instead of a project of the index (PEP 508, pip's and setuptools' ways)."""

from __future__ import annotations

import re

_ADDRESS = re.compile(
    r"(?:\b(?:git|hg|svn|bzr)\+)?\b(?:https?|ftp|file|ssh|git)://?[^\s;'\"]{1,400}", re.IGNORECASE
)
#: Well-known places of source code: who owns a project there can be looked up, and honest projects point there.
_FORGES = re.compile(
    r"(?:git\+|hg\+)?(?:https?|ssh|git)://(?:[\w.-]{1,40}@)?(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org"
    r"|huggingface\.co|git\.sr\.ht)[/:]",
    re.IGNORECASE,
)


def address(text: str) -> str:
    """The address in a requirement, "" if it names a project only. A marker behind ``;`` is no part of it."""
    found = _ADDRESS.search(text)
    return found[0] if found else ""


def on_a_forge(found: str) -> bool:
    """Whether an address is one of a well-known forge."""
    return _FORGES.match(found) is not None
