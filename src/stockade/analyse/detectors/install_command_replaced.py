"""Replaces the command that installs it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import asks_a_tool
from stockade.analyse.code.facts import Call, Module
from stockade.analyse.code.observe import networks, seen, starts
from stockade.analyse.code.vocabulary import EXECUTE, within
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase

_COMMANDS = frozenset({"install", "develop", "egg_info"})
_DESCRIBING = ("setuptools.command.egg_info.egg_info.", "os.path.", "open.")
_FRAMES = ("setuptools.command", "distutils.command")


@detector("install-command-replaced", on=Module)
def install_command_replaced(module: Module) -> Iterator[Evidence]:
    """Replaces the command that installs it.

    What: setup.py imports the install, develop or egg_info command and has a `run` of its own.
    Why: a weak sign by itself; it is the place where payloads stand.
    Benign twins: packages that compile messages or copy files when installed; build commands, an egg_info that only
    adds lines to its own PKG-INFO, and a setup.py that has known build tools make its library and does nothing else
    that reaches beyond its folder, do not count.
    Blind spots: a command class in a module beside setup.py; a payload there, beside a build tool that is started here.
    """
    if module.path.rpartition("/")[2] != "setup.py":
        return
    wanted = any(
        one.module.startswith(_FRAMES)
        and (one.module.rpartition(".")[2] in _COMMANDS or _COMMANDS.intersection(one.names))
        for one in module.imports
    )
    if not wanted:
        return
    runs = [call for call in module.calls if call.phase is Phase.INSTALL and call.scope.endswith(".run")]
    if runs and not all(map(_describes, runs)) and not _compiles(module):
        yield seen("install-command-replaced", runs[0], "replaces the command that installs it")


def _compiles(module: Module) -> bool:
    """Whether build tools are all that an install starts, and nothing is fetched or executed besides."""
    acts = [call for call in module.calls if call.phase is Phase.INSTALL]
    started = [call for call in acts if starts(call)]
    if not started or any(networks(call) or within(call.target, EXECUTE) for call in acts):
        return False
    return all(map(asks_a_tool, started))


def _describes(call: Call) -> bool:
    """Whether a call of a `run` is one of those that add to the project's own description."""
    if call.target == "open":
        return call.arg(0, "file").text.endswith("PKG-INFO")
    return call.target.startswith(_DESCRIBING)
