"""The analyser in this very process: for tests, and where the kernel has no walls. Every wall is down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stockade.confine import WALLS, Wall
from stockade.errors import FetchFailed
from stockade.model.artifact import Artifact
from stockade.model.assessment import Findings
from stockade.model.project import Digest
from stockade.workers import child, wire
from stockade.workers.handover import handed_over


@dataclass(frozen=True, slots=True, kw_only=True)
class InProcess:
    """An Analyser without walls; `why` says why there are none."""

    run: child.Analyse
    options: object
    why: str

    @property
    def walls(self) -> tuple[Wall, ...]:
        return tuple(Wall(name, up=False, why=self.why) for name in WALLS)

    def analyse(self, artifacts: Iterable[Artifact | None]) -> Iterator[tuple[Artifact, Findings]]:
        """One after the other. What a worker would have died of is a limit gap, where Python can tell."""
        for artifact in artifacts:
            if artifact is None:
                continue
            yield artifact, self._one(artifact)

    def close(self) -> None:
        """Nothing to end."""

    def _one(self, artifact: Artifact) -> Findings:
        try:
            with handed_over(artifact) as data:
                findings = self.run(
                    memoryview(child.mapped(data, artifact.size)),
                    filename=artifact.filename,
                    kind=artifact.kind,
                    sha256=Digest(artifact.sha256),
                    options=self.options,
                )
                return wire.unpack(wire.pack(findings), artifact.sha256)
        except FetchFailed as why:
            return wire.unanalysed(artifact, f"was not given the file, which {why}")
        except MemoryError:
            return wire.unanalysed(artifact, "needed more memory than there is")
        except wire.Garbled as why:
            return wire.unanalysed(artifact, str(why))
