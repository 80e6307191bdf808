"""The roads of the machine: whether the gate answers, caches from before it, files with logins that others can read."""

from __future__ import annotations

import http.client
import json
import os
import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from stockade import limits
from stockade.acquire.index import pip_settings, uv_settings
from stockade.acquire.index.settings import World, netrc_file
from stockade.acquire.sources.texts import text_of
from stockade.act.gate.address import health_url, is_loopback
from stockade.act.gate.doctor.roads import Road, State
from stockade.act.gate.journal import Journal
from stockade.errors import UsageError
from stockade.workers import Wall, missing

#: Folders of the caches that hold files, not pages of an index.
_PIP_FILES = ("http", "http-v2", "wheels", "selfcheck-http")
_UV_FILES = re.compile(r"(?:archive|wheels|built-wheels|sdists|git)-v\d+")
_SECONDS = 1.0
#: A health page has some hundred bytes.
_PAGE = 4096
_LOGIN = re.compile(r"://[^/\s\"']*:[^/\s\"']*@")


def gate_road(gate: str, journal: Journal | None, *, ask: bool) -> Road:
    """Whether the gate answers at its health page; another machine is asked only with `ask`."""
    if not (ask or is_loopback(gate)):
        return Road("gate", State.ADVICE, f"the gate {gate} was not asked", "stockade doctor --ask-gate")
    why = answers(health_url(gate))
    if not why:
        return Road("gate", State.CLOSED, f"the gate answers at {gate}")
    if journal is None:
        return Road(
            "gate", State.ADVICE, f"no gate answers at {gate} ({why}), and none is in use", "stockade serve"
        )
    what = f"the gate does not answer at {gate} ({why}): installs fail"
    if is_loopback(gate):
        what += ", and whoever takes its port on this machine answers in its place"
    return Road("gate", State.OPEN, what, "stockade serve")


def answers(url: str) -> str:
    """Why a health page does not answer, "" where it does; asked straight, past every proxy."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    asked = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        asked.request("GET", parts.path)
        got = asked.getresponse()
        body = got.read(_PAGE)
    except (OSError, http.client.HTTPException) as why:
        return (why.strerror if isinstance(why, OSError) else "") or type(why).__name__
    finally:
        asked.close()
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or "stockade" not in told:
        return f"what answers there is no gate, status {got.status}"
    return "" if got.status == http.client.OK else f"it says: {told.get('trouble', '')}"


def cache_roads(world: World, since: datetime | None) -> Iterator[Road]:
    """The installers' caches with files from before the gate was in use (`since`; None: it is not)."""
    pip, uv = _pip_cache(world), _uv_cache(world)
    folders = {
        "pip": (pip, [pip / name for name in _PIP_FILES], "pip cache purge"),
        "uv": (uv, [one for one in _entries(uv) if _UV_FILES.fullmatch(one.name)], "uv cache clean"),
    }
    for name, (folder, inner, close) in folders.items():
        state = _filled(inner, since)
        if state is None:
            yield Road(f"{name}-cache", State.CLOSED, f"{name}'s cache holds nothing from before the gate")
        else:
            what = f"{name}'s cache holds files that {state}, and takes them unasked ({folder})"
            yield Road(f"{name}-cache", State.OPEN, what, close)


def _filled(folders: list[Path], since: datetime | None) -> str | None:
    """What is the matter with the files in `folders`; None where nothing is.

    The time of the last change of an entry is the kernel's word: an archive that is unpacked cannot set it.
    """
    seen = 0
    waiting = [(folder, 0) for folder in folders]
    while waiting:
        folder, depth = waiting.pop()
        for one in _entries(folder):
            seen += 1
            if since is None:
                return "nobody judged"
            if _changed(one) < since.timestamp():
                return "are from before the gate was in use"
            if seen > limits.MAX_CACHE_LOOKED_AT:
                return "are too many to look at"
            if depth < 3 and one.is_dir() and not one.is_symlink():
                waiting.append((one, depth + 1))
    return None


def _changed(path: Path) -> float:
    try:
        return path.lstat().st_ctime
    except OSError:
        return float("inf")


def _entries(folder: Path) -> list[Path]:
    try:
        return [Path(one) for one in os.scandir(folder)]
    except OSError:
        return []


def _pip_cache(world: World) -> Path:
    try:
        told = [one.value for one in pip_settings.said(world) if one.key == "cache-dir"]
    except UsageError:
        told = []
    if told:
        return world.located(told[-1])
    if world.platform == "darwin":
        return world.home / "Library" / "Caches" / "pip"
    return _caches(world) / "pip"


def _uv_cache(world: World) -> Path:
    named = world.env.get("UV_CACHE_DIR")
    if named:
        return world.located(named)
    try:
        told = [
            one["cache-dir"] for _, one in uv_settings.said(world) if isinstance(one.get("cache-dir"), str)
        ]
    except UsageError:
        told = []
    return world.located(told[0]) if told else _caches(world) / "uv"


def _caches(world: World) -> Path:
    return Path(world.env.get("XDG_CACHE_HOME") or world.home / ".cache")


def login_roads(world: World) -> Iterator[Road]:
    """Files that hold logins and that others can read."""
    netrc = netrc_file(world)
    if netrc is not None and _readable(netrc):
        yield _private("netrc", netrc)
    for path in (pip_settings.user_file(world), uv_settings.user_file(world)):
        if _readable(path) and _LOGIN.search(text_of(path, limits.MAX_CONFIG)):
            yield _private("login", path)


def _private(name: str, path: Path) -> Road:
    what = f"{path} holds logins, and others on this machine can read it"
    return Road(f"{name}-readable", State.OPEN, what, f"chmod 600 {shlex.quote(str(path))}")


def _readable(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False


def wall_roads(walls: tuple[Wall, ...]) -> Iterator[Road]:
    """The analyser's walls that are down with nothing else in their place."""
    down = missing(walls)
    for wall in down:
        what = f"the analyser runs without the wall {wall.name}: {wall.why}"
        yield Road("wall-down", State.OPEN, what)
    if not down:
        yield Road("walls", State.CLOSED, "the analyser runs behind its walls")
