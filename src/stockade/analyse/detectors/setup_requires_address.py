"""Requires something from an address, said in the code of setup.py only."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call, Value
from stockade.analyse.code.observe import installs, seen
from stockade.analyse.detector import detector
from stockade.analyse.unpack.addresses import address, on_a_forge
from stockade.model.evidence import Evidence

_SETUPS = frozenset({"setuptools.setup", "distutils.core.setup", "skbuild.setup"})
_SAID = ("install_requires", "setup_requires", "dependency_links", "requires")
#: Lists in lists in a constant.
_DEPTH = 4


@detector("setup-requires-address", on=Call, when=installs)
def setup_requires_address(call: Call) -> Iterator[Evidence]:
    """Requires something from an address, said in the code of setup.py only.

    What: an address outside of the well-known forges among the requirements, or the places to look for them, that
    setup.py hands to `setup`.
    Why: an index refuses such metadata, and cannot see what setup.py says when it is run.
    Benign twins: forks on a forge; old projects with links to their makers' pages.
    Blind spots: requirements that are read from a file or come from the network.
    """
    if call.target not in _SETUPS:
        return
    for name in _SAID:
        for text in _texts(call.keywords.get(name, Value()).const):
            found = address(text)
            if found and not on_a_forge(found):
                yield seen("setup-requires-address", call, "requires something from an address", text)
                return


def _texts(const: object, depth: int = 0) -> Iterator[str]:
    if isinstance(const, str):
        yield from const.splitlines()
    elif isinstance(const, (list, tuple)) and depth < _DEPTH:
        for one in const:
            yield from _texts(one, depth + 1)
