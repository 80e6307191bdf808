"""Asks several things about machine and user, and contacts the network, without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import RUNS, networks, seen
from stockade.analyse.code.vocabulary import LOOKUP, SURVEY
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: What no choice of a download needs to know: who, under which name, in which folders, among which programs.
_PERSONAL = (
    SURVEY
    - {
        name
        for name in SURVEY
        if name.startswith("platform.") and name not in {"platform.node", "platform.uname"}
    }
    - {
        "os.uname",
        "os.path.expanduser",
        "os.getcwd",
        "os.listdir",
        "psutil.cpu_count",
        "os.walk",
        "os.scandir",
    }
    - {"pathlib.Path.cwd", "pathlib.Path.home"}
)
#: Different questions; one or two are asked by many honest files.
_ENOUGH = 3


@detector("host-survey", on=Module)
def host_survey(module: Module) -> Iterator[Evidence]:
    """Asks several things about machine and user, and contacts the network, without being called.

    What: three or more different questions (host, user, system, folder, processors…), one of them about who or which
    machine it is, and a network call or look-up in one module, both at install, start-up, import or behind a command.
    Why: so begins each beacon and each theft report.
    Benign twins: installers that choose a download by system and machine ask nothing personal.
    Blind spots: a survey in a module of its own.
    """
    asked = {call.target for call in module.calls if call.target in SURVEY and call.phase in RUNS}
    if len(asked) < _ENOUGH or not _PERSONAL & asked:
        return
    for call in module.calls:
        if call.phase in RUNS and (networks(call) or call.target in LOOKUP):
            yield seen(
                "host-survey",
                call,
                f"contacts the network after asking {len(asked)} things about the machine",
            )
            return
