"""Points at the repository of a known project that is another."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.history import BorrowedLink
from stockade.model.evidence import Evidence, Location


@detector("borrowed-links", on=BorrowedLink)
def borrowed_links(link: BorrowedLink) -> Iterator[Evidence]:
    """Points at the repository of a known project that is another.

    What: a project younger than a year whose home page, or one of whose links, is the repository of one known project
    with another name; the known ones ship with Stockade.
    Why: stars and contributors of somebody else's work are shown beside a package that has nothing to do with it.
    Benign twins: parts, plugins and variants that live in one repository, where they share a word with it; repositories
    that are home to several known projects.
    Blind spots: repositories of projects that are not on the list; a copy of the repository under another owner.
    """
    message = f"gives the repository of {link.owner} as its own ({link.label})"
    yield Evidence(detector="borrowed-links", message=message, where=Location(file=""), excerpt=link.address)
