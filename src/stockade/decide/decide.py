"""From an assessment to a decision, under one policy, at one moment. Never cached."""

from __future__ import annotations

import contextlib
import math
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from packaging.utils import InvalidName, canonicalize_name
from packaging.version import InvalidVersion, Version

from stockade.decide import waivers as waiving
from stockade.decide.policy import Action, Condition, DetectorRule, Mode, Policy, Thresholds
from stockade.decide.policyfile import spell
from stockade.decide.waivers import Waiver
from stockade.model.assessment import Assessment, Findings, Unknown
from stockade.model.decision import Allow, Ask, Block, Decision, Exit, Undetermined, exit_code
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import Digest

_MAKE: dict[Action, Callable[[tuple[str, ...]], Decision]] = {
    Action.ALLOW: Allow,
    Action.ASK: Ask,
    Action.UNDETERMINED: Undetermined,
    Action.BLOCK: Block,
}
_WAIVER_DAYS = 7
#: How the reason of a file begins that a waiver lets through.
WAIVED = "waived until"
#: How the reason of a clean file begins; a report for people leaves that one out.
CLEAN_SCORE = "its score is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is decided about: one file of a release ("" where the archive claims no name or version)."""

    project: str
    version: str
    sha256: Digest
    filename: str


def without_ignored(findings: Findings, policy: Policy) -> Findings:
    """`findings` less the evidence of detectors that the policy ignores; done before anything is scored."""
    kept = tuple(
        one for one in findings.evidence if policy.detectors.get(one.detector) is not DetectorRule.IGNORE
    )
    return findings if len(kept) == len(findings.evidence) else replace(findings, evidence=kept)


def decide(
    subject: Subject,
    assessment: Assessment,
    *,
    policy: Policy,
    waivers: Iterable[Waiver],
    now: datetime,
    thresholds: Thresholds,
    conditions: frozenset[str] = frozenset(),
    told: Mapping[str, str] = MappingProxyType({}),
    notes: Iterable[str] = (),
) -> Decision:
    """What is done about `assessment`, with every reason, the weightiest first.

    `thresholds` are the model's own; the policy's replace them. `conditions` are the facts about the
    artifact that its bytes do not tell (see Condition), `told` sentences for them that say more than the usual one;
    one that the policy does not map blocks. `notes` are reasons to let it pass. `now` is aware. A waiver for these
    bytes that has not expired, and that the policy admits, turns a refusal into Allow.
    """
    # 1. Everything that holds, as (action, sentence).
    held = _assessed(assessment, policy, policy.thresholds(thresholds))
    held += [_mapped(name, told.get(name) or _FACTS.get(name, ""), policy) for name in sorted(conditions)]
    held += [(Action.ALLOW, note) for note in notes if note]
    held += _forbidden(assessment, policy)
    # 2. The hardest action wins; its sentences come first.
    held.sort(key=lambda pair: -pair[0].rank)
    action = held[0][0]
    reasons = tuple(sentence.replace("{age}", spell(policy.minimum_age)) for _, sentence in held)
    if action is Action.ALLOW:
        return Allow(reasons)
    # 3. Only a refusal looks for a waiver.
    waived, waivers_told = _waived(subject, policy, waivers, now)
    if waived is not None:
        return Allow((waived, *reasons))
    return _MAKE[action]((*reasons, *waivers_told))


_FACTS: dict[str, str] = {
    Condition.UNCONFINED: "the analyser ran with a wall missing, so its word counts for less",
    Condition.NO_DIGEST: "the index gives no SHA-256 to hold the bytes against",
    Condition.TOO_NEW: "it was uploaded less than {age} ago",
    Condition.BRAND_NEW: "it is hours old, and its project is new",
    Condition.NO_UPLOAD_TIME: "the index does not say when it was uploaded, so its age is unknown",
    Condition.YANKED: "its maintainers have yanked it",
    Condition.QUARANTINED: "the index has quarantined the project",
    Condition.ARCHIVED: "its project is archived: nobody maintains it",
    Condition.DEPRECATED: "its project is deprecated",
    Condition.WRONG_INDEX: "the policy lets another index serve its name, and no other",
    Condition.OUTBID: "another index offers its project, too, in lower versions only",
    Condition.ALSO_PUBLIC: "its name is private by policy, and a public project bears it, too",
    Condition.MALICIOUS_ADVISORY: "an advisory says that it is malicious",
    Condition.VULNERABLE: "advisories say that it is vulnerable",
    Condition.STALE_ADVISORIES: "the advisories here are old",
}


def _mapped(name: str, sentence: str, policy: Policy) -> tuple[Action, str]:
    """The policy's action for a condition; what nothing maps is blocked."""
    try:
        return policy.rules[Condition(name)], sentence or name
    except (ValueError, KeyError):
        return Action.BLOCK, f"{sentence or ascii(name)}, and no rule of the policy maps that"


