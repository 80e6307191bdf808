"""Names a command or a setting that turns protection off."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("disables-security", on=Literal)
def disables_security(literal: Literal) -> Iterator[Evidence]:
    """Names a command or a setting that turns protection off.

    What: changes to virus scanners, firewalls, AMSI, user account control, the hosts file or shadow
    copies.
    Why: nothing a library does is in need of it.
    Benign twins: administration and test tools for security, when called.
    Blind spots: the same by native calls.
    """
    if part := named(literal, Mark.DISABLE):
        yield seen(
            "disables-security", literal, "names a command or a setting that turns protection off", part
        )
