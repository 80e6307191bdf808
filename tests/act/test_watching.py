"""A look finds what is condemned by now among all that was ever here, and tells each place of it once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from stockade.act.notify.channels import Terminal
from stockade.act.notify.courier import Courier
from stockade.act.notify.message import Message
from stockade.act.watching import Watch
from stockade.decide.advisories import matches_among
from stockade.errors import NotifyFailed, RecordFailed
from stockade.model.advisory import Advisory, Match
from stockade.model.project import Release
from stockade.remember.durable.store import Durable
from tests.support.environments import inventory, malicious
from tests.support.records import NOW, delivery


@dataclass
class World:
    """A ledger, what is published, and what was said."""

    store: Durable
    known: list[Advisory] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def matches(self, releases: Iterable[Release]) -> Iterable[Match]:
        return matches_among(releases, self.known)

    def watch(self) -> Watch:
        says = self.said.append
        return Watch(
            sync=lambda: self.problems,
            audit=lambda: (),
            matches=self.matches,
            ledger=self.store,
            courier=Courier(self.store, "ada", [Terminal(says)], clock=lambda: NOW, says=says),
            machine="ada",
            clock=lambda: NOW,
            says=says,
            stop=self.stop,
        )

    def alerts(self) -> list[str]:
        return [one.removeprefix("ALERT: ") for one in self.said if one.startswith("ALERT")]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Durable(tmp_path / "gate-1.sqlite3", note=print) as store:
        yield World(store)


def test_what_is_condemned_after_it_was_installed_is_told_once(world: World) -> None:
    world.store.remember_inventory("ada", inventory("evil==1.0", "fine==1"), NOW - timedelta(days=3))
    assert world.watch().look().raised == () and world.said == []
    world.known.append(malicious("evil==1.0", at=NOW))
    (one,) = world.watch().look().raised
    assert one.title == "evil 1.0 is condemned, and it was here"
    assert world.watch().look().raised == ()
    assert world.alerts() == [one.title]
    assert any("first seen on Saturday 2026-11-21" in line for line in world.said)


def test_what_is_long_gone_and_what_the_gate_gave_out_is_told_too(world: World) -> None:
    world.store.remember_inventory("ada", inventory("evil==1.0"), NOW - timedelta(days=9))
    world.store.remember_inventory("ada", inventory(), NOW - timedelta(days=8))
    assert world.store.delivered(delivery(1, client="10.0.0.9")).result(10)
    world.known += [malicious("evil==1.0", at=NOW), malicious("demo==1.0", at=NOW)]
    assert len(world.watch().look().raised) == 2
    told = "\n".join(world.said)
    assert "gone since Monday 2026-11-16" in told and "to 10.0.0.9" in told


def test_another_place_is_told_by_itself(world: World) -> None:
    world.known.append(malicious("evil==1.0", at=NOW))
    world.store.remember_inventory("ada", inventory("evil==1.0"), NOW)
    world.watch().look()
    world.store.remember_inventory("ada", inventory("evil==1.0", root="/other"), NOW)
    (second,) = world.watch().look().raised
    assert '"/other"' in second.document and "/home/ada/work" not in second.document


def test_another_machine_and_what_is_only_vulnerable_are_not_told(world: World) -> None:
    world.store.remember_inventory("bob", inventory("evil==1.0"), NOW)
    world.store.remember_inventory("ada", inventory("weak==1.0"), NOW)
    weak = malicious("weak==1.0", at=NOW, malicious=False)
    world.known += [malicious("evil==1.0", at=NOW), weak]
    assert world.watch().look().raised == ()


def test_a_feed_that_fails_is_told_and_the_rest_still_looked_at(world: World) -> None:
    world.store.remember_inventory("ada", inventory("evil==1.0"), NOW)
    world.known.append(malicious("evil==1.0", at=NOW))
    world.problems.append("osv was not synced: it is down")
    looked = world.watch().look()
    assert len(looked.raised) == 1 and looked.problems == ("osv was not synced: it is down",)
    assert world.said[-1] == "osv was not synced: it is down"


def test_it_ends_when_it_is_told_to_and_a_look_that_fails_ends_nothing(world: World) -> None:
    looks = 0

    def matches(releases: Iterable[Release]) -> Iterable[Match]:
        nonlocal looks
        looks += 1
        if looks == 3:
            world.stop.set()
        raise RecordFailed("the store is held by another process")

    world.store.remember_inventory("ada", inventory("evil==1.0"), NOW)
    world.matches = matches  # type: ignore[method-assign]
    world.watch().run(timedelta(0))
    assert looks == 3
    assert world.said[0] == "the store is held by another process. The next look is in 0 min."
    looks = 0
    assert world.watch().look().raised == () and looks == 0, "told to end, it begins nothing"


class Hours(threading.Event):
    """A clock that only waiting moves; it ends the watch after so many hours."""

    def __init__(self, hours: float) -> None:
        super().__init__()
        self.now, self._end = NOW, NOW + timedelta(hours=hours)

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timedelta(seconds=timeout or 0)
        if self.now >= self._end:
            self.set()
        return self.is_set()


class Deaf:
    """A channel that hears nothing for some hours."""

    name = "deaf"

    def __init__(self, clock: Hours, hours: float) -> None:
        self.clock, self.until = clock, NOW + timedelta(hours=hours)
        self.heard: list[float] = []

    def tell(self, message: Message) -> None:
        if self.clock.now < self.until:
            raise NotifyFailed("it is down")
        self.heard.append((self.clock.now - NOW).total_seconds())


def test_between_two_looks_it_tells_what_is_due(world: World) -> None:
    stop = Hours(9)
    deaf = Deaf(stop, 0.1)
    world.store.remember_inventory("ada", inventory("evil==1.0"), NOW)
    world.known.append(malicious("evil==1.0", at=NOW))
    looks: list[float] = []

    def audit() -> tuple[str, ...]:
        looks.append((stop.now - NOW).total_seconds() / 3600)
        return ()

    courier = Courier(world.store, "ada", [deaf], clock=lambda: stop.now, says=world.said.append)
    watch = replace(world.watch(), courier=courier, clock=lambda: stop.now, stop=stop, audit=audit)
    watch.run(timedelta(hours=4))
    assert looks == [0, 4, 8]
    # Tried again after 30, 60, 120, 240 s and so on: the first one after six minutes.
    assert deaf.heard == [450] and len(world.store.alerts(9)) == 1


def test_a_store_that_is_held_for_a_while_stops_nothing(world: World) -> None:
    stop = Hours(3)

    class Held:
        names = ()
        asked = 0

        def deliver(self) -> int:
            return 0

        def due(self) -> datetime | None:
            self.asked += 1
            raise RecordFailed("the store is held by another process")

    held = Held()
    watch = replace(world.watch(), courier=held, clock=lambda: stop.now, stop=stop)
    watch.run(timedelta(hours=1))
    assert held.asked == 3 and world.said == ["the store is held by another process"] * 3


_STEPS = """
import os, signal, sys, threading
from datetime import timedelta
from pathlib import Path
from stockade.act.notify.courier import Courier
from stockade.act.notify.webhook import Kind, Webhook
from stockade.act.watching import Watch
from stockade.decide.advisories import matches_among
from stockade.remember.durable.store import Durable
from tests.support.environments import inventory, malicious
from tests.support.records import NOW

