"""Replaces a command of the installer with one that contacts the network, starts programs or executes values."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.commands import asks_a_tool
from stockade.analyse.code.facts import Call, Module
from stockade.analyse.code.observe import networks, seen, starts
from stockade.analyse.code.vocabulary import EXECUTE, LOOKUP, READ, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase

_COMMANDS = (
    "install",
    "develop",
    "egg_info",
    "bdist_egg",
    "easy_install",
    "bdist_wheel",
    "build_py",
    "build",
    "sdist",
)
_FRAMES = ("setuptools.command.", "distutils.command.", "wheel.bdist_wheel")


@detector("install-hook", on=Module)
def install_hook(module: Module) -> Iterator[Evidence]:
    """Replaces a command of the installer with one that contacts the network, starts programs or executes values.

    What: setup.py derives from install, develop, egg_info or their like, and in a method reached from there
    does one of these.
    Why: it is the oldest way to run on whoever types `pip install`.
    Benign twins: build steps that call compilers, or copy and generate files.
    Blind spots: a package that replaces the command from a module beside setup.py.
    """
    if module.path.rpartition("/")[2] != "setup.py" or not any(
        _replaces(one.module, one.names) for one in module.imports
    ):
        return
    for call in module.calls:
        if call.scope and call.phase is Phase.INSTALL and _acts(call):
            yield seen("install-hook", call, f"replaces an install command with one that calls {call.target}")
            return


def _replaces(module: str, names: tuple[str, ...]) -> bool:
    if not (f"{module}.").startswith(_FRAMES):
        return module in {"setuptools", "distutils"} and "Command" in names
    return module.rpartition(".")[2] in _COMMANDS or any(name in _COMMANDS for name in names)


def _acts(call: Call) -> bool:
    if starts(call):
        return not asks_a_tool(call)
    if call.target in EXECUTE:
        return not touching(call.origins, READ) and not any(one.startswith("param:") for one in call.origins)
    return networks(call) or call.target in LOOKUP
