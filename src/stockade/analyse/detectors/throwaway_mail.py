"""Has an author whose mail address leads to nobody."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.history import ThrowawayMail
from stockade.model.evidence import Evidence, Location


@detector("throwaway-mail", on=ThrowawayMail)
def throwaway_mail(mail: ThrowawayMail) -> Iterator[Evidence]:
    """Has an author whose mail address leads to nobody.

    What: the address of author or maintainer is of a service for addresses that are thrown away, or its domain is one
    that nobody can own.
    Why: who means to be found gives an address by which they are.
    Benign twins: placeholders of templates (``you@example.com``), no address at all, and every other provider, free or
    not, are no sign of anything.
    Blind spots: services that are not on the short list; a domain that has expired (nothing is looked up).
    """
    message = f"gives a mail address whose domain {mail.why}"
    yield Evidence(detector="throwaway-mail", message=message, where=Location(file=""), excerpt=mail.address)
