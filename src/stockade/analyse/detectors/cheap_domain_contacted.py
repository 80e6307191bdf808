"""Contacts a host under a domain that costs next to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import addresses, networks, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_DOMAIN = re.compile(
    r"https?://[^\s/:?#]+\.(?:xyz|top|tk|ml|ga|cf|gq|pw|icu|cyou|cfd|sbs|monster|club|lol|rest|fun|buzz|quest|bond|click"
    r"|su|ws|cam|hair|beauty|makeup|skin|autos|boats|homes|yachts|pics|vip|win|bid|loan|men|work|life|site|online|store"
    r"|space|live|website|tech|host|press|shop|moe|gay|wtf)(?=[/:?#]|$)",
    re.IGNORECASE | re.ASCII,
)


@detector("cheap-domain-contacted", on=Call, when=networks)
def cheap_domain_contacted(call: Call) -> Iterator[Evidence]:
    """Contacts a host under a domain that costs next to nothing.

    What: a network call to a constant address under a top-level domain that is sold for a few cents.
    Why: such names are bought by the dozen and thrown away; a weak sign that adds to others.
    Benign twins: small projects and private sites.
    Blind spots: an address that is put together outside of what can be folded.
    """
    for value in addresses(call):
        if hit := _DOMAIN.match(value.text):
            yield seen(
                "cheap-domain-contacted", call, "contacts a host under a throw-away domain", hit.group()
            )
            return
