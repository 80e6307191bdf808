"""uv's configuration: uv.toml or [tool.uv] of the project, the user's and the system's uv.toml, and UV_ variables.

The project's settings win over the user's, those over the system's; lists are joined in that order. Of several
indexes the first one that knows a project serves it, the default index being asked last; an ``explicit`` one
serves only what [tool.uv.sources] pins to it (uv's documentation, "Package indexes" and "Configuration files").
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stockade import limits
from stockade.acquire.index.credentials import Login, Secret
from stockade.acquire.index.settings import Found, Source, SourceKind, Strategy, World, source_of
from stockade.errors import BadRequirement, UsageError
from stockade.model.project import ProjectName, project_name

_INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")
_NAMED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)=(?P<url>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Table:
    """One file's settings, the folder that its relative paths start from, and how to name it."""

    settings: Mapping[str, Any]
    base: Path
    where: str


@dataclass(frozen=True, slots=True)
class _Indexes:
    """Sources as they gather: those asked first, the default, and find-links."""

    first: tuple[Source, ...] = ()
    default: Source | None = None
    links: tuple[Source, ...] = ()

    def then(self, weaker: _Indexes) -> _Indexes:
        """Both, `weaker` after this one."""
        return _Indexes(self.first + weaker.first, self.default or weaker.default, self.links + weaker.links)


def is_uv_here(world: World) -> bool:
    """Whether uv is configured, or `cwd` lies in a project of uv's."""
    if any(world.env.get(name) for name in (*_INDEX_VARIABLES, "UV_CONFIG_FILE")):
        return True
    if any((folder / "uv.lock").is_file() for folder in _upwards(world.cwd)):
        return True
    return any(True for _ in _tables(world))


def read_uv(world: World) -> Found:
    """What uv's files and variables say; raises UsageError where uv itself would refuse to start."""
    tables = list(_tables(world))
    indexes = _from_env(world)
    for table in tables:
        indexes = indexes.then(_from_table(table))
    first = tuple(_with_variables(one, world.env) for one in indexes.first)
    default = (_with_variables(indexes.default, world.env),) if indexes.default else ()
    variables = [name for name in _INDEX_VARIABLES if world.env.get(name)]
    env = world.env
    bundle = env.get("SSL_CERT_FILE") or env.get("SSL_CERT_DIR")
    return Found(
        sources=first + default + indexes.links,
        has_default=bool(default),
        strategy=_strategy(env.get("UV_INDEX_STRATEGY") or _scalar(tables, "index-strategy")),
        pins=_pins(tables),
        no_index=_truth(env.get("UV_NO_INDEX")) or _scalar(tables, "no-index") is True,
        ca=world.cwd / bundle if bundle else None,
        client=world.cwd / env["SSL_CLIENT_CERT"] if env.get("SSL_CLIENT_CERT") else None,
        proxy=None,
        trusted=_trusted(env.get("UV_INSECURE_HOST"), tables),
        timeout=_seconds(env),
        keyring=(env.get("UV_KEYRING_PROVIDER") or _scalar(tables, "keyring-provider")) == "subprocess",
        origin=tuple([table.where for table in tables] + variables),
    )


