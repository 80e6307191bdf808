"""Files in which a secret may cross into another distribution, although they hold no telling literal.

A trojaned constructor names no host and starts nothing: it hands its keys to a helper. So a file is worth a parse if it
imports something that is neither Python's, nor the artifact's own, nor well known; or if it imports anything foreign
and a function of it takes what is named like a secret.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from stockade.analyse.code.known_modules_generated import KNOWN_MODULES

_IMPORT = re.compile(
    rb"(?:^|[;:])[ \t]*(?:from[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]+import\b|import[ \t]+([A-Za-z_][\w., \t]*))",
    re.MULTILINE,
)
_TOP = re.compile(rb"[ \t]*([A-Za-z_]\w*)")
#: An import by its name in a string.
_BY_NAME = re.compile(rb"(?:__import__|import_module)\(\s*[\"']([A-Za-z_]\w*)")
#: The parameters of a function, and what names a secret among them.
_PARAMETERS = re.compile(rb"def[ \t]+\w+[ \t]*\(([^()]{0,2000})")
_SECRET = re.compile(
    rb"secret|passw|passphrase|token|credential|creds|private_?key|api_?key|access_?key|auth_?key|account_?key"
    rb"|\b[as]k\b",
    re.IGNORECASE,
)
_OURS = frozenset(sys.stdlib_module_names) | {"__future__"}


def foreign(data: bytes, own: frozenset[str]) -> frozenset[str]:
    """The top-level modules of other distributions that a file imports."""
    found = set(_imported(data.replace(b"\\\n", b" ")))
    if b"__import__(" in data or b"import_module(" in data:
        found.update(one[1].decode() for one in _BY_NAME.finditer(data))
    return frozenset(found) - own - _OURS


def crosses(data: bytes, own: frozenset[str]) -> bool:
    """Whether a secret may cross from this file; `own` are the artifact's own top-level modules."""
    found = foreign(data, own)
    if not found:
        return False
    return not found <= KNOWN_MODULES or any(_SECRET.search(one[1]) for one in _PARAMETERS.finditer(data))


def _imported(data: bytes) -> Iterator[str]:
    """The top-level modules of import statements: only lines with the word are looked at."""
    at = data.find(b"import")
    while at >= 0:
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        for one in _IMPORT.finditer(data, data.rfind(b"\n", 0, at) + 1, end):
            for name in [one[1]] if one[1] else one[2].split(b","):
                if top := _TOP.match(name):
                    yield top[1].decode()
        at = data.find(b"import", end)
