"""Names files in which credentials lie, in code that runs without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import RUNS, named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("credential-files", on=Literal)
def credential_files(literal: Literal) -> Iterator[Evidence]:
    """Names files in which credentials lie, in code that runs without being called.

    What: a string with the place of SSH keys, cloud, registry, database or cluster credentials, histories
    or accounts, at install, start-up, import or behind a command.
    Why: read unasked, such a file is read for somebody else.
    Benign twins: clients that read their own configuration when called are silent; what command-line
    tools do at start is not.
    Blind spots: theft in functions that wait for a call (see credential-sweep).
    """
    if literal.phase in RUNS and (part := named(literal, Mark.CREDENTIAL_FILE, Mark.ACCOUNTS_FILE)):
        yield seen("credential-files", literal, "names a file with credentials", part)
