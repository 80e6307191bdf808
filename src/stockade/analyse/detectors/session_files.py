"""Names the files in which messengers and games keep a login session."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("session-files", on=Literal)
def session_files(literal: Literal) -> Iterator[Evidence]:
    """Names the files in which messengers and games keep a login session.

    What: a string with such a file or cookie.
    Why: a copied session needs no password.
    Benign twins: clients of those games and messengers.
    Blind spots: applications that are not in the vocabulary.
    """
    if part := named(literal, Mark.SESSION):
        yield seen("session-files", literal, "names files that hold a login session", part)
