"""Is a release too young to be trusted yet? What a policy's cooldown says of one file, in sentences.

Nearly all malicious releases of trusted projects are found within hours. Age is never evidence: it waits, and asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from stockade.decide.policy import Condition, Policy
from stockade.decide.policyfile import spell
from stockade.model.project import ProjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When a file and its project came, as far as known (aware).

    `uploaded` by the index, or by our own ledger where it says nothing. `born`: the project's first upload, None where
    that is unknown. `fixes`: an advisory that this release fixes and that the newest release of age is exposed to.
    """

    uploaded: datetime | None
    born: datetime | None = None
    fixes: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """Conditions that hold, each with its sentence, and what to say where one was waived."""

    conditions: tuple[tuple[Condition, str], ...] = ()
    note: str = ""


def cooldown(project: ProjectName, timing: Timing, policy: Policy, now: datetime) -> Held:
    """What of `policy`'s cooldown holds for a file of `project` at `now` (aware)."""
    # 1. Whoever is exempt is, until the day that somebody wrote down.
    if not policy.minimum_age and not policy.first_age:
        return Held()
    exempt = exemption(project, policy, now)
    if exempt:
        return Held(note=exempt)
    # 2. An unknown time is neither young nor old.
    if timing.uploaded is None:
        why = "the index does not say when it was uploaded, so its age is unknown"
        return Held(((Condition.NO_UPLOAD_TIME, why),)) if policy.minimum_age else Held()
    age = now - timing.uploaded
    since = f"{_told(age)} ago ({timing.uploaded:%Y-%m-%d %H:%M} UTC)"
    # 3. A project's first days: what is hours old has been looked at by nobody, and nobody can be waiting for it.
    new = timing.born is not None and now - timing.born < policy.first_week
    if new and timing.born is not None and age < policy.first_age:
        first = f"its project is new ({_told(now - timing.born)}) and it was uploaded {since}"
        return Held(
            (
                (
                    Condition.BRAND_NEW,
                    f"{first}; a new project's release must be {spell(policy.first_age)} old",
                ),
            )
        )
    # 4. A release that is young, unless waiting would keep a known hole open.
    if age < policy.minimum_age:
        if timing.fixes and policy.cooldown_fixes and not new:
            return Held(note=f"it was uploaded {since}, and the cooldown is waived: it fixes {timing.fixes}")
        why = f"it was uploaded {since}; releases are left to age for {spell(policy.minimum_age)}"
        return Held(((Condition.TOO_NEW, why),))
    return Held()


def exemption(project: ProjectName, policy: Policy, now: datetime) -> str:
    """The sentence of an exemption that holds at `now`, or ""."""
    for one in policy.exempt:
        if one.project == project and now < one.until:
            return f"the cooldown does not apply to it until {one.until:%Y-%m-%d}: {one.because}"
    return ""


def exempt_names(policy: Policy, now: datetime) -> frozenset[ProjectName]:
    """The projects that the cooldown does not apply to at `now`."""
    return frozenset(one.project for one in policy.exempt if now < one.until)


def _told(age: timedelta) -> str:
    """An age in words: minutes below two hours, hours below two days, then days."""
    minutes = max(0, int(age.total_seconds() // 60))
    for size, word in ((2 * 1440, "day"), (120, "hour")):
        if minutes >= size:
            number = minutes // (1440 if word == "day" else 60)
            return f"{number} {word}s"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
