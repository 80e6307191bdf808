"""Puts code far to the right, or into white space."""

from __future__ import annotations

from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import HiddenText, Hiding
from stockade.model.evidence import Evidence


@detector("code-beyond-margin", on=HiddenText)
def code_beyond_margin(text: HiddenText) -> Iterator[Evidence]:
    """Puts code far to the right, or into white space.

    What: code after a run of blanks that no screen shows, or a program encoded in blanks and tabs.
    Why: editors and review pages do not wrap lines; the code is there and not seen.
    Benign twins: tables of data with aligned columns.
    Blind spots: long lines without a gap.
    """
    if text.how in {Hiding.FAR_RIGHT, Hiding.WHITESPACE_CODE}:
        excerpt = text.excerpt[: limits.MAX_EXCERPT]
        message = f"keeps code out of a reader's sight ({text.how})"
        yield Evidence(detector="code-beyond-margin", message=message, where=text.where, excerpt=excerpt)
