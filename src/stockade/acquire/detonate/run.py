"""Detonation: an artifact is built, installed, imported and used, each behind walls of its own, and watched.

    house, decoys -> build -> install -> start-up -> import -> scripts -> use -> Observation

Nothing here decides anything: what was seen is handed on. The world comes in by Protocols: who builds walls (`Launch`),
the network that leads nowhere (`Nowhere`), and who brings what it needs (`Supplies`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from socket import socket
from subprocess import DEVNULL
from typing import IO, Protocol, Self

from stockade import limits
from stockade.acquire.detonate.house import House, names_in, read_plain
from stockade.acquire.detonate.stages import Item, Items
from stockade.acquire.detonate.watch.observer import Observer, Seen
from stockade.acquire.jail.plan import Ceilings, Listener, Mount, Network, Plan
from stockade.confine import Wall, missing
from stockade.errors import DetonationRefused
from stockade.model.artifact import Artifact, Kind
from stockade.model.evidence import Gap, GapKind
from stockade.model.observation import Act, Decoy, Event, Exchange, Observation, Ran, Stage
from stockade.model.record import bounded


class Inmate(Protocol):
    """What runs behind walls (acquire.jail.launch)."""

    @property
    def sockets(self) -> Sequence[socket]: ...
    @property
    def listener(self) -> int | None: ...
    @property
    def walls(self) -> tuple[Wall, ...]: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def kill(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *why: object) -> None: ...


class Launch(Protocol):
    """Starts a command behind the walls of a plan."""

    def __call__(
        self, plan: Plan, command: Sequence[str], *, stdin: int, stdout: IO[bytes], stderr: IO[bytes]
    ) -> Inmate: ...


class Nowhere(Protocol):
    """The network that leads nowhere (acquire.detonate.network)."""

    @property
    def listeners(self) -> Sequence[Listener]: ...

    @property
    def gaps(self) -> Sequence[Gap]: ...

    def listen(self, port: int, *, stream: bool = True) -> bool:
        """Listen on one more port from the next run on; False where that is done already, or there are too many."""

    def serving(
        self, sockets: Sequence[socket], stage: Stage, started: float
    ) -> AbstractContextManager[list[Exchange]]:
        """Answers on `sockets` while it is open; gives the list that exchanges are added to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """Wheels that were judged and may be used; and what could not be had."""

    wheels: tuple[Artifact, ...] = ()
    gaps: tuple[Gap, ...] = ()


