"""What a report holds, whatever its format. The names are a public contract (docs/formats.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from stockade.analyse.judge import Explanation
from stockade.model.assessment import Assessment, verdict
from stockade.model.decision import Decision, action
from stockade.model.evidence import Evidence, Gap
from stockade.model.identity import Attested

#: Detector id -> how much the judge makes of it; the strongest comes first in every report.
Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactReport:
    """One file, judged and decided.

    `artifact` is the path as given, or the file name on the index. `sha256` is "" where the bytes could
    not be had, `project` and `version` where it claims none. `verdict`: clean, flagged or unknown;
    `action`: allow, ask, block or undetermined. `score` in [0, 1]; `seconds` of processor time.
    `evidence` stands strongest first. `waive` is the command that allows it all the same, or "".
    `explanation` takes the score apart, where that was asked for.
    """

    artifact: str
    sha256: str
    project: str
    version: str
    verdict: str
    score: float
    action: str
    reasons: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    gaps: tuple[Gap, ...] = ()
    seconds: float = 0.0
    waive: str = ""
    explanation: Explanation | None = None

    @property
    def refused(self) -> bool:
        """Whether anything but plain allowance came out."""
        return self.action != "allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseReport:
    """One release of a closure with its files. `action` is the hardest of its files'.

    `attested` is what came of its files' attestations, None where nobody looked.
    """

    project: str
    version: str
    direct: bool
    action: str
    artifacts: tuple[ArtifactReport, ...] = ()
    attested: tuple[Attested, ...] | None = None

    @property
    def refused(self) -> bool:
        """Whether anything but plain allowance came out."""
        return self.action != "allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """One whole check.

    `requested` as the person wrote it. `gaps` concern the whole (a release that could not be read);
    `notes` are sentences for people. `walls` name the kernel walls that stood around the analyser.
    `policy` is its source, `index` the index as reports name it (no credentials), `at` the moment of
    decision (aware), `python` what it was resolved for and why ("" where nothing was resolved).
    """

    requested: tuple[str, ...]
    releases: tuple[ReleaseReport, ...]
    at: datetime
    policy: str
    index: str
    python: str = ""
    mode: str = "enforce"
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    walls: tuple[str, ...] = field(default=())

    @property
    def artifacts(self) -> tuple[ArtifactReport, ...]:
        """Every file of every release."""
        return tuple(one for release in self.releases for one in release.artifacts)


_ORDER = ("allow", "ask", "undetermined", "block")


def hardest(actions: list[str]) -> str:
    """The action that stands for several: block before undetermined before ask before allow.

    Of none at all it is undetermined: nothing was looked at.
    """
    return max(actions, key=_ORDER.index, default="undetermined")


def release_report(
    project: str,
    version: str,
    artifacts: tuple[ArtifactReport, ...],
    *,
    direct: bool,
    attested: tuple[Attested, ...] | None = None,
) -> ReleaseReport:
    """A release from its files."""
    return ReleaseReport(
        project=project,
        version=version,
        direct=direct,
        action=hardest([one.action for one in artifacts]),
        artifacts=artifacts,
        attested=attested,
    )


def artifact_report(
    assessment: Assessment,
    decision: Decision,
    *,
    artifact: str,
    sha256: str,
    project: str,
    version: str,
    seconds: float = 0.0,
    waive: str = "",
    weights: Weights | None = None,
    explanation: Explanation | None = None,
) -> ArtifactReport:
    """One file's report; a `waive` command is kept only where there is a refusal to waive."""
    word = action(decision)
    return ArtifactReport(
        artifact=artifact,
        sha256=sha256,
        project=project,
        version=version,
        verdict=verdict(assessment),
        # No usable score (decide says so in its reasons) must not break a format that holds numbers.
        score=assessment.score if 0 <= assessment.score <= 1 else 1.0,
        action=word,
        reasons=decision.reasons,
        evidence=strongest_first(assessment.evidence, weights or {}),
        gaps=assessment.gaps,
        seconds=seconds,
        waive=waive if word != "allow" else "",
        explanation=explanation,
    )


def strongest_first(evidence: tuple[Evidence, ...], weights: Weights) -> tuple[Evidence, ...]:
    """By weight, then by when it runs (the earlier the worse), then by place, so that the order is stable."""
    return tuple(
        sorted(
            evidence,
            key=lambda one: (
                -weights.get(one.detector, 0.0),
                one.phase.rank if one.phase else 9,
                one.where.file,
                one.where.line or 0,
                one.detector,
                one.message,
            ),
        )
    )
