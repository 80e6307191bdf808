"""Where each Python file of an artifact would lie, under which module name, and when its top level runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from stockade.model.artifact import Kind
from stockade.model.evidence import Phase

#: Top folders of a source tree that are not installed, or not meant to be.
_ASIDE_NAMES = (
    "test tests testing docs doc example examples sample samples bench benchmark benchmarks demo demos tutorial"
    " tutorials notebooks .github .circleci .ci ci fuzz integration_tests unit_tests integration-tests tests_integ"
    " e2e"
)
ASIDE = frozenset(_ASIDE_NAMES.split())
#: Folders of tools: beside the packages those of the developers, inside one those that somebody starts.
_TOOLS = frozenset({"tools", "scripts", "script", "bin", "hack", "releng", "contrib", "misc"})
#: Files at the root of a source tree that only its developers run.
_DEVELOPER_FILES = (
    "conftest.py noxfile.py dodo.py tasks.py fabfile.py versioneer.py example.py examples.py demo.py release.py"
    " run_tests.py runtests.py benchmark.py bootstrap.py ez_setup.py distribute_setup.py"
)
DEVELOPERS = frozenset(_DEVELOPER_FILES.split())
#: How a file that can be imported ends.
_IMPORTED = (".py", ".pyw", ".pyc", ".pyi", ".so", ".pyd")
_STARTUP = frozenset({"sitecustomize", "usercustomize"})
#: Entry point groups whose plugins other programs load on their own.
AUTOLOADED = frozenset(
    {"pytest11", "flake8.extension", "pylint.plugins", "sphinx.builders", "mkdocs.plugins"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """One Python file's place. `qualified` names its functions; `name` is "" where it isn't importable.

    `selfstarting`: it runs without anybody asking for it in particular (setup.py, a package's
    ``__init__``, an entry module), so that less is needed to look at it.
    """

    name: str
    qualified: str
    package: bool
    phase: Phase
    main: Phase
    selfstarting: bool
    installed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What an artifact's own metadata says about when its files run.

    `rooted`: a package lies where builders look for it first, at the root or in src/.
    """

    kind: Kind
    root: str = ""
    packages: frozenset[str] = frozenset()
    rooted: bool = False
    backend: str = ""
    backend_paths: tuple[str, ...] = ()
    startup: frozenset[str] = frozenset()
    entries: frozenset[str] = frozenset()
    _places: dict[str, Place] = field(default_factory=dict, repr=False)

    def place(self, path: str, *, nested: bool = False) -> Place:
        """The place of the file at `path` (as the archive spells it)."""
        found = self._places.get(path)
        if found is None:
            found = self._wheel(path) if self.kind is Kind.WHEEL else self._source(path)
            if nested:
                found = replace(found, phase=Phase.CALL, main=Phase.CALL, selfstarting=False)
            else:
                self._places[path] = found
        return found

    def _wheel(self, path: str) -> Place:
        parts = path.split("/")
        if len(parts) > 1 and parts[0].endswith(".data"):
            if parts[1] == "scripts":
                return _script(path, Phase.ENTRY)
            if parts[1] not in {"purelib", "platlib"}:
                return _script(path, Phase.CALL)
            parts = parts[2:]
        elif parts[0].endswith(".dist-info"):
            return _script(path, Phase.CALL)
        return self._module(parts)

    def _source(self, path: str) -> Place:
        parts = path.removeprefix(self.root).split("/")
        if parts == ["setup.py"]:
            return Place("", "setup", False, Phase.INSTALL, Phase.INSTALL, True, True)
        backend = self._backend(parts)
        if backend is not None:
            return backend
        if len(parts) == 1 and parts[0] in DEVELOPERS:
            return _script(path, Phase.CALL)
        folder = len(parts) - 1
        while folder > 0 and "/".join(parts[:folder]) in self.packages:
            folder -= 1
        above = {part.lower() for part in parts[:-1]}
        aside = not ASIDE.isdisjoint(above) or any(part.startswith(".") for part in above)
        if not aside and parts[0].lower() in _TOOLS and len(parts) > 1 and parts[0] not in self.packages:
            return replace(_aside(parts), installed=True)
        if folder == len(parts) - 1 and folder:
            folder = 1 if parts[0] in {"src", "lib", "python"} else 0
        # What lies beside the package under a name that no import can spell came along with the sources.
        beside = parts[:folder]
        if not folder and len(parts) > 1 and parts[0] not in self.packages:
            beside = parts[:1]
        aside = aside or (self.rooted and not _importable(beside))
        return _aside(parts[folder:]) if aside else self._module(parts[folder:])

    def _backend(self, parts: list[str]) -> Place | None:
        if not self.backend:
            return None
        for base in self.backend_paths:
            inner = [part for part in base.strip("/").split("/") if part not in {"", "."}]
            if parts[: len(inner)] != inner:
                continue
            name, package = _dotted(parts[len(inner) :])
            if name and (name == self.backend or self.backend.startswith(f"{name}.")):
                return Place(name, name, package, Phase.INSTALL, Phase.CALL, True, False)
        return None

    def _unreachable(self, parts: list[str]) -> bool:
        """Whether a file lies inside a package, in a folder that is none, under a name that no import can spell.

        A package whose own name cannot be spelt is a package all the same: somebody meant it to be imported.
        """
        inside = len(parts) > 2 and any(f"{base}{parts[0]}" in self.packages for base in ("", "src/"))
        folder = "/".join(parts[:-1])
        package = any(f"{base}{folder}" in self.packages for base in ("", "src/", "lib/", "python/"))
        return inside and not package and not _importable([*parts[:-1], parts[-1].partition(".")[0]])

    def _beside(self, parts: list[str]) -> bool:
        """Whether a file of an sdist that has a package lies in a folder beside it that holds none at all."""
        if not self.rooted or self.kind is not Kind.SDIST or len(parts) < 3:
            return False
        inside = (f"{parts[0]}/", f"src/{parts[0]}/")
        return not any(f"{name}/".startswith(inside) for name in self.packages)

    def _module(self, parts: list[str]) -> Place:
        if not parts[-1].endswith(_IMPORTED):
            return _script("/".join(parts), Phase.ENTRY)
        inner = {part.lower() for part in parts[1:-1]}
        if not ASIDE.isdisjoint(inner) or self._unreachable(parts):
            return _aside(parts)
        name, package = _dotted(parts)
        phase, main = Phase.IMPORT, Phase.ENTRY
        if self._beside(parts):
            # Nobody starts what came along with the sources; an import of it still runs.
            main = Phase.CALL
        if name in _STARTUP or name in self.startup:
            phase = Phase.STARTUP
        elif parts[-1] == "__main__.py" or not _TOOLS.isdisjoint(inner):
            phase = main
        top = (package and len(parts) <= 2) or len(parts) == 1
        own = phase is not Phase.IMPORT or top or any(_named(name, entry) for entry in self.entries)
        return Place(name, name, package, phase, main, own, True)


