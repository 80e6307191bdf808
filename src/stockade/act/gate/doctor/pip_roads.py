"""pip's roads: where its index, or anything else that brings files, is not the gate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from stockade.acquire.index.credentials import shown_url
from stockade.acquire.index.pip_settings import Said, config_files, said, user_file
from stockade.acquire.index.settings import World
from stockade.act.gate.address import is_loopback, of_gate, same
from stockade.act.gate.doctor.roads import Road, State, unset_line
from stockade.errors import UsageError

#: Commands that fetch; a section of that name wins over [global] wherever it stands.
_COMMANDS = ("install", "download", "wheel")
_BESIDE = {
    "extra-index-url": "pip asks another index beside it",
    "find-links": "pip takes files from a page or a folder",
}


def pip_roads(world: World, gate: str) -> list[Road]:
    """Each road of pip's; a configuration that cannot be read is one that nobody knows."""
    try:
        everything = list(said(world))
    except UsageError as why:
        return [Road("pip-settings", State.UNKNOWN, f"pip's configuration: {why}")]
    found = list(_index(everything, world, gate))
    for key, what in _BESIDE.items():
        for one in _winners(everything, key):
            past = [shown_url(url) for url in one.value.split() if not of_gate(url, gate)]
            if past:
                whole = f"{what}: {', '.join(past)} ({where(one)})"
                found.append(Road(f"pip-{key}", State.OPEN, whole, _close(one, world)))
    for one in _winners(everything, "proxy"):
        what = f"pip asks the gate by way of a proxy, which may answer in its place ({where(one)})"
        found.append(Road("pip-proxy", State.OPEN, what, _close(one, world)))
    for one in _winners(everything, "trusted-host"):
        hosts = [host for host in one.value.split() if not is_loopback(f"http://{host}/")]
        if hosts:
            what = f"pip checks no certificate of {', '.join(hosts)} ({where(one)})"
            found.append(Road("pip-trusted-host", State.OPEN, what, _close(one, world)))
    return found


def _index(everything: list[Said], world: World, gate: str) -> Iterator[Road]:
    winners = _winners(everything, "index-url")
    past = [one for one in winners if not same(one.value, gate)]
    for one in past:
        what = f"pip asks {shown_url(one.value)}, not the gate ({where(one)})"
        yield Road("pip-index", State.OPEN, what, _close(one, world))
    if past:
        return
    if winners:
        yield Road("pip-index", State.CLOSED, f"pip asks the gate ({where(winners[0])})")
        return
    named = world.env.get("PIP_CONFIG_FILE")
    hidden = named and user_file(world) not in config_files(world) and user_file(world).exists()
    what = "pip asks its default index, not the gate"
    if hidden:
        yield Road(
            "pip-index",
            State.OPEN,
            f"{what} (PIP_CONFIG_FILE hides the user's file)",
            "unset PIP_CONFIG_FILE",
        )
    else:
        yield Road("pip-index", State.OPEN, what, "stockade enable")


def _winners(everything: Iterable[Said], key: str) -> list[Said]:
    """What counts for each command that fetches, each once."""
    winners: dict[Said, None] = {}
    for command in _COMMANDS:
        best: tuple[int, Said] | None = None
        for one in everything:
            rank = 2 if not one.place else {command: 1, "global": 0}.get(one.section, -1)
            if one.key == key and rank >= 0 and (best is None or rank >= best[0]):
                best = (rank, one)
        if best is not None:
            winners[best[1]] = None
    return list(winners)


def where(one: Said) -> str:
    """Where something stands, for people."""
    return f"[{one.section}] of {one.place}" if one.place else _variable(one.key)


def _variable(key: str) -> str:
    return f"PIP_{key.upper().replace('-', '_')}"


def _close(one: Said, world: World) -> str:
    """The one command that takes it away."""
    if not one.place:
        return f"unset {_variable(one.key)}"
    path = Path(one.place)
    if world.env.get("PIP_CONFIG_FILE") and path == world.cwd / world.env["PIP_CONFIG_FILE"]:
        return "unset PIP_CONFIG_FILE"
    key = f"{one.section}.{one.key}"
    if path == user_file(world):
        return (
            "stockade enable"
            if one.key in {"index-url", "extra-index-url"}
            else f"pip config --user unset {key}"
        )
    if world.env.get("VIRTUAL_ENV") and path == Path(world.env["VIRTUAL_ENV"]) / "pip.conf":
        return f"pip config --site unset {key}"
    if path.is_relative_to(world.home):
        return unset_line(one.key, one.place)
    if one.key == "index-url" and one.section == "global":
        return "stockade enable"  # the user's own file wins over the system's
    return "sudo " + unset_line(one.key, one.place)
