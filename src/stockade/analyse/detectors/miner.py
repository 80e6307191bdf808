"""Names a coin miner or a mining pool."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("miner", on=Literal)
def miner(literal: Literal) -> Iterator[Evidence]:
    """Names a coin miner or a mining pool.

    What: a string with a mining protocol, a well-known pool or a miner.
    Why: it spends other people's electricity.
    Benign twins: mining software itself.
    Blind spots: private pools and proxies.
    """
    if part := named(literal, Mark.MINER):
        yield seen("miner", literal, "names a coin miner or a mining pool", part)
