"""Gives the author of a known project as its own, and none of that project's accounts owns it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.copies import ClaimedAuthor
from stockade.model.evidence import Evidence, Location


@detector("claimed-author", on=ClaimedAuthor)
def claimed_author(claimed: ClaimedAuthor) -> Iterator[Evidence]:
    """Gives the author of a known project as its own, and none of that project's accounts owns it.

    What: author or maintainer (a whole name, or a mail address) of a project younger than a year is that of the known
    project that it may be taken for, or whose repository it gives as its own, while the index names the accounts of
    both and they share none.
    Why: an author is what anybody writes down; the account that uploads is not.
    Benign twins: forks that say so and keep the first author's name; owners that an index does not tell.
    Blind spots: a new name, or a nickname of one word; the author's own account, taken over.
    """
    message = (
        f"gives the author of {claimed.target} as its own, though none of that project's accounts owns it"
    )
    yield Evidence(detector="claimed-author", message=message, where=Location(file=""), excerpt=claimed.who)
