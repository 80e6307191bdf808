"""Names a web host by a bare public IPv4 address."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("bare-address-url", on=Literal)
def bare_address_url(literal: Literal) -> Iterator[Evidence]:
    """Names a web host by a bare public IPv4 address.

    What: a URL whose host is a global IPv4 address.
    Why: an honest service has a name and a certificate.
    Benign twins: tests and documentation with sample addresses, in files that are not installed.
    Blind spots: bare addresses passed to sockets; IPv6.
    """
    if part := named(literal, Mark.ADDRESS):
        yield seen("bare-address-url", literal, "names a host by its bare public address", part)
