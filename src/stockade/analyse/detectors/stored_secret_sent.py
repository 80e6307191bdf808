"""Sends a secret that another program has stored."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import networks, seen
from stockade.analyse.code.vocabulary import UNPROTECT, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_SECRETS = UNPROTECT | {
    "boto3.Session.get_credentials",
    "botocore.session.get_session.get_credentials",
    "keyring.get_password",
    "getpass.getpass",
    "google.auth.default",
}


@detector("stored-secret-sent", on=Call, when=networks)
def stored_secret_sent(call: Call) -> Iterator[Evidence]:
    """Sends a secret that another program has stored.

    What: a network call whose arguments depend on cloud credentials, a keyring, browser cookies or a
    password that was typed in.
    Why: the secret belongs to somebody else than the address that it goes to.
    Benign twins: clients that log in with a typed password, which goes to an address of the user's own.
    Blind spots: secrets read from files (see credential-files).
    """
    if found := touching(call.origins, _SECRETS):
        yield seen("stored-secret-sent", call, f"sends what {min(found)} gave")
