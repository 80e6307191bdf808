"""A profile on this machine: every path and variable looked up, so that it becomes a plan."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from stockade import limits
from stockade.acquire.jail.plan import Kind, Mount, Network, Plan
from stockade.acquire.jail.profile import Profile
from stockade.errors import JailFailed

#: What makes a folder a project.
_PROJECT = ("pyproject.toml", "setup.py", "setup.cfg", "stockade.toml", ".git")
_SHOWN = (Kind.READ, Kind.WRITE)
TOOLS = "{tools}"
_RANK = (Kind.EMPTY, Kind.READ, Kind.WRITE, Kind.HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """The machine that a command is started on."""

    environ: Mapping[str, str]
    home: Path
    folder: Path

    def project(self) -> Path:
        """The nearest folder upwards that looks like one, or this one. Raises JailFailed where that would be the home,
        or something that holds it."""
        found = self.folder
        for one in (self.folder, *self.folder.parents):
            if not self.below_home(one):
                break
            if any((one / name).exists() for name in _PROJECT):
                found = one
                break
        if not self.below_home(found):
            raise JailFailed(f"{found} is no project: it holds your home folder, and so everything")
        return found

    def below_home(self, path: Path) -> bool:
        """Whether showing `path` does not show the home."""
        homes = (self.home, Path(os.path.realpath(self.home)))
        return not any(path == one or path in one.parents for one in homes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What is added to a profile for one command."""

    read: Sequence[Path] = ()
    write: Sequence[Path] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    keep: Sequence[str] = ()


def planned(profile: Profile, here: Here, command: Sequence[str], added: Added) -> Plan:
    """The plan; listeners are the caller's to add. Raises JailFailed."""
    project = here.project()
    environment = _environment(here, project)
    places = {
        "{project}": [project],
        "{home}": [here.home],
        "{environment}": [environment] if environment else [],
        TOOLS: [],
    }
    wanted: dict[Path, Kind] = {}
    for kind, text in profile.paths:
        for path in _placed(text, places):
            wanted[path] = max(kind, wanted.get(path, kind), key=_RANK.index)
    wanted |= dict.fromkeys(added.read, Kind.READ) | dict.fromkeys(added.write, Kind.WRITE)
    if any(text == TOOLS for _, text in profile.paths):
        for path in tools(command, here, environment):
            if _around(path, wanted) in (None, Kind.EMPTY):
                wanted[path] = Kind.READ
    variables = _variables(profile, here, added, places)
    return Plan(
        mounts=list(_mounts(wanted)),
        environment=variables,
        folder=here.folder if _around(here.folder, wanted) in _SHOWN else here.home,
        network=Network.HOST if profile.network == "host" else Network.NONE,
        ceilings=profile.ceilings,
    )


def _placed(text: str, places: Mapping[str, Sequence[Path]]) -> Iterator[Path]:
    for place, paths in places.items():
        if text.startswith(place):
            for path in paths:
                yield path / text.removeprefix(place).lstrip("/")
            return
    yield Path(text)


def _mounts(wanted: Mapping[Path, Kind]) -> Iterator[Mount]:
    """The outer before the inner, and what there is not is left out. What is to be hidden or read-only in a writable
    folder, and is not there, may be made."""
    real = {_behind(path, wanted): kind for path, kind in wanted.items()}
    for path, kind in sorted(real.items(), key=lambda one: (len(one[0].parts), one[0])):
        if kind is Kind.EMPTY or path.exists():
            yield Mount(kind=kind, target=path, source=path if kind in _SHOWN else None)


def _behind(path: Path, wanted: Mapping[Path, Kind]) -> Path:
    """Where a link leads that is there already, in something shown: what it names is meant."""
    if path.is_symlink() and _around(path.parent, wanted) in _SHOWN:
        return Path(os.path.realpath(path))
    return path


def _around(path: Path, wanted: Mapping[Path, Kind]) -> Kind | None:
    """What holds for a path: what is wanted of the nearest that something is wanted of."""
    return next((wanted[one] for one in (path, *path.parents) if one in wanted), None)


