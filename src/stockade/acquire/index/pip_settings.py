"""pip's configuration: which files, in which order, and what they say of the index.

Later ones win, key by key: the system's files, the user's, the environment's ($VIRTUAL_ENV/pip.conf), the one
that PIP_CONFIG_FILE names. Then ``[install]`` wins over ``[global]`` wherever either stands, and a PIP_ variable
wins over both. A list that is set again replaces the former one (pip's documentation, "Configuration").
"""

from __future__ import annotations

import configparser
import os.path
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from stockade import limits
from stockade.acquire.index.credentials import Secret
from stockade.acquire.index.settings import Found, Source, SourceKind, World, source_of
from stockade.errors import UsageError

#: The sections that count for an installation, the stronger one last. ``[download]`` serves `pip download`.
_SECTIONS = ("global", "download", "install")
_KEYS = frozenset(
    {"index-url", "extra-index-url", "no-index", "find-links", "cert", "client-cert", "proxy", "trusted-host"}
    | {"timeout", "default-timeout", "keyring-provider", "constraint", "cache-dir"}
)
#: Values, and where each was found.
Values = dict[str, tuple[str, str]]


def config_files(world: World) -> Iterator[Path]:
    """The files that pip would read here, the weakest first, whether or not they exist."""
    named = world.env.get("PIP_CONFIG_FILE")
    if named == os.path.devnull:
        return
    yield from _system_files(world)
    if not (named and Path(named).exists()):
        yield world.home / ".pip" / "pip.conf"
        yield user_file(world)
    if world.env.get("VIRTUAL_ENV"):
        yield Path(world.env["VIRTUAL_ENV"]) / "pip.conf"
    if named:
        yield world.cwd / named


def read_pip(world: World) -> Found:
    """What pip's files and variables say; raises UsageError where pip itself would refuse to start."""
    values, origin = _values(world)
    origin += [f"PIP_{key.upper().replace('-', '_')}" for key, (_, place) in values.items() if not place]
    sources, has_default = _sources(values, world)
    return Found(
        sources=sources,
        has_default=has_default,
        no_index=_truth(values, "no-index"),
        ca=_ca(values, world),
        client=_path(values, "client-cert", world),
        proxy=_proxy(values),
        trusted=tuple(_words(values, "trusted-host")),
        timeout=_seconds(values),
        keyring=values.get("keyring-provider", ("", ""))[0] in {"import", "subprocess"},
        constraints=tuple(world.located(one) for one in _words(values, "constraint")),
        origin=tuple(origin),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """One key with its value, and where it stands: a file and its section, or a variable ("" for both)."""

    key: str
    value: str
    place: str = ""
    section: str = ""


def said(world: World) -> Iterator[Said]:
    """All that is said anywhere, the weakest first; raises UsageError where pip itself would refuse to start."""
    for path in config_files(world):
        for section, items in _read(path).items():
            yield from (Said(key, value, str(path), section) for key, value in items.items())
    yield from (Said(key, value) for key, value in _variables(world))


def _variables(world: World) -> Iterator[tuple[str, str]]:
    for name, value in world.env.items():
        key = name.removeprefix("PIP_").lower().replace("_", "-")
        if name.startswith("PIP_") and key in _KEYS and value:
            yield key, value


def _system_files(world: World) -> Iterator[Path]:
    if world.platform == "darwin":
        yield world.under_root("/Library/Application Support/pip/pip.conf")
        return
    for folder in (world.env.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"):
        yield world.under_root(folder) / "pip" / "pip.conf"
    yield world.under_root("/etc/pip.conf")


def user_file(world: World) -> Path:
    """The user's own file, which `pip config --user` writes, whether or not it is there."""
    return _user_folder(world) / "pip.conf"


def _user_folder(world: World) -> Path:
    if world.platform == "darwin":
        folder = world.home / "Library" / "Application Support" / "pip"
        return folder if folder.is_dir() else world.home / ".config" / "pip"
    return Path(world.env.get("XDG_CONFIG_HOME") or world.home / ".config") / "pip"


def _values(world: World) -> tuple[Values, list[str]]:
    """Each key's effective value with the file it is from ("" for a variable), and the files that say anything."""
    sections: dict[str, Values] = {section: {} for section in _SECTIONS}
    origin = []
    for path in config_files(world):
        read = _read(path)
        for section in _SECTIONS:
            sections[section] |= {key: (value, str(path)) for key, value in read.get(section, {}).items()}
        if any(read.values()):
            origin.append(str(path))
    values: Values = {}
    for section in _SECTIONS:
        values |= sections[section]
    values |= {key: (value, "") for key, value in _variables(world)}
    return values, origin


def _read(path: Path) -> Mapping[str, Mapping[str, str]]:
    """The sections of one file with the keys we know; {} where there is no such file."""
    if not path.is_file():
        return {}
    parser = configparser.RawConfigParser()
    try:
        with path.open(encoding="utf-8") as file:
            parser.read_string(file.read(limits.MAX_CONFIG))
    except (OSError, UnicodeDecodeError, configparser.Error):
        # The parser's own message quotes the line, and a password may stand in it.
        raise UsageError(f"{path} cannot be read as pip's configuration") from None
    return {section: _known(dict(parser.items(section))) for section in parser.sections()}


def _known(items: Mapping[str, str]) -> dict[str, str]:
    named = {key.lower().replace("_", "-").removeprefix("--"): value for key, value in items.items()}
    return {key: value for key, value in named.items() if key in _KEYS and value}


def _sources(values: Values, world: World) -> tuple[tuple[Source, ...], bool]:
    sources = []
    has_default = "index-url" in values
    if has_default:
        sources.append(source_of(values["index-url"][0], _where(values, "index-url"), world.cwd))
    extra = _words(values, "extra-index-url")
    sources += [source_of(text, _where(values, "extra-index-url"), world.cwd) for text in extra]
    for text in _words(values, "find-links"):
        path = str(world.home) + text[1:] if text.startswith("~/") else text
        sources.append(source_of(path, _where(values, "find-links"), world.cwd, SourceKind.LINKS))
    return tuple(sources), has_default


def _where(values: Values, key: str) -> str:
    place = values[key][1]
    return f"{key} of {place}" if place else f"PIP_{key.upper().replace('-', '_')}"


def _words(values: Values, key: str) -> list[str]:
    return values.get(key, ("", ""))[0].split()


def _truth(values: Values, key: str) -> bool:
    """pip's own reading of a switch; raises UsageError for what is neither."""
    text = values.get(key, ("", ""))[0].strip().lower()
    if text in {"", "n", "no", "f", "false", "off", "0"}:
        return False
    if text in {"y", "yes", "t", "true", "on", "1"}:
        return True
    raise UsageError(f"{_where(values, key)} is neither true nor false")


def _path(values: Values, key: str, world: World) -> Path | None:
    text = values.get(key, ("", ""))[0].strip()
    if not text:
        return None
    return world.located(text)


def _ca(values: Values, world: World) -> Path | None:
    """The bundle that pip would use: its own option, then what requests reads from the environment."""
    configured = _path(values, "cert", world)
    if configured:
        return configured
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        if world.env.get(name):
            return world.cwd / world.env[name]
    return None


def _proxy(values: Values) -> Secret | None:
    text = values.get("proxy", ("", ""))[0].strip()
    if not text:
        return None
    return Secret(text if "://" in text else f"http://{text}")


def _seconds(values: Values) -> float | None:
    for key in ("timeout", "default-timeout"):
        if key in values:
            try:
                return float(values[key][0])
            except ValueError:
                raise UsageError(f"{_where(values, key)} is not a number of seconds") from None
    return None
