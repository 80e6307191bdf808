"""Contacts an address that only exists after decoding."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import addresses, decoded, hidden_address, networks, own_decoders, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("decoded-address-contacted", on=Module)
def decoded_address_contacted(module: Module) -> Iterator[Evidence]:
    """Contacts an address that only exists after decoding.

    What: a network call whose first or `url` argument was reversed, base64, hex, assembled from numbers
    or characters, or comes out of a decoder.
    Why: an honest endpoint stands in the source as it is.
    Benign twins: an address in a token or connection string that the caller hands in, which is the caller's
    choice; addresses built by plain concatenation, formatting and replaced words; those whose host stands in the
    open and whose path is decoded; those that an answer of the network gave in base64. All are silent.
    Blind spots: an address fetched from elsewhere first; one that another module of the package hands in.
    """
    own = own_decoders(module)
    for call in module.calls:
        if networks(call) and (how := hidden_address(call, own)):
            message = f"contacts an address that it decodes ({', '.join(dict.fromkeys(how))})"
            yield seen("decoded-address-contacted", call, message, decoded(addresses(call)))
