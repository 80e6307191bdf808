"""``stockade jail -- COMMAND``: a command with this project, the system, and nothing else in reach."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from stockade.acquire.jail.launch import DEVNULL, Inmate, Mechanism, available, launch
from stockade.acquire.jail.machine import Added, Here
from stockade.acquire.jail.plan import Kind, Listener
from stockade.acquire.jail.profile import NAMES, Profile
from stockade.acquire.jail.spliced import spliced
from stockade.acquire.jail.walls import MEANING
from stockade.cli.jailed import Wanted, here, plan_of, profile_of, shut_in
from stockade.cli.run import Places, behind_gate, gate_arguments
from stockade.errors import UsageError
from stockade.model.decision import Exit

#: Where caches of installers lie inside, and go with the jail: what runs there could put anything into one.
_CACHE = Path("/tmp/cache")  # noqa: S108 - a folder in the jail's own memory


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "words",
        nargs=argparse.REMAINDER,
        metavar="-- COMMAND",
        help="what to run: python train.py, pytest, a shell",
    )
    parser.add_argument(
        "--profile",
        default="run",
        metavar="NAME",
        help=f"what stands around it: {', '.join(NAMES)}, one of your own by name, or a file that ends in .toml"
        " (default: run)",
    )
    parser.add_argument(
        "--mechanism",
        choices=tuple(Mechanism),
        help="what builds the walls (default: bubblewrap where it is installed, else landlock)",
    )
    parser.add_argument(
        "--walls",
        choices=("required", "told"),
        help="whether a wall that cannot be built here is fatal, or told (default: as the profile says)",
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help="run nothing; tell what it could reach, and which walls stand here",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help="let it reach this host by a proxy that looks at names: a.example, *.a.example, a.example:8443",
    )
    parser.add_argument(
        "--read", action="append", default=[], metavar="PATH", help="show this too, to be read"
    )
    parser.add_argument(
        "--write", action="append", default=[], metavar="PATH", help="show this too, to be written"
    )
    gate_arguments(parser)


def run(given: argparse.Namespace) -> Exit | int:
    """Run the command; ends as it did."""
    words = given.words[1:] if given.words[:1] == ["--"] else given.words
    wanted = Wanted(
        words=words,
        profile=given.profile,
        mechanism=given.mechanism,
        walls=given.walls,
        read=given.read,
        write=given.write,
        keep_env=given.keep_env,
    )
    profile = profile_of(wanted)
    if given.allow_host:
        if profile.network == "gate":
            raise UsageError("--allow-host would lead past the gate that this profile has")
        profile = replace(profile, network="hosts", hosts=(*profile.hosts, *given.allow_host))
    if given.explain:
        print(explained(wanted, profile, here()), end="")
        return Exit.ALLOWED
    if not words:
        raise UsageError("say what to run: stockade jail -- python train.py")
    if profile.network == "hosts":
        return _with_hosts(wanted, profile)
    if profile.network != "gate":
        return shut_in(plan_of(wanted, profile, here()), wanted, profile)
    available(wanted.mechanism, os.environ)

    def start(words: Sequence[str], environment: dict[str, str], places: Places) -> int:
        return _gated(replace(wanted, words=tuple(words)), profile, environment, places)

    return behind_gate(given, words, start)


def _with_hosts(wanted: Wanted, profile: Profile) -> int:
    """In a network where the named hosts are all there is, whatever address is asked for."""
    from stockade.acquire.jail.hosts import Hosts, Rules
    from stockade.act.report.shown import shown

    def heard(refusal: str) -> None:
        print(f"stockade: {shown(refusal)}", file=sys.stderr)

    try:
        hosts = Hosts(Rules(profile.hosts), heard)
    except ValueError as why:
        raise UsageError(f"the hosts of this jail: {why}") from None
    plan = plan_of(wanted, profile, here(), Added(variables=hosts.variables))
    plan = replace(plan, listeners=hosts.listeners, everywhere=True)

    def serving(inmate: Inmate, stack: ExitStack) -> None:
        stack.enter_context(hosts.serving(inmate.sockets))

    return shut_in(plan, wanted, profile, serving)


def _gated(wanted: Wanted, profile: Profile, environment: Mapping[str, str], places: Places) -> int:
    """In a network where the gate is all there is, at the address that it has outside."""
    given = {name: value for name, value in environment.items() if os.environ.get(name) != value}
    given |= _index_variables(places.indexes) if "PIP_INDEX_URL" not in given else {}
    given |= _caches(environment)
    plan = plan_of(wanted, profile, here(), Added(read=(places.folder,), variables=given))
    gate = ("127.0.0.1", places.port)
    plan = replace(plan, listeners=(Listener(address=gate[0], port=gate[1]),))

    def serving(inmate: Inmate, stack: ExitStack) -> None:
        stack.enter_context(spliced(inmate.sockets[0], gate))

    return shut_in(plan, wanted, profile, serving)


def _index_variables(indexes: Sequence[str]) -> dict[str, str]:
    """What is configured outside, since no configuration is in the jail's home."""
    if not indexes:
        return {}
    first, others = indexes[0], " ".join(indexes[1:])
    more = {"PIP_EXTRA_INDEX_URL": others, "UV_INDEX": others} if others else {}
    return {"PIP_INDEX_URL": first, "UV_DEFAULT_INDEX": first, **more}


