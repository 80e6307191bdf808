"""Artifacts and analysers for the tests of workers."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from stockade.model.artifact import Artifact, Kind
from stockade.model.assessment import Findings
from stockade.model.evidence import Evidence, Gap, GapKind, Location, Phase
from stockade.model.project import Digest


def artifact(folder: Path, content: bytes = b"some bytes", *, name: str = "a-1.tar.gz") -> Artifact:
    """A file in `folder`, with what the parent knows of it."""
    path = folder / hashlib.sha256(content + os.fsencode(name)).hexdigest()[:16]
    path.write_bytes(content)
    return Artifact(
        label=name,
        filename=name,
        kind=Kind.SDIST,
        path=str(path),
        sha256=Digest(hashlib.sha256(content).hexdigest()),
        size=len(content),
    )


def findings(sha256: str, project: str = "a", excerpt: str = "") -> Findings:
    """Findings with one of everything."""
    where = Location(file="setup.py", line=3, layer=1)
    return Findings(
        sha256=Digest(sha256),
        project=project,
        version="1",
        evidence=(Evidence(detector="d", message="m", where=where, phase=Phase.INSTALL, excerpt=excerpt),),
        gaps=(Gap(kind=GapKind.SCOPE, what="x", why="y"),),
        requires=("b>1",),
        source_bytes=7,
        parsed_bytes=5,
        seconds=0.25,
    )


def echo(data: memoryview, *, filename: str, kind: Kind, sha256: Digest, options: object) -> Findings:
    """An analyser that says what it was given."""
    return findings(sha256, project=f"{filename} {kind} {hashlib.sha256(data).hexdigest()} {options}")


def why(found: Findings) -> str:
    """The one gap of findings that hold nothing else."""
    assert (found.evidence, found.project, len(found.gaps)) == ((), "", 1)
    assert (found.gaps[0].kind, found.gaps[0].what) == (GapKind.LIMIT, "the analyser")
    return found.gaps[0].why


def descriptors() -> set[str]:
    """What this process has open."""
    return {name for name in os.listdir("/proc/self/fd") if os.path.lexists(f"/proc/self/fd/{name}")}
