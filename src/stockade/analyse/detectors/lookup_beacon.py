"""Looks up a host name that it has built from facts about the machine, or hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import decoded, hidden, runs, seen
from stockade.analyse.code.vocabulary import LOOKUP, READ, SURVEY, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_BUILT = re.compile(r"[fF]['\"]|%|\+|\.format\(|\.join\(")


@detector("lookup-beacon", on=Call, when=runs)
def lookup_beacon(call: Call) -> Iterator[Evidence]:
    """Looks up a host name that it has built from facts about the machine, or hidden.

    What: a DNS look-up, unasked, of a name that is assembled from the host's or user's name, the
    environment or a file, or that only exists after decoding.
    Why: look-ups leave networks in which nothing else may; the name itself carries the data.
    Benign twins: `gethostbyname(gethostname())`, which asks for the machine's own address, is silent.
    Blind spots: names that another module assembles.
    """
    if call.target not in LOOKUP:
        return
    if how := hidden(call.values[:1]):
        yield seen(
            "lookup-beacon", call, f"looks up a name that it decodes ({', '.join(how)})", decoded(call.values)
        )
        return
    carried = touching(call.origins, SURVEY | READ | frozenset({"os.environ", "os.getenv"}))
    if carried and (_BUILT.search(call.excerpt) or carried - {"socket.gethostname", "socket.getfqdn"}):
        yield seen("lookup-beacon", call, f"looks up a name that carries {', '.join(sorted(carried)[:3])}")