def _upwards(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.parents


def _tables(world: World) -> Iterator[_Table]:
    """The tables that count here, the strongest first; `[pip]` is laid over where there is no project of uv's."""
    if _truth(world.env.get("UV_NO_CONFIG")):
        return
    named = world.env.get("UV_CONFIG_FILE")
    if named:
        path = world.cwd / named
        found = _read(path)
        if found is None:
            raise UsageError(f"UV_CONFIG_FILE names {path}, and there is no such file")
        yield _Table(_for_pip(found), path.parent, str(path))
        return
    project = _project_table(world)
    if project:
        yield project
    for path in _user_and_system(world):
        found = _read(path)
        if found is not None:
            yield _Table(_for_pip(found), path.parent, str(path))


def _project_table(world: World) -> _Table | None:
    """The nearest uv.toml, or pyproject.toml with [tool.uv]; in one folder uv.toml wins."""
    for folder in _upwards(world.cwd):
        found = _read(folder / "uv.toml")
        sources: Any = {}
        pyproject = _read(folder / "pyproject.toml") or {}
        tool = pyproject.get("tool", {})
        of_uv = tool.get("uv") if isinstance(tool, dict) else None
        if isinstance(of_uv, dict):
            sources = of_uv.get("sources", {})
        where = folder / "uv.toml"
        if found is None and isinstance(of_uv, dict):
            found, where = of_uv, folder / "pyproject.toml"
        if found is None:
            continue
        if not (folder / "uv.lock").is_file():
            found = _for_pip(found)
        return _Table({**found, "sources": sources}, folder, str(where))
    return None


def _user_and_system(world: World) -> Iterator[Path]:
    yield Path(world.env.get("XDG_CONFIG_HOME") or world.home / ".config") / "uv" / "uv.toml"
    folders = [one for one in (world.env.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":") if one]
    system = [world.under_root(folder) / "uv" / "uv.toml" for folder in folders]
    system.append(world.under_root("/etc/uv/uv.toml"))
    yield from [path for path in system if path.is_file()][:1]


def _read(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            return tomllib.loads(file.read(limits.MAX_CONFIG).decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        # The parser's own message may quote a line with a password in it.
        raise UsageError(f"{path} cannot be read as TOML") from None


def _for_pip(settings: Mapping[str, Any]) -> dict[str, Any]:
    """`settings` with ``[pip]`` on top, which holds for `uv pip`."""
    pip = settings.get("pip")
    return {**settings, **pip} if isinstance(pip, dict) else dict(settings)


def _from_env(world: World) -> _Indexes:
    env = world.env
    default = env.get("UV_DEFAULT_INDEX") or env.get("UV_INDEX_URL")
    words = [("UV_INDEX", one) for one in env.get("UV_INDEX", "").split()]
    words += [("UV_EXTRA_INDEX_URL", one) for one in env.get("UV_EXTRA_INDEX_URL", "").split()]
    links = [one.strip() for one in re.split(r"[,\s]", env.get("UV_FIND_LINKS", "")) if one.strip()]
    return _Indexes(
        tuple(_named(text, where, world.cwd) for where, text in words),
        _named(default, "UV_DEFAULT_INDEX", world.cwd) if default else None,
        tuple(source_of(one, "UV_FIND_LINKS", world.cwd, SourceKind.LINKS) for one in links),
    )


def _named(text: str, where: str, base: Path) -> Source:
    """A source from ``name=url`` or a bare URL."""
    match = _NAMED.fullmatch(text.strip())
    if match and "/" not in match["name"] and ":" not in match["name"]:
        return replace(source_of(match["url"], where, base), name=match["name"])
    return source_of(text, where, base)


def _from_table(table: _Table) -> _Indexes:
    first: list[Source] = []
    links: list[Source] = []
    default = None
    for entry in _list(table, "index"):
        source = _entry(entry, table)
        if source.kind is SourceKind.LINKS:
            links.append(source)
        elif entry.get("default") is True:
            default = default or source
        else:
            first.append(source)
    extra = [_text(one, table) for one in _list(table, "extra-index-url")]
    first += [source_of(one, f"extra-index-url of {table.where}", table.base) for one in extra]
    legacy = table.settings.get("index-url")
    if legacy is not None and default is None:
        default = source_of(_text(legacy, table), f"index-url of {table.where}", table.base)
    for text in _list(table, "find-links"):
        where = f"find-links of {table.where}"
        links.append(source_of(_text(text, table), where, table.base, SourceKind.LINKS))
    return _Indexes(tuple(first), default, tuple(links))


def _entry(entry: Any, table: _Table) -> Source:
    """One ``[[index]]`` table."""
    if not isinstance(entry, dict) or not isinstance(entry.get("url"), str):
        raise UsageError(f"an index in {table.where} has no url")
    kind = SourceKind.LINKS if entry.get("format") == "flat" else SourceKind.SIMPLE
    source = source_of(entry["url"], f"an index of {table.where}", table.base, kind)
    name = entry.get("name")
    return replace(source, name=name if isinstance(name, str) else "", explicit=entry.get("explicit") is True)


def _with_variables(source: Source, env: Mapping[str, str]) -> Source:
    """`source` with the login that UV_INDEX_NAME_USERNAME and …_PASSWORD give a named index."""
    if not source.name:
        return source
    stem = "UV_INDEX_" + re.sub(r"[^A-Za-z0-9]", "_", source.name).upper()
    user, password = env.get(f"{stem}_USERNAME"), env.get(f"{stem}_PASSWORD")
    if user is None and password is None:
        return source
    return replace(source, login=Login(Secret(user or ""), Secret(password or "")))


def _pins(tables: list[_Table]) -> dict[ProjectName, str]:
    """Which project comes from which named index alone ([tool.uv.sources])."""
    pins: dict[ProjectName, str] = {}
    for table in tables:
        sources = table.settings.get("sources")
        for name, entry in (sources if isinstance(sources, dict) else {}).items():
            entries = entry if isinstance(entry, list) else [entry]
            index = next((one["index"] for one in entries if isinstance(one, dict) and "index" in one), None)
            if not isinstance(index, str):
                continue
            try:
                pins.setdefault(project_name(name), index)
            except BadRequirement:
                raise UsageError(f"{table.where} names a source for what is no project name") from None
    return pins


def _list(table: _Table, key: str) -> list[Any]:
    value = table.settings.get(key, [])
    if not isinstance(value, list):
        raise UsageError(f"{key} of {table.where} is not a list")
    return value


def _text(value: Any, table: _Table) -> str:
    if not isinstance(value, str):
        raise UsageError(f"an index in {table.where} is not a text")
    return value


def _scalar(tables: list[_Table], key: str) -> Any:
    return next((table.settings[key] for table in tables if key in table.settings), None)


def _strategy(name: Any) -> Strategy:
    return Strategy.FIRST if name in {None, "first-index"} else Strategy.MERGE


def _trusted(variable: str | None, tables: list[_Table]) -> tuple[str, ...]:
    hosts = (variable or "").split()
    for table in tables:
        hosts += [_text(one, table) for one in _list(table, "allow-insecure-host")]
    return tuple(hosts)


def _seconds(env: Mapping[str, str]) -> float | None:
    for name in ("UV_HTTP_TIMEOUT", "UV_REQUEST_TIMEOUT", "HTTP_TIMEOUT"):
        if env.get(name):
            try:
                return float(env[name])
            except ValueError:
                raise UsageError(f"{name} is not a number of seconds") from None
    return None


def _truth(text: str | None) -> bool:
    return (text or "").strip().lower() in {"1", "true", "yes", "on", "y", "t"}
