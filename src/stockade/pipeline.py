"""The whole road on one screen; start reading here.

    Requirement -> ArtifactRef -> Artifact -> Tree -> Facts -> Evidence -> Assessment -> Decision -> effect

``acquire`` turns what a person names into digest-checked artifacts; ``workers`` run ``analyse`` on their bytes
where the kernel lets it touch nothing; the judge makes an assessment of the findings; ``decide`` applies the
policy. Reading and printing stay outside: this module joins, it neither fetches nor shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from stockade.analyse.closure import linked, settled_alone
from stockade.analyse.identity.drift import disagreements, drift
from stockade.analyse.identity.names import Names
from stockade.analyse.judge import Model, judge
from stockade.analyse.naming import named, required
from stockade.analyse.observed import Observed, observed
from stockade.analyse.standing import remarked
from stockade.decide import circumstances
from stockade.decide.cooldown import Held
from stockade.decide.decide import Subject, decide, without_ignored
from stockade.decide.policy import Condition, Policy, Thresholds
from stockade.decide.waivers import Waiver
from stockade.errors import BadRequirement, FetchFailed
from stockade.model.advisory import Match
from stockade.model.artifact import Artifact
from stockade.model.assessment import Assessment, Findings
from stockade.model.decision import Decision
from stockade.model.evidence import Gap, GapKind
from stockade.model.identity import ProjectHistory
from stockade.model.observation import Observation
from stockade.model.project import ArtifactRef, Digest, ProjectName, Release, Resolved, project_name
from stockade.workers import Analyser, finished

_IDENTITY = (
    "attestation-invalid attestation-lost borrowed-links claimed-author clone-delta copied-description"
    " dormant-project foreign-top-level"
    " known-project-clone lookalike-name name-disagreement owners-changed publisher-changed release-burst"
    " requirement-lookalike requirement-malicious"
    " throwaway-mail"
)
#: Detectors that look at names, identity or a project's past rather than at what the bytes would do.
IDENTITY_DETECTORS = frozenset(_IDENTITY.split())
#: What a gap names where analysis ended early.
CUT_SHORT = frozenset({"the artifact", "the analyser"})
#: Stands for the digest where there are no bytes.
NO_BYTES = Digest("0" * 64)


class Facts(Protocol):
    """Findings by digest and file name, of the analyser as it is now; may forget."""

    def get(self, sha256: Digest, filename: str) -> Findings | None: ...
    def put(self, findings: Findings, filename: str) -> None: ...


class Fetcher(Protocol):
    """References to digest-checked artifacts, as they arrive; a failure stands for its artifact."""

    def fetch_all(
        self, refs: Iterable[ArtifactRef], expected: Mapping[Release, tuple[Digest, ...]]
    ) -> Iterator[tuple[ArtifactRef, Artifact | FetchFailed]]: ...


class Advisories(Protocol):
    """What others have published about releases, as it is known here now."""

    def under(self, release: Release) -> tuple[Match, ...]: ...
    def stale(self, policy: Policy, now: datetime) -> str: ...
    def token(self) -> object:
        """Another one whenever what is known has changed."""


class NoAdvisories:
    """Where none are asked."""

    def under(self, release: Release) -> tuple[Match, ...]:
        return ()

    def stale(self, policy: Policy, now: datetime) -> str:
        return ""

    def token(self) -> object:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """What every stretch is handed: the world it may use, and the rules of this run.

    `conditions` gives those that hold for every artifact of the run (a missing kernel wall); it may wait for the
    analyser to start. With `code_only` what rests on
    names, identity or advisories plays no part; figures on detection are always quoted so. `names` are the well-known
    ones; without them no name is looked at. `malicious` gives the versions of projects that were removed as such.
    """

    analyser: Analyser
    facts: Facts
    model: Model
    policy: Policy
    waivers: tuple[Waiver, ...]
    now: datetime
    conditions: Callable[[], frozenset[Condition]] = frozenset
    code_only: bool = False
    names: Names | None = None
    malicious: Callable[[], Mapping[str, frozenset[str]]] = dict
    advisories: Advisories = field(default_factory=NoAdvisories)

    def heard(self, findings: Findings) -> Findings:
        """`findings` without the evidence that `code_only` leaves out."""
        if not self.code_only:
            return findings
        kept = tuple(one for one in findings.evidence if one.detector not in IDENTITY_DETECTORS)
        return replace(findings, evidence=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is known of the releases of a closure beside their bytes, on the day of the check.

    `remarks` are facts (analyse/identity/history.py), `fixes` the advisory that a young release fixes, `outbids` the
    index that a release's own outbids, and `public` the names among the private ones that public projects bear, too.
    `before` are the files of earlier releases that files of the closure are compared with.
    """

    histories: Mapping[ProjectName, ProjectHistory] = field(default_factory=dict)
    remarks: Mapping[Release, Sequence[object]] = field(default_factory=dict)
    fixes: Mapping[Release, str] = field(default_factory=dict)
    outbids: Mapping[Release, str] = field(default_factory=dict)
    public: frozenset[ProjectName] = frozenset()
    before: Mapping[ArtifactRef, ArtifactRef] = field(default_factory=dict)

    def of(self, release: Release) -> Past:
        """What of it decides about one release; what went into its findings already is left out."""
        name = release.name
        return Past(
            histories={name: self.histories[name]} if name in self.histories else {},
            fixes={release: self.fixes[release]} if release in self.fixes else {},
            outbids={release: self.outbids[release]} if release in self.outbids else {},
            public=self.public & {name},
        )


