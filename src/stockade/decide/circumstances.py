"""What holds of a file that its bytes do not tell: its digest, its index, what that says of it, and its age."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from stockade.decide.cooldown import Held, Timing, cooldown
from stockade.decide.indexes import rule, serving
from stockade.decide.policy import Action, Condition, Policy
from stockade.model.advisory import Match
from stockade.model.project import ArtifactRef, ProjectName

_STATUSES = {
    "quarantined": Condition.QUARANTINED,
    "archived": Condition.ARCHIVED,
    "deprecated": Condition.DEPRECATED,
}
#: Advisories, and versions, that one sentence names.
_NAMED = 4
#: All that is known with nothing but the bytes.
UNDIGESTED = Held(((Condition.NO_DIGEST, ""),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is known of a file beside its bytes.

    `status` is what the index says of its project (PEP 792), `born` the project's first upload, `fixes` the advisory
    that its release fixes, `outbids` the index that its version outbids, `public` whether a public project bears its
    name, too; `matches` are the advisories that the release is under, `stale` says that those here are old; empty or
    None for unknown.
    """

    status: str = ""
    born: datetime | None = None
    fixes: str = ""
    outbids: str = ""
    public: bool = False
    matches: tuple[Match, ...] = ()
    stale: str = ""


def circumstances(ref: ArtifactRef, beside: Beside, policy: Policy, now: datetime) -> Held:
    """The conditions that hold for `ref` at `now` (aware), and what to say of one that was waived."""
    held: list[tuple[Condition, str]] = list(UNDIGESTED.conditions) if ref.sha256 is None else []
    if ref.yanked is not None:
        held.append((Condition.YANKED, ""))
    if beside.status in _STATUSES:
        held.append((_STATUSES[beside.status], ""))
    held += _whose(ref, beside, policy)
    held += advised(beside.matches, beside.stale)
    timing = Timing(uploaded=ref.uploaded, born=beside.born, fixes=beside.fixes)
    young = cooldown(ref.release.name, timing, policy, now)
    return Held((*held, *young.conditions), young.note)


def advised(matches: Iterable[Match], stale: str) -> Iterator[tuple[Condition, str]]:
    """The conditions that follow from the advisories that a release is under, and from their age."""
    malicious: list[Match] = []
    weak: list[Match] = []
    for one in matches:
        (malicious if one.advisory.malicious else weak).append(one)
    if malicious:
        first = malicious[0].advisory
        also = f", and so do {len(malicious) - 1} more" if len(malicious) > 1 else ""
        told = f": {first.summary}" if first.summary else ""
        yield (
            Condition.MALICIOUS_ADVISORY,
            f"{first.id} ({first.source}) says that it is malicious{also}{told}",
        )
    if weak:
        yield Condition.VULNERABLE, _weaknesses(weak)
    if stale:
        yield Condition.STALE_ADVISORIES, stale


def _weaknesses(weak: Iterable[Match]) -> str:
    """Each weakness once, whoever has published it, and the versions that mend them."""
    ids: list[str] = []
    fixes: list[str] = []
    seen: set[str] = set()
    for one in weak:
        names = {one.advisory.id, *one.advisory.aliases}
        if not names & seen:
            ids.append(one.advisory.id)
            fixes.append(one.fix)
        seen |= names
    known = list(dict.fromkeys(fix for fix in fixes if fix))
    named = ", ".join(ids[:_NAMED]) + (f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else "")
    mended = f"; fixed in {', '.join(known[:_NAMED])}" if known else "; no fix is known"
    return f"it is vulnerable: {named}{mended}"


def settled(name: ProjectName, status: str, policy: Policy, now: datetime) -> datetime | None:
    """The moment up to which files of a project may have come so that nothing is held against them beside their bytes
    but a missing digest or that they are yanked; None where each must be looked at."""
    if status in _STATUSES or rule(policy)(name) is not None:
        return None
    return now - max(policy.minimum_age, policy.first_age)


def excluded(held: Held, policy: Policy) -> str:
    """Why `policy` lets nobody have a file for which these conditions hold; "" where it may be had.

    That it is yanked excludes nothing here: installers pass it over by themselves unless exactly it is asked for (PEP
    592), and then the refusal of the file says why.
    """
    for condition, told in held.conditions:
        if (
            condition is not Condition.YANKED
            and policy.rules.get(condition, Action.BLOCK) is not Action.ALLOW
        ):
            return told or str(condition)
    return ""


def _whose(ref: ArtifactRef, beside: Beside, policy: Policy) -> Iterator[tuple[Condition, str]]:
    """What is said of an index that offers a file, by the name that it offers it under."""
    name = ref.release.name
    may = rule(policy)(name)
    if may is not None:
        if not may(ref.index or ref.url):
            urls = " or ".join(serving(policy, name))
            yield Condition.WRONG_INDEX, f"policy lets only {urls} serve {name}, and this is from elsewhere"
        if beside.public:
            yield Condition.ALSO_PUBLIC, ""
    elif beside.outbids:
        told = f"its version outbids {beside.outbids}; [[indexes]] in the policy can say whose it is"
        yield Condition.OUTBID, told
