"""A jail from the command line, on the shortest way: what is imported here is paid by every jailed command."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from stockade.acquire.jail import walls as names
from stockade.acquire.jail.launch import Inmate, launch
from stockade.acquire.jail.machine import Added, Here, planned, program
from stockade.acquire.jail.plan import Plan
from stockade.acquire.jail.profile import NAMES, Profile, load
from stockade.acquire.jail.terminal import attached
from stockade.confine import Wall
from stockade.errors import JailFailed, UsageError

#: Without these it would be no jail, whatever a profile says.
_ALWAYS = frozenset((names.FILES, names.NETWORK, names.PRIVILEGES, names.CALLS, names.OTHERS))
_VALUES = ("--profile", "--mechanism", "--walls")
_LISTS = ("--read", "--write", "--keep-env")


@dataclass(slots=True)
class Wanted:
    """What the command line asks for."""

    words: Sequence[str]
    profile: str = "run"
    mechanism: str | None = None
    walls: str | None = None
    read: Sequence[str] = ()
    write: Sequence[str] = ()
    keep_env: Sequence[str] = ()


def quick(words: Sequence[str]) -> int | None:
    """A jailed command whose command line has nothing unusual; None where it has, and the long way is to be gone."""
    wanted = Wanted(words=())
    rest = list(words)
    while rest and rest[0] != "--":
        name, is_joined, value = rest.pop(0).partition("=")
        if name not in (*_VALUES, *_LISTS) or not (is_joined or rest):
            return None
        value = value if is_joined else rest.pop(0)
        field = name.removeprefix("--").replace("-", "_")
        setattr(wanted, field, value if name in _VALUES else [*getattr(wanted, field), value])
    wanted.words = rest[1:]
    if not wanted.words or wanted.mechanism not in (None, "bubblewrap", "landlock"):
        return None
    if wanted.walls not in (None, "required", "told"):
        return None
    profile = profile_of(wanted)
    if profile.network in ("gate", "hosts"):
        return None
    return shut_in(plan_of(wanted, profile, here()), wanted, profile)


def here() -> Here:
    """This machine."""
    return Here(environ=os.environ, home=Path(os.path.expanduser("~")), folder=Path.cwd())


def profile_of(wanted: Wanted) -> Profile:
    """The profile that is asked for, by name or path."""
    folder = Path()
    if wanted.profile not in NAMES and "/" not in wanted.profile and not wanted.profile.endswith(".toml"):
        folder = _own_folder()
    found = load(wanted.profile, folder)
    return found if wanted.walls is None else replace(found, required=wanted.walls == "required")


def _own_folder() -> Path:
    """Where a person's own profiles lie."""
    if chosen := os.environ.get("STOCKADE_CONFIG_DIR"):
        return Path(chosen) / "jail"
    from stockade.remember.folders import config_folder

    return config_folder(os.environ) / "jail"


def plan_of(wanted: Wanted, profile: Profile, machine: Here, added: Added | None = None) -> Plan:
    """The plan; raises UsageError where there is no such command."""
    if wanted.words and program(wanted.words, machine) is None:
        raise UsageError(f"there is no command {wanted.words[0]!r}")
    added = added or Added()
    return planned(
        profile,
        machine,
        wanted.words,
        replace(
            added,
            read=(*added.read, *(_path(one) for one in wanted.read)),
            write=(*added.write, *(_path(one) for one in wanted.write)),
            keep=(*added.keep, *wanted.keep_env),
        ),
    )


def _path(text: str) -> Path:
    found = Path(os.path.abspath(text))
    if not found.exists():
        raise UsageError(f"there is no {text}")
    return found


def consent(profile: Profile) -> Callable[[tuple[Wall, ...]], None]:
    """Whether the walls that stand are enough: what is down is told, or fatal."""

    def judged(walls: tuple[Wall, ...]) -> None:
        down = [wall for wall in walls if not wall.up]
        for wall in down:
            print(f"stockade: no wall against {names.MEANING[wall.name]}: {wall.why}", file=sys.stderr)
        fatal = [wall.name for wall in down if profile.required or wall.name in _ALWAYS]
        if fatal:
            raise JailFailed(f"without every wall nothing is run, and these are missing: {', '.join(fatal)}")

    return judged


def shut_in(
    plan: Plan,
    wanted: Wanted,
    profile: Profile,
    serving: Callable[[Inmate, ExitStack], None] = lambda inmate, stack: None,
) -> int:
    """Run the command behind the plan's walls; returns its exit code. `serving` serves the plan's listeners."""
    with attached() as ends, ExitStack() as stack:
        inmate = stack.enter_context(
            launch(
                plan,
                wanted.words,
                stdin=ends.streams[0],
                stdout=ends.streams[1],
                stderr=ends.streams[2],
                mechanism=wanted.mechanism,
                terminal=ends.terminal,
                consent=consent(profile),
            )
        )
        serving(inmate, stack)
        code = ends.follow(inmate)
    if inmate.overdue:
        print(
            f"stockade: ended after {plan.ceilings.seconds:.0f} s, which the profile allows", file=sys.stderr
        )
    return code
