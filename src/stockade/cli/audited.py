"""One environment after another: accounted for, authorised, judged and advised, for a report.

What only some audits need (an index, mending) is loaded by those, since a quarter of an audit is its start.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from stockade import limits
from stockade.acquire.environments.files import digest, names
from stockade.acquire.environments.inventory import inventory
from stockade.acquire.environments.rebuilt import (
    identity,
    identity_by_state,
    listed,
    own_files,
    rebuilt,
    wheel_name,
    with_compiled,
)
from stockade.act.report.audited import AuditReport, EnvironmentReport, hardest_first
from stockade.act.report.cyclonedx import Boms
from stockade.act.report.types import ArtifactReport
from stockade.cli import common
from stockade.cli.authorities import baseline, markers
from stockade.cli.ledger import this_machine
from stockade.decide.advisories import matches, stale
from stockade.decide.auditing import Authority, advised, oddities, stands
from stockade.model.advisory import FeedState
from stockade.model.artifact import Artifact, Kind
from stockade.model.audit import Finding
from stockade.model.environment import Environment, EnvironmentKind, Installed, Inventory, Oddness
from stockade.model.project import Release
from stockade.model.sighting import Baseline
from stockade.pipeline import NO_BYTES, Judged, Road, scan
from stockade.remember import folders
from stockade.remember.feeds import Feeds
from stockade.remember.identities import Identities
from stockade.remember.stamps import StampStore

if TYPE_CHECKING:
    from stockade.acquire.environments.record import Row
    from stockade.act.fixing.plan import Step
    from stockade.cli.world import World
    from stockade.remember.durable.store import Durable

#: Folders of a dist-info for bills of materials (PEP 770).
_BOMS = "sboms"


@dataclass(slots=True)
class Audit:
    """What every environment of one audit is measured by. `road` is None where no code is judged, `ledger` where
    nothing is written down; with `since` it is told what changed since the last time, with a `world` how files differ
    from what its index published; with `compiled` compiled files are held against their sources by what is in them."""

    use: common.Rules
    authorities: tuple[Authority, ...]
    road: Road | None
    work: Path
    environ: Mapping[str, str]
    ledger: Durable | None = None
    since: bool = False
    world: World | None = None
    compiled: bool = False
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    notes: list[str] = field(default_factory=list)
    _identities: Identities = field(init=False)
    _stamps: StampStore = field(init=False)
    _feeds: Feeds = field(init=False)

    def __post_init__(self) -> None:
        folder = folders.cache_folder(self.environ)
        self._identities = Identities(folder)
        self._stamps = StampStore(folder, note=self.notes.append)
        self._feeds = Feeds(folders.feeds_folder(self.environ), note=self.notes.append)

    @property
    def advisories(self) -> str:
        """What is known of what others publish, and how old that is; "" for nothing."""
        states = self._feeds.states()
        if old := stale(states, self.use.policy, self.now):
            self.notes.append(old)
        return "; ".join(told(one, self.now) for one in states)

    def environment(self, one: Environment, step: Callable[[str], None]) -> EnvironmentReport:
        """All that is to be said of one environment."""
        found = inventory(one, stamps=self._stamps)
        authorities, changes = self.authorities, None
        if self.ledger is not None:
            accepted = self.ledger.baseline(this_machine(), one.root)
            if accepted is not None:
                authorities = (*authorities, baseline(accepted))
            changes = self.ledger.remember_inventory(this_machine(), found, self.now)
        gaps = list(found.gaps)
        versions = {str(each.name): each.version for each in found.installed}
        odd = [*found.oddities]
        if self.world is not None and one.kind is not EnvironmentKind.CACHE:
            from stockade.cli.published import published

            odd += published(one, found.installed, self.world, self.notes.append)
        findings = list(oddities(odd, versions, self.use.policy))
        # A cache holds what was fetched, not what was installed: nothing says what may be in it.
        if one.kind is not EnvironmentKind.CACHE:
            releases = [Release(name=each.name, version=each.version) for each in found.installed]
            findings += advised(matches(releases, self._feeds), self.use.policy)
            findings += stands(found.installed, authorities, self.use.policy, markers(one))
        judged = sorted(self._judged(found, step, gaps.append), key=lambda each: each.artifact)
        return EnvironmentReport(
            environment=one,
            installed=found.installed,
            findings=hardest_first([*findings, *self._compiled(judged)]),
            artifacts=tuple(judged),
            authorities=tuple(each.source for each in authorities),
            changes=changes if self.since else None,
            gaps=tuple(gaps),
        )

    def accept(self, one: Environment, reason: str) -> Baseline:
        """What an environment holds now is what it may hold."""
        assert self.ledger is not None  # the command has seen to it
        return self.ledger.accept(this_machine(), inventory(one, stamps=self._stamps), self.now, reason)

    def steps(self, report: EnvironmentReport) -> list[Step]:
        """What can be done exactly about what was found in an environment, and what can't."""
        from stockade.act.fixing.plan import plan
        from stockade.cli.published import original

        note = self.notes.append

        def as_it_was(one: Installed, row: Row) -> bytes | None:
            return original(one, row, self.world, note) if self.world is not None else None

        return list(plan(report, lambda one: listed(one, note), as_it_was))

    def close(self) -> None:
        """Keep what makes the next audit quick."""
        self._identities.keep()
        self._feeds.close()

    def _judged(
        self, found: Inventory, step: Callable[[str], None], note: Callable[[str], None]
    ) -> Iterator[ArtifactReport]:
        """The code of each distribution, all of them linked: an environment is a closure."""
        road = self.road
        if road is None:
            return
        targets = (
            target
            for one in found.installed
            if (target := self._target(one, road, note, trusted=one.folder in found.vouched)) is not None
        )
        for judged in scan(targets, road, closure=True):
            if isinstance(judged, Judged) and judged.subject.sha256 != NO_BYTES:
                step(judged.label)
                yield common.report_of(judged, self.use, road.model)

    def _compiled(self, judged: Iterable[ArtifactReport]) -> Iterator[Finding]:
        """Compiled files with something in them that their sources don't have."""
        for one in judged if self.compiled else ():
            for evidence in one.evidence:
                if evidence.detector == _DIFFERS:
                    yield Finding(
                        kind=Oddness.COMPILED_DIFFERS,
                        action=self.use.policy.audit[Oddness.COMPILED_DIFFERS],
                        project=one.project,
                        version=one.version,
                        path=os.path.join(os.path.dirname(one.artifact), evidence.where.file),
                        detail=evidence.message,
                    )

    def _target(
        self, one: Installed, road: Road, note: Callable[[str], None], *, trusted: bool
    ) -> Artifact | None:
        """A distribution as a wheel; not packed where what its RECORD promises was, and is known to the facts."""
        files = own_files(one, note)
        # Compiled files promise nothing, so that what they come to is never known beforehand.
        known = ""
        if not self.compiled:
            known = identity(one, files) if trusted else identity_by_state(one, files)
        sha256 = self._identities.get(known) if known else None
        name = wheel_name(one)
        if sha256 is not None and road.facts.get(sha256, name) is not None:
            return Artifact(label=one.folder, filename=name, kind=Kind.WHEEL, path="", sha256=sha256, size=0)
        files = with_compiled(files) if self.compiled else files
        artifact = rebuilt(one, files, self.work, note) if files else None
        if artifact is not None and known:
            self._identities.put(known, artifact.sha256)
        return artifact


#: The detector that holds a compiled file against its source.
_DIFFERS = "compiled-differs"


def boms(report: AuditReport) -> Boms:
    """The bills of materials that distributions brought along (PEP 770), with their digests."""
    found: dict[str, list[tuple[str, str]]] = {}
    for environment in report.environments:
        for one in environment.installed:
            folder = os.path.join(one.folder, _BOMS)
            try:
                entries = names(folder, limits.MAX_BOMS)
            except OSError:
                continue
            for entry in entries:
                try:
                    value, _ = digest(entry.path, hashlib.sha256().name)
                except OSError:
                    continue
                found.setdefault(one.folder, []).append((entry.path, value.hex()))
    return found


def told(one: FeedState, now: datetime) -> str:
    """A feed for people: how much it knows, and how old that is."""
    days = (now - one.checked).days
    age = "today" if days < 1 else "a day old" if days == 1 else f"{days} days old"
    return f"{one.name}: {one.advisories:,}, {one.malicious:,} of malicious releases, {age}"
