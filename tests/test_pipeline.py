"""The road with fakes at both ends: what is remembered, what is fetched, and under which digests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from stockade.analyse.judge import Model
from stockade.decide.policy import Condition, Policy
from stockade.errors import DigestMismatch, FetchFailed
from stockade.model.artifact import Artifact, Kind
from stockade.model.assessment import Findings, Unknown
from stockade.model.decision import Allow, Ask, Block, Undetermined
from stockade.model.evidence import Evidence, Gap, GapKind, Location, Phase
from stockade.model.project import ArtifactRef, Digest, ProjectName, Release, Resolved
from stockade.pipeline import NO_BYTES, NO_PAST, Early, Judged, Past, Road, Seen, check, looked, scan
from stockade.workers import Wall
from stockade.workers.wire import ANALYSER

NOW = datetime(2026, 11, 24, tzinfo=UTC)
MODEL = Model(intercept=-3, weights={"loud": 9.0}, ask=0.5, block=0.9, fitted="", data="")
LOUD = Evidence(
    detector="loud", message="shouts", where=Location(file="setup.py", line=1), phase=Phase.INSTALL
)
CLASH = Evidence(detector="name-disagreement", message="is called otherwise", where=Location(file="METADATA"))


def digest_of(name: str) -> Digest:
    return Digest(f"{abs(hash(name)):x}".rjust(64, "0")[:64].replace("-", "0"))


def ref(name: str, version: str = "1", **more: object) -> ArtifactRef:
    filename = f"{name}-{version}-py3-none-any.whl"
    known: dict[str, object] = {
        "release": Release(name=ProjectName(name), version=version),
        "filename": filename,
        "url": f"https://files.example/{filename}",
        "index": "https://index.example/simple/",
        "sha256": digest_of(filename),
        "uploaded": NOW - timedelta(days=90),
    }
    return ArtifactRef(**(known | more))  # type: ignore[arg-type]


def artifact(filename: str) -> Artifact:
    return Artifact(
        label=filename, filename=filename, kind=Kind.WHEEL, path="", sha256=digest_of(filename), size=1
    )


@dataclass
class Analyst:
    """Says what it was told to of each file name, and counts."""

    says: dict[str, tuple[Evidence | Gap, ...]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    walls: tuple[Wall, ...] = ()

    def analyse(self, artifacts: Iterable[Artifact | None]) -> Iterator[tuple[Artifact, Findings]]:
        for one in artifacts:
            assert one is not None
            self.seen.append(one.filename)
            said = self.says.get(one.filename, ())
            yield (
                one,
                Findings(
                    sha256=one.sha256,
                    project="claimed",
                    version="0",
                    evidence=tuple(each for each in said if isinstance(each, Evidence)),
                    gaps=tuple(each for each in said if isinstance(each, Gap)),
                ),
            )

    def close(self) -> None: ...


@dataclass
class Memory:
    kept: dict[tuple[str, str], Findings] = field(default_factory=dict)

    def get(self, sha256: Digest, filename: str) -> Findings | None:
        return self.kept.get((sha256, filename))

    def put(self, findings: Findings, filename: str) -> None:
        self.kept[findings.sha256, filename] = findings


@dataclass
class Courier:
    fails: dict[str, FetchFailed] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    expected: Mapping[Release, tuple[Digest, ...]] = field(default_factory=dict)

    def fetch_all(
        self, refs: Iterable[ArtifactRef], expected: Mapping[Release, tuple[Digest, ...]]
    ) -> Iterator[tuple[ArtifactRef, Artifact | FetchFailed]]:
        self.expected = expected
        for one in refs:
            self.asked.append(one.filename)
            yield one, self.fails.get(one.filename) or artifact(one.filename)


def road(analyst: Analyst, memory: Memory | None = None, *, code_only: bool = False) -> Road:
    return Road(
        analyser=analyst,
        facts=memory or Memory(),
        model=MODEL,
        policy=Policy(),
        waivers=(),
        now=NOW,
        code_only=code_only,
    )


def closure(*refs: ArtifactRef) -> list[Resolved]:
    return [Resolved(release=one.release, files=(one,)) for one in refs]


def checked(refs: Iterable[ArtifactRef], way: Road, courier: Courier | None = None) -> dict[str, Judged]:
    found = check(closure(*refs), courier or Courier(), way, {})
    return {one.filename: judged for one, judged in found}


def test_each_file_is_judged_for_the_release_that_it_was_offered_for() -> None:
    bad = ref("bad")
    found = checked([ref("good"), bad], road(Analyst({bad.filename: (LOUD,)})))
    assert isinstance(found["good-1-py3-none-any.whl"].decision, Allow)
    assert isinstance(found[bad.filename].decision, Block)
    assert (found[bad.filename].subject.project, found[bad.filename].subject.version) == ("bad", "1")


def test_what_is_known_by_digest_is_neither_fetched_nor_analysed_but_decided_afresh() -> None:
    memory, bad = Memory(), ref("bad")
    first = checked([bad], road(Analyst({bad.filename: (LOUD,)}), memory))
    analyst, courier = Analyst(), Courier()
    again = checked([bad], road(analyst, memory), courier)
    assert not analyst.seen
    assert not courier.asked
    assert again[bad.filename].cached
    assert again[bad.filename].decision == first[bad.filename].decision


def test_an_analyser_that_was_stopped_is_not_remembered() -> None:
    memory, one = Memory(), ref("slow")
    stopped = Gap(kind=GapKind.LIMIT, what=ANALYSER, why="was killed by signal 9")
    found = checked([one], road(Analyst({one.filename: (stopped,)}), memory))
    assert isinstance(found[one.filename].decision, Undetermined)
    assert not memory.kept
    encrypted = Gap(kind=GapKind.LIMIT, what="x.py", why="it is encrypted")
    checked([one], road(Analyst({one.filename: (encrypted,)}), memory))
    assert memory.kept


def test_a_file_that_could_not_be_had_is_unknown() -> None:
    one = ref("gone")
    courier = Courier({one.filename: DigestMismatch("other bytes")})
    judged = checked([one], road(Analyst()), courier)[one.filename]
    assert isinstance(judged.assessment, Unknown)
    assert isinstance(judged.decision, Undetermined)
    assert judged.subject.sha256 == NO_BYTES


def test_what_the_index_says_of_a_file_counts_unless_only_code_does() -> None:
    cases = {
        "yanked": (ref("a", yanked=""), Ask),
        "young": (ref("b", uploaded=NOW - timedelta(hours=1)), Ask),
        "no time": (ref("c", uploaded=None), Allow),
        "no digest": (ref("d", sha256=None), Undetermined),
    }
    for name, (one, kind) in cases.items():
        judged = checked([one], road(Analyst()))[one.filename]
        assert isinstance(judged.decision, kind), name
        code = checked([one], road(Analyst(), code_only=True))[one.filename]
        assert isinstance(code.decision, Undetermined if name == "no digest" else Allow), name


def test_a_project_that_the_index_has_quarantined() -> None:
    one = ref("q")
    ((_, judged),) = check(closure(one), Courier(), road(Analyst()), {one.release.name: "quarantined"})
    assert isinstance(judged.decision, Block)


def test_names_play_no_part_where_only_code_counts() -> None:
    one = ref("odd")
    analyst = Analyst({one.filename: (CLASH,)})
    assert checked([one], road(analyst))[one.filename].assessment.evidence == (CLASH,)
    assert not checked([one], road(analyst, code_only=True))[one.filename].assessment.evidence


def test_a_scan_tells_what_it_left_out_and_judges_what_it_could_not_read() -> None:
    scope = Gap(kind=GapKind.SCOPE, what=".git", why="version control is left out")
    limit = Gap(kind=GapKind.LIMIT, what="pipe", why="it is a named pipe, not a file")
    left, unread = scan([scope, artifact("a-1-py3-none-any.whl"), limit], road(Analyst())), []
    for one in left:
        if isinstance(one, Gap):
            assert one is scope
        else:
            unread.append((one.label, type(one.decision)))
    assert unread == [("a-1-py3-none-any.whl", Allow), ("pipe", Undetermined)]


def test_what_a_lock_allows_is_what_files_are_held_against() -> None:
    one, courier = ref("locked", sha256=None), Courier()
    allowed = (digest_of("a"), digest_of("b"))
    locked = Resolved(release=one.release, files=(one,), hashes=allowed)
    list(check([locked], courier, road(Analyst()), {}))
    assert courier.expected == {one.release: allowed}


def test_a_missing_wall_is_a_condition() -> None:
    one = ref("a")
    way = road(Analyst())
    bare = Road(
        analyser=way.analyser,
        facts=way.facts,
        model=MODEL,
        policy=Policy(),
        waivers=(),
        now=NOW,
        conditions=lambda: frozenset({Condition.UNCONFINED}),
    )
    assert "wall" in " ".join(checked([one], bare)[one.filename].decision.reasons)


def early(
    refs: list[ArtifactRef],
    groups: list[frozenset[Release]],
    way: Road,
    courier: Courier,
    past: Past = NO_PAST,
) -> list[tuple[list[str], list[str]]]:
    """What is told before the end, each with what the courier had been asked for by then."""
    told: list[tuple[list[str], list[str]]] = []

    def hear(group: frozenset[Release], seen: list[Seen]) -> None:
        assert {one.ref.release for one in seen} == group
        told.append((sorted(one.ref.release.name for one in seen), list(courier.asked)))

    found = looked(closure(*refs), courier, way, {}, past=past, early=Early(groups, hear))
    assert {one.ref for one in found} == set(refs)
    return told


def test_what_needs_nothing_of_the_rest_is_told_before_the_rest_is_there() -> None:
    known, fast, brought, slow = ref("known"), ref("fast"), ref("brought"), ref("slow")
    memory = Memory()
    checked([known], road(Analyst(), memory))
    groups = [
        frozenset({known.release}),
        frozenset({fast.release, brought.release}),
        frozenset({slow.release, known.release}),
    ]
    told = early([slow, fast, brought, known], groups, road(Analyst(), memory), Courier())
    names = [slow.filename, fast.filename, brought.filename]
    assert told == [(["known"], []), (["known", "slow"], names[:1]), (["brought", "fast"], names)]


def test_where_all_is_known_nothing_is_told_before() -> None:
    known, memory = ref("known"), Memory()
    checked([known], road(Analyst(), memory))
    assert not early([known], [frozenset({known.release})], road(Analyst(), memory), Courier())


def test_what_is_still_to_be_compared_with_an_earlier_release_waits() -> None:
    one, other = ref("one", "2"), ref("other")
    past = Past(before={one: ref("one")})
    groups = [frozenset({one.release}), frozenset({other.release})]
    told = early([one, other], groups, road(Analyst()), Courier(), past)
    assert [names for names, _ in told] == [["other"]]
