"""Where tools keep the environments that they make for a person, and the interpreters and caches they bring.

Only paths are put together here, from the home folder, the variables that move a tool's folders, and the few lines of
its configuration that do; nothing need exist.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stockade import limits
from stockade.acquire.environments.files import text
from stockade.model.environment import EnvironmentKind as Kind

#: Where conda's installers put it by themselves.
_CONDAS = (
    *("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba", "mamba", "conda"),
    *("opt/miniconda3", "opt/anaconda3"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder below which environments of one kind lie.

    With `depth` 0 it is one itself, else they lie exactly that many folders below it. `tool` is for a person; `named`
    says that the folder of each is the name of the program it was made for.
    """

    path: str
    tool: str
    kind: Kind | None = None
    depth: int = 1
    named: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """A person's folders as platformdirs would give them, for any home and any variables."""

    folder: Path
    environ: Mapping[str, str]
    platform: str

    def data(self, name: str) -> Path:
        """Where programs keep what they would miss."""
        if self.platform == "darwin":
            return self.folder / "Library" / "Application Support" / name
        return self.of("XDG_DATA_HOME", ".local/share") / name

    def cache(self, name: str) -> Path:
        """Where they keep what they can make again."""
        if self.platform == "darwin":
            return self.folder / "Library" / "Caches" / name
        return self.of("XDG_CACHE_HOME", ".cache") / name

    def config(self, name: str) -> Path:
        """Where they look for what a person set."""
        if self.platform == "darwin":
            return self.folder / "Library" / "Application Support" / name
        return self.of("XDG_CONFIG_HOME", ".config") / name

    def of(self, variable: str, otherwise: str) -> Path:
        """What a variable names, else a folder of the home."""
        return self.path(self.environ.get(variable, "")) or self.folder / otherwise

    def path(self, written: str) -> Path | None:
        """A path as a person or a tool writes it, None for none."""
        if not written or "\0" in written:
            return None
        if written == "~" or written.startswith("~/"):
            return self.folder / written[2:]
        return self.folder / written

    def named(self, *variables: str) -> Iterator[Path]:
        """What each variable names, one path or several, as far as it is set."""
        for variable in variables:
            for part in self.environ.get(variable, "").split(os.pathsep):
                if found := self.path(part):
                    yield found


def places(home: Home) -> Iterator[Place]:
    """Every place of every tool that is known."""
    for path in home.named("VIRTUAL_ENV"):
        yield Place(path=str(path), tool="VIRTUAL_ENV", depth=0)
    yield from _uv(home)
    yield from _pipx(home)
    yield from _poetry(home)
    yield from _pdm(home)
    yield from _hatch(home)
    yield from _wrappers(home)
    yield from _conda(home)
    yield from _interpreters(home)


def caches(home: Home) -> Iterator[tuple[str, str]]:
    """The caches of installers, as tool and folder."""
    yield "uv", str(next(home.named("UV_CACHE_DIR"), home.of("XDG_CACHE_HOME", ".cache") / "uv"))
    yield "pip", str(next(home.named("PIP_CACHE_DIR"), home.cache("pip")))


def _uv(home: Home) -> Iterator[Place]:
    # uv keeps to XDG on macOS, too.
    data = home.of("XDG_DATA_HOME", ".local/share") / "uv"
    tools = next(home.named("UV_TOOL_DIR"), data / "tools")
    yield Place(path=str(tools), tool="uv tool", kind=Kind.UV_TOOL, named=True)
    brought = next(home.named("UV_PYTHON_INSTALL_DIR"), data / "python")
    yield Place(path=str(brought), tool="uv python", kind=Kind.UV_PYTHON)
    cache = next(home.named("UV_CACHE_DIR"), home.of("XDG_CACHE_HOME", ".cache") / "uv")
    for folder in ("environments-v1", "environments-v2", "archive-v0", "builds-v0"):
        yield Place(path=str(cache / folder), tool="uv's cache", kind=Kind.VIRTUALENV)
    for path in home.named("UV_PROJECT_ENVIRONMENT"):
        yield Place(path=str(path), tool="UV_PROJECT_ENVIRONMENT", depth=0)


def _pipx(home: Home) -> Iterator[Place]:
    usual = [home.data("pipx"), home.folder / ".local/share/pipx", home.folder / ".local/pipx"]
    folders = [*home.named("PIPX_HOME")] or usual
    folders += [*home.named("PIPX_GLOBAL_HOME")]
    for folder in folders:
        yield Place(path=str(folder / "venvs"), tool="pipx", kind=Kind.PIPX, named=True)
        yield Place(path=str(folder / "shared"), tool="pipx's own", kind=Kind.PIPX, depth=0)
        # `pipx run` makes them there.
        yield Place(path=str(folder / ".cache"), tool="pipx run", kind=Kind.PIPX)
    yield Place(path=str(home.cache("pipx")), tool="pipx run", kind=Kind.PIPX)


