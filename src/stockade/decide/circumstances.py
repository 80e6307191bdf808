"""What holds of a file that its bytes do not tell: its digest, its index, what that says of it, and its age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from stockade.decide.cooldown import Held, Timing, cooldown
from stockade.decide.indexes import rule, serving
from stockade.decide.policy import Action, Condition, Policy
from stockade.model.project import ArtifactRef

_STATUSES = {
    "quarantined": Condition.QUARANTINED,
    "archived": Condition.ARCHIVED,
    "deprecated": Condition.DEPRECATED,
}
#: All that is known with nothing but the bytes.
UNDIGESTED = Held(((Condition.NO_DIGEST, ""),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is known of a file beside its bytes.

    `status` is what the index says of its project (PEP 792), `born` the project's first upload, `fixes` the advisory
    that its release fixes, `outbids` the index that its version outbids, `public` whether a public project bears its
    name, too; empty or None for unknown.
    """

    status: str = ""
    born: datetime | None = None
    fixes: str = ""
    outbids: str = ""
    public: bool = False


def circumstances(ref: ArtifactRef, beside: Beside, policy: Policy, now: datetime) -> Held:
    """The conditions that hold for `ref` at `now` (aware), and what to say of one that was waived."""
    held: list[tuple[Condition, str]] = list(UNDIGESTED.conditions) if ref.sha256 is None else []
    if ref.yanked is not None:
        held.append((Condition.YANKED, ""))
    if beside.status in _STATUSES:
        held.append((_STATUSES[beside.status], ""))
    held += _whose(ref, beside, policy)
    timing = Timing(uploaded=ref.uploaded, born=beside.born, fixes=beside.fixes)
    young = cooldown(ref.release.name, timing, policy, now)
    return Held((*held, *young.conditions), young.note)


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