path, url, dies, seconds = sys.argv[1:]
clock = lambda: NOW + timedelta(seconds=int(seconds))

def end(step):
    if dies == step:
        os.kill(os.getpid(), signal.SIGKILL)

class Dying(Durable):
    def raise_alert(self, *given):
        end("before raising")
        made = super().raise_alert(*given)
        end("after raising")
        return made
    def claim_tellings(self, *given, **more):
        found = super().claim_tellings(*given, **more)
        end("after claiming")
        return found
    def tellings_done(self, *given):
        end("before done")
        super().tellings_done(*given)
        end("after done")

store = Dying(Path(path), note=print)
known = [malicious("evil==1.0", at=NOW)]
def audit():
    end("after sync")
    store.remember_inventory("ada", inventory("evil==1.0"), clock())
    end("after audit")
    return ()
hook = Webhook(name="team", kind=Kind.JSON, url=lambda: url)
Watch(
    sync=tuple, audit=audit, matches=lambda releases: matches_among(releases, known), ledger=store,
    courier=Courier(store, "ada", [hook], clock=clock, says=print), machine="ada", clock=clock, says=print,
    stop=threading.Event(),
).look()
store.close()
"""


@pytest.mark.parametrize(
    "step",
    [
        "after sync",
        "after audit",
        "before raising",
        "after raising",
        "after claiming",
        "before done",
        "after done",
    ],
)
def test_killed_between_any_two_steps_exactly_one_alert_is_raised(tmp_path: Path, step: str) -> None:
    from tests.support.sink import Sink

    path = tmp_path / "gate-1.sqlite3"
    with Sink() as sink:

        def watch(dies: str, seconds: int) -> int:
            words = [sys.executable, "-c", _STEPS, str(path), sink.url, dies, str(seconds)]
            return subprocess.run(words, check=False, timeout=60).returncode

        assert watch(step, 0) == -signal.SIGKILL
        # The next look comes at once, the one after it when the killed one's turn to tell has ended.
        assert [watch("", 1), watch("", 1000), watch("", 2000)] == [0, 0, 0]
        ids = [one.value["alerts"][0]["id"] for one in sink.taken]
        # Killed after it was told and before that was written down: told again, under the same id.
        assert len(set(ids)) == 1 and len(ids) == (2 if step == "before done" else 1)
    with Durable(path, note=print) as store:
        assert len(store.alerts(9)) == 1 and store.untold("ada") == ()
