"""Replaces the command that installs it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase

_COMMANDS = frozenset({"install", "develop", "egg_info"})
_FRAMES = ("setuptools.command", "distutils.command")


@detector("install-command-replaced", on=Module)
def install_command_replaced(module: Module) -> Iterator[Evidence]:
    """Replaces the command that installs it.

    What: setup.py imports the install, develop or egg_info command and has a `run` of its own.
    Why: a weak sign by itself; it is the place where payloads stand.
    Benign twins: packages that compile messages or copy files when installed; build commands do not count.
    Blind spots: a command class in a module beside setup.py.
    """
    if module.path.rpartition("/")[2] != "setup.py":
        return
    wanted = any(
        one.module.startswith(_FRAMES)
        and (one.module.rpartition(".")[2] in _COMMANDS or _COMMANDS.intersection(one.names))
        for one in module.imports
    )
    run = next(
        (call for call in module.calls if call.phase is Phase.INSTALL and call.scope.endswith(".run")), None
    )
    if wanted and run is not None:
        yield seen("install-command-replaced", run, "replaces the command that installs it")
