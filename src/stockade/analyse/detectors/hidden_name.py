"""Looks a module or function up by a name that it decodes."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import decoded, does, hidden, seen
from stockade.analyse.code.vocabulary import BY_NAME
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("hidden-name", on=Call, when=does)
def hidden_name(call: Call) -> Iterator[Evidence]:
    """Looks a module or function up by a name that it decodes.

    What: getattr, __import__, import_module or globals() with a name that was reversed, base64, hex,
    joined from pieces or assembled from numbers.
    Why: it defeats a search for the name, and serves nothing else.
    Benign twins: names built by formatting (`f"visit_{kind}"`) are silent.
    Blind spots: names that are computed from outside input.
    """
    if call.target in BY_NAME and (how := hidden(call.values)) and how != ("replace",):
        message = f"looks up a name that it decodes ({', '.join(dict.fromkeys(how))})"
        yield seen("hidden-name", call, message, decoded(call.values))
