"""Mail domains by which nobody can be found: services that give an address for minutes, and names that nobody can own.

A short list by design: what is not on it is not looked up anywhere, and big free providers are no sign of anything.
"""

from __future__ import annotations

#: Services whose purpose is an address that is thrown away; the ones that public lists of such domains agree on.
_SERVICE_NAMES = (
    "10minutemail.com 20minutemail.com 33mail.com anonaddy.me burnermail.io discard.email dispostable.com"
    " emailondeck.com fakeinbox.com fakemail.net getairmail.com getnada.com grr.la guerrillamail.biz"
    " guerrillamail.com guerrillamail.de guerrillamail.info guerrillamail.net guerrillamail.org"
    " guerrillamailblock.com inboxbear.com inboxkitten.com mail-temp.com mail.tm mailcatch.com maildrop.cc"
    " mailinator.com mailinator.net mailinator2.com mailnesia.com mailsac.com minutemail.com moakt.com"
    " mohmal.com mytemp.email nada.email sharklasers.com spam4.me spamgourmet.com temp-mail.io temp-"
    " mail.org tempail.com tempinbox.com tempmail.com tempmail.dev tempmail.net tempmailo.com tempr.email"
    " throwawaymail.com tmail.ws tmpmail.net tmpmail.org trashmail.com trashmail.de trashmail.net"
    " yopmail.com yopmail.fr yopmail.net"
)
_SERVICES = frozenset(_SERVICE_NAMES.split())
#: Top-level names that are kept free of owners (RFC 2606, RFC 6761, RFC 6762, RFC 9476). example.com and its like stand
#: in every template, and say no more than an empty field.
_RESERVED_NAMES = "alt example home internal invalid lan local localdomain localhost onion test"
_RESERVED = frozenset(_RESERVED_NAMES.split())


def why_throwaway(address: str) -> str | None:
    """Why nobody can be found by `address`, completing "whose domain …"; None where nothing is known against it."""
    domain = address.rpartition("@")[2].strip().rstrip(".").lower()
    labels = domain.split(".")
    parents = {".".join(labels[place:]) for place in range(len(labels))}
    if parents & _SERVICES:
        return "is of a service for addresses that are thrown away"
    if len(labels) < 2 or not all(labels):
        return "is none"
    if labels[-1] in _RESERVED:
        return f"ends in .{labels[-1]}, where nobody can register one"
    return None