def _importable(names: Iterable[str]) -> bool:
    """Whether an import statement could spell them."""
    return all(name.isidentifier() for name in names)


def _named(name: str, entry: str) -> bool:
    return entry == name or entry.startswith(f"{name}.")


def _dotted(parts: list[str]) -> tuple[str, bool]:
    stem = parts[-1].rpartition(".")[0] or parts[-1]
    package = stem == "__init__"
    names = parts[:-1] if package else [*parts[:-1], stem]
    return ".".join(names), package


def _script(path: str, phase: Phase) -> Place:
    stem = path.rpartition("/")[2].removesuffix(".py")
    return Place("", stem or "script", False, phase, phase, phase is not Phase.CALL, phase is not Phase.CALL)


def _aside(parts: list[str]) -> Place:
    name, package = _dotted(parts)
    # Tests inside a package are installed with it, and its own __init__ may import them.
    inside = parts[0].lower() not in ASIDE and len(parts) > 1
    return Place(name, name, package, Phase.CALL, Phase.CALL, False, inside)


def layout(
    kind: Kind,
    paths: Iterable[str],
    *,
    root: str = "",
    backend: str = "",
    backend_paths: tuple[str, ...] = (),
    startup: Iterable[str] = (),
    entry_points: Mapping[str, tuple[tuple[str, str], ...]] | None = None,
) -> Layout:
    """The layout of an artifact of `kind` with members at `paths`.

    `root` is the folder that installers strip, looked for here if "". `backend` is ``build-backend``
    (PEP 517) and `backend_paths` ``backend-path``; `startup` the modules that .pth files import;
    `entry_points` the groups of entry_points.txt.
    """
    listed = list(paths)
    if root and not root.endswith("/"):
        root = f"{root}/"
    elif not root:
        root = "" if kind is Kind.WHEEL else _root(listed)
    packages = frozenset(
        path.removeprefix(root).removesuffix("/__init__.py")
        for path in listed
        if path.endswith("/__init__.py")
    )
    entries: set[str] = set()
    for points in (entry_points or {}).values():
        entries.update(value.partition("[")[0].replace(":", ".").strip() for _, value in points)
    return Layout(
        kind=kind,
        root=root,
        packages=packages,
        rooted=any("/" not in name.removeprefix("src/") for name in packages),
        backend=backend.replace(":", "."),
        backend_paths=backend_paths,
        startup=frozenset(startup),
        entries=frozenset(entries),
    )


def startup_place(path: str) -> Place:
    """The place of a .pth file's own code."""
    stem = path.rpartition("/")[2].removesuffix(".pth")
    return Place("", f"{stem}_pth", False, Phase.STARTUP, Phase.STARTUP, True, True)


def _root(paths: list[str]) -> str:
    tops = {path.partition("/")[0] for path in paths if path.strip("./")}
    if len(tops) != 1:
        counted: dict[str, int] = {}
        for path in paths:
            if path.endswith(("/setup.py", "/pyproject.toml", "/PKG-INFO")) and path.count("/") == 1:
                counted[path.partition("/")[0]] = counted.get(path.partition("/")[0], 0) + 1
        return f"{max(counted, key=lambda top: counted[top])}/" if counted else ""
    (top,) = tops
    return f"{top}/" if any("/" in path for path in paths) else ""
