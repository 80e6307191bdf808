"""Where Stockade keeps its files, and where it looks for the ones that people write."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stockade import limits
from stockade.errors import BadPolicy, NoPolicy

POLICY_NAME = "stockade.toml"
WAIVERS_NAME = "stockade-waivers.toml"
_TABLE = ("tool", "stockade")


def cache_folder(environ: Mapping[str, str]) -> Path:
    """STOCKADE_CACHE_DIR, else the platform's cache folder (XDG on Linux); need not exist."""
    if chosen := environ.get("STOCKADE_CACHE_DIR"):
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("stockade", appauthor=False))


def config_folder(environ: Mapping[str, str]) -> Path:
    """STOCKADE_CONFIG_DIR, else the platform's configuration folder; need not exist."""
    if chosen := environ.get("STOCKADE_CONFIG_DIR"):
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_config_dir("stockade", appauthor=False))


def data_folder(environ: Mapping[str, str]) -> Path:
    """STOCKADE_DATA_DIR, else the platform's folder for what a person would miss; need not exist."""
    if chosen := environ.get("STOCKADE_DATA_DIR"):
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_data_dir("stockade", appauthor=False))


def reference_path(environ: Mapping[str, str]) -> Path:
    """Where `stockade reference build` puts the reference of known projects, and others look for it."""
    return data_folder(environ) / "reference.bin"


def names_path(environ: Mapping[str, str]) -> Path:
    """Where `stockade reference update` puts the table of well-known names, and others look for it."""
    return data_folder(environ) / "names.bin"


def feeds_folder(environ: Mapping[str, str]) -> Path:
    """Where `stockade feed sync` puts copies of advisories, and others look for them."""
    return data_folder(environ) / "feeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """A policy as found: its text, and in which table of it the policy stands (() for stockade.toml)."""

    path: Path
    text: str
    table: tuple[str, ...] = ()


def find_policy(start: Path, environ: Mapping[str, str], *, named: Path | None = None) -> PolicyFile | None:
    """The policy in force, or None for the built-in defaults.

    1. `named` (--policy), which must exist. 2. From `start` upwards: stockade.toml, or a pyproject.toml
    with [tool.stockade]; the nearest folder wins, and in it stockade.toml; another user's is refused.
    3. stockade.toml in the configuration folder. Raises NoPolicy, and BadPolicy for a file that cannot be
    read or is no text.
    """
    if named is not None:
        text = _read(named)
        if named.is_dir():
            raise NoPolicy(f"{named} is a folder; name the policy file in it")
        if text is None:
            raise NoPolicy(f"there is no policy file {named}")
        table = _TABLE if named.name == "pyproject.toml" else ()
        return PolicyFile(path=named, text=text, table=table)
    for folder in (start, *start.parents):
        if found := _in(folder):
            _trusted(found.path, start)
            return found
    path = config_folder(environ) / POLICY_NAME
    text = _read(path)
    return None if text is None else PolicyFile(path=path, text=text)


def waivers_path(policy: PolicyFile | None, environ: Mapping[str, str]) -> Path:
    """The waiver file: beside the policy file if there is one, else in the configuration folder."""
    folder = policy.path.parent if policy else config_folder(environ)
    return folder / WAIVERS_NAME


def _in(folder: Path) -> PolicyFile | None:
    path = folder / POLICY_NAME
    if (text := _read(path)) is not None:
        return PolicyFile(path=path, text=text)
    path = folder / "pyproject.toml"
    text = _read(path)
    # The plain look saves parsing every pyproject.toml on the way up.
    if text is not None and "stockade" in text and _has_table(text):
        return PolicyFile(path=path, text=text, table=_TABLE)
    return None


def _trusted(path: Path, start: Path) -> None:
    """A policy further up counts only if it is ours, root's, or of the owner of `start`.

    Otherwise anyone could turn a check off by putting a stockade.toml into /tmp.
    """
    if path.stat().st_uid not in {os.geteuid(), 0, start.stat().st_uid}:
        raise BadPolicy(f"{path} belongs to another user; name it with --policy if you trust it")


def _has_table(text: str) -> bool:
    """Whether it has [tool.stockade]; a pyproject.toml that is no TOML is not ours to judge."""
    import tomllib

    try:
        tool = tomllib.loads(text).get("tool")
    except (ValueError, RecursionError):
        return False
    return isinstance(tool, dict) and "stockade" in tool


def _read(path: Path) -> str | None:
    """The text of a small file, None if it isn't there; raises BadPolicy if it cannot be had."""
    try:
        with path.open("rb") as file:
            raw = file.read(limits.MAX_POLICY + 1)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as why:
        raise BadPolicy(f"{path} cannot be read: {why.strerror}") from None
    if len(raw) > limits.MAX_POLICY:
        raise BadPolicy(f"{path} is larger than {limits.MAX_POLICY} bytes")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadPolicy(f"{path} is not UTF-8 text") from None
