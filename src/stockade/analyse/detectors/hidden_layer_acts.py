"""Has code in a string constant that contacts the network, starts programs, executes more code or writes a program."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.chains import writes_to
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import executes, idle, layered, networks, seen, starts
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: How a file that something else runs is named.
_PROGRAM = re.compile(
    r"\.(?:pyw?|pyc|pth|sh|bat|cmd|ps1|vbs|js|hta|exe|scr|dll|so|desktop|service)$", re.IGNORECASE
)


@detector("hidden-layer-acts", on=Call, when=layered)
def hidden_layer_acts(call: Call) -> Iterator[Evidence]:
    """Has code in a string constant that contacts the network, starts programs, executes more code or writes a program.

    What: such a call in a layer that exists only after a constant has been executed.
    Why: text handed to exec is out of sight of readers, linters and most scanners.
    Benign twins: generated namedtuples, argument parsers and wrappers, which do none of these.
    Blind spots: code that is written to a file and started as a script (see program-in-string); code among the
    pixels of a picture.
    """
    writes = not idle(call) and any(map(_PROGRAM.search, writes_to(call)))
    if writes or networks(call) or starts(call) or executes(call):
        yield seen("hidden-layer-acts", call, f"calls {call.target} from code kept in a string")
