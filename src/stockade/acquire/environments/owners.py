"""Files that are nobody's, and distributions that write into another's package."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from stockade import limits
from stockade.acquire.environments.claims import Claims, Told
from stockade.acquire.environments.commands import by_a_maker, poses_as_interpreter, shadows
from stockade.acquire.environments.dists import Dist, editable_folder, is_dist
from stockade.acquire.environments.files import names, read, reason
from stockade.acquire.environments.startup import as_made, described, is_customize, is_startup
from stockade.acquire.environments.tree import Files
from stockade.model.environment import Environment, EnvironmentKind, Oddness

Note = Callable[[str], None]

#: Files of dist-info that installers write after RECORD, or that sign it.
_UNLISTED = frozenset(
    {"RECORD", "RECORD.jws", "RECORD.p7s", "INSTALLER", "REQUESTED", "direct_url.json"}
    | {"uv_cache.json", "uv_build.json"}
)
#: Kinds whose folder of commands holds nothing but an environment's; others share it with the whole machine.
_OWN_COMMANDS = frozenset(EnvironmentKind) - {
    EnvironmentKind.SYSTEM,
    EnvironmentKind.USER_SITE,
    EnvironmentKind.CACHE,
    EnvironmentKind.ZIPAPP,
}
_INTERPRETERS = frozenset(
    {EnvironmentKind.SYSTEM, EnvironmentKind.PYENV, EnvironmentKind.UV_PYTHON, EnvironmentKind.CONDA}
)
#: How the packages that several distributions share say so, before PEP 420 did away with the need.
_SHARED = (b"extend_path", b"declare_namespace")


@dataclass(frozen=True, slots=True)
class Owners:
    """What is asked about who owns what in one environment."""

    environment: Environment
    dists: tuple[Dist, ...]
    claims: Claims
    files: Files
    note: Note

    def orphans(self, told: Told, *, only_startup: bool) -> None:
        """Tell of files in site folders that nobody claims, one for each folder that holds no other's.

        With `only_startup` of those alone that an interpreter runs when it starts.
        """
        places = set(self.environment.site)
        self._customize(told)
        owned = self._owned_folders()
        groups: dict[str, int] = {}
        for path in self._unclaimed():
            folder, _, name = path.rpartition("/")
            if folder in places and is_startup(name):
                self._startup(path, told)
            elif folder in places and name == "_virtualenv.py" and as_made(path, ()):
                continue
            elif path not in owned and not only_startup:
                group = _highest(path, owned)
                if os.path.dirname(group) in places and is_customize(os.path.basename(group)):
                    told.tell(Oddness.ORPHAN_STARTUP, group, "", "an interpreter imports it when it starts")
                else:
                    groups[group] = groups.get(group, 0) + 1
        for group, count in groups.items():
            told.tell(Oddness.ORPHAN, group, "", self._orphan(group, count))

    def commands(self, told: Told) -> None:
        """Tell of commands that bear another's name, and of those that nobody claims."""
        folders = set(self.environment.scripts)
        for dist in self.dists:
            for row in dist.rows or ():
                folder, _, name = row.path.rpartition("/")
                if folder in folders and (why := shadows(name, dist.name)):
                    claimant = self.claims.of(row.path)
                    if claimant is None or claimant.dist is dist:
                        told.tell(Oddness.SHADOWED_COMMAND, row.path, dist.name, why)
        if self.environment.kind in _OWN_COMMANDS:
            for folder in self.environment.scripts:
                self._unclaimed_commands(folder, told)

    def foreign(self, told: Told) -> None:
        """Tell of distributions with files in a package that another's ``__init__.py`` makes."""
        makers = self._makers()
        shared: dict[str, bool] = {}
        for number, one in enumerate(self.claims.claimants):
            if one.dist is None or not one.held:
                continue
            found: dict[str, list[str]] = {}
            for path in (row.path for row in one.rows):
                found.setdefault(path.rpartition("/")[0], []).append(path)
            blamed: dict[str, list[str]] = {}
            for folder, paths in found.items():
                package = self._package_of_another(folder, number, one.dist.installed.site, makers, shared)
                if package:
                    blamed.setdefault(package, []).extend(paths)
            for package, paths in blamed.items():
                others = sorted({self.claims.claimants[maker].name for maker in makers[package]})
                count = f"{len(paths):,} files" if len(paths) > 1 else "a file"
                detail = f"it put {count} into {os.path.basename(package)}, a package of {', '.join(others)}"
                told.tell(Oddness.FOREIGN_PACKAGE, paths[0], one.name, detail)

    def _makers(self) -> dict[str, set[int]]:
        """Who made each package: the claimants of its ``__init__.py``."""
        found: dict[str, set[int]] = {}
        for number, one in enumerate(self.claims.claimants):
            for row in one.rows:
                if row.path.endswith("/__init__.py"):
                    found.setdefault(row.path[: -len("/__init__.py")], set()).add(number)
        return found

    def _package_of_another(
        self, folder: str, number: int, site: str, makers: dict[str, set[int]], shared: dict[str, bool]
    ) -> str:
        """The outermost package around `folder` that is another's alone, "" for none."""
        name = self.claims.claimants[number].name
        outermost = ""
        while len(folder) > len(site):
            made = makers.get(folder, set())
            if made and number not in made and name not in {self.claims.claimants[one].name for one in made}:
                if folder not in shared:
                    shared[folder] = self._is_shared(folder)
                if not shared[folder]:
                    outermost = folder
            folder = folder.rpartition("/")[0]
        return outermost

    def _is_shared(self, package: str) -> bool:
        try:
            text = read(os.path.join(package, "__init__.py"), limits.MAX_MARK)
        except OSError:
            return False
        return any(sign in text for sign in _SHARED)

    def _unclaimed(self) -> Iterator[str]:
        """Files of site folders that nobody claims, in whatever way."""
        owner, regular = self.claims.owner, self.files.regular
        loose = self._loose()
        old = self.environment.python.startswith("2.")
        # Python's own installation leaves one there.
        readme = self.environment.kind in _INTERPRETERS
        for path in (*regular, *self.files.others):
            if path in owner:
                continue
            folder, _, name = path.rpartition("/")
            if name.endswith((".pyc", ".pyo")):
                source = _source(folder, name, old=old)
                if source and (source in regular or source in owner):
                    continue  # where nobody claims the source, that is told
            if folder.endswith(".dist-info") and name in _UNLISTED:
                continue
            if name in ("README.txt", "README") and readme and folder in self.environment.site:
                continue
            if any(path.startswith(one) for one in loose.get(_top(path, self.environment.site), ())):
                continue
            yield path

    def _loose(self) -> dict[str, tuple[str, ...]]:
        """What distributions without a list of their files own by their names, by its topmost entry."""
        found: dict[str, tuple[str, ...]] = {}
        for dist in self.dists:
            if dist.rows is not None:
                continue
            site = dist.installed.site.rstrip("/")
            found[dist.folder] = (dist.folder,)
            for name in dist.loose:
                for ending in ("", ".py", ".pyi"):
                    found[f"{site}/{name}{ending}"] = (f"{site}/{name}",)
        return found

    def _owned_folders(self) -> set[str]:
        found: set[str] = set(self.environment.site)
        paths = {path.rpartition("/")[0] for path in self.claims.owner}
        paths |= {place for places in self._loose().values() for place in places}
        for folder in paths:
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return found

    def _startup(self, path: str, told: Told) -> None:
        targets = [editable_folder(dist.installed.origin) for dist in self.dists]
        if as_made(path, filter(None, targets)):
            return
        runs, detail = described(path, self.note)
        told.tell(Oddness.ORPHAN_STARTUP if runs else Oddness.ORPHAN, path, "", detail)

    def _customize(self, told: Told) -> None:
        """The same beside the standard library, from where it is imported, too."""
        if not self.environment.library:
            return
        try:
            held = names(self.environment.library)
        except OSError as why:
            self.note(f"{self.environment.library} cannot be read: {reason(why)}.")
            return
        for one in held:
            if is_customize(one.name) and one.path not in self.claims.owner:
                told.tell(Oddness.ORPHAN_STARTUP, one.path, "", "an interpreter imports it when it starts")

    def _orphan(self, path: str, count: int) -> str:
        name = os.path.basename(path)
        if name.startswith("~"):
            return "an uninstallation that broke off left it"
        if is_dist(name):
            return "metadata without a name that can be read"
        if path in self.files.others:
            return "no distribution claims it, and it is no regular file"
        return (
            "no distribution claims it"
            if count == 1
            else f"no distribution claims any of its {count:,} files"
        )

    def _unclaimed_commands(self, folder: str, told: Told) -> None:
        made = {name for dist in self.dists for name in dist.commands}
        try:
            held = names(folder)
        except OSError as why:
            self.note(f"{folder} cannot be read: {reason(why)}.")
            return
        for one in held:
            plain = one.name.removesuffix(".exe").removesuffix("-script.py")
            if one.path in self.claims.owner or plain in made or one.is_dir():
                continue
            if poses_as_interpreter(one.path):
                told.tell(
                    Oddness.SHADOWED_COMMAND,
                    one.path,
                    "",
                    "it is named like an interpreter and is no program",
                )
            elif by_a_maker(one.name):
                continue
            elif hidden := shadows(one.name, ""):
                told.tell(Oddness.SHADOWED_COMMAND, one.path, "", f"no distribution claims it, and {hidden}")
            else:
                told.tell(Oddness.ORPHAN, one.path, "", "a command that no distribution claims")


def _source(folder: str, name: str, *, old: bool) -> str:
    """The source that a compiled file stands beside, "" where it is run without one."""
    stem = name.partition(".")[0]
    if folder.endswith("/__pycache__"):
        return f"{folder.removesuffix('/__pycache__')}/{stem}.py"
    # Python 2 put them beside each other. Later ones run such a file, if there is no source.
    return f"{folder}/{stem}.py" if old else ""


def _highest(path: str, owned: set[str]) -> str:
    """The outermost folder around `path` that holds nobody's file, or `path` itself."""
    found, folder = path, path.rpartition("/")[0]
    if folder.endswith("/__pycache__") and os.path.dirname(folder) in owned:
        return path  # what else lies there is of sources that are somebody's
    while folder and folder not in owned:
        found, folder = folder, folder.rpartition("/")[0]
    return found


def _top(path: str, sites: Iterable[str]) -> str:
    """The entry of a site folder that `path` lies in."""
    for site in sites:
        if path.startswith(site + "/"):
            return f"{site}/{path[len(site) + 1 :].partition('/')[0]}"
    return ""