class Supplies(Protocol):
    """Brings what an artifact needs; nothing of it is installed that was not judged before."""

    def building(self, requires: Sequence[str]) -> Supplied: ...
    def running(self, wheel: Path) -> Supplied: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bait:
    """What was laid out: decoys, those of the environment as variables, those for arguments as seeds (pattern of a
    parameter's name, decoy for a constructor, decoy for a call)."""

    decoys: tuple[Decoy, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    seeds: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a detonation is handed. `mounts` is what of the system is shown, `ceilings` what each thing may use."""

    launch: Launch
    mounts: Sequence[Mount]
    ceilings: Ceilings
    nowhere: Nowhere
    supplies: Supplies
    bait: Bait
    now: Callable[[], datetime]
    heard: Callable[[str], None] = lambda what: None


def detonate(artifact: Artifact, house: House, world: World) -> Observation:
    """Everything that was seen of `artifact`; raises DetonationRefused where a wall is missing."""
    return _Detonation(artifact, house, world).observation()


class _Detonation:
    def __init__(self, artifact: Artifact, house: House, world: World) -> None:
        self._artifact, self._house, self._world = artifact, house, world
        self._items = Items(house)
        self._started, self._at = time.monotonic(), world.now()
        self._walls: tuple[Wall, ...] = ()
        self._ran: list[Ran] = []
        self._events: list[Event] = []
        self._exchanges: list[Exchange] = []
        self._gaps: list[Gap] = []
        self._told, self._last = 0, ""
        self._dull = (
            *("/usr/", "/lib", "/etc/ld.so.", "/etc/localtime", "/proc/", "/sys/", "/dev/", "/opt/", "/srv/"),
            f"{house.python.prefix}/",
            f"{house.inside('stages')}/",
            f"{house.environment}/",
            f"{house.builder}/",
        )

    def observation(self) -> Observation:
        """Walk the stages."""
        # 1. Walls, network and observer stand, or nothing of the artifact is run.
        self._stand()
        # 2. Stage after stage, until one leaves nothing to go on with.
        for _ in self._stages():
            if time.monotonic() - self._started > limits.DETONATION_SECONDS:
                self._gap(
                    GapKind.LIMIT, "the detonation", "it took too long, and later stages were not tried"
                )
                break
        return Observation(
            filename=self._artifact.filename,
            sha256=self._artifact.sha256,
            started=self._at,
            walls=tuple(wall.name for wall in self._walls if wall.up),
            decoys=self._world.bait.decoys,
            ran=tuple(self._ran),
            events=tuple(sorted(self._events, key=lambda one: one.seconds)[: limits.MAX_EVENTS]),
            exchanges=tuple(self._exchanges),
            dropped=self._house.dropped(),
            gaps=(*self._gaps, *self._world.nowhere.gaps),
        )

    def _stand(self) -> None:
        with self._launched(self._items.probe()) as inmate:
            self._walls = inmate.walls
            down = missing(inmate.walls)
            if down:
                told = "; ".join(f"{wall.name}: {wall.why}" for wall in down)
                raise DetonationRefused(f"a wall is missing ({told})")
            if inmate.listener is None:
                raise DetonationRefused("system calls cannot be watched here")
            with self._observed(inmate.listener, self._seen(Stage.BUILD), ()):
                if self._waited(inmate, 20) != 0:
                    raise DetonationRefused("the interpreter does not start behind the walls")

    def _stages(self) -> Iterator[None]:
        wheel = self._outside_copy()
        self._house.remember()
        if self._artifact.kind is not Kind.WHEEL:
            built = self._build(wheel)
            yield
            if built is None:
                return
            wheel = built
        house = self._house
        supplied = self._world.supplies.running(wheel)
        self._gaps += supplied.gaps
        self._lay_out(supplied, building=False)
        before = self._there()
        self._do(self._items.installed(str(self._house.inside("artifact") / wheel.name)))
        yield
        modules, scripts = (sorted(now - then) for then, now in zip(before, self._there(), strict=True))
        if not self._ran or self._ran[-1].code != 0:
            self._gap(GapKind.LIMIT, wheel.name, "it could not be installed, so that nothing of it was run")
            return
        house.settle()
        yield from self._used(modules[: limits.MAX_TRIED], scripts[: limits.MAX_TRIED])

    def _used(self, modules: Sequence[str], scripts: Sequence[str]) -> Iterator[None]:
        """What is done with what was installed."""
        self._do(self._items.startup())
        yield
        imported = [name for name in modules if self._tried(self._items.imported(name)).code == 0]
        if modules and not imported:
            self._gap(GapKind.LIMIT, ", ".join(modules), "nothing of it could be imported")
        yield
        for name in scripts:
            head = read_plain(self._house.seen_from_outside(self._house.environment / "bin" / name), 200)
            self._do(self._items.script(name, python=b"python" in head.partition(b"\n")[0]))
            yield
        for name in modules:
            self._do(self._items.touched(name))
            yield

    def _build(self, archive: Path) -> Path | None:
        """The wheel of a source distribution; None where it could not be made."""
        house, items = self._house, self._items
        house.furnish(house.builder)
        (house.outside("work") / "source").mkdir()
        source = str(house.inside("artifact") / archive.name)
        for what in ("asks", "requires"):
            self._do(items.built(what, source))
            asked = _requires(read_plain(house.outside("out") / "requires.json", limits.MAX_NOTES_SIZE))
            supplied = self._world.supplies.building(asked) if asked else Supplied()
            self._gaps += supplied.gaps
            self._lay_out(supplied, building=True)
        self._do(items.built("wheel", source))
        made = [name for name in names_in(house.outside("out")) if name.endswith(".whl")]
        wheel = house.outside("out") / made[0] if made else None
        held = read_plain(wheel, limits.MAX_DROPPED_SIZE) if wheel else b""
        if wheel is None or not held:
            self._gap(
                GapKind.LIMIT, archive.name, "no wheel could be built of it, so that it was not installed"
            )
            return None
        target = house.outside("artifact") / wheel.name
        target.write_bytes(held)
        return target

    def _outside_copy(self) -> Path:
        """The artifact where the inside can read it, under its own name."""
        target = self._house.outside("artifact") / Path(self._artifact.filename).name
        shutil.copyfile(self._artifact.path, target)
        return target

    def _lay_out(self, supplied: Supplied, *, building: bool) -> None:
        """Install what is needed; nothing of that is written down."""
        if not supplied.wheels:
            return
        inside = []
        for wheel in supplied.wheels:
            name = Path(wheel.filename).name
            shutil.copyfile(wheel.path, self._house.outside("wheels") / name)
            inside.append(str(self._house.inside("wheels") / name))
        if self._do(self._items.laid_out(inside, building=building)).code != 0:
            names = ", ".join(one.filename for one in supplied.wheels)
            self._gap(GapKind.LIMIT, names, "what it needs could not be installed")

    def _there(self) -> tuple[set[str], set[str]]:
        """Top-level modules, and programs, of the environment."""
        environment = self._house.environment
        bins = names_in(self._house.seen_from_outside(environment / "bin"))
        return set(_modules(self._house.packages(environment))), {one for one in bins if _NAME.match(one)}

    def _tried(self, item: Item) -> Ran:
        """An item that should end well; that it did not is said."""
        ran = self._do(item)
        if ran.code:
            self._gap(GapKind.SCOPE, item.what, f"it ended with code {ran.code}{self._last}")
        return ran

    def _do(self, item: Item) -> Ran:
        """Run one item; once more where it called at a door that nobody had opened yet."""
        already = len(self._events)
        ran = self._once(item)
        opened = [self._opened(one) for one in self._events[already:]]  # each of them
        if any(opened):
            ran = self._once(item)
        return ran

    def _opened(self, event: Event) -> bool:
        """Whether a port is listened on from now on, since something wanted to connect to it."""
        found = _PORT.search(event.what) if event.act in {Act.CONNECT, Act.SEND} else None
        if found is None or event.what.startswith(("unix:", "listen at ")):
            return False
        return self._world.nowhere.listen(int(found[1]), stream=event.act is Act.CONNECT)

    def _once(self, item: Item) -> Ran:
        """Run one item, and write down what is seen of it."""
        self._world.heard(item.what)
        began = time.monotonic()
        seen, exchanges = self._seen(item.stage), []
        with tempfile.TemporaryFile() as said, self._launched(item, said) as inmate, ExitStack() as stack:
            if inmate.listener is None:
                raise DetonationRefused("system calls cannot be watched here")
            stack.enter_context(self._observed(inmate.listener, seen, item.command))
            serving = self._world.nowhere.serving(inmate.sockets, item.stage, self._started)
            exchanges = stack.enter_context(serving)
            code = self._waited(inmate, item.seconds + 10)
            # Observer and network outlive everything that they serve.
            inmate.kill()
            stack.close()
            self._last = _last_words(said)
        took = round(time.monotonic() - began, 3)
        ran = Ran(
            seconds=round(began - self._started, 3), stage=item.stage, what=item.what, code=code, took=took
        )
        if not item.quiet:
            self._ran.append(ran)
            self._colour(item, began)
            if not item.ours:
                self._events += seen.events
                self._gaps += seen.gaps
            if code is None:
                self._gap(GapKind.SCOPE, item.what, f"it was stopped after {item.seconds:.0f} s")
        self._exchanges += exchanges
        return ran

    def _launched(self, item: Item, said: IO[bytes] | None = None) -> Inmate:
        house = self._house
        plan = Plan(
            mounts=[*self._world.mounts, *house.mounts()],
            environment={**house.variables(), **self._world.bait.variables},
            folder=house.home / "project",
            network=Network.NONE,
            listeners=self._world.nowhere.listeners,
            everywhere=True,
            watch=True,
            host_name=HOST_NAME,
            ceilings=replace(self._world.ceilings, seconds=item.seconds + 20),
        )
        with open("/dev/null", "wb") as nothing:
            out = said or nothing
            return self._world.launch(plan, self._items.started(item), stdin=DEVNULL, stdout=out, stderr=out)

    def _seen(self, stage: Stage) -> Seen:
        return Seen(stage, self._started, dull=self._dull, own=[f"{self._house.inside('out')}/notes"])

    def _observed(self, listener: int, seen: Seen, command: Sequence[str]) -> Observer:
        """From the item's own command on. The inmate closes its descriptor, the observer its own."""
        own = tuple(command[:4])
        return Observer(os.dup(listener), seen, opens=lambda words: bool(own) and tuple(words[:4]) == own)

    def _waited(self, inmate: Inmate, seconds: float) -> int | None:
        """The exit code; None where it was stopped."""
        try:
            code = inmate.wait(seconds)
        except TimeoutError:
            inmate.kill()
            return None
        return None if code == STOPPED else code

    def _colour(self, item: Item, began: float) -> None:
        """What the inside told of itself since the last item: never proof."""
        text = read_plain(self._house.outside("out") / "notes", limits.MAX_NOTES_SIZE)
        lines, self._told = text[self._told :].splitlines(), len(text)
        for line in filter(None, map(bytes.strip, lines[: limits.MAX_NOTES])):
            what = bounded(line.decode("utf-8", "backslashreplace"), limits.MAX_SEEN)
            seconds = round(began - self._started, 3)
            self._events.append(Event(seconds=seconds, stage=item.stage, act=Act.COLOUR, what=what))

    def _gap(self, kind: GapKind, what: str, why: str) -> None:
        self._gaps.append(Gap(kind=kind, what=what, why=why))


#: What `start.py` ends with where it had to stop what it started.
STOPPED = 124
HOST_NAME = "ws-lena"
_PORT = re.compile(r":(\d{1,5})\Z")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_MODULE = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,63})(\.py|\.(?:cpython|abi3)[\w.-]*\.so|\.so)?\Z")


def _modules(packages: Path) -> Iterator[str]:
    """Top-level names that can be imported."""
    for name in names_in(packages):
        found = _MODULE.match(name)
        if found is None or name in {"__pycache__", "bin"} or name.endswith((".libs", ".data")):
            continue
        if found[2] or _importable(packages / name):
            yield found[1]


def _importable(folder: Path) -> bool:
    return any(one.endswith((".py", ".so")) or (folder / one).is_dir() for one in names_in(folder))


def _requires(text: bytes) -> tuple[str, ...]:
    """What a build asks for; nothing where that is no list of texts."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(told, list):
        return ()
    return tuple(one for one in told if isinstance(one, str))[: limits.MAX_BUILD_REQUIRES]


def _last_words(said: IO[bytes]) -> str:
    """The last line of what was printed, as the end of a sentence."""
    size = said.seek(0, 2)
    said.seek(max(0, size - limits.MAX_LAST_WORDS))
    lines: Iterable[bytes] = said.read(limits.MAX_LAST_WORDS).splitlines()
    told = [line.decode("utf-8", "backslashreplace").strip() for line in lines if line.strip()]
    return f": {bounded(told[-1], 200)}" if told else ""
