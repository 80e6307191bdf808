"""What says what may be in an environment: locks, requirements, the last accepted baseline, beside the policy."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from packaging.markers import default_environment
from packaging.version import InvalidVersion, Version

from stockade.acquire.sources.locks import read_lock
from stockade.acquire.sources.requirements import asked_for
from stockade.decide.auditing import Authority
from stockade.errors import BadLock
from stockade.model.environment import Environment
from stockade.model.project import Requirement
from stockade.model.sighting import Baseline

#: Locks that say for every platform and group what could be there, so that what is not there is not missing.
_UNIVERSAL = frozenset({"uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock"})
#: What makes a folder one that can be installed.
_PROJECTS = ("pyproject.toml", "setup.py")


def authority(path: Path, environ: Mapping[str, str]) -> Authority:
    """What the file at `path` lets be there; raises BadLock, BadRequirement or NotFound.

    A lock lists all there may be. A requirements file that is not pinned through and through lists what was asked for,
    and whatever that brings may be there too.
    """
    project = str(_project(path.resolve().parent))
    if path.suffix in {".txt", ".in"}:
        asked = asked_for(files=[path], env=environ, folder=Path()).requirements
        closed = bool(asked) and all(one.pin and one.hashes for one in asked)
        return Authority(source=str(path), wanted=asked, closed=closed, whole=True, project=project)
    lock = read_lock(path, env=environ)
    if not lock.pins:
        raise BadLock(f"{path} pins nothing, so that it says of nothing that it may be there")
    whole = lock.kind not in _UNIVERSAL
    return Authority(source=str(path), wanted=lock.pins, whole=whole, project=project)


def _project(folder: Path) -> Path:
    """The project of a lock in `folder`: the nearest folder upwards that can be installed, else `folder`."""
    found = (one for one in (folder, *folder.parents) if any((one / name).is_file() for name in _PROJECTS))
    return next(found, folder)


def baseline(accepted: Baseline) -> Authority:
    """What was there when a person accepted it, and nothing else."""
    wanted = tuple(
        Requirement(name=one.name, specifier=_exactly(one.version), origin="baseline")
        for one in accepted.releases
    )
    return Authority(source=f"the baseline of {accepted.at:%Y-%m-%d %H:%M}", wanted=wanted, whole=True)


def _exactly(version: str) -> str:
    """A specifier for that version alone; one that is no version is compared as text (PEP 440, ``===``)."""
    try:
        Version(version)
    except InvalidVersion:
        return f"==={version}" if version else ""
    return f"=={version}"


def markers(environment: Environment) -> dict[str, str]:
    """The environment that markers are read in (PEP 508): this platform, and the Python of the environment."""
    found = {name: str(value) for name, value in default_environment().items()}
    if environment.python:
        found["python_full_version"] = environment.python
        found["python_version"] = ".".join(environment.python.split(".")[:2])
    return found | {"os_name": os.name}
