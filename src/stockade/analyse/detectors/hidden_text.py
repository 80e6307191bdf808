"""Holds characters in code that make it read differently from what it says."""

from __future__ import annotations

from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import HiddenText, Hiding
from stockade.model.evidence import Evidence

_CHARACTERS = frozenset({Hiding.BIDI, Hiding.ZERO_WIDTH, Hiding.HOMOGLYPH})


@detector("hidden-text", on=HiddenText)
def hidden_text(text: HiddenText) -> Iterator[Evidence]:
    """Holds characters in code that make it read differently from what it says.

    What: direction marks, characters without width, or look-alike letters in identifiers.
    Why: a reviewer sees other code than Python does (CVE-2021-42574, CVE-2021-42694).
    Benign twins: languages written from right to left in strings and comments; emoji with joiners.
    Blind spots: look-alikes in attribute names that are used consistently.
    """
    if text.how in _CHARACTERS:
        excerpt = text.excerpt[: limits.MAX_EXCERPT]
        message = f"holds characters that hide what its code says ({text.how})"
        yield Evidence(detector="hidden-text", message=message, where=text.where, excerpt=excerpt)
