"""Undoes the protection that the system gives to stored secrets."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import seen
from stockade.analyse.code.vocabulary import UNPROTECT
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


def _unprotects(call: Call) -> bool:
    return call.target in UNPROTECT or call.target.endswith(".CryptUnprotectData")


@detector("unprotects-secrets", on=Call, when=_unprotects)
def unprotects_secrets(call: Call) -> Iterator[Evidence]:
    """Undoes the protection that the system gives to stored secrets.

    What: a call to Windows' data protection, a keyring as a whole, or a library that reads browser cookies.
    Why: passwords of browsers are protected in exactly this way.
    Benign twins: keyring back ends and clients that keep their own secret so.
    Blind spots: the same by native code or a PowerShell command.
    """
    yield seen("unprotects-secrets", call, f"calls {call.target}")
