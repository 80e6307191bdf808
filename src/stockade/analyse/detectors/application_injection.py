"""Names the inner files of a desktop application."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("application-injection", on=Literal)
def application_injection(literal: Literal) -> Iterator[Evidence]:
    """Names the inner files of a desktop application.

    What: a string with the script modules of a chat client or the archive of an application's code.
    Why: changed there, the application itself hands over what is typed into it.
    Benign twins: mod managers for those clients.
    Blind spots: applications that are not in the vocabulary.
    """
    if part := named(literal, Mark.INJECTION):
        yield seen(
            "application-injection",
            literal,
            "names a part of an application that code is injected into",
            part,
        )