def _environment(here: Here, project: Path) -> Path | None:
    """The virtual environment that is active, or the project's."""
    active = here.environ.get("VIRTUAL_ENV")
    for path in (Path(active) if active else None, project / ".venv"):
        if (
            path is not None
            and path.is_absolute()
            and (path / "pyvenv.cfg").is_file()
            and here.below_home(path)
        ):
            return path
    return None


def _variables(
    profile: Profile, here: Here, added: Added, places: Mapping[str, Sequence[Path]]
) -> dict[str, str]:
    kept = (*profile.keep, *added.keep)
    exact, patterns = (
        {one for one in kept if not one.endswith("*")},
        [one for one in kept if one.endswith("*")],
    )
    found = {
        name: value
        for name, value in here.environ.items()
        if name in exact or any(fnmatchcase(name, one) for one in patterns)
    }
    for name, value in profile.put.items():
        found[name] = next((str(path) for path in _placed(value, places)), value) if "{" in value else value
    return found | dict(added.variables)


def tools(command: Sequence[str], here: Here, environment: Path | None) -> Iterator[Path]:
    """What the command, and the interpreter that it or the environment is made of, needs to see, wherever that lies."""
    known: set[Path] = set()
    for path in (*_interpreters(program(command, here)), environment and environment / "bin/python"):
        if path is not None:
            known.update(_belongings(path))
    # A script finds there what its owner's shell would, and the first of a name is the one that is tried.
    for folder in _searched(here):
        known.add(folder)
        if (folder / "python3").exists():
            known.update(_belongings(folder / "python3"))
    yield from sorted(path for path in known if here.below_home(path) and path.exists())


def _searched(here: Here) -> Iterator[Path]:
    """Folders of PATH that lie in the home: tools that their owner put there."""
    for name in here.environ.get("PATH", "").split(os.pathsep)[: limits.MAX_LINKS * 8]:
        folder = Path(name)
        if folder.is_absolute() and folder.is_relative_to(here.home) and folder.is_dir():
            yield folder


def program(command: Sequence[str], here: Here) -> Path | None:
    """The file that a command would execute, or None."""
    name = command[0] if command else ""
    if "/" in name:
        return here.folder / name
    for folder in here.environ.get("PATH", os.defpath).split(os.pathsep):
        found = here.folder / folder / name
        if name and found.is_file() and os.access(found, os.X_OK):
            return found
    return None


def _interpreters(path: Path | None) -> Iterator[Path]:
    """A program, and what its first line names."""
    if path is None:
        return
    yield path
    try:
        with path.open("rb") as file:
            head = file.read(limits.MAX_SHEBANG)
    except OSError:
        return
    if head.startswith(b"#!"):
        words = head[2:].split(b"\n", 1)[0].split()
        if words and words[0].startswith(b"/"):
            yield Path(os.fsdecode(words[0]))


def _belongings(program: Path) -> Iterable[Path]:
    """A program's file, the virtual environment that it is of, and the interpreter's whole installation."""
    yield program
    if (
        program.parent.name == "shims"
    ):  # what looks up the version that is meant, and needs all of them for it
        yield program.parent.parent
    step = program
    for _ in range(limits.MAX_LINKS):
        if not step.is_symlink():
            break
        step = step.parent / os.readlink(step)
        step = Path(os.path.normpath(step))
        yield step
    real = Path(os.path.realpath(program))
    yield real
    for one in (program, real):
        around = one.parent.parent
        settings = around / "pyvenv.cfg"
        if settings.is_file():
            yield around
            yield from _base(settings)
        elif one.name.startswith("python") and (around / "lib").is_dir() and len(around.parts) > 2:
            yield around


def _base(settings: Path) -> Iterator[Path]:
    """The installation that an environment was made of (PEP 405)."""
    try:
        text = settings.read_text("utf-8", "replace")[: limits.MAX_CONFIG]
    except OSError:
        return
    for line in text.splitlines():
        name, _, value = line.partition("=")
        if name.strip() == "home" and value.strip().startswith("/"):
            for folder in {Path(value.strip()), Path(os.path.realpath(value.strip()))}:
                if len(folder.parts) > 3:  # /usr/bin is shown as it is
                    yield folder.parent
