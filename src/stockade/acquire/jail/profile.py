"""What a person says of a jail: a TOML file, which may extend another.

    extends = "run"                     a profile of Stockade's own, or one beside this file
    network = "none"                    none, gate, hosts or host
    hosts = ["a.example", "*.b.example:8443"]   which, for hosts; without a port 80 and 443
    walls = "required"                  a wall that cannot be built is fatal; "told": it is told
    [paths]                             read, write, empty, hidden: lists; the deeper of two paths wins
    [environment]                       keep: names, with * at the end; set: a table; drop: names
    [limits]                            seconds, cpu, processes, open-files, memory, file-size, scratch

Paths may begin with {project}, {home}, {environment} (the virtual one) and {tools} (what the command itself needs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stockade import limits
from stockade.acquire.jail.plan import Ceilings, Kind
from stockade.acquire.jail.shipped_generated import TABLES
from stockade.errors import BadPolicy, NoPolicy

NAMES = ("run", "test", "build", "install", "detonate")
_NETWORKS, _WALLS = ("none", "gate", "hosts", "host"), ("required", "told")
_KEYS = frozenset(("extends", "purpose", "network", "hosts", "walls", "paths", "environment", "limits"))
_TABLES = {
    "paths": frozenset(kind.value for kind in Kind),
    "environment": frozenset(("keep", "set", "drop")),
    "limits": frozenset(("seconds", "cpu", "processes", "open-files", "memory", "file-size", "scratch")),
}
_PLACES = ("{project}", "{home}", "{environment}", "{tools}")
_UNITS = {"": 1, "B": 1, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}
_SIZE = re.compile(r"(\d{1,12})\s*([KMG]iB|B)?", re.IGNORECASE)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\*?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile with all that it extends put together. `paths` are as written, in order."""

    names: tuple[str, ...]
    purpose: str = ""
    network: str = "none"
    hosts: tuple[str, ...] = ()
    required: bool = False
    paths: tuple[tuple[Kind, str], ...] = ()
    keep: tuple[str, ...] = ()
    put: Mapping[str, str] = field(default_factory=dict)
    ceilings: Ceilings = field(default_factory=Ceilings)


def load(name: str, folder: Path) -> Profile:
    """A profile by name (Stockade's own, or of the person's `folder`) or by path; raises BadPolicy, NoPolicy."""
    given = list(_chain(name, folder))
    made = Profile(names=tuple(name for name, _ in given))
    for where, table in reversed(given):
        made = _joined(made, table, where)
    return made


