"""An alert stands once, with who is to tell it; each of them tells it once, whoever is killed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from stockade.model.sighting import Alert
from stockade.remember.durable.store import Durable
from tests.support.records import NOW

MINUTE = timedelta(minutes=1)
TEAM = ("ada", "team")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Durable]:
    with Durable(tmp_path / "gate-1.sqlite3", note=print) as made:
        yield made


def alert(keys: frozenset[str]) -> Alert:
    said = " ".join(sorted(keys))
    return Alert(key=said[:99], at=NOW, title=f"about {said}", document="{}", project="evil", version="1")


def test_nothing_is_told_twice_and_what_is_new_is_told_by_itself(store: Durable) -> None:
    first = store.raise_alert(["a", "b"], alert, [TEAM])
    assert first is not None and first.key == "a b"
    assert store.raise_alert(["b", "a"], alert, [TEAM]) is None
    second = store.raise_alert(["a", "b", "c"], alert, [TEAM])
    assert second is not None and second.key == "c"
    assert [one.key for one in store.alerts(9)] == ["c", "a b"]
    assert store.raise_alert([], alert, [TEAM]) is None
    many = [str(number) for number in range(1_500)]
    assert store.raise_alert(many, alert, []) and not store.raise_alert(many, alert, [])


def test_two_watches_at_once_raise_one_alert(tmp_path: Path) -> None:
    path = tmp_path / "gate-1.sqlite3"
    with Durable(path, note=print) as left, Durable(path, note=print) as right, ThreadPoolExecutor(4) as pool:
        for number in range(20):
            asked = [
                pool.submit(store.raise_alert, [str(number)], alert, [TEAM])
                for store in (left, right, left, right)
            ]
            assert sum(one.result() is not None for one in asked) == 1
        assert len(left.alerts(99)) == 20


def test_who_claims_a_telling_has_it_alone_until_the_lease_ends(store: Durable) -> None:
    store.raise_alert(["a"], alert, [TEAM, ("ada", "desktop"), ("bob", "team")])

    def claimed(minutes: int, channel: str = "team") -> int:
        now = NOW + minutes * MINUTE
        return len(store.claim_tellings("ada", channel, now, lease=2 * MINUTE, most=9))

    assert [claimed(0), claimed(1), claimed(2), claimed(3), claimed(0, "desktop")] == [1, 0, 1, 0, 1]
    assert store.next_telling("ada", ["team"]) == NOW + 4 * MINUTE
    assert store.next_telling("bob", ["team"]) == NOW and store.next_telling("bob", ["desktop"]) is None


def test_what_was_told_is_done_and_what_failed_comes_again(store: Durable) -> None:
    store.raise_alert(["a"], alert, [TEAM])
    store.raise_alert(["b"], alert, [TEAM])
    one, two = store.claim_tellings("ada", "team", NOW, lease=MINUTE, most=9)
    assert (one.alert, one.attempts) == (alert(frozenset("a")), 0)
    store.tellings_failed([one], NOW + 5 * MINUTE, "hooks.example answers 500")
    store.tellings_done([two], "m1", NOW)
    assert store.untold("ada") == (("team", "about a", "hooks.example answers 500"),)
    assert store.claim_tellings("ada", "team", NOW + 4 * MINUTE, lease=MINUTE, most=9) == ()
    (again,) = store.claim_tellings("ada", "team", NOW + 5 * MINUTE, lease=MINUTE, most=9)
    assert again.id == one.id and again.attempts == 1
    store.tellings_later([again], NOW + 9 * MINUTE)
    assert store.next_telling("ada", ["team"]) == NOW + 9 * MINUTE
    store.tellings_failed([again], None, "given up")
    assert store.next_telling("ada", ["team"]) is None
    assert store.untold("ada") == (("team", "about a", "given up"),)


def test_messages_are_counted_not_the_alerts_in_them(store: Durable) -> None:
    for key in "abc":
        store.raise_alert([key], alert, [TEAM])
    one, *rest = store.claim_tellings("ada", "team", NOW, lease=MINUTE, most=9)
    store.tellings_done([one], "m1", NOW)
    store.tellings_done(rest, "m2", NOW + MINUTE)
    assert store.messages_since("ada", "team", NOW) == 2
    assert store.messages_since("ada", "team", NOW + MINUTE) == 1
    assert store.messages_since("bob", "team", NOW) == 0
