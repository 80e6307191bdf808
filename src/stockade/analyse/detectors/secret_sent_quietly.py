"""Sends a secret to a fixed address and drops every error."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.handing import handed_over
from stockade.analyse.code.observe import flat, networks, secret_parameters, seen
from stockade.analyse.code.vocabulary import UNPROTECT, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_STORED = UNPROTECT | {
    "boto3.Session.get_credentials",
    "botocore.session.get_session.get_credentials",
    "keyring.get_password",
    "getpass.getpass",
    "google.auth.default",
}
_MAKES = ("__init__", "__new__", "__post_init__")


@detector("secret-sent-quietly", on=Call, when=networks)
def secret_sent_quietly(call: Call) -> Iterator[Evidence]:
    """Sends a secret to a fixed address and drops every error.

    What: a network call to a constant address in a ``try`` whose handler does nothing, with stored
    credentials, a parameter named like a secret, or what a constructor was given.
    Why: a client reports that its log-in failed; only a thief does not care.
    Benign twins: telemetry drops errors as well, and carries no secret; a key in an `Authorization` header is shown
    to the service that gave it out.
    Blind spots: handlers that pretend to do something.
    """
    if not call.swallowed:
        return
    fixed = any(text.startswith(("http://", "https://")) for value in call.values for text in flat(value))
    origins = handed_over(call)
    given = call.scope.endswith(_MAKES) and any(
        one.startswith("param:") and one != "param:self" for one in origins
    )
    if fixed and (touching(origins, _STORED) or secret_parameters(origins) or given):
        yield seen("secret-sent-quietly", call, "sends a secret to a fixed address, whatever happens,")