#: Where nothing but bytes is known.
NO_PAST = Past()
NOTHING_HELD = Held()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One artifact at the end of the road; `cached` where its findings were remembered."""

    label: str
    subject: Subject
    assessment: Assessment
    decision: Decision
    findings: Findings
    cached: bool = False
    held: Held = NOTHING_HELD


def scan(targets: Iterable[Artifact | Gap], road: Road, *, closure: bool = False) -> Iterator[Judged | Gap]:
    """Local artifacts, judged as each is done; with `closure` all of them are linked first, as installed together.

    A target that could not be read is judged as what it is, unknown; what was left out by design comes
    back as its gap.
    """
    gaps: list[Gap] = []

    def artifacts() -> Iterator[Artifact]:
        for target in targets:
            if isinstance(target, Gap):
                gaps.append(target)
            else:
                yield target

    done = _analysed(artifacts(), road)
    for artifact, findings in _linked(list(done)) if closure else done:
        subject = _claimed(artifact, findings)
        yield _judged(artifact.label, subject, findings, road, _advised(subject, road))
    for gap in gaps:
        if gap.kind is GapKind.SCOPE:
            yield gap
            continue
        nothing = Findings(sha256=NO_BYTES, project="", version="", gaps=(gap,))
        subject = Subject(project="", version="", sha256=NO_BYTES, filename=gap.what)
        yield _judged(gap.what, subject, nothing, road)


def _linked(done: list[tuple[Artifact, Findings]]) -> Iterator[tuple[Artifact, Findings]]:
    """Local artifacts with what follows from their being installed together."""
    # Nobody but the archives says whose they are; two of one project and version are not installed together.
    names = [artifact.filename for artifact, _ in done]
    owners = [f"{one.project}=={one.version}" if one.project else artifact.label for artifact, one in done]
    found = linked(names, owners, [findings for _, findings in done])
    return zip((artifact for artifact, _ in done), found, strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One file of a closure, analysed and linked: all that a decision rests on, but for policy, waivers and clock.

    `status` is what the index says of its project (PEP 792), `past` what is known of its release beside the bytes.
    """

    ref: ArtifactRef
    findings: Findings
    status: str = ""
    past: Past = NO_PAST
    cached: bool = False


def check(
    closure: Iterable[Resolved],
    fetcher: Fetcher,
    road: Road,
    statuses: Mapping[ProjectName, str],
    heard: Callable[[str], None] = lambda filename: None,
    *,
    past: Past = NO_PAST,
) -> Iterator[tuple[ArtifactRef, Judged]]:
    """Every file of every release of the closure, judged when all are analysed and linked; arguments as of `looked`."""
    for one in looked(closure, fetcher, road, statuses, heard, past=past):
        yield one.ref, decided(one, road)


