"""uv's roads: indexes before the gate, pages of links, sources that are no index, and variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stockade.acquire.index.credentials import shown_url
from stockade.acquire.index.settings import SourceKind, World
from stockade.acquire.index.uv_settings import proxies_set, read_uv, said, user_file
from stockade.act.gate.address import of_gate, same
from stockade.act.gate.doctor.roads import Road, State, unset_line
from stockade.errors import UsageError

_URLS = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")
_GUARDED = "stockade run -- uv sync"


def uv_roads(world: World, gate: str) -> list[Road]:
    """Each road of uv's; a configuration that cannot be read is one that nobody knows."""
    try:
        found = read_uv(world)
        files = list(said(world))
    except UsageError as why:
        return [Road("uv-settings", State.UNKNOWN, f"uv's configuration: {why}")]
    roads = list(_variables(world, gate))
    indexes = [one for one in found.sources if one.kind is not SourceKind.LINKS]
    default = indexes[-1].url if found.has_default else ""
    if same(default, gate):
        roads.append(Road("uv-index", State.CLOSED, "uv asks the gate"))
    elif not any(same(default, one) for one in _words(world.env.get("UV_DEFAULT_INDEX", ""))):
        roads.append(_default(world, default, files, gate))
    for place in proxies_set(world):
        what = f"uv asks the gate by way of a proxy, which may answer in its place ({place})"
        roads.append(Road("uv-proxy", State.OPEN, what, unset_line("https*-proxy", place)))
    for place, settings in files:
        roads += _beside(place, settings, world, gate)
    return list(dict.fromkeys(roads))


def _default(world: World, default: str, files: list[tuple[str, Mapping[str, Any]]], gate: str) -> Road:
    """Where uv's default index is something else, and what makes it the gate."""
    what = f"uv asks {shown_url(default) if default else 'its default index'}, not the gate"
    for name in ("UV_NO_CONFIG", "UV_CONFIG_FILE"):
        if world.env.get(name):
            return Road("uv-index", State.OPEN, f"{what} ({name} hides the user's file)", f"unset {name}")
    own = str(user_file(world))
    place = next((place for place, settings in files if _names(settings, default)), own)
    if place != own and _of_project(place, world):
        return Road("uv-project-index", State.OPEN, f"{what} ({place})", _GUARDED)
    return Road("uv-index", State.OPEN, what, "stockade enable")


def _of_project(place: str, world: World) -> bool:
    return Path(place).parent in (world.cwd, *world.cwd.parents)


def _names(settings: Mapping[str, Any], url: str) -> bool:
    return any(same(one, url) for _, one in _listed(settings))


def _listed(settings: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    """The URLs of a file's indexes, and whether each is asked beside the default one."""
    listed = settings.get("index", [])
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):
            yield one.get("default") is not True, str(one.get("url", ""))
    if isinstance(settings.get("index-url"), str):
        yield False, settings["index-url"]
    yield from ((True, one) for one in _texts(settings.get("extra-index-url")))


def _beside(place: str, settings: Mapping[str, Any], world: World, gate: str) -> Iterator[Road]:
    """What a file names beside the default index."""
    own = "project" if _of_project(place, world) else "user"
    for beside, url in _listed(settings):
        if beside and not of_gate(url, gate):
            what = f"uv asks another index before the gate: {shown_url(url)} ({place})"
            yield Road(f"uv-{own}-index", State.OPEN, what, _GUARDED)
    for url in _texts(settings.get("find-links")):
        yield Road("uv-find-links", State.OPEN, f"uv takes files from {shown_url(url)} ({place})", _GUARDED)
    hosts = _texts(settings.get("allow-insecure-host"))
    if hosts:
        what = f"uv checks no certificate of {', '.join(hosts)} ({place})"
        yield Road("uv-insecure-host", State.OPEN, what, unset_line("allow-insecure-host", place))
    sources = settings.get("sources")
    for name, entry in (sources if isinstance(sources, dict) else {}).items():
        for one in entry if isinstance(entry, list) else [entry]:
            direct = next((key for key in ("git", "url") if isinstance(one, dict) and key in one), "")
            if direct:
                what = f"uv fetches {name} from {shown_url(str(one[direct]))}, which is no index ({place})"
                yield Road("uv-project-source", State.OPEN, what, _GUARDED)


def _variables(world: World, gate: str) -> Iterator[Road]:
    for name in _URLS:
        past = [shown_url(one) for one in _words(world.env.get(name, "")) if not of_gate(one, gate)]
        if past:
            yield Road("uv-variable", State.OPEN, f"uv asks {', '.join(past)} ({name})", f"unset {name}")
    if world.env.get("UV_INSECURE_HOST"):
        what = "uv checks no certificate of some hosts (UV_INSECURE_HOST)"
        yield Road("uv-insecure-host", State.OPEN, what, "unset UV_INSECURE_HOST")


def _words(text: str) -> list[str]:
    """URLs of a variable, without the name that each may have and without logins."""
    found = []
    for word in text.replace(",", " ").split():
        name, _, rest = word.partition("=")
        found.append(shown_url(rest if "://" in rest and "/" not in name else word))
    return found


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
