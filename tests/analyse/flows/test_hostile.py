"""Code and summaries that are made to tire the search: each ends, and what is odd beside them is found all the same.

The bounds count work, so these tests do not look at the clock; without the bounds they would not end in a day.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from stockade import limits
from stockade.analyse.closure import linked as closure_linked
from stockade.analyse.flows.link import Part, link
from stockade.model.assessment import Findings
from stockade.model.evidence import GapKind, Location, Step
from stockade.model.flow import Exposure, Handover, Port, Sink, Source, Summary
from stockade.model.project import Digest
from tests.analyse.flows.following import PLACE, leaks, program, traced

_SENDS = f"import requests\nPLACE = {PLACE}\ndef send(value):\n    requests.post(PLACE, data=value)\n"
_PATH = (Step(where=Location(file="one.py", line=1), what="goes"),)
_HIDDEN = Sink(kind="network", target="requests.post", fixed=True, hidden=("reverse",), swallowed=True)
_PLAIN = Sink(kind="network", target="requests.post", fixed=True)


def _gives(callee: str, many: int = 1) -> tuple[Handover, ...]:
    source = Source(kind="parameter", name="token")
    return tuple(
        Handover(source=source, port=Port(callee=callee, position=0), path=_PATH) for _ in range(many)
    )


def _takes(callee: str, sink: Sink, name: str = "photo", many: int = 1) -> tuple[Exposure, ...]:
    port = Port(callee=callee, name=name, position=0)
    return tuple(Exposure(port=port, sink=sink, path=_PATH) for _ in range(many))


def _parts(*summaries: Summary) -> list[Part]:
    return [
        Part(name=f"{number}.whl", project=f"p{number}", summary=one, owner=f"p{number}")
        for number, one in enumerate(summaries)
    ]


def _ends(parts: Sequence[Part]) -> set[tuple[int, int]]:
    return {(one.giver, one.taker) for one in link(parts).links}


def test_fields_that_hold_each_other() -> None:
    body = "class C:\n    def go(self, token):\n"
    body += "".join(f"        self.f{a} = self.f{b}\n" for a in range(40) for b in range(40))
    body += "        self.f0.post(token)\n        send(token)\n"
    assert leaks(_SENDS + body) == {"token"}


def test_bases_that_fan_out() -> None:
    body = "class A0:\n    pass\n"
    for number in range(1, 40):
        bases = ", ".join(f"A{one}" for one in range(number))
        body += f"class A{number}({bases}):\n    def go(self, token):\n        self.gone(token)\n        send(token)\n"
    assert leaks(_SENDS + body) == {"token"}


def test_bases_of_a_summary_that_hold_themselves() -> None:
    hostile = Summary(
        modules=("h",),
        bases={"h.A": ("h.A", "h.B") * 200, "h.B": ("h.A", "h.C") * 200, "h.C": ("h.D",)},
        exposures=_takes("h.D.go", _HIDDEN),
    )
    assert _ends(_parts(Summary(modules=("c",), handovers=_gives("h.A.go")), hostile)) == {(0, 1)}


def test_a_flood_is_unfinished_and_takes_nothing_from_others() -> None:
    many = limits.MAX_BORDER
    flood = Summary(
        modules=("h", "f"), exposures=_takes("h.f", _PLAIN, "token", many), handovers=_gives("h.f", many)
    )
    other = Summary(modules=("h", "g"), exposures=_takes("h.f", _PLAIN, "token", many))
    clone = Summary(modules=("c",), handovers=_gives("helper.take"))
    helper = Summary(modules=("helper",), exposures=_takes("helper.take", _HIDDEN))
    parts = _parts(flood, other, clone, helper)
    result = link(parts)
    assert {(one.giver, one.taker) for one in result.links} == {(2, 3)}
    assert result.unfinished == {0}
    digests = [Digest(f"{number:064}") for number in range(4)]
    found = [
        Findings(sha256=digest, project=part.project, version="1", summary=part.summary)
        for digest, part in zip(digests, parts, strict=True)
    ]
    judged = closure_linked([one.name for one in parts], [one.owner for one in parts], found)
    assert [[gap.kind for gap in one.gaps] for one in judged] == [[GapKind.LIMIT], [], [], []]
    assert [{each.detector for each in one.evidence} for one in judged] == [
        set(),
        set(),
        {"secret-leaves-package"},
        {"receives-and-sends"},
    ]


def test_weak_ways_do_not_crowd_out_the_odd_one() -> None:
    weak = Sink(kind="network", target="requests.post", fixed=True, swallowed=True)
    clone = Summary(modules=("c",), handovers=_gives("h.weak", 100) + _gives("h.odd"))
    helper = Summary(modules=("h",), exposures=_takes("h.weak", weak) + _takes("h.odd", _HIDDEN))
    links = link(_parts(clone, helper)).links
    assert len(links) == limits.MAX_FLOW_LINKS
    assert max(one.weight for one in links) == 4


def test_a_name_of_its_own_choice_keeps_nobody_out() -> None:
    """Whose an artifact is says the index, not its metadata: a helper that calls itself like the clone is linked."""
    clone = Findings(
        sha256=Digest("0" * 64),
        project="cloud",
        version="1",
        summary=Summary(modules=("c",), handovers=_gives("h.f")),
    )
    helper = Findings(
        sha256=Digest("1" * 64),
        project="cloud",
        version="1",
        summary=Summary(modules=("h",), exposures=_takes("h.f", _HIDDEN)),
    )
    judged = closure_linked(["a.whl", "b.whl"], ["cloud", "helper"], [clone, helper])
    assert all(one.evidence for one in judged)
    same = closure_linked(["a.whl", "a.tar.gz"], ["cloud", "cloud"], [clone, helper])
    assert not any(one.evidence for one in same)


_LOGGER = "import logging\nlogger = logging.getLogger('kit')\n"


def _handlers(many: int) -> str:
    made = (
        f"class H{n}(logging.Handler):\n    def emit(self, record):\n        send(record)\nlogger.addHandler(H{n}())\n"
        for n in range(many)
    )
    return _LOGGER + "".join(made)


def _logs(many: int) -> str:
    return "def f(token):\n" + "".join(f"    logger.info('{n} %s', token)\n" for n in range(many))


def test_the_last_of_many_handlers_is_seen() -> None:
    idle = "".join(f"class H{n}(logging.Handler):\n    pass\nlogger.addHandler(H{n}())\n" for n in range(50))
    sends = "class H(logging.Handler):\n    def emit(self, record):\n        send(record)\nlogger.addHandler(H())\n"
    found = traced(_SENDS + _LOGGER + idle + sends + _logs(1))
    assert found.complete
    assert {one.source.name for one in found.leaks} == {"token"}


def test_thousands_of_handlers_and_of_calls_that_log_end_at_a_bound() -> None:
    found = traced(_SENDS + _handlers(2_000) + _logs(4_000))
    assert not found.complete
    assert {one.source.name for one in found.leaks} == {"token"}


def test_calls_that_log_are_counted_however_many_functions_they_are_in() -> None:
    body = "".join(f"def f{n}(token):\n    logger.info(token)\n" for n in range(3_000))
    made, found, _ = program({"kit/__init__.py": "", "kit/one.py": _SENDS + _handlers(20) + body})
    assert not found.complete
    implied = sum(call.logged for function in made.everything() for call in function.calls)
    assert 0 < implied <= limits.MAX_FLOW_IMPLIED


_PATCHING = (
    "def watch(cls):\n    plain = cls.__init__\n    def made(self, *args):\n        plain(self, *args)\n"
    "        send(args)\n    cls.__init__ = made\n    return cls\n"
)


def test_thousands_of_decorated_classes() -> None:
    classes = "".join(
        f"@watch\nclass C{n}:\n    def __init__(self, token):\n        self.kept = token\n"
        for n in range(3_000)
    )
    found = traced(_SENDS + _PATCHING + classes)
    assert found.complete
    assert {one.source.name for one in found.leaks} == {"token"}
    many = "".join(f"@watch\n@watch\n@watch\n@watch\n{one}" for one in classes.split("@watch\n")[1:])
    found = traced(_SENDS + _PATCHING + many)
    assert not found.complete
    assert {one.source.name for one in found.leaks} == {"token"}


def test_decorators_that_hand_out_and_decorate_each_other() -> None:
    many = 300
    every = " or ".join(f"d{n}" for n in range(many))
    body = "".join(
        f"@d{(n + 1) % many}\ndef d{n}(token):\n    send(token)\n    return {every}\n" for n in range(many)
    )
    found = traced(_SENDS + body)
    assert not found.complete
    assert {one.source.name for one in found.leaks} == {"token"}


def test_thousands_of_variables_of_the_environment() -> None:
    sets = "".join(f"    os.environ['V{n}'] = token\n" for n in range(4_000))
    reads = "".join(f"    send(os.environ['V{n}'])\n" for n in range(4_000))
    text = f"{_SENDS}import os\ndef f(token):\n{sets}def g():\n{reads}"
    _, found, border = program({"kit.py": text})
    assert {one.source.name for one in found.leaks} >= {"token"}
    assert len(border.exposures) <= limits.MAX_BORDER


def test_updates_of_the_environment_inside_each_other() -> None:
    """Each value is looked at once: twice would be two to the power of the depth."""
    deep = "token"
    for n in range(60):
        deep = f"os.environ.update({{'V{n}': {deep}}})"
    assert leaks(f"{_SENDS}import os\ndef f(token):\n    {deep}\n    send(os.environ['V0'])\n") >= {"token"}


def test_a_field_of_many_handlers() -> None:
    many = limits.MAX_FLOW_TYPES + 200
    body = "".join(f"class K{n}:\n    def emit(self, record):\n        send(record)\n" for n in range(many))
    body += "class C:\n    def __init__(self):\n" + "".join(f"        self.f = K{n}()\n" for n in range(many))
    body += "        logger.addHandler(self.f)\n"
    found = traced(_SENDS + _LOGGER + body + _logs(1))
    assert (found.complete, found.handed) == (True, False)
    assert {one.source.name for one in found.leaks} == {"token"}


@pytest.mark.parametrize("bound", ["MAX_FLOW_CALLS", "MAX_FLOW_FUNCTIONS", "MAX_FLOW_CALLERS"])
def test_more_code_than_is_followed_is_told(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    text = _SENDS + "def f(token):\n    send(token)\n    send(token)\n    send(token)\n"
    assert traced(text).complete
    monkeypatch.setattr(limits, bound, 2 if bound != "MAX_FLOW_FUNCTIONS" else 1)
    assert not traced(text).complete


def test_items_past_the_bound_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_FLOW_CALLS", 1)
    assert not traced("def f(token):\n    kept = dict()\n    kept['a'] = token\n").complete
