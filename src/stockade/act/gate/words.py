"""A command as it may be written down for good: it is known again, and nobody finds a secret in it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from stockade.act.gate.withheld import is_installer

#: What follows one of these, or an equals sign behind it, may be a secret.
_SECRET = re.compile(
    r"(?:token|secret|passw(?:or)?d|passphrase|api-?key|(?:access|private|signing)-?key|credentials?|auth\w*|header)s?$",
    re.IGNORECASE,
)
_PART = "…"


def written_down(argv: Sequence[str]) -> str:
    """`argv` as a person would type it, without what may be a secret; of what is no installer its name alone.

    Logins in addresses are taken out where it is written (model.record.kept).
    """
    if not argv:
        return ""
    if not is_installer(argv):
        return shlex.quote(argv[0]) + (f" {_PART}" if argv[1:] else "")
    return " ".join(_words(argv))


def _words(argv: Sequence[str]) -> Iterator[str]:
    hidden = False
    for word in argv:
        name, sign, _ = word.partition("=")
        option = name.startswith("-") and _SECRET.search(name.lstrip("-").replace("_", "-"))
        if hidden:
            yield _PART
        elif sign and (option or (not word.startswith("-") and _SECRET.search(name))):
            yield f"{shlex.quote(name)}={_PART}"
        else:
            yield shlex.quote(word)
        hidden = bool(option) and not sign
