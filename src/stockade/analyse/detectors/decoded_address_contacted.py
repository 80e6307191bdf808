"""Contacts an address that only exists after decoding."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import decoded, hidden, networks, seen
from stockade.analyse.code.vocabulary import DECODE, DECRYPT, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("decoded-address-contacted", on=Call)
def decoded_address_contacted(call: Call) -> Iterator[Evidence]:
    """Contacts an address that only exists after decoding.

    What: a network call whose first or `url` argument was reversed, base64, hex, assembled from numbers
    or characters, or comes out of a decoder.
    Why: an honest endpoint stands in the source as it is.
    Benign twins: addresses read from a signed or encoded token, which carry no constant text; addresses
    built by plain concatenation and formatting are silent.
    Blind spots: an address fetched from elsewhere first.
    """
    if not networks(call):
        return
    value = call.arg(0, "url")
    second = call.arg(1) if call.target.endswith((".request", ".stream")) else value
    how = hidden([value, second]) or tuple(sorted(touching(value.origins | second.origins, DECODE | DECRYPT)))
    if how:
        message = f"contacts an address that it decodes ({', '.join(dict.fromkeys(how))})"
        yield seen("decoded-address-contacted", call, message, decoded([value, second]))
