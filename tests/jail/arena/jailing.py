"""Inside the arena, as the user who launches: build the plan, leave out what a mutant lacks, launch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from stockade.acquire.jail.launch import launch
from stockade.acquire.jail.plan import Ceilings, Kind, Mount, Plan
from stockade.confine.kernel import Linux
from stockade.errors import JailFailed
from tests.jail.arena import Spec, mutants
from tests.jail.escapees.facts import Facts

Streams = tuple[int, int, int]
_SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/etc")
_CREATE_RULESET, _UNSHARE = 444, 272


def python() -> str:
    """The interpreter itself, not that of an environment: escapees need nothing else."""
    return os.path.realpath(sys.executable)


def jailed(spec: Spec, facts: Facts, folder: Path, streams: Streams) -> dict[str, Any]:
    """Run the escapee; returns the part of the outcome that the launcher knows."""
    command = [python(), "-E", "-s", "-S", "-B", str(folder / "code"), spec.escapee, facts.text()]
    if spec.linked:
        (folder / "project/cache").rmdir()
        (folder / "project/cache").symlink_to(folder / "home")
    if not spec.mechanism:
        return {"code": _bare(command, folder, streams)}
    mutants.leave_out(spec.without)
    standard, said, errors = streams
    try:
        with launch(
            _plan(spec, folder),
            command,
            stdin=standard,
            stdout=said,
            stderr=errors,
            mechanism=spec.mechanism,
            kernel=Lesser(spec.abi, spec.namespaces),
        ) as inmate:
            return {"code": inmate.wait(), "walls": {wall.name: wall.why for wall in inmate.walls}}
    except JailFailed as why:
        return {"code": -1, "walls": {}, "refused": str(why)}


class Lesser(Linux):
    """This machine's kernel, that pretends to be an older one, or one whose owner forbids namespaces."""

    def __init__(self, abi: int, namespaces: bool) -> None:
        super().__init__()
        self._abi = abi
        self._namespaces = namespaces

    def syscall(self, number: int, *arguments: int) -> int:
        if number == _UNSHARE and not self._namespaces:
            raise PermissionError(1, "Operation not permitted")
        answer = super().syscall(number, *arguments)
        asks_version = number == _CREATE_RULESET and arguments[2] == 1
        return min(answer, self._abi) if asks_version and self._abi else answer


def _plan(spec: Spec, folder: Path) -> Plan:
    """What a run of a project has: the system and the interpreter to read, the project to write to."""
    project, hidden = folder / "project", folder / "project/kept/.env"
    readable = [Path(one) for one in (*_SYSTEM, sys.base_prefix, folder / "code", folder / "readable")]
    mounts = [Mount(kind=Kind.EMPTY, target=Path("/tmp"))]
    mounts += [Mount(kind=Kind.READ, target=one, source=one) for one in readable if one.exists()]
    mounts.append(Mount(kind=Kind.WRITE, target=project, source=project))
    if spec.linked:
        mounts.append(Mount(kind=Kind.WRITE, target=project / "cache", source=project / "cache"))
    if spec.escapee == "link-that-is-read":
        mounts.append(Mount(kind=Kind.READ, target=project / "beside", source=project / "beside"))
    if "hidden" in spec.escapee:
        mounts.append(Mount(kind=Kind.HIDDEN, target=hidden))
    ceilings = Ceilings(**{spec.ceiling: spec.limit}) if spec.ceiling else Ceilings()
    environment = {"PATH": os.defpath, "HOME": str(folder / "home"), "LANG": "C.UTF-8"}
    return Plan(
        mounts=mounts,
        environment=dict(os.environ) if "environment" in spec.without else environment,
        folder=project,
        ceilings=ceilings,
    )


def _bare(command: list[str], folder: Path, streams: Streams) -> int:
    """No jail at all: everything that the launcher has, its command has too."""
    standard, said, errors = streams
    return subprocess.run(
        command,
        stdin=standard,
        stdout=said,
        stderr=errors,
        close_fds=False,
        cwd=folder / "project",
        check=False,
    ).returncode
