"""A secret leaves as a part of a host name, or in a command that sends it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.flows.tell import destination, owned, told
from stockade.model.evidence import Evidence
from stockade.model.flow import Leak


@detector("secret-looked-up", on=Leak)
def secret_looked_up(leak: Leak) -> Iterator[Evidence]:
    """A secret leaves as a part of a host name, or in a command that sends it.

    What: a secret, followed through calls and fields, that is looked up below a constant domain, or put into
    the command line of a program with a constant address.
    Why: name servers and other programs pass most firewalls, and no client sends a key so.
    Benign twins: looking up the host that a caller names; cloud command lines, which are given no address;
    installers that fetch by a command whose program the environment names.
    Blind spots: secrets under innocent names.
    """
    # What programs are started with is made of the environment: the path of the program, for one.
    plain = leak.sink.kind == "process" and leak.source.kind == "store"
    if leak.sink.kind in {"lookup", "process"} and not plain:
        what = owned([leak.source])
        looked = f"looks up {what} as a part of {leak.sink.address or 'a host name'}"
        sent = f"starts a command that sends {what} to {destination(leak.sink)}"
        message = looked if leak.sink.kind == "lookup" else sent
        yield told("secret-looked-up", message, leak.path[-1], leak.sink.phase, leak.path)
