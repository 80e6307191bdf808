"""Every environment of a machine, each once: at the places that tools use, and anywhere below given roots."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from stockade import limits
from stockade.acquire.environments.added import added_folders
from stockade.acquire.environments.files import Sentences, is_folder, names, reason, text
from stockade.acquire.environments.kernels import kernels
from stockade.acquire.environments.layout import (
    Note,
    environment_in,
    folder_of_packages,
    interpreters_in,
    of_interpreter,
)
from stockade.acquire.environments.places import Home, Place, caches, places
from stockade.acquire.environments.running import running
from stockade.acquire.environments.system import system_interpreters, user_sites
from stockade.acquire.environments.walk import Hit, made_up_folders, walk
from stockade.model.environment import Environment, EnvironmentKind

_VERSIONED = ("lib", "lib64")


def find(
    roots: Iterable[str | Path],
    home: Path,
    environ: Mapping[str, str],
    *,
    note: Note,
    system: bool = True,
    root: Path = Path("/"),
    platform: str = sys.platform,
) -> Iterator[Environment]:
    """Every environment of the machine at `root`, each once by its real path.

    1. Where the tools of the person with that `home` and `environ` keep theirs, and their caches. 2. Below each of
    `roots`, which may be a zipapp, too. 3. Unless `system` is False, the interpreters of the system, user site, and
    those that run now. 4. What those lead to: the interpreters of Jupyter's kernels, the base of a virtual
    environment, folders with packages that .pth files add. What can't be looked at is a sentence to `note`; nothing is
    raised, nothing started, and nothing is written.
    """
    said = Sentences(10 * limits.MAX_SENTENCES)
    search = _Search(said.say)
    yield from search.all(_starts(roots, Home(home, environ, platform), said.say, system=system, root=root))
    for sentence in said.all:
        note(sentence)


def project_environment(folder: Path, environ: Mapping[str, str], *, note: Note) -> Environment | None:
    """The environment of the project in `folder`: its own, else the one that the shell has activated.

    ``.venv`` and ``venv`` in it, what pdm notes in ``.pdm-python``, ``__pypackages__``; then VIRTUAL_ENV, CONDA_PREFIX.
    """
    for name in (".venv", "venv", "env"):
        if found := environment_in(str(folder / name), via=f"{name} of the project", note=note):
            return found
    try:
        program = (text(str(folder / ".pdm-python")) or "").strip()
    except OSError:
        program = ""
    if os.path.isabs(program) and (
        found := of_interpreter(program, via="pdm's choice for the project", note=note)
    ):
        return found
    for found in _pypackages(str(folder / "__pypackages__"), note):
        return found
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        path = environ.get(variable, "")
        if os.path.isabs(path) and (found := environment_in(path, via=variable, note=note)):
            return found
    return None


def environment_at(path: Path, *, note: Note) -> Environment | None:
    """What a person means by `path`: an environment, its interpreter, a folder of packages, a zipapp, a project."""
    place = os.path.abspath(path)
    if not is_folder(place):
        return zipapp(place) or of_interpreter(place, via="as named", note=note)
    return (
        environment_in(place, via="as named", note=note)
        or _site(place, "as named", note)
        or project_environment(Path(place), {}, note=note)
    )


def zipapp(path: str) -> Environment | None:
    """The zipapp at `path`; None where its end says that it is no zip."""
    from stockade.acquire.environments.zipped import is_zip

    if not is_zip(path):
        return None
    return Environment(root=path, kind=EnvironmentKind.ZIPAPP, site=(path,), via="a zipapp")


class _Search:
    """Keeps each environment to one, and follows what it leads to."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._known: set[tuple[str, ...]] = set()

    def all(self, starts: Iterable[Environment]) -> Iterator[Environment]:
        """The new ones of `starts`, then what they lead to: a tool's own place says more than a link to it."""
        found = list[Environment]()
        for start in starts:
            if self._is_new(start):
                found.append(start)
                yield start
        while found:
            for one in self._led_to(found.pop()):
                if self._is_new(one):
                    found.append(one)
                    yield one

    def _is_new(self, one: Environment) -> bool:
        key = _key(one)
        if key in self._known:
            return False
        if len(self._known) >= limits.MAX_ENVIRONMENTS:
            many = f"{limits.MAX_ENVIRONMENTS:,}"
            self._note(f"There are more than {many} environments; {one.root} and others were left out.")
            return False
        self._known.add(key)
        return True

    def _led_to(self, one: Environment) -> Iterator[Environment]:
        if one.kind in (EnvironmentKind.ZIPAPP, EnvironmentKind.CACHE):
            return
        if one.base:
            via = f"the base of {one.root}"
            if found := environment_in(one.base, via=via, note=self._note):
                yield found
        for folder in added_folders(one.site, self._note):
            if found := folder_of_packages(
                folder, via=f"added by a .pth file of {one.root}", note=self._note
            ):
                yield found
        for program in kernels([os.path.join(one.root, "share", "jupyter")], self._note):
            if kernel := of_interpreter(program, via=f"a Jupyter kernel of {one.root}", note=self._note):
                yield kernel