def looked(
    closure: Iterable[Resolved],
    fetcher: Fetcher,
    road: Road,
    statuses: Mapping[ProjectName, str],
    heard: Callable[[str], None] = lambda filename: None,
    *,
    past: Past = NO_PAST,
    early: Early | None = None,
    beside: Iterable[ArtifactRef] = (),
) -> Iterator[Seen]:
    """Every file of every release of the closure, when all are analysed and linked, also with what is known of files
    of other releases that are installed `beside` them.

    `statuses` are what the index says of whole projects (PEP 792), `past` what is known of releases that is not in
    their bytes. What is known by digest is neither fetched nor analysed again. `heard` is told each file that is
    analysed, `early` what stands before the rest does.
    """
    wanted = [(ref, one.hashes) for one in closure for ref in one.files]
    own = {ref.release for ref, _ in wanted}
    others, _ = _remembered([(ref, ()) for ref in dict.fromkeys(beside) if ref.release not in own], road)
    done, missing = _remembered(wanted, road, heard)
    waiting = _Waiting(early.groups if early else (), [ref for ref, _ in missing])
    if early and missing:
        _tell(early, waiting.over(), done, road, statuses, past)
    for one in _fetched(missing, fetcher, road, heard):
        done.append(one)
        if early:
            _tell(early, waiting.without(one[0]), done, road, statuses, past)
    older = {
        (ref.release, ref.filename): findings
        for ref, findings, _ in _had(
            [(ref, ()) for ref in dict.fromkeys(past.before.values())], fetcher, road
        )
    }
    yield from _together(done, older, road, statuses, past, others)


@dataclass(frozen=True, slots=True)
class Early:
    """Who hears (`told`) of parts of a closure before the rest: of each of `groups`, releases that need no others, once
    all of its files are analysed; they are linked among themselves."""

    groups: Sequence[frozenset[Release]]
    told: Callable[[frozenset[Release], list[Seen]], None]


class _Waiting:
    """Groups of releases, and the files that each still waits for."""

    def __init__(self, groups: Iterable[frozenset[Release]], missing: Iterable[ArtifactRef]) -> None:
        left: dict[Release, set[ArtifactRef]] = {}
        for ref in missing:
            left.setdefault(ref.release, set()).add(ref)
        self._left = left
        self._groups = dict.fromkeys(groups)

    def over(self) -> list[frozenset[Release]]:
        """The groups that wait for nothing any more, each once."""
        return [self._taken(group) for group in list(self._groups) if not any(map(self._left.get, group))]

    def without(self, ref: ArtifactRef) -> list[frozenset[Release]]:
        """Those that waited for nothing but `ref`, which is there now."""
        self._left.get(ref.release, set()).discard(ref)
        return [] if self._left.get(ref.release) else self.over()

    def _taken(self, group: frozenset[Release]) -> frozenset[Release]:
        del self._groups[group]
        return group


_Had = tuple[ArtifactRef, Findings, bool]


def _tell(
    early: Early,
    groups: Iterable[frozenset[Release]],
    done: Iterable[_Had],
    road: Road,
    statuses: Mapping[ProjectName, str],
    past: Past,
) -> None:
    """Tell of `groups`, but for those of which a file is still to be compared with an earlier one, or may be a half of
    what only the rest completes: neither half of a pair need require the other."""
    for group in groups:
        own = [one for one in done if one[0].release in group]
        if all(ref not in past.before and settled_alone(findings) for ref, findings, _ in own):
            early.told(group, list(_together(own, {}, road, statuses, past)))


def _together(
    done: Sequence[_Had],
    older: Mapping[tuple[Release, str], Findings],
    road: Road,
    statuses: Mapping[ProjectName, str],
    past: Past,
    others: Sequence[_Had] = (),
) -> Iterator[Seen]:
    """Files that are installed together, with `others`, linked; and with what is known of their releases."""
    every = (*done, *others)
    names, owners = [ref.filename for ref, _, _ in every], [ref.release.name for ref, _, _ in every]
    found = linked(names, owners, [findings for _, findings, _ in every])
    beside = [(ref, findings) for ref, findings, _ in done]
    for (ref, own, cached), findings in zip(done, found, strict=False):
        facts, gaps = ((), ()) if road.code_only else _compared(ref, own, beside, older, past)
        findings = remarked(findings, (*past.remarks.get(ref.release, ()), *facts))
        yield Seen(
            ref=ref,
            findings=replace(findings, gaps=(*findings.gaps, *gaps)),
            status=statuses.get(ref.release.name, ""),
            past=past.of(ref.release),
            cached=cached,
        )


def decided(one: Seen, road: Road) -> Judged:
    """What is done about a file under the policy, the waivers and the clock of `road`; never remembered."""
    held = _held(one.ref, one.status, one.past, road)
    subject = _offered(one.ref, one.findings)
    return _judged(one.ref.filename, subject, one.findings, road, held, cached=one.cached)


def _had(
    wanted: Iterable[tuple[ArtifactRef, tuple[Digest, ...]]], fetcher: Fetcher, road: Road
) -> Iterator[_Had]:
    """Findings of each file, fetched where they are not remembered (the last says whether they were); what cannot be
    had is a gap."""
    known, missing = _remembered(wanted, road)
    yield from known
    yield from _fetched(missing, fetcher, road)


