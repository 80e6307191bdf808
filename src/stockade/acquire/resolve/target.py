"""Which Python a closure is resolved for: its version, and the wheel tags that its installer accepts."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import (
    Tag,
    compatible_tags,
    cpython_tags,
    generic_tags,
    platform_tags,
    sys_tags,
)
from packaging.version import Version

from stockade import limits

_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonTarget:
    """`version` as ``3.11.7``; `tags` that its installer accepts, the most wanted first (PEP 425).

    `why` says where this was read, to be shown.
    """

    version: str
    tags: tuple[Tag, ...]
    why: str
    _ranks: dict[str, int | None] = field(default_factory=dict, repr=False, compare=False)
    _places: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    _admitted: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    @property
    def minor(self) -> str:
        """The version without its patch number: ``3.11``."""
        return ".".join(self.version.split(".")[:2])

    def rank(self, filename: str) -> int | None:
        """How much a wheel of that name is wanted (0 the most), None where it doesn't fit or is no wheel."""
        triple = "-".join(filename.removesuffix(".whl").rsplit("-", 3)[1:])
        if triple not in self._ranks:
            self._ranks[triple] = self._rank(triple)
        return self._ranks[triple]

    def _rank(self, triple: str) -> int | None:
        # Not packaging's parse_tag: indexes hold names such as "py36+-none-any", which it refuses.
        parts = [part.split(".") for part in triple.lower().split("-")]
        if len(parts) != 3 or triple.count(".") > limits.MAX_TAGS:
            return None
        if not self._places:
            self._places.update({str(tag): place for place, tag in reversed(list(enumerate(self.tags)))})
        fitting = (self._places.get("-".join(one)) for one in product(*parts))
        return min((place for place in fitting if place is not None), default=None)

    def admits(self, requires_python: str | None) -> bool:
        """Whether a file's Requires-Python lets it be installed; what cannot be parsed hinders nobody."""
        if not requires_python:
            return True
        if requires_python not in self._admitted:
            self._admitted[requires_python] = self._admits(requires_python)
        return self._admitted[requires_python]

    def _admits(self, requires_python: str) -> bool:
        try:
            return SpecifierSet(requires_python).contains(Version(self.version), prereleases=True)
        except InvalidSpecifier:
            return True


def own_target() -> PythonTarget:
    """The interpreter that runs Stockade."""
    return PythonTarget(
        version=platform.python_version(), tags=tuple(sys_tags()), why="Stockade's own Python"
    )


def active_target(environ: Mapping[str, str], folder: Path) -> PythonTarget:
    """The environment that an installer would install into.

    ``$VIRTUAL_ENV``, ``$CONDA_PREFIX``, ``.venv`` in `folder`, or our own. Its interpreter is never started:
    pyvenv.cfg (PEP 405) or conda's records say which version it is, and its platform is taken to be this
    machine's.
    """
    virtual, conda = environ.get("VIRTUAL_ENV"), environ.get("CONDA_PREFIX")
    return (
        (_environment(Path(virtual)) if virtual else None)
        or (_conda(Path(conda)) if conda else None)
        or _environment(folder / ".venv")
        or own_target()
    )


def target_for(version: str, *, implementation: str = "CPython", why: str = "as asked") -> PythonTarget:
    """Python `version` (``3.12`` or ``3.12.4``) on this machine's platform."""
    match = _VERSION.match(version)
    if not match:
        raise ValueError(f"{version!r} is not a Python version")
    major, minor, patch = (int(part or 0) for part in match.groups())
    platforms = list(platform_tags())
    if implementation.lower() == "cpython":
        name = f"cp{major}{minor}"
        specific = list(cpython_tags((major, minor), abis=[name], platforms=platforms))
    else:
        name = f"pp{major}{minor}"
        specific = list(generic_tags(name, [f"pypy{major}{minor}_pp73"], platforms))
    common = list(compatible_tags((major, minor), name, platforms))
    return PythonTarget(version=f"{major}.{minor}.{patch}", tags=(*specific, *common), why=why)


def _environment(place: Path) -> PythonTarget | None:
    try:
        with (place / "pyvenv.cfg").open("rb") as file:
            text = file.read(limits.MAX_PYVENV).decode("utf-8", "replace")
    except OSError:
        return None
    pairs = (line.partition("=") for line in text.splitlines())
    said = {key.strip().lower(): value.strip() for key, _, value in pairs}
    version = said.get("version") or said.get("version_info", "")
    if not _VERSION.match(version):
        return None
    return target_for(
        version, implementation=said.get("implementation", "CPython"), why=f"{place}/pyvenv.cfg"
    )


def _conda(place: Path) -> PythonTarget | None:
    """conda keeps a record for each package: ``conda-meta/python-3.12.4-h194c7f8_0_cpython.json``."""
    records = sorted(place.glob("conda-meta/python-[0-9]*.json"))
    version = records[0].name.split("-")[1] if records else ""
    return target_for(version, why=f"{place}/conda-meta") if _VERSION.match(version) else None