def _caches(environment: Mapping[str, str]) -> dict[str, str]:
    from stockade.act.gate.environment import CACHES

    found = {name: str(_CACHE / folder) for name, folder in CACHES.items() if name in environment}
    return {**found, "UV_LINK_MODE": "copy"}


def explained(wanted: Wanted, profile: Profile, machine: Here) -> str:
    """What the profile comes to on this machine. The walls are tried, not promised."""
    plan = plan_of(wanted, profile, machine)
    mechanism, program = available(wanted.mechanism, os.environ)
    lines = [f"profile: {' < '.join(profile.names)}: {profile.purpose}"]
    lines.append(f"mechanism: {mechanism}{f' ({program})' if program else ''}")
    for kind, heading in _HEADINGS.items():
        lines += _listed(heading, [str(one.target) for one in plan.mounts if one.kind is kind])
    lines.append(f"folder: {plan.folder}")
    lines += _listed("variables", sorted(plan.environment))
    lines.append(f"network: {_NETWORKS[profile.network]}")
    lines += _listed("hosts", profile.hosts if profile.network == "hosts" else ())
    ceilings = {name: getattr(plan.ceilings, name) for name in plan.ceilings.__dataclass_fields__}
    lines += _listed(
        "limits", [f"{name.replace('_', '-')} {value}" for name, value in ceilings.items() if value]
    )
    lines.append(f"walls ({'each is required' if profile.required else 'a missing one is told'}):")
    with launch(plan, ("true",), stdin=DEVNULL, stdout=DEVNULL, mechanism=wanted.mechanism) as inmate:
        inmate.wait()
        for wall in inmate.walls:
            state = "stands" if wall.up else f"MISSING ({wall.why})"
            lines.append(f"  {wall.name:17} {state}: {MEANING[wall.name]}")
    return "\n".join(lines) + "\n"


_HEADINGS = {
    Kind.READ: "to be read",
    Kind.WRITE: "to be read and written",
    Kind.EMPTY: "empty at the start, and gone at the end",
    Kind.HIDDEN: "hidden",
}
_NETWORKS = {
    "none": "none: a loopback of its own, and nobody on it",
    "gate": "the gate alone, which judges what is installed (as `stockade run`)",
    "hosts": "the named hosts alone, by a proxy that looks at names",
    "host": "all of this machine's: it can send away whatever it can read",
}


def _listed(heading: str, words: Sequence[str]) -> list[str]:
    return [f"{heading}: {', '.join(words)}"] if words else []
