"""Names a host behind a tunnel, a dynamic name or a throw-away site."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("tunnel-host", on=Literal)
def tunnel_host(literal: Literal) -> Iterator[Evidence]:
    """Names a host behind a tunnel, a dynamic name or a throw-away site.

    What: a string with such a host.
    Why: it hides who receives the data, and moves within minutes.
    Benign twins: tools that open tunnels for their users; demonstrations.
    Blind spots: a domain bought for the purpose.
    """
    if part := named(literal, Mark.TUNNEL):
        yield seen("tunnel-host", literal, "names a tunnel or a throw-away host", part)
