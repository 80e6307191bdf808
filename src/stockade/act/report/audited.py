"""What an audit reports, whatever its format. The names are a public contract (docs/formats.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from stockade.act.report.types import ArtifactReport, hardest
from stockade.model.audit import Finding
from stockade.model.environment import Environment, Installed
from stockade.model.sighting import Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentReport:
    """One environment. `findings` stand hardest first; `artifacts` are the distributions whose code was judged, each
    as the wheel that its installed files make, refused or not; `authorities` say what may be here, none where nothing
    does. `changes` are those since the last audit, None where nobody asked. `gaps` say what could not be looked at: one
    leaves the audit undetermined.
    """

    environment: Environment
    installed: tuple[Installed, ...]
    findings: tuple[Finding, ...] = ()
    artifacts: tuple[ArtifactReport, ...] = ()
    authorities: tuple[str, ...] = ()
    changes: Changes | None = None
    gaps: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        """The hardest action of its findings, its code and its gaps."""
        actions = [one.action for one in self.findings] + [one.action for one in self.artifacts]
        return hardest([*actions, *("undetermined" for _ in self.gaps), "allow"])


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """One whole audit. `at` is aware; `policy` is its source; `advisories` says how fresh what is published is;
    `notes` are sentences for people. `walls` name the kernel walls around the analyser, none where no code was judged.
    """

    environments: tuple[EnvironmentReport, ...]
    at: datetime
    policy: str
    mode: str = "enforce"
    advisories: str = ""
    notes: tuple[str, ...] = ()
    walls: tuple[str, ...] = ()

    @property
    def artifacts(self) -> tuple[ArtifactReport, ...]:
        """Every distribution whose code was judged."""
        return tuple(one for environment in self.environments for one in environment.artifacts)


_ORDER = ("block", "undetermined", "ask", "allow")


def hardest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by action, then by project, kind and path."""
    return tuple(
        sorted(findings, key=lambda one: (_ORDER.index(one.action), one.project, one.kind, one.path))
    )
