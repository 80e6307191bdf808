"""Names a host behind a tunnel, a dynamic name or a throw-away site."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import hosts, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("tunnel-host", on=Module)
def tunnel_host(module: Module) -> Iterator[Evidence]:
    """Names a host behind a tunnel, a dynamic name or a throw-away site.

    What: a string with such a host.
    Why: it hides who receives the data, and moves within minutes.
    Benign twins: tools that open tunnels for their users; demonstrations.
    Blind spots: a domain bought for the purpose.
    """
    for literal, part in hosts(module, Mark.TUNNEL):
        yield seen("tunnel-host", literal, "names a tunnel or a throw-away host", part)
