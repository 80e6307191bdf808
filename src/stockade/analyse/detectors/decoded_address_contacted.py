"""Contacts an address that only exists after decoding."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import decoded, from_network, hidden, networks, parameters, seen
from stockade.analyse.code.vocabulary import DECODE, DECRYPT, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("decoded-address-contacted", on=Call)
def decoded_address_contacted(call: Call) -> Iterator[Evidence]:
    """Contacts an address that only exists after decoding.

    What: a network call whose first or `url` argument was reversed, base64, hex, assembled from numbers
    or characters, or comes out of a decoder.
    Why: an honest endpoint stands in the source as it is.
    Benign twins: an address in a token or connection string that the caller hands in, which is the caller's
    choice; addresses built by plain concatenation and formatting. Both are silent.
    Blind spots: an address fetched from elsewhere first; one that another module of the package hands in.
    """
    if not networks(call):
        return
    value = call.arg(0, "url")
    second = call.arg(1) if call.target.endswith((".request", ".stream")) else value
    origins = value.origins | second.origins
    how = hidden([value, second])
    if not how and (from_network(origins) or not parameters(origins)):
        how = tuple(sorted(touching(origins, DECODE | DECRYPT)))
    if how:
        message = f"contacts an address that it decodes ({', '.join(dict.fromkeys(how))})"
        yield seen("decoded-address-contacted", call, message, decoded([value, second]))