def _assessed(assessment: Assessment, policy: Policy, at: Thresholds) -> list[tuple[Action, str]]:
    """What the score and the gaps say, under the thresholds in force."""
    score = assessment.score
    if math.isnan(score) or not 0 <= score <= 1:
        return [_mapped(Condition.LIMIT, "it has no usable score", policy)]
    held = []
    if score >= at.block:
        sentence = f"its score {_told(score)} reaches {_told(at.block)}, from where on it is blocked"
        held.append(_mapped(Condition.FLAGGED, sentence, policy))
    elif score >= at.ask:
        sentence = f"its score {_told(score)} lies between {_told(at.ask)} and {_told(at.block)}"
        held.append(_mapped(Condition.SUSPICIOUS, sentence, policy))
    gaps = [gap for gap in assessment.gaps if gap.kind is GapKind.LIMIT]
    open_gaps = [gap for gap in gaps if not accepted(gap, policy)]
    if open_gaps or (isinstance(assessment, Unknown) and not gaps):
        held.append(_mapped(Condition.LIMIT, _gaps_told(len(open_gaps)), policy))
    if not held:
        held.append(_mapped(Condition.CLEAN, _clean_told(score, len(gaps)), policy))
    return held


def _told(score: float) -> str:
    """Two decimals, or three where it has more; cut rather than rounded, so that 0.7996 does not reach 0.8."""
    thousandths = math.floor(score * 1000 + 1e-9)
    return f"{thousandths / 1000:.3f}" if thousandths % 10 else f"{thousandths / 1000:.2f}"


def _clean_told(score: float, accepted_gaps: int) -> str:
    if accepted_gaps:
        return f"{CLEAN_SCORE} {score:.2f}, and the policy accepts what was not looked at ({accepted_gaps})"
    return f"{CLEAN_SCORE} {score:.2f}"


def _gaps_told(number: int) -> str:
    if not number:
        return "it could not be judged"
    parts = "1 part" if number == 1 else f"{number} parts"
    return f"{parts} of it could not be looked at, and the policy does not accept that"


def accepted(gap: Gap, policy: Policy) -> bool:
    """Whether [gaps] accept puts up with this one: an entry that begins its `why`.

    Letter case and a leading "it is", "it" or "is" do not matter. Only the beginning counts: it is ours,
    while what follows may quote the artifact.
    """
    why = _core(gap.why)
    return any(why.startswith(_core(entry)) for entry in policy.accepted_gaps)


def _core(sentence: str) -> str:
    return sentence.casefold().strip().removeprefix("it ").removeprefix("is ")


def _forbidden(assessment: Assessment, policy: Policy) -> list[tuple[Action, str]]:
    seen = {one.detector for one in assessment.evidence}
    return [
        (Action.BLOCK, f"the policy blocks whatever {name} reports")
        for name, rule in sorted(policy.detectors.items())
        if rule is DetectorRule.BLOCK and name in seen
    ]


def _waived(
    subject: Subject, policy: Policy, waivers: Iterable[Waiver], now: datetime
) -> tuple[str | None, tuple[str, ...]]:
    """The sentence of a waiver that counts, or None; and what to say of those that do not."""
    found = waiving.find(
        waivers,
        project=subject.project,
        version=subject.version,
        sha256=subject.sha256,
        now=now,
        longest=timedelta(days=policy.waiver_days),
    )
    told = [f"a waiver of {one.by} expired on {one.expires:%Y-%m-%d}" for one in found.expired]
    days = f"{policy.waiver_days} days that the policy admits"
    told += [f"a waiver of {one.by} runs longer than the {days}" for one in found.too_long]
    if found.valid is None:
        return None, tuple(told)
    one = found.valid
    if not policy.waivers_allowed:
        return None, (*told, f"there is a waiver of {one.by}, but the policy admits none")
    return f"{WAIVED} {one.expires:%Y-%m-%d %H:%M} UTC by {one.by}: {one.because}", tuple(told)


def waive_command(project: str, version: str, sha256: Digest, *, days: int = _WAIVER_DAYS) -> str:
    """The exact command that allows these bytes all the same; the person fills in the reason.

    Name and version are the artifact's own claims, and the line is made to be pasted into a shell: they
    appear only where they are a name (PEP 508) and a version (PEP 440); the digest alone pins.
    """
    words = ["stockade", "allow"]
    with contextlib.suppress(InvalidName, InvalidVersion):
        words.append(f"{canonicalize_name(project, validate=True)}=={Version(version)}")
    words += ["--sha256", sha256, "--for", f"{days}d", "--because", "…"]
    return shlex.join(words)


def how_to_allow(project: str, version: str, sha256: Digest, policy: Policy) -> str:
    """The command of `waive_command`, or "" where the policy forbids waivers."""
    if not policy.waivers_allowed:
        return ""
    return waive_command(project, version, sha256, days=min(_WAIVER_DAYS, policy.waiver_days))


#: What a report says in the place of the command.
NO_WAIVERS = "The policy admits no waivers, so this cannot be allowed from the command line."


def exit_for(decisions: Iterable[Decision], policy: Policy) -> Exit:
    """The exit code of several decisions; in monitor mode a refusal ends with 0 as well."""
    code = exit_code(decisions)
    if policy.mode is Mode.MONITOR and code in (Exit.BLOCKED, Exit.UNDETERMINED, Exit.ASK):
        return Exit.ALLOWED
    return code
