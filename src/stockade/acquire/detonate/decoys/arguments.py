"""Decoys for arguments: what somebody hands to a package's classes and functions, by the name of a parameter.

A client hands on what it was made with: a token goes into the head of each request, a password into a login. That is
no theft. A signing key goes nowhere, or at most into a head, by clients of services that do not sign; and nobody who
means well writes either of them backwards, or looks it up as a name.
"""

from __future__ import annotations

from stockade.acquire.detonate.decoys.laid import Laying
from stockade.acquire.detonate.decoys.maker import ALNUM, BASE32, BASE64, HEX
from stockade.model.observation import ANYBODY, ARGUMENT, IDENTIFIER, IN_HEADER

#: What is told of itself: who somebody is, and no secret.
_WHO = r"access_?key_?id|^access_?key$|^ak$|(api|client|app|secret|account|public|key)_?id$|public_?key|consumer_?key$"
_SIGNING = (
    r"(secret|access|private|signing|account|master|wallet|encryption)_?(access_?)?key|key_?secret|^sk$"
)
_PHRASE = r"mnemonic|seed_?phrase|passphrase|recovery|^seed$"
_BEARER = r"token|passw|pwd|api_?key|auth|credential|secret|jwt|cookie|session|bearer|^key$|webhook_key"


def arguments(laying: Laying) -> tuple[tuple[str, str, str], ...]:
    """Seeds: (pattern, decoy for a constructor, decoy for a call)."""
    make = laying.make
    ids = f"AKIA{make.text(16, BASE32)}", f"AKIA{make.text(16, BASE32)}"
    signing = make.text(40, BASE64), make.text(40, BASE64)
    phrases = make.words(), make.words()
    bearer = make.text(48, ALNUM), make.text(48, HEX)
    for pair, what, meant in (
        (ids, IDENTIFIER, ANYBODY),
        (signing, "secret key", IN_HEADER),
        (phrases, "recovery phrase", IN_HEADER),
        (bearer, "token", ANYBODY),
    ):
        laying.decoy(pair[0], f"{ARGUMENT} of a constructor", what, meant)
        # What a call is given it may well be there to send.
        laying.decoy(pair[1], f"{ARGUMENT} of a call", what, ANYBODY)
    return (
        (_WHO, *ids),
        (_SIGNING, *signing),
        (_PHRASE, *phrases),
        (_BEARER, *bearer),
    )