def _remembered(
    wanted: Iterable[tuple[ArtifactRef, tuple[Digest, ...]]],
    road: Road,
    heard: Callable[[str], None] = lambda filename: None,
) -> tuple[list[_Had], list[tuple[ArtifactRef, tuple[Digest, ...]]]]:
    """What is known of files by their digest, and the files of which nothing is."""
    known: list[_Had] = []
    missing = []
    for ref, hashes in wanted:
        found = road.facts.get(ref.sha256, ref.filename) if ref.sha256 else None
        if found is None:
            missing.append((ref, hashes))
        else:
            known.append((ref, found, True))
            heard(ref.filename)
    return known, missing


def _fetched(
    wanted: Iterable[tuple[ArtifactRef, tuple[Digest, ...]]],
    fetcher: Fetcher,
    road: Road,
    heard: Callable[[str], None] = lambda filename: None,
) -> Iterator[_Had]:
    """Findings of each file as it is analysed; what cannot be had is a gap."""
    by_label: dict[tuple[str, str], ArtifactRef] = {}
    failed: list[tuple[ArtifactRef, FetchFailed]] = []
    missing = [ref for ref, _ in wanted]
    pinned = {ref.release: hashes for ref, hashes in wanted}

    def artifacts() -> Iterator[Artifact]:
        for ref, got in fetcher.fetch_all(missing, pinned):
            if isinstance(got, FetchFailed):
                failed.append((ref, got))
            else:
                by_label[got.filename, got.sha256] = ref
                yield got

    for artifact, findings in _analysed(artifacts(), road) if missing else ():
        yield by_label[artifact.filename, artifact.sha256], findings, False
        heard(artifact.filename)
    for ref, why in failed:
        yield ref, _unfetched(ref, why), False


def _compared(
    ref: ArtifactRef,
    findings: Findings,
    beside: Iterable[tuple[ArtifactRef, Findings]],
    older: Mapping[tuple[Release, str], Findings],
    past: Past,
) -> tuple[tuple[object, ...], tuple[Gap, ...]]:
    """How a file differs from its counterpart in the release before, and from the others of its own release.

    That the older one could not be had or read whole holds nothing against this one: it is a gap of scope.
    """
    facts: list[object] = []
    for other, theirs in beside:
        if other.release == ref.release and other != ref and _whole(theirs) is None:
            facts += disagreements(findings, theirs, other.filename)
    before = past.before.get(ref)
    if before is None:
        return tuple(facts), ()
    then = older[before.release, before.filename]
    if (gap := _whole(then)) is not None:
        why = f"it could not be compared with {before.filename}: {gap.why}"
        return tuple(facts), (Gap(kind=GapKind.SCOPE, what=ref.filename, why=why),)
    ages: dict[str, timedelta | None] = {name: history.age for name, history in past.histories.items()}
    return (*facts, *drift(findings, then, before.release.version, ages)), ()


def _whole(findings: Findings) -> Gap | None:
    """Why findings are not of the whole artifact, so that what they lack says nothing; None where they are."""
    cut = (gap for gap in findings.gaps if gap.kind is GapKind.LIMIT and gap.what in CUT_SHORT)
    return next(cut, findings.gaps[0] if findings.sha256 == NO_BYTES else None)


def _analysed(artifacts: Iterable[Artifact], road: Road) -> Iterator[tuple[Artifact, Findings]]:
    """Findings from memory where the digest is known, else from a worker; remembered unless it was stopped."""
    known: list[tuple[Artifact, Findings]] = []

    def unknown() -> Iterator[Artifact]:
        for artifact in artifacts:
            findings = road.facts.get(artifact.sha256, artifact.filename)
            if findings is None:
                yield artifact
            else:
                known.append((artifact, findings))

    for artifact, findings in road.analyser.analyse(unknown()):
        if finished(findings):
            road.facts.put(findings, artifact.filename)
        yield artifact, findings
        yield from _drained(known)
    yield from _drained(known)


def _drained(items: list[tuple[Artifact, Findings]]) -> Iterator[tuple[Artifact, Findings]]:
    while items:
        yield items.pop()


