"""Brings its own build backend that does more than build."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import asks_a_tool
from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import networks, seen, stands_there, starts
from stockade.analyse.code.vocabulary import DECODE, EXECUTE
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase


@detector("own-build-backend", on=Module)
def own_build_backend(module: Module) -> Iterator[Evidence]:
    """Brings its own build backend that does more than build.

    What: a module other than setup.py that runs while the package is built and there contacts the network,
    starts a program that is no build tool, decodes or executes values.
    Why: a backend inside the tree runs as unasked as setup.py and is looked at less.
    Benign twins: backends that wrap another and call compilers; a line of code for one version of Python only,
    which stands there as it is.
    Blind spots: backends that are a dependency of the build.
    """
    if module.phase is not Phase.INSTALL or module.path.rpartition("/")[2] == "setup.py":
        return
    for call in module.calls:
        executes = call.target in EXECUTE and not stands_there(call)
        acts = networks(call) or executes or call.target in DECODE
        if call.phase is Phase.INSTALL and (acts or (starts(call) and not asks_a_tool(call))):
            yield seen("own-build-backend", call, f"calls {call.target} from a build backend of its own")
            return
