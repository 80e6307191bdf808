"""uv's configuration: uv.toml or [tool.uv] of the project, the user's and the system's uv.toml, and UV_ variables.

The environment's settings win over the project's, those over the user's, those over the system's; lists are
joined in that order. Of several indexes the first one that knows a project serves it, the default index being
asked last; an ``explicit`` one serves only what [tool.uv.sources] pins to it (uv's documentation, "Package
indexes" and "Configuration files"; what it leaves open is as `uv --show-settings` shows it).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
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
    """Sources as they gather: named or listed ones, the old ``extra-index-url`` and ``index-url``, find-links.

    Every `listed` one comes before every `extra` one, and those before every `legacy` one, wherever they stand;
    so a default index among the listed ones, even the user's, wins over the project's ``index-url``.
    """

    listed: tuple[tuple[Source, bool], ...] = ()
    extra: tuple[Source, ...] = ()
    legacy: tuple[Source, ...] = ()
    links: tuple[Source, ...] = ()

    def then(self, weaker: _Indexes) -> _Indexes:
        """Both, `weaker` after this one."""
        return _Indexes(
            self.listed + weaker.listed,
            self.extra + weaker.extra,
            self.legacy + weaker.legacy,
            self.links + weaker.links,
        )

    @property
    def every(self) -> list[tuple[Source, bool]]:
        """All but the find-links, each with whether it is a default index."""
        return [*self.listed, *((one, False) for one in self.extra), *((one, True) for one in self.legacy)]


def _ordered(
    every: Iterable[tuple[Source, bool]], env: Mapping[str, str]
) -> tuple[tuple[Source, ...], Source | None]:
    """The sources in the order in which they are asked, and the default index; a name counts once."""
    seen: set[str] = set()
    first: list[Source] = []
    default: Source | None = None
    for source, is_default in every:
        if source.name in seen:
            continue
        seen |= {source.name} - {""}
        if not is_default:
            first.append(_with_variables(source, env))
        elif default is None:
            default = _with_variables(source, env)
    return tuple(first), default


def is_uv_here(world: World) -> bool:
    """Whether uv is configured, or `cwd` lies in a project of uv's."""
    if any(world.env.get(name) for name in (*_INDEX_VARIABLES, "UV_CONFIG_FILE")):
        return True
    return _is_locked(world) or any(True for _ in _tables(world))


def read_uv(world: World) -> Found:
    """What uv's files and variables say; raises UsageError where uv itself would refuse to start."""
    tables = list(_tables(world))
    given, found = _from_env(world), _Indexes()
    for table in tables:
        found = found.then(_from_table(table))
    # `uv sync` joins each kind of setting over all places; `uv pip` puts the whole environment first.
    every = given.then(found).every if _is_locked(world) else given.every + found.every
    first, default = _ordered(every, world.env)
    links = given.links + found.links
    variables = [name for name in _INDEX_VARIABLES if world.env.get(name)]
    env = world.env
    bundle = env.get("SSL_CERT_FILE") or env.get("SSL_CERT_DIR")
    return Found(
        sources=(*first, *([default] if default else []), *links),
        has_default=default is not None,
        strategy=_strategy(env.get("UV_INDEX_STRATEGY") or _scalar(tables, "index-strategy")),
        pins=_pins(tables),
        no_index=_scalar(tables, "no-index") is True,
        ca=world.cwd / bundle if bundle else None,
        client=world.cwd / env["SSL_CLIENT_CERT"] if env.get("SSL_CLIENT_CERT") else None,
        proxy=None,
        trusted=_trusted(env.get("UV_INSECURE_HOST"), tables),
        timeout=_seconds(env),
        keyring=(env.get("UV_KEYRING_PROVIDER") or _scalar(tables, "keyring-provider")) == "subprocess",
        constraints=tuple(world.located(one) for one in env.get("UV_CONSTRAINT", "").split()),
        origin=tuple([table.where for table in tables] + variables),
    )


def proxies_set(world: World) -> tuple[str, ...]:
    """The files that name a proxy of uv's own (``http-proxy``, ``https-proxy``), which wins over HTTP_PROXY."""
    keys = ("http-proxy", "https-proxy")
    return tuple(
        dict.fromkeys(one.where for one in _tables(world) if any(one.settings.get(key) for key in keys))
    )


