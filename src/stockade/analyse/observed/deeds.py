"""What an artifact did when it was run, of all that processes do: what few do unasked."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from stockade import limits
from stockade.analyse.observed.facts import PHASES, AskedMachine, Opened, Settled, Started
from stockade.model.evidence import Phase
from stockade.model.observation import Act, Event, Observation, Stage

#: Addresses that tell a machine of a cloud who it is.
_MACHINES = frozenset({"169.254.169.254", "100.100.100.200", "169.254.170.2", "169.254.0.23"})
_LOGIN = re.compile(
    r"/(\.bashrc|\.bash_profile|\.bash_login|\.profile|\.zshrc|\.zprofile|\.zshenv|\.zlogin|\.config/fish/config\.fish"
    r"|\.config/fish/conf\.d/[^/]+|\.config/autostart/[^/]+|\.config/systemd/user/.+|\.ssh/(authorized_keys|rc)"
    r"|Library/LaunchAgents/[^/]+|var/spool/cron/.+|etc/(cron[^/]*/.+|profile\.d/[^/]+|ld\.so\.preload))\Z"
)
_STARTUP = re.compile(r"/site-packages/([^/]+\.(pth|start)|sitecustomize\.py|usercustomize\.py)\Z")


def deeds(seen: Observation) -> Iterator[object]:
    """Facts of what was opened, asked, started and left behind."""
    yield from _opened(seen)
    yield from _asked(seen)
    yield from _started(seen)
    yield from _settled(seen)


def _opened(seen: Observation) -> Iterator[Opened]:
    places = {one.where for one in seen.decoys if one.where.startswith("~/")}
    ends: dict[str, list[str]] = {}
    for place in places:
        ends.setdefault(place.rpartition("/")[2], []).append(place)
    held: dict[Phase, set[str]] = {}
    for event in seen.events:
        if event.act is Act.READ:
            for place in ends.get(event.what.rpartition("/")[2], ()):
                if event.what.endswith(place[1:]):
                    held.setdefault(PHASES[event.stage], set()).add(place)
    for phase, files in held.items():
        yield Opened(files=tuple(sorted(files)), phase=phase)


def _asked(seen: Observation) -> Iterator[AskedMachine]:
    had = set()
    for one in seen.exchanges:
        key = (one.host, one.stage)
        if one.host in _MACHINES and one.protocol in {"http", "https"} and key not in had:
            had.add(key)
            yield AskedMachine(address=one.host, what=one.summary, phase=PHASES[one.stage])


def _started(seen: Observation) -> Iterator[Started]:
    """What was written first and executed later. A build makes programs and tries them, each in folders of its own."""
    written: set[str] = set()
    had: set[str] = set()
    for event in seen.events:
        if event.act is Act.WRITE:
            path = _made(event.what)
            if path and "/.venv/" not in path and (event.stage is not Stage.BUILD or "/home/" in path):
                written.add(path)
        elif event.act is Act.EXECUTE and written:
            path = next((word for word in _words(event) if word in written and word not in had), "")
            if path:
                had.add(path)
                yield Started(path=path, command=event.what, phase=PHASES[event.stage])


def _words(event: Event) -> tuple[str, ...]:
    """The program; and what it is told, where nothing is built."""
    try:
        words = tuple(shlex.split(event.what))
    except ValueError:
        words = tuple(event.what.split(" "))
    return words[:1] if event.stage is Stage.BUILD else words[: limits.MAX_SEEN_WORDS]


def _made(what: str) -> str:
    """The file that a change leaves: ``rename A -> B`` leaves B."""
    if what.startswith("/"):
        return what
    verb, _, rest = what.partition(" ")
    if verb == "rename":
        return rest.rpartition(" -> ")[2]
    return rest.partition(" -> ")[0] if verb == "link" else ""


def _settled(seen: Observation) -> Iterator[Settled]:
    had = set()
    for event in seen.events:
        path = _made(event.what) if event.act is Act.WRITE else ""
        # Installing is what puts files there; what a build writes lies in folders of its own.
        own = event.stage in {Stage.BUILD, Stage.INSTALL}
        if path and path not in had and (_LOGIN.search(path) or (not own and _STARTUP.search(path))):
            had.add(path)
            yield Settled(path=path, phase=PHASES[event.stage])
