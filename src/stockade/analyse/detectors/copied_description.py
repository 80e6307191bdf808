"""Describes itself in the words of a known project."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.copies import CopiedDescription
from stockade.model.evidence import Evidence, Location


@detector("copied-description", on=CopiedDescription)
def copied_description(copied: CopiedDescription) -> Iterator[Evidence]:
    """Describes itself in the words of a known project.

    What: the description (at least 400 characters, nine tenths of it by lines) or the summary (at least 25) of a
    project younger than a year is that of the known project that it may be taken for, or whose repository it gives as
    its own; case, white space and punctuation tell nothing.
    Why: a page that reads like the known one's is how a squat passes a glance.
    Benign twins: forks that say so, projects of the same accounts or organization, stubs and variants by their name,
    empty summaries and those of templates.
    Blind spots: a copy in which names are replaced, or that calls itself a fork; known projects that its name is not
    like; indexes that offer no JSON about projects.
    """
    message = f"has the {copied.what} of {copied.target}, word for word"
    yield Evidence(
        detector="copied-description", message=message, where=Location(file=""), excerpt=copied.excerpt
    )
