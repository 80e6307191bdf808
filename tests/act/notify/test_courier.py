"""What is to be told is told once, later if need be, and together where it is much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from stockade import limits
from stockade.act.notify.channels import Terminal
from stockade.act.notify.courier import Courier
from stockade.act.notify.message import Message
from stockade.act.notify.webhook import Kind, Webhook
from stockade.errors import NotifyFailed
from stockade.remember.durable.store import Durable
from tests.act.notify.test_webhook import alert
from tests.support.records import NOW
from tests.support.sink import Sink


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Durable]:
    with Durable(tmp_path / "gate-1.sqlite3", note=print) as made:
        yield made


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as made:
        yield made


class Desk:
    """A store, a courier to one sink, and what is said aloud."""

    def __init__(self, store: Durable, sink: Sink) -> None:
        self.store, self.clock, self.said = store, Clock(), list[str]()
        hook = Webhook(name="team", kind=Kind.JSON, url=lambda: sink.url, clock=self.clock)
        self.courier = Courier(store, "ada", [hook], clock=self.clock, says=self.said.append)

    def raised(self, *numbers: int) -> None:
        for number in numbers:
            one = alert(number=number)
            self.store.raise_alert([one.key], lambda _, one=one: one, self.courier.names)  # type: ignore[misc]


@pytest.fixture
def desk(store: Durable, sink: Sink) -> Desk:
    return Desk(store, sink)


def test_each_alert_is_told_once(desk: Desk, sink: Sink) -> None:
    desk.raised(1, 2)
    assert desk.courier.deliver() == 2 and desk.courier.deliver() == 0
    assert [one.value["alerts"][0]["version"] for one in sink.taken] == ["1.0", "2.0"]
    assert desk.said == [] and desk.courier.due() is None


def test_a_webhook_that_is_down_gets_it_later_and_once(desk: Desk, sink: Sink) -> None:
    sink.answers = [(503, {}), (503, {}), (200, {})]
    desk.raised(1)
    waits = []
    for _ in range(3):
        desk.courier.deliver()
        due = desk.courier.due()
        if due is not None:
            waits.append((due - desk.clock.now).total_seconds())
            desk.clock.later(waits[-1] - 1)
            assert desk.courier.deliver() == 0, "not before it is due"
            desk.clock.later(1)
    assert waits == [30, 60]
    assert len(sink.taken) == 1 and len({one.value["id"] for one in sink.told}) == 1
    assert desk.said[0].startswith("team: 127.0.0.1 answers 503; tried again after 2026-11-24 15:30:30 UTC")


def test_who_asks_to_be_left_alone_is(desk: Desk, sink: Sink) -> None:
    sink.answers = [(429, {"Retry-After": "900"}), (200, {})]
    desk.raised(1)
    desk.courier.deliver()
    assert desk.courier.due() == NOW + timedelta(seconds=900)


def test_what_another_store_user_began_is_left_to_it_until_the_lease_ends(desk: Desk, sink: Sink) -> None:
    desk.raised(1)
    # As a process that was killed between the claim and the telling.
    desk.store.claim_tellings("ada", "team", NOW, lease=timedelta(seconds=limits.NOTIFY_LEASE), most=9)
    assert desk.courier.deliver() == 0 and sink.told == []
    desk.clock.later(limits.NOTIFY_LEASE)
    assert desk.courier.deliver() == 1 and len(sink.taken) == 1


def test_many_at_once_are_one_message(desk: Desk, sink: Sink) -> None:
    desk.raised(*range(limits.NOTIFY_SINGLY + 1))
    assert desk.courier.deliver() == limits.NOTIFY_SINGLY + 1
    (one,) = sink.taken
    assert one.value["title"] == "4 condemned releases were here"


def test_a_channel_gets_no_more_messages_than_a_person_reads(desk: Desk, sink: Sink) -> None:
    for number in range(limits.NOTIFY_MESSAGES + 3):
        desk.raised(number)
        desk.courier.deliver()
    assert len(sink.taken) == limits.NOTIFY_MESSAGES
    for _ in range(9):
        due = desk.courier.due()
        if due is None:
            break
        desk.clock.now = due
        desk.courier.deliver()
    told = [one["version"] for each in sink.taken for one in each.value["alerts"]]
    assert sorted(told) == sorted(f"{number}.0" for number in range(limits.NOTIFY_MESSAGES + 3))
    assert len(sink.taken) <= limits.NOTIFY_MESSAGES + 3


def test_what_fails_holds_up_what_comes_after_it_without_counting_against_it(desk: Desk, sink: Sink) -> None:
    sink.answers = [(200, {}), (500, {}), (200, {})]
    desk.raised(1, 2, 3)
    assert desk.courier.deliver() == 1
    desk.clock.later(30)
    assert desk.courier.deliver() == 2
    assert [one.value["alerts"][0]["version"] for one in sink.taken] == ["1.0", "2.0", "3.0"]


def test_after_a_week_it_is_given_up_aloud(desk: Desk, sink: Sink) -> None:
    sink.answers = [(500, {})]
    desk.raised(1)
    for _ in range(400):
        desk.courier.deliver()
        due = desk.courier.due()
        if due is None:
            break
        desk.clock.now = due
    assert desk.clock.now - NOW > timedelta(days=limits.NOTIFY_DAYS)
    assert desk.said[-1] == "team: 127.0.0.1 answers 500; 1 alerts are given up after 7 days"
    assert desk.store.untold("ada") == (
        ("team", "evil 1.0 is condemned, and it was here", "127.0.0.1 answers 500"),
    )


def test_one_channel_that_fails_keeps_nothing_from_another(store: Durable) -> None:
    class Broken:
        name = "broken"

        def tell(self, message: Message) -> None:
            raise NotifyFailed("no")

    said: list[str] = []
    courier = Courier(
        store, "ada", [Broken(), Terminal(said.append)], clock=lambda: NOW, says=lambda text: None
    )
    one = alert()
    store.raise_alert([one.key], lambda _: one, courier.names)
    assert courier.deliver() == 1
    assert said[0] == "ALERT: evil 1.0 is condemned, and it was here"
