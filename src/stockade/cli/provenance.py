"""What a check learns of a release from its attestations, where policy and the extra allow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from stockade import limits
from stockade.acquire.attestations import Attestations, installed
from stockade.acquire.index.listing import files_of, same_version
from stockade.acquire.index.parallel import in_parallel
from stockade.analyse.identity.history import AttestationLost
from stockade.analyse.identity.publisher import Signed, expected, predecessor, remarks, unsure
from stockade.cli.world import World
from stockade.decide.policy import Policy
from stockade.model.identity import Attested, Pin, ProjectHistory
from stockade.model.project import ArtifactRef, ProjectName, Release, Resolved

Facts = Mapping[Release, tuple[object, ...]]
KINDS = WHEEL, SDIST = "wheel", "sdist"


def verifier(policy: Policy) -> Attestations | None:
    """Who verifies attestations under `policy`; None where it does not want that, or the extra is not there."""
    if not policy.provenance or not installed():
        return None
    root = policy.trusted_root
    return Attestations(Path(policy.source).parent / root if root else None)


def with_publishers(
    facts: Facts,
    releases: Iterable[Resolved],
    histories: Mapping[ProjectName, ProjectHistory],
    world: World,
    policy: Policy,
    now: datetime,
) -> dict[Release, tuple[object, ...]]:
    """`facts` with those that follow from who published each release; notes in the ledger whom to expect.

    What came of each file is left in `world.attested`.
    """
    found = {release: tuple(each) for release, each in facts.items()}
    verifies = verifier(policy)
    known = [one for one in releases if one.release.name in histories]
    if verifies is None:
        return found
    files = [ref for one in known for ref in one.files if ref.provenance is not None]

    def ask(ref: ArtifactRef) -> tuple[ArtifactRef, Attested | None]:
        return ref, world.provenances.of(ref, verifies)

    told: dict[Release, list[Attested]] = {}
    for ref, attested in in_parallel(ask, files, limits.MAX_CONNECTIONS):
        if attested is not None:
            told.setdefault(ref.release, []).append(attested)
    for one in known:
        own = tuple(sorted(told.get(one.release, ()), key=lambda each: each.filename))
        world.attested[one.release] = own
        history = histories[one.release.name]
        # An index that names no attestations at all is no reason to open the ledger.
        if any(past.attested for past in history.releases):
            index = next(ref.index for ref in one.files if ref.index)
            before = found.get(one.release, ())
            found[one.release] = (
                *before,
                *_new(one.release, own, history, Asked(world, verifies, index), now, before),
            )
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """Where to ask for more: the world, who verifies, and the index that the files come from."""

    world: World
    verifies: Attestations
    index: str


def _new(
    release: Release,
    own: tuple[Attested, ...],
    history: ProjectHistory,
    asked: Asked,
    now: datetime,
    known: Sequence[object],
) -> list[object]:
    """The facts that follow for a release, but for what the listing alone told (`known`); notes whom to expect."""
    new: list[object] = []
    for kind in KINDS:
        signed = signed_of(release, kind, own, history, asked)
        lost = any(isinstance(one, AttestationLost) for one in (*known, *new))
        new += [each for each in remarks(signed) if not (lost and isinstance(each, AttestationLost))]
        if pin := expected(signed, now):
            asked.world.ledger.expect(asked.index, release.name, kind, pin)
    return new


def kind_of(filename: str) -> str:
    """Which of KINDS a file is of; many projects publish their wheels and their sdist from different places."""
    return WHEEL if filename.endswith(".whl") else SDIST


def signed_of(
    release: Release, kind: str, files: tuple[Attested, ...], history: ProjectHistory, asked: Asked
) -> Signed:
    """The files of one kind of a release beside what is expected of its project.

    Where that does not settle it, the release before it is looked at: a request more for a young one, so that a
    machine that never saw the project (a fresh container) has something to compare with.
    """
    spelt = next(
        (one.version for one in history.releases if same_version(one.version, release.version)),
        release.version,
    )
    pins = {each: asked.world.ledger.publisher(asked.index, release.name, each) for each in KINDS}
    signed = Signed(
        history=history,
        version=spelt,
        files=tuple(one for one in files if kind_of(one.filename) == kind),
        pin=pins[kind],
    )
    if not unsure(signed):
        return signed
    last = predecessor(history, spelt)
    shown = _shown(release.name, last.version, kind, asked) if last else None
    # Where files of this kind are new, those of the other kind tell where the project lives.
    other = next((pin for pin in pins.values() if pin and pin.version != spelt), None)
    return replace(signed, before=shown or (other if pins[kind] is None else None))


def _shown(name: ProjectName, version: str, kind: str, asked: Asked) -> Pin | None:
    """The publisher that the first attested file of a release shows, of that kind if there is one."""
    files = [ref for ref in files_of(asked.world.dated.listing(name), version) if ref.provenance is not None]
    files.sort(key=lambda ref: kind_of(ref.filename) != kind)
    found = asked.world.provenances.of(files[0], asked.verifies) if files else None
    if found is None or not found.publishers:
        return None
    return Pin(publisher=found.publishers[0], version=version, uploaded=files[0].uploaded)
