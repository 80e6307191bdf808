"""Whatever a fact holds, no detector may raise, keep state, or say something without bounds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.analyse.code import vocabulary
from stockade.analyse.code.facts import Call, Import, Literal, Module, Value
from stockade.analyse.detector import Detector
from stockade.analyse.engine import DETECTORS
from stockade.limits import MAX_EXCERPT
from stockade.model.evidence import Evidence, Location, Phase

_KNOWN = sorted(
    vocabulary.NETWORK
    | vocabulary.PROCESS
    | vocabulary.EXECUTE
    | vocabulary.DECODE
    | vocabulary.LOOKUP
    | vocabulary.SURVEY
    | vocabulary.WRITE
    | vocabulary.BY_NAME
    | vocabulary.CLIPBOARD
    | {"compile", "os.getenv", "os.remove", "ctypes.windll.user32.ShowWindow", "threading.Thread.start", ""}
)
_TARGETS = st.sampled_from(_KNOWN) | st.text(max_size=12)
_CONSTANTS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
_VALUES = st.builds(
    Value,
    known=st.booleans(),
    const=_CONSTANTS,
    steps=st.lists(st.sampled_from(["base64", "join", "hex", "reverse"]), max_size=2).map(tuple),
    origins=st.frozensets(_TARGETS | st.sampled_from(["param:token", "os.environ", "__file__"]), max_size=3),
)
_NAMES = st.sampled_from(["url", "data", "verify", "creationflags", "stdin", "args", "cmd", "host", "key"])
_PLACES = st.builds(
    Location, file=st.text(max_size=20), line=st.none() | st.integers(1, 9), layer=st.integers(0, 3)
)
_CALLS = st.builds(
    Call,
    target=_TARGETS,
    args=st.lists(_VALUES, max_size=3).map(tuple),
    keywords=st.dictionaries(_NAMES, _VALUES, max_size=3),
    phase=st.sampled_from(list(Phase)),
    where=_PLACES,
    scope=st.sampled_from(["", "C.__init__", "C.run", "f"]),
    swallowed=st.booleans(),
    excerpt=st.text(max_size=300),
)
_LITERALS = st.builds(
    Literal, value=_VALUES, phase=st.sampled_from(list(Phase)), where=_PLACES, excerpt=st.text(max_size=300)
)
_IMPORTS = st.builds(
    Import,
    module=st.sampled_from(["setuptools.command.install", "pytransform", "", "setuptools"])
    | st.text(max_size=9),
    names=st.lists(st.sampled_from(["install", "Command", "x"]), max_size=2).map(tuple),
    phase=st.sampled_from(list(Phase)),
    where=_PLACES,
)
_MODULES = st.builds(
    Module,
    path=st.sampled_from(["demo-1.0/setup.py", "backend.py", ""]),
    name=st.text(max_size=5),
    phase=st.sampled_from(list(Phase)),
    calls=st.lists(_CALLS, max_size=6).map(tuple),
    literals=st.lists(_LITERALS, max_size=3).map(tuple),
    imports=st.lists(_IMPORTS, max_size=2).map(tuple),
    size=st.integers(0, 99),
)
_FACTS: dict[type, st.SearchStrategy[Any]] = {
    Call: _CALLS,
    Literal: _LITERALS,
    Import: _IMPORTS,
    Module: _MODULES,
}


def _asked(kind: type) -> list[Detector[Any]]:
    return [one for one in DETECTORS if one.on is kind]


@pytest.mark.parametrize("kind", list(_FACTS), ids=lambda kind: kind.__name__)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_detector_raises(kind: type, data: st.DataObject) -> None:
    fact = data.draw(_FACTS[kind])
    for one in _asked(kind):
        said: list[Evidence] = list(one.check(fact))
        assert said == list(one.check(fact)), "it keeps state"
        assert all(evidence.detector == one.id for evidence in said)
        assert all(len(evidence.excerpt) <= MAX_EXCERPT for evidence in said)
        assert all(len(evidence.message) < 400 for evidence in said)