def _poetry(home: Home) -> Iterator[Place]:
    said = _table(home.config("pypoetry") / "config.toml", "virtualenvs").get("path")
    for path in home.named("POETRY_VIRTUALENVS_PATH"):
        yield Place(path=str(path), tool="poetry", kind=Kind.POETRY)
    cache = next(home.named("POETRY_CACHE_DIR"), home.cache("pypoetry"))
    yield Place(path=str(cache / "virtualenvs"), tool="poetry", kind=Kind.POETRY)
    if isinstance(said, str) and (chosen := home.path(said.replace("{cache-dir}", str(cache)))):
        yield Place(path=str(chosen), tool="poetry", kind=Kind.POETRY)
    own = next(home.named("POETRY_HOME"), home.data("pypoetry"))
    yield Place(path=str(own / "venv"), tool="poetry's own", kind=Kind.POETRY, depth=0)


def _pdm(home: Home) -> Iterator[Place]:
    said = _table(home.config("pdm") / "config.toml", "venv").get("location")
    yield Place(path=str(home.data("pdm") / "venvs"), tool="pdm", kind=Kind.PDM)
    if isinstance(said, str) and (path := home.path(said)):
        yield Place(path=str(path), tool="pdm", kind=Kind.PDM)
    yield Place(path=str(home.data("pdm") / "python"), tool="pdm python")


def _hatch(home: Home) -> Iterator[Place]:
    data = next(home.named("HATCH_DATA_DIR"), home.data("hatch"))
    yield Place(path=str(data / "env" / "virtual"), tool="hatch", kind=Kind.HATCH, depth=3)
    # Hatch's own, for building and the like, lie one folder higher.
    yield Place(path=str(data / "env" / "virtual"), tool="hatch", kind=Kind.HATCH, depth=2)
    yield Place(path=str(data / "env" / ".internal"), tool="hatch", kind=Kind.HATCH)
    yield Place(path=str(data / "env" / ".internal"), tool="hatch", kind=Kind.HATCH, depth=2)
    yield Place(path=str(data / "pythons"), tool="hatch python", depth=2)
    for path in home.named("HATCH_ENV_TYPE_VIRTUAL_PATH"):
        yield Place(path=str(path), tool="hatch", kind=Kind.HATCH, depth=0)
    dirs = _table(home.config("hatch") / "config.toml", "dirs").get("env")
    said = dirs.get("virtual") if isinstance(dirs, dict) else None
    if isinstance(said, str) and (place := home.path(said)):
        for depth in (1, 2, 3):
            yield Place(path=str(place), tool="hatch", kind=Kind.HATCH, depth=depth)


def _wrappers(home: Home) -> Iterator[Place]:
    folders = [*home.named("WORKON_HOME")] or [home.folder / ".virtualenvs"]
    for folder in (*folders, home.of("XDG_DATA_HOME", ".local/share") / "virtualenvs"):
        yield Place(path=str(folder), tool="virtualenvwrapper or pipenv", kind=Kind.VIRTUALENV)
    yield Place(path=str(home.of("XDG_CACHE_HOME", ".cache") / "pre-commit"), tool="pre-commit", depth=2)


def _conda(home: Home) -> Iterator[Place]:
    for path in home.named("CONDA_PREFIX", "CONDA_ROOT", "MAMBA_ROOT_PREFIX"):
        yield Place(path=str(path), tool="conda", depth=0)
        yield Place(path=str(path / "envs"), tool="conda")
    for path in home.named("CONDA_ENVS_PATH", "CONDA_ENVS_DIRS"):
        yield Place(path=str(path), tool="conda")
    for line in _lines(home.folder / ".conda" / "environments.txt"):
        if (listed := home.path(line.strip())) and not line.startswith("#"):
            yield Place(path=str(listed), tool="conda's environments.txt", depth=0)
    for root in [*(home.folder / name for name in _CONDAS), home.folder / ".local/share/mamba"]:
        yield Place(path=str(root), tool="conda", depth=0)
        yield Place(path=str(root / "envs"), tool="conda")
    yield Place(path=str(home.folder / ".conda" / "envs"), tool="conda")


def _interpreters(home: Home) -> Iterator[Place]:
    versions = next(home.named("PYENV_ROOT"), home.folder / ".pyenv") / "versions"
    yield Place(path=str(versions), tool="pyenv", kind=Kind.PYENV)
    yield Place(path=str(versions), tool="pyenv-virtualenv", kind=None, depth=3)
    asdf = next(home.named("ASDF_DATA_DIR"), home.folder / ".asdf")
    yield Place(path=str(asdf / "installs" / "python"), tool="asdf")
    mise = next(home.named("MISE_DATA_DIR"), home.of("XDG_DATA_HOME", ".local/share") / "mise")
    yield Place(path=str(mise / "installs" / "python"), tool="mise")
    yield Place(path=str(home.folder / ".rye" / "py"), tool="rye")
    yield Place(path=str(home.folder / ".rye" / "tools"), tool="rye", kind=Kind.UV_TOOL, named=True)


def _table(path: Path, name: str) -> Mapping[str, Any]:
    """One table of a tool's configuration; nothing where there is none that can be read, as for the tool itself."""
    import tomllib

    try:
        found = tomllib.loads(text(str(path), limits.MAX_CONFIG) or "").get(name)
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _lines(path: Path) -> list[str]:
    try:
        return (text(str(path), limits.MAX_CONFIG) or "").splitlines()
    except OSError:
        return []