def _judged(
    label: str,
    subject: Subject,
    findings: Findings,
    road: Road,
    held: Held = NOTHING_HELD,
    *,
    cached: bool = False,
) -> Judged:
    """Findings -> Assessment -> Decision; the last two are never remembered."""
    if road.names is not None and subject.project and not road.code_only:
        findings = named(road.names, subject.project, subject.filename, findings)
        findings = required(road.names, road.malicious, subject.filename, findings)
    # What policy or --evidence leaves out takes no part in the score.
    heard = without_ignored(road.heard(findings), road.policy)
    assessment = judge(heard, road.model)
    decision = decide(
        subject,
        assessment,
        policy=road.policy,
        waivers=road.waivers,
        now=road.now,
        conditions=road.conditions() | {condition for condition, _ in held.conditions},
        told=dict(held.conditions),
        notes=(held.note,),
        thresholds=Thresholds(ask=road.model.ask, block=road.model.block),
    )
    return Judged(
        label=label,
        subject=subject,
        assessment=assessment,
        decision=decision,
        findings=findings,
        cached=cached,
        held=held,
    )


def detonated(
    one: Judged, observation: Observation, road: Road, *, alone: bool = False
) -> tuple[Judged, Observed]:
    """An artifact judged again, with what was seen of it when it was run (`alone`: by that and nothing else), and what
    that shows.

    Static gaps stay: that nothing was seen in one run does not say that nothing is there.
    """
    seen = observed(observation)
    before = replace(one.findings, evidence=(), gaps=()) if alone else one.findings
    findings = remarked(before, seen.facts)
    findings = replace(findings, gaps=tuple(dict.fromkeys((*findings.gaps, *observation.gaps, *seen.gaps))))
    quiet = replace(road, names=None)  # names were looked at before
    return _judged(one.label, one.subject, findings, quiet, one.held, cached=one.cached), seen


def excluded(ref: ArtifactRef, status: str, born: datetime | None, road: Road) -> str:
    """Why policy lets nobody have a file, whatever is in it; "" where it may be had.

    `status` is what the index says of its project, `born` the project's first upload (None: unknown).
    """
    return circumstances.excluded(_held(ref, status, NO_PAST, road, born), road.policy)


def settled(name: ProjectName, status: str, road: Road) -> datetime | None:
    """Since when files that an index lists, with a digest, not yanked and under no advisory, must have been there for
    `excluded` to have nothing against any; None where each is to be asked about."""
    if road.code_only or road.advisories.stale(road.policy, road.now):
        return None
    return circumstances.settled(name, status, road.policy, road.now)


def _held(ref: ArtifactRef, status: str, past: Past, road: Road, born: datetime | None = None) -> Held:
    """What holds of a file that its bytes do not tell; nothing with `code_only`, but a missing digest."""
    if road.code_only:
        return circumstances.UNDIGESTED if ref.sha256 is None else NOTHING_HELD
    release = ref.release
    history = past.histories.get(release.name)
    beside = circumstances.Beside(
        status=status,
        born=history.first if history else born,
        fixes=past.fixes.get(release, ""),
        outbids=past.outbids.get(release, ""),
        public=release.name in past.public,
        matches=road.advisories.under(release),
        stale=road.advisories.stale(road.policy, road.now),
    )
    return circumstances.circumstances(ref, beside, road.policy, road.now)


def _advised(subject: Subject, road: Road) -> Held:
    """What advisories say of the release that a local archive claims to be."""
    if road.code_only or not (subject.project and subject.version):
        return NOTHING_HELD
    try:
        release = Release(name=project_name(subject.project), version=subject.version)
    except BadRequirement:
        return NOTHING_HELD
    matches, stale = road.advisories.under(release), road.advisories.stale(road.policy, road.now)
    return Held(tuple(circumstances.advised(matches, stale)))


def _claimed(artifact: Artifact, findings: Findings) -> Subject:
    """A local archive is what it says it is; nothing else is known of it."""
    return Subject(
        project=findings.project,
        version=findings.version,
        sha256=findings.sha256,
        filename=artifact.filename,
    )


def _offered(ref: ArtifactRef, findings: Findings) -> Subject:
    """A file of an index belongs to the release that it was offered for, whatever it says inside."""
    return Subject(
        project=ref.release.name,
        version=ref.release.version,
        sha256=findings.sha256,
        filename=ref.filename,
    )


def _unfetched(ref: ArtifactRef, why: FetchFailed) -> Findings:
    """What can be said of a file that could not be had as pinned."""
    gap = Gap(kind=GapKind.LIMIT, what=ref.filename, why=str(why))
    return Findings(
        sha256=NO_BYTES,
        project=ref.release.name,
        version=ref.release.version,
        gaps=(gap,),
    )