def _chain(name: str, folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The profile, then what it extends, and so on."""
    wanted: str | None = name
    seen: list[str] = []
    while wanted is not None:
        if wanted in seen or len(seen) > limits.MAX_JAIL_PROFILES:
            raise BadPolicy(f"the profile {wanted} extends itself: {' > '.join([*seen, wanted])}")
        seen.append(wanted)
        if wanted in TABLES:
            table = TABLES[wanted]
        else:
            table, folder = _read(wanted, folder)
        yield wanted, table
        wanted = table.get("extends")
        if wanted is not None and not isinstance(wanted, str):
            raise BadPolicy(f"the profile {seen[-1]}: extends takes the name of one profile")


def _read(name: str, folder: Path) -> tuple[Mapping[str, Any], Path]:
    """What a person's own profile says, and where what it extends is looked for."""
    import tomllib  # Stockade's own are read already: what is jailed waits for this

    if not name.endswith(".toml") and not _NAME.fullmatch(name):
        raise BadPolicy(f"{name!r} is neither the name of a profile nor a file that ends in .toml")
    path = folder / (name if name.endswith(".toml") else f"{name}.toml")
    try:
        with path.open("rb") as file:
            data = file.read(limits.MAX_CONFIG + 1)
        if len(data) > limits.MAX_CONFIG:
            raise BadPolicy(f"the profile {path} is too big")
        return tomllib.loads(data.decode()), path.parent
    except OSError as why:
        known = ", ".join(NAMES)
        raise NoPolicy(
            f"there is no profile {name} ({path}: {why.strerror}); Stockade's own are {known}"
        ) from None
    except UnicodeDecodeError:
        raise BadPolicy(f"the profile {path} is not UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as why:
        raise BadPolicy(f"the profile {path} is not valid TOML: {why}") from None


def _joined(before: Profile, table: Mapping[str, Any], where: str) -> Profile:
    """`before` with what `table` says: lists add to, everything else replaces."""
    _known(table, _KEYS, where)
    inner = {name: _table(table.get(name, {}), f"{where}, {name}") for name in _TABLES}
    for name, allowed in _TABLES.items():
        _known(inner[name], allowed, f"{where}, [{name}]")
    paths = [
        (kind, _path(one, where))
        for kind in Kind
        for one in _words(inner["paths"].get(kind.value, []), f"{where}, {kind.value}")
    ]
    environment = inner["environment"]
    dropped = set(_words(environment.get("drop", []), f"{where}, drop"))
    keep = [
        *before.keep,
        *(_variable(one, where) for one in _words(environment.get("keep", []), f"{where}, keep")),
    ]
    put = {name: value for name, value in before.put.items() if name not in dropped}
    for name, value in _table(environment.get("set", {}), f"{where}, set").items():
        if not isinstance(value, str):
            raise BadPolicy(f"the profile {where}: {name} is set to something that is no text")
        put[name] = value
    return Profile(
        names=before.names,
        purpose=str(table.get("purpose", before.purpose)),
        network=_one_of(table.get("network", before.network), _NETWORKS, where, "network"),
        hosts=(*before.hosts, *_words(table.get("hosts", []), f"{where}, hosts")),
        required=_one_of(
            table.get("walls", "required" if before.required else "told"), _WALLS, where, "walls"
        )
        == "required",
        paths=(*before.paths, *paths),
        keep=tuple(name for name in dict.fromkeys(keep) if name not in dropped),
        put=put,
        ceilings=_ceilings(before.ceilings, inner["limits"], where),
    )


def _ceilings(before: Ceilings, table: Mapping[str, Any], where: str) -> Ceilings:
    values: dict[str, Any] = {name: getattr(before, name) for name in Ceilings.__dataclass_fields__}
    for name, value in table.items():
        sized = name in {"memory", "file-size", "scratch"}
        values[name.replace("-", "_")] = _size(value, where, name) if sized else _number(value, where, name)
    return Ceilings(**values)


def _size(value: object, where: str, name: str) -> int:
    found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise BadPolicy(f"the profile {where}: {name} takes a size such as '512 MiB'")
    return int(found[1]) * _UNITS[(found[2] or "").upper()]


def _number(value: object, where: str, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 1 << 40:
        raise BadPolicy(f"the profile {where}: {name} takes a whole number above 0")
    return value


def _one_of(value: object, known: tuple[str, ...], where: str, name: str) -> str:
    if value not in known:
        raise BadPolicy(f"the profile {where}: {name} is one of {', '.join(known)}")
    return str(value)


def _path(text: str, where: str) -> str:
    if text.startswith("/") or text.startswith(_PLACES):
        return text
    raise BadPolicy(
        f"the profile {where}: {text!r} must be absolute, or begin with one of {', '.join(_PLACES)}"
    )


def _variable(text: str, where: str) -> str:
    if _VARIABLE.fullmatch(text):
        return text
    raise BadPolicy(
        f"the profile {where}: {text!r} is not the name of a variable, with or without * at its end"
    )


def _words(value: object, where: str) -> list[str]:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    raise BadPolicy(f"the profile {where}: a list of texts is needed")


def _table(value: object, where: str) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise BadPolicy(f"the profile {where}: a table is needed")


def _known(table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for name in table:
        if name not in known:
            raise BadPolicy(f"the profile {where} knows no {name!r}; it may say {', '.join(sorted(known))}")
