"""Code and summaries that are made to tire the search: each ends, and what is odd beside them is found all the same.

The bounds count work, so these tests do not look at the clock; without the bounds they would not end in a day.
"""

from __future__ import annotations

from collections.abc import Sequence

from stockade import limits
from stockade.analyse.closure import linked as closure_linked
from stockade.analyse.flows.link import Part, link
from stockade.model.assessment import Findings
from stockade.model.evidence import GapKind, Location, Step
from stockade.model.flow import Exposure, Handover, Port, Sink, Source, Summary
from stockade.model.project import Digest
from tests.analyse.flows.following import PLACE, leaks

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
