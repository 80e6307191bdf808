"""Files in which a secret may cross into another distribution, although they hold no telling literal.

A trojaned constructor names no host and starts nothing: it hands its keys to a helper. So a file is worth a parse if it
imports something that is neither Python's, nor the artifact's own, nor well known; or if it imports anything foreign
and a function of it takes what is named like a secret.
"""

from __future__ import annotations

import re
import sys

from stockade.analyse.code.known_modules_generated import KNOWN_MODULES

_IMPORTS = re.compile(
    rb"^[ \t]*(?:from[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]+import\b"
    rb"|import[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]*(?:$|as\b|[,;#\r\n]))",
    re.MULTILINE,
)
#: An import by its name in a string.
_BY_NAME = re.compile(rb"(?:__import__|import_module)\(\s*[\"']([A-Za-z_]\w*)")
_SECRET = re.compile(
    rb"\bdef[ \t]+\w+[ \t]*\([^()]{0,2000}?(?:secret|passw|passphrase|token|credential|creds|private_?key|api_?key"
    rb"|access_?key|auth_?key|account_?key|\b[as]k\b)",
    re.IGNORECASE,
)
_OURS = frozenset(sys.stdlib_module_names) | {"__future__"}


def foreign(data: bytes, own: frozenset[str]) -> frozenset[str]:
    """The top-level modules of other distributions that a file imports."""
    found = {(one[1] or one[2]).decode() for one in _IMPORTS.finditer(data)}
    found |= {one[1].decode() for one in _BY_NAME.finditer(data)}
    return frozenset(found) - own - _OURS


def crosses(data: bytes, own: frozenset[str]) -> bool:
    """Whether a secret may cross from this file; `own` are the artifact's own top-level modules."""
    found = foreign(data, own)
    if not found:
        return False
    return not found <= KNOWN_MODULES or _SECRET.search(data) is not None