def said(world: World) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every file that counts here with what it says, the strongest first; raises UsageError as read_uv does."""
    for table in _tables(world):
        yield table.where, table.settings


def _upwards(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.parents


def _is_locked(world: World) -> bool:
    """Whether `cwd` lies in a project that uv locks and syncs, so that `uv pip` is not how it is installed."""
    return any((folder / "uv.lock").is_file() for folder in _upwards(world.cwd))


def _tables(world: World) -> Iterator[_Table]:
    """The tables that count here, the strongest first."""
    if _truth(world.env.get("UV_NO_CONFIG")):
        return
    locked = _is_locked(world)
    named = world.env.get("UV_CONFIG_FILE")
    if named:
        path = world.cwd / named
        found = _read(path)
        if found is None:
            raise UsageError(f"UV_CONFIG_FILE names {path}, and there is no such file")
        yield from _of_file(found, path, locked=locked)
        return
    yield from _project_tables(world, locked=locked)
    for path in _user_and_system(world):
        found = _read(path)
        if found is not None:
            yield from _of_file(found, path, locked=locked)


def _of_file(settings: Mapping[str, Any], path: Path, *, locked: bool) -> Iterator[_Table]:
    """A file's settings, after those of its ``[pip]``, which hold for `uv pip` and so not in a locked project."""
    pip = settings.get("pip")
    if isinstance(pip, dict) and not locked:
        yield _Table(pip, path.parent, str(path))
    yield _Table(settings, path.parent, str(path))


def _project_tables(world: World, *, locked: bool) -> Iterator[_Table]:
    """The nearest uv.toml, or pyproject.toml with [tool.uv]; in one folder uv.toml wins but for the sources."""
    for folder in _upwards(world.cwd):
        found = _read(folder / "uv.toml")
        tool = (_read(folder / "pyproject.toml") or {}).get("tool")
        of_uv = tool.get("uv") if isinstance(tool, dict) else None
        inner = of_uv if isinstance(of_uv, dict) else None
        path = folder / ("uv.toml" if found is not None else "pyproject.toml")
        found = inner if found is None else found
        if found is None:
            continue
        sources = inner.get("sources", {}) if inner else {}
        yield from _of_file({**found, "sources": sources}, path, locked=locked)
        return


def user_file(world: World) -> Path:
    """The user's own uv.toml, whether or not it is there."""
    return Path(world.env.get("XDG_CONFIG_HOME") or world.home / ".config") / "uv" / "uv.toml"


def _user_and_system(world: World) -> Iterator[Path]:
    yield user_file(world)
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


def _from_env(world: World) -> _Indexes:
    env = world.env

    def sources(name: str) -> tuple[Source, ...]:
        return tuple(_named(text, name, world.cwd) for text in env.get(name, "").split())

    links = [one.strip() for one in re.split(r"[,\s]", env.get("UV_FIND_LINKS", "")) if one.strip()]
    return _Indexes(
        (
            *((one, True) for one in sources("UV_DEFAULT_INDEX")),
            *((one, False) for one in sources("UV_INDEX")),
        ),
        sources("UV_EXTRA_INDEX_URL"),
        sources("UV_INDEX_URL"),
        tuple(source_of(one, "UV_FIND_LINKS", world.cwd, SourceKind.LINKS) for one in links),
    )


def _named(text: str, where: str, base: Path) -> Source:
    """A source from ``name=url`` or a bare URL."""
    match = _NAMED.fullmatch(text.strip())
    if match and "/" not in match["name"] and ":" not in match["name"]:
        return replace(source_of(match["url"], where, base), name=match["name"])
    return source_of(text, where, base)


def _from_table(table: _Table) -> _Indexes:
    def sources(key: str, kind: SourceKind = SourceKind.SIMPLE) -> tuple[Source, ...]:
        texts = [_text(one, table) for one in _list(table, key)]
        return tuple(source_of(text, f"{key} of {table.where}", table.base, kind) for text in texts)

    legacy = table.settings.get("index-url")
    where = f"index-url of {table.where}"
    return _Indexes(
        tuple((_entry(entry, table), entry.get("default") is True) for entry in _list(table, "index")),
        sources("extra-index-url"),
        () if legacy is None else (source_of(_text(legacy, table), where, table.base),),
        sources("find-links", SourceKind.LINKS),
    )


def _entry(entry: Any, table: _Table) -> Source:
    """One ``[[index]]`` table."""
    if not isinstance(entry, dict) or not isinstance(entry.get("url"), str):
        raise UsageError(f"an index in {table.where} has no url")
    kind = SourceKind.FLAT if entry.get("format") == "flat" else SourceKind.SIMPLE
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
