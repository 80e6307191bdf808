"""What a check learns of a release from its attestations, where policy and the extra allow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
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

    def asked(ref: ArtifactRef) -> tuple[ArtifactRef, Attested | None]:
        return ref, world.provenances.of(ref, verifies)

    told: dict[Release, list[Attested]] = {}
    for ref, attested in in_parallel(asked, files, limits.MAX_CONNECTIONS):
        if attested is not None:
            told.setdefault(ref.release, []).append(attested)
    for one in known:
        history = histories[one.release.name]
        world.attested[one.release] = ()
        if not any(past.attested for past in history.releases):
            continue
        index = next(ref.index for ref in one.files if ref.index)
        own = tuple(sorted(told.get(one.release, ()), key=lambda each: each.filename))
        signed = signed_of(one.release, own, history, world, verifies, index)
        world.attested[one.release] = own
        # What the listing alone tells already is not said twice.
        said = any(isinstance(each, AttestationLost) for each in found.get(one.release, ()))
        new = [each for each in remarks(signed) if not (said and isinstance(each, AttestationLost))]
        found[one.release] = (*found.get(one.release, ()), *new)
        if pin := expected(signed, now):
            world.ledger.expect(index, one.release.name, pin)
    return found


def signed_of(
    release: Release,
    files: tuple[Attested, ...],
    history: ProjectHistory,
    world: World,
    verifies: Attestations,
    index: str,
) -> Signed:
    """The release beside what is expected of its project at `index`.

    Where that does not settle it, the release before it is looked at: one request more for a young one, so that a
    machine that never saw the project (a fresh container) has something to compare with.
    """
    spelt = next(
        (one.version for one in history.releases if same_version(one.version, release.version)),
        release.version,
    )
    pin = world.ledger.publisher(index, release.name)
    signed = Signed(history=history, version=spelt, files=files, pin=pin)
    if not unsure(signed):
        return signed
    last = predecessor(history, spelt)
    return (
        signed
        if last is None
        else replace(signed, before=_shown(release.name, last.version, world, verifies))
    )


def _shown(name: ProjectName, version: str, world: World, verifies: Attestations) -> Pin | None:
    """The publisher of the first file of a release that has one that holds."""
    for ref in files_of(world.dated.listing(name), version):
        if ref.provenance is None:
            continue
        found = world.provenances.of(ref, verifies)
        if found is None or not found.publishers:
            return None
        return Pin(publisher=found.publishers[0], version=version, uploaded=ref.uploaded)
    return None
