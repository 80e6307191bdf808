"""Names a file that a shell reads when it starts."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("shell-profile", on=Literal)
def shell_profile(literal: Literal) -> Iterator[Evidence]:
    """Names a file that a shell reads when it starts.

    What: a string with such a file.
    Why: a line appended there runs in each new terminal.
    Benign twins: installers of shell completion, when called.
    Blind spots: profiles of less common shells.
    """
    if part := named(literal, Mark.PROFILE):
        yield seen("shell-profile", literal, "names a shell's profile", part)
