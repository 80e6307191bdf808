"""What is decided about files: of all that a release brings, by the rules of the moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from stockade import limits
from stockade.act.gate.book import Book, Verdict
from stockade.act.gate.ports import Found
from stockade.decide.decide import WAIVED
from stockade.decide.policy import DetectorRule, Mode, Policy
from stockade.decide.waivers import Waiver
from stockade.model.decision import Allow, Ask, Block, Undetermined
from stockade.model.evidence import Gap, GapKind
from stockade.model.flow import Summary
from stockade.model.project import ArtifactRef
from stockade.pipeline import Road
from tests.support.gate_parts import LOUD, NOW, evict, ref_of, release, road, seen_of, unfetched, waiver


@dataclass
class World:
    policy: Policy = Policy()  # noqa: RUF009 (frozen)
    waivers: tuple[Waiver, ...] = ()
    seconds: float = 0.0
    asked: int = 0

    def road(self) -> Road:
        self.asked += 1
        return road(self.policy, self.waivers, NOW + timedelta(seconds=self.seconds))

    def book(self) -> Book:
        return Book(self.road, lambda: self.seconds)


A, B, C, D = ref_of("a"), ref_of("b"), ref_of("c"), ref_of("d")
CHAIN = [(release("a"), frozenset({release("b")})), (release("b"), frozenset({release("c")}))]
GAP = Gap(kind=GapKind.LIMIT, what="the artifact", why="it is too big")


def verdict(book: Book, ref: ArtifactRef) -> Verdict:
    found = book.verdict(ref)
    assert found is not None
    return found


def test_nothing_is_known_at_first() -> None:
    book = World().book()
    assert (book.verdict(A), book.own(A), book.sha256(A)) == (None, None, None)
    assert not book.knows(A)
    assert book.version == 0


def test_what_was_found_clean_passes() -> None:
    book = World().book()
    book.learn(Found(seen=[seen_of(A)], brings=[(release("a"), frozenset())]))
    assert verdict(book, A).passes
    assert book.sha256(A) == A.sha256
    assert book.version == 1
    assert book.verdict(B) is None


def test_the_same_name_with_other_bytes_is_another_file() -> None:
    book = World().book()
    book.learn(Found(seen=[seen_of(A)]))
    other = ref_of("a", data=b"other")
    assert book.verdict(other) is None


def test_one_bad_file_condemns_its_whole_release() -> None:
    book = World().book()
    sdist = ref_of("a", filename="a-1.0.tar.gz")
    book.learn(Found(seen=[seen_of(A), seen_of(sdist, [LOUD])]))
    found = verdict(book, A)
    assert isinstance(found.decision, Block)
    assert (found.about, found.way) == (seen_of(sdist, [LOUD]), ())
    assert isinstance(book.own(A).decision, Allow)  # type: ignore[union-attr]


def test_what_is_bad_three_levels_down_refuses_the_top_and_says_the_way() -> None:
    book = World().book()
    brings = [*CHAIN, (release("c"), frozenset({release("d")})), (release("d"), frozenset())]
    book.learn(Found(seen=[seen_of(A), seen_of(B), seen_of(C), seen_of(D, [LOUD])], brings=brings))
    for top, way in ((A, "abcd"), (B, "bcd"), (C, "cd")):
        found = verdict(book, top)
        assert not found.passes
        assert [one.name for one in found.way] == list(way)
        assert found.about is not None
        assert found.about.ref == D
    assert verdict(book, D).way == ()


def test_a_circle_ends() -> None:
    book = World().book()
    circle = [(release("a"), frozenset({release("b")})), (release("b"), frozenset({release("a")}))]
    book.learn(Found(seen=[seen_of(A), seen_of(B)], brings=circle))
    assert verdict(book, A).passes


def test_the_worst_of_all_decides() -> None:
    book = World().book()
    young = replace(B, uploaded=NOW - timedelta(hours=1))
    book.learn(Found(seen=[seen_of(A), seen_of(young)], brings=CHAIN[:1]))
    assert isinstance(verdict(book, A).decision, Ask)
    book.learn(Found(seen=[seen_of(C, gaps=[GAP])], brings=CHAIN))
    assert isinstance(verdict(book, A).decision, Undetermined)
    more = [(release("a"), frozenset({release("b"), release("d")}))]
    book.learn(Found(seen=[seen_of(D, [LOUD])], brings=more))
    assert isinstance(verdict(book, A).decision, Block)


def test_a_closure_of_which_something_is_unknown_has_to_be_judged_first() -> None:
    book = World().book()
    book.learn(Found(seen=[seen_of(A)], brings=CHAIN[:1]))
    assert book.verdict(A) is None


def test_rules_hold_from_the_request_after_they_changed() -> None:
    world = World()
    book = world.book()
    book.learn(Found(seen=[seen_of(A, [LOUD])]))
    assert not verdict(book, A).passes
    world.waivers = (waiver(A),)
    assert verdict(book, A).passes
    world.waivers = ()
    assert not verdict(book, A).passes
    world.policy = Policy(detectors={"loud": DetectorRule.IGNORE})
    assert verdict(book, A).passes
    world.policy = Policy()
    assert not verdict(book, A).passes


def test_the_clock_ends_waivers_and_brings_releases_of_age() -> None:
    world = World(waivers=(waiver(A, NOW + timedelta(seconds=100)),))
    book = world.book()
    young = replace(B, uploaded=NOW - timedelta(days=3) + timedelta(seconds=50))
    book.learn(Found(seen=[seen_of(A, [LOUD]), seen_of(young)]))
    assert (verdict(book, A).passes, verdict(book, young).passes) == (True, False)
    world.seconds = 60
    assert (verdict(book, A).passes, verdict(book, young).passes) == (True, True)
    world.seconds = 101
    assert (verdict(book, A).passes, verdict(book, young).passes) == (False, True)
    world.seconds = -5  # a clock that jumps back decides afresh, too
    assert verdict(book, A).passes


def test_in_monitor_mode_what_would_be_refused_goes_out() -> None:
    world = World(policy=Policy(mode=Mode.MONITOR))
    book = world.book()
    book.learn(Found(seen=[seen_of(A, [LOUD])]))
    found = verdict(book, A)
    assert isinstance(found.decision, Block)
    assert found.passes
    world.policy = Policy()
    assert not verdict(book, A).passes


def test_what_is_learnt_anew_replaces_what_was_known_at_once() -> None:
    book = World().book()
    book.learn(Found(seen=[seen_of(A)]))
    assert verdict(book, A).passes
    book.learn(Found(seen=[seen_of(A, [LOUD])]))
    assert not verdict(book, A).passes
    book.learn(Found(seen=[seen_of(A)]))
    assert verdict(book, A).passes


def test_a_file_without_digest_is_known_by_its_address() -> None:
    book = World(policy=Policy(mode=Mode.MONITOR)).book()
    nameless = replace(A, sha256=None)
    book.learn(Found(seen=[seen_of(A)]))
    assert book.sha256(nameless) == A.sha256
    assert book.verdict(replace(nameless, url="https://elsewhere.example/a")) is None


def test_an_address_may_be_of_another_release_than_it_says() -> None:
    """An archive of a repository says neither name nor version in its address; its METADATA does."""
    book = World().book()
    asked = replace(
        A, release=release("main", "0"), filename="main.zip", url="https://x.example/main.zip", sha256=None
    )
    held = replace(A, filename="main.zip", url=asked.url)
    book.learn(Found(seen=[seen_of(held), seen_of(B, [LOUD])], brings=CHAIN[:1]))
    found = verdict(book, asked)
    assert not found.passes
    assert [str(one) for one in found.way] == ["a==1.0", "b==1.0"]


def test_a_file_that_could_not_be_had_is_refused_for_a_while_and_then_asked_for_again() -> None:
    world = World()
    book = world.book()
    book.learn(Found(seen=[seen_of(A), unfetched(B)], brings=[*CHAIN[:1], (release("b"), frozenset())]))
    for ref in (A, B):
        assert isinstance(verdict(book, ref).decision, Undetermined)
    assert book.own(B) is None  # nor is it condemned: pages go on to list it
    world.seconds = limits.GATE_MISSED_SECONDS
    assert book.verdict(A) is book.verdict(B) is None
    book.learn(Found(seen=[seen_of(B)]))
    assert verdict(book, A).passes
    assert verdict(book, B).passes


def test_forgetting_judges_again() -> None:
    book = World().book()
    book.learn(Found(seen=[seen_of(A), seen_of(B)], brings=CHAIN[:1]))
    evict(book, B)
    evict(book, ref_of("unknown"))
    assert (book.verdict(A), book.verdict(B), book.own(B), book.sha256(B)) == (None,) * 4
    assert book.own(A) is not None


def test_the_releases_learnt_longest_ago_are_forgotten_beyond_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MAX_GATE_KNOWN", 8)
    book = World().book()
    for number in range(10):
        book.learn(Found(seen=[seen_of(ref_of("p", str(number)))]))
    known = [number for number in range(10) if book.verdict(ref_of("p", str(number))) is not None]
    assert known == [6, 7, 8, 9]  # a file is known by two keys
    assert not book.knows(ref_of("p", "0"))


def test_what_flows_through_a_file_is_not_kept() -> None:
    book = World().book()
    big = seen_of(A)
    summary = Summary()
    book.learn(Found(seen=[replace(big, findings=replace(big.findings, summary=summary, extra=b"x"))]))
    judged = book.own(A)
    assert judged is not None
    assert judged.findings.summary == Summary()


def test_a_judgement_that_began_before_a_condemnation_does_not_undo_it() -> None:
    book = World().book()
    book.learn(Found(seen=[seen_of(A)]))
    began = book.version
    book.learn(Found(seen=[seen_of(A, [LOUD])]))
    book.learn(Found(seen=[seen_of(A), seen_of(B)]), began)
    assert not verdict(book, A).passes
    assert verdict(book, B).passes
    book.learn(Found(seen=[seen_of(A)]), book.version)
    assert verdict(book, A).passes


def test_what_a_release_brings_is_what_it_brought_last() -> None:
    """New releases of what it needs come and go; one that is condemned refuses only what would bring it today."""
    book = World().book()
    book.learn(Found(seen=[seen_of(A), seen_of(B, [LOUD])], brings=CHAIN[:1]))
    assert not verdict(book, A).passes
    began = book.version
    book.learn(Found(seen=[seen_of(C)], brings=[(release("a"), frozenset({release("c")}))]))
    assert verdict(book, A).passes
    # Resolutions of one judgement count together; one that began before does not count any more.
    book.learn(Found(seen=[seen_of(A)], brings=CHAIN[:1]), began)
    assert verdict(book, A).passes
    both = [(release("a"), frozenset({release("c")})), (release("a"), frozenset({release("b")}))]
    book.learn(Found(seen=[seen_of(A)], brings=both))
    assert not verdict(book, A).passes


def test_what_was_forgotten_leaves_nothing_without_a_verdict_for_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = World().book()
    book.learn(Found(seen=[seen_of(A), seen_of(B)], brings=CHAIN[:1]))
    evict(book, B)
    assert book.verdict(A) is None
    book.learn(Found(seen=[seen_of(A), seen_of(C)], brings=[(release("a"), frozenset({release("c")}))]))
    assert verdict(book, A).passes
    monkeypatch.setattr(limits, "MAX_GATE_KNOWN", 5)
    for number in range(9):  # releases of which only that they bring something is known
        book.learn(Found(brings=[(release("x", str(number)), frozenset())]))
    assert len(book._entries) == 5


def test_where_all_is_well_it_is_the_file_itself_that_lets_it_out() -> None:
    """Else its exception would not be seen where something condemned it."""
    sdist = ref_of("a", filename="a-1.0.tar.gz")
    book = World(waivers=(waiver(sdist),)).book()
    book.learn(Found(seen=[seen_of(A), seen_of(sdist, [LOUD])]))
    assert verdict(book, sdist).decision.reasons[0].startswith(WAIVED)
    assert not verdict(book, A).decision.reasons[0].startswith(WAIVED)


def test_a_page_is_made_again_only_for_what_was_learnt_of_its_own_project() -> None:
    book = World().book()
    before = book.changed(A.release.name)
    book.learn(Found(seen=[seen_of(B)]))
    assert book.changed(A.release.name) == before
    book.learn(Found(seen=[seen_of(A)]))
    assert book.changed(A.release.name) != before
    known = book.changed(A.release.name)
    evict(book, A)
    assert book.changed(A.release.name) != known
