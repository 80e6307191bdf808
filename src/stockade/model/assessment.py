"""What a worker found in one artifact, and what the judge makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from stockade.model.clone import Clone
from stockade.model.evidence import Evidence, Gap
from stockade.model.flow import Summary
from stockade.model.profile import Profile
from stockade.model.project import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything that analysis says of one artifact, from its bytes and file name alone. Cached by digest.

    `project` and `version` are as the artifact's own metadata and file name claim ("" if neither says).
    `requires` are its Requires-Dist lines, unparsed. `source_bytes` counts Python source looked at, `parsed_bytes` how
    much of it was parsed; `seconds` is the worker's processor time. `clone` says which known project it is a copy of;
    `profile` what it is made of, for comparison with other releases; `summary` where values go at its border, for
    linking with what it is installed with. `extra` is what a worker was asked for that isn't analysis (see
    analyse/shapes.py), encoded.
    """

    sha256: Digest
    project: str
    version: str
    evidence: tuple[Evidence, ...] = ()
    gaps: tuple[Gap, ...] = ()
    requires: tuple[str, ...] = ()
    summary: Summary = field(default_factory=Summary)
    source_bytes: int = 0
    parsed_bytes: int = 0
    seconds: float = 0.0
    clone: Clone | None = None
    profile: Profile = field(default_factory=Profile)
    extra: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """Nothing was observed that reaches the lower threshold, and nothing was left out but by design."""

    score: float
    evidence: tuple[Evidence, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """The evidence reaches the lower threshold (`score` in [0, 1])."""

    score: float
    evidence: tuple[Evidence, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A limit was hit and what was seen is not enough to flag it."""

    score: float
    evidence: tuple[Evidence, ...]
    gaps: tuple[Gap, ...]


Assessment = Clean | Flagged | Unknown


def verdict(assessment: Assessment) -> str:
    """The word that reports use: ``clean``, ``flagged`` or ``unknown``."""
    return type(assessment).__name__.lower()