def _starts(
    roots: Iterable[str | Path], home: Home, note: Note, *, system: bool, root: Path
) -> Iterator[Environment]:
    for place in places(home):
        yield from _below(place, note)
    for tool, folder in caches(home):
        yield from _cache(tool, folder, note)
    for top in roots:
        yield from _walked(str(top), note, root)
    if system:
        yield from system_interpreters(str(root), note)
    yield from user_sites(home, note)
    yield from _led_by(kernels(_jupyter(home, root, system=system), note), "a Jupyter kernel", note)
    if system:
        yield from _led_by(running(root / "proc"), "it is running", note)


def _led_by(programs: Iterable[str], via: str, note: Note) -> Iterator[Environment]:
    """The environments that these interpreters run in."""
    for program in programs:
        if found := of_interpreter(program, via=via, note=note):
            yield found


def _below(place: Place, note: Note) -> Iterator[Environment]:
    """The environments at one place of a tool."""
    folders = [place.path]
    for _ in range(place.depth):
        folders = [inner for folder in folders for inner in _folders(folder, note)]
    for folder in folders:
        name = os.path.basename(folder) if place.named else ""
        if found := environment_in(folder, kind=place.kind, name=name, via=place.tool, note=note):
            yield found


def _folders(folder: str, note: Note) -> list[str]:
    try:
        return [one.path for one in names(folder) if one.is_dir()]
    except OSError as why:
        note(f"{folder} cannot be read: {reason(why)}.")
        return []


def _walked(top: str, note: Note, root: Path) -> Iterator[Environment]:
    top = os.path.realpath(top)
    if not os.path.lexists(top):
        note(f"{top} is not there.")
        return
    if not is_folder(top):
        if found := zipapp(top) or of_interpreter(top, via="as named", note=note):
            yield found
        else:
            note(f"{top} is neither a folder nor a zipapp.")
        return
    try:
        mounts = text(str(root / "proc" / "mounts"), limits.MAX_CONFIG) or ""
    except OSError:
        mounts = ""
    for hit in walk(top, note, made_up=made_up_folders(mounts)):
        yield from _hit(hit, top, note)


def _hit(hit: Hit, top: str, note: Note) -> Iterator[Environment]:
    via = f"found below {top}"
    found: Environment | None = None
    if hit.what == "environment":
        found = environment_in(hit.path, via=via, note=note)
    elif hit.what == "site":
        found = _site(hit.path, via, note)
    elif hit.what == "zipapp":
        found = zipapp(hit.path)
    else:
        yield from _pypackages(hit.path, note)
    if found:
        yield found


def _site(folder: str, via: str, note: Note) -> Environment | None:
    """A folder of packages, as part of the interpreter that it belongs to if there is one around it."""
    above = os.path.dirname(os.path.dirname(folder))
    if os.path.basename(above) in _VERSIONED:
        for one in interpreters_in(os.path.dirname(above), note):
            if folder in one.site:
                return replace(one, via=via)
    return folder_of_packages(folder, via=via, note=note)


def _pypackages(folder: str, note: Note) -> Iterator[Environment]:
    """The environments of PEP 582: ``__pypackages__/3.12/lib``."""
    for version in _folders(folder, note):
        lib = os.path.join(version, "lib")
        if is_folder(lib) and (found := folder_of_packages(lib, via="__pypackages__", note=note)):
            yield found


def _cache(tool: str, folder: str, note: Note) -> Iterator[Environment]:
    """An installer's cache; uv keeps unpacked wheels there, which it links into environments."""
    if is_folder(folder):
        archives = _folders(os.path.join(folder, "archive-v0"), note) if tool == "uv" else []
        kind = EnvironmentKind.CACHE
        yield Environment(root=folder, kind=kind, site=tuple(archives), name=tool, via=f"the cache of {tool}")


def _jupyter(home: Home, root: Path, *, system: bool) -> list[str]:
    """Where Jupyter looks for its data."""
    folders = [*home.named("JUPYTER_PATH"), *home.named("JUPYTER_DATA_DIR"), home.data("jupyter")]
    if home.platform == "darwin":
        folders.append(home.folder / "Library" / "Jupyter")
    if system:
        folders += [root / "usr/local/share/jupyter", root / "usr/share/jupyter"]
    return [str(one) for one in folders]


def _key(one: Environment) -> tuple[str, ...]:
    """The same for what is the same environment, whatever links lead to it."""
    places = one.site if one.site and one.kind is not EnvironmentKind.CACHE else (one.root,)
    # Two versions of a system's interpreter may have all their packages in common.
    return tuple(os.path.realpath(place) for place in (*places, one.library) if place)
