"""The ledger of credentials: which lay where, from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from stockade.model.credential import Credential, Kind, Life, Place
from stockade.model.sighting import CredentialChanges
from stockade.remember.durable.store import Durable
from tests.support.records import NOW

HOUR = timedelta(hours=1)
HOME = "/home/ada"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Durable]:
    with Durable(tmp_path / "gate-1.sqlite3", note=print) as made:
        yield made


def held(print_: str, *where: str, provider: str = "AWS", kind: Kind = Kind.TOKEN) -> Credential:
    places = tuple(Place(where=one, item="i") for one in where)
    return Credential(
        provider=provider, kind=kind, places=places, fingerprint=print_, life=Life.LONG, created=NOW
    )


def secrets_of(many: tuple[object, ...]) -> list[str]:
    return [one.secret for one in many]  # type: ignore[attr-defined]


def test_what_came_and_what_went(store: Durable) -> None:
    one, two = held("a" * 32, "~/x"), held("b" * 32, "~/y")
    first = store.remember_credentials("ada", HOME, [one], NOW)
    assert (first.since, secrets_of(first.came), first.went) == (None, ["a" * 32], ())
    then = store.remember_credentials("ada", HOME, [two], NOW + HOUR)
    assert (then.since, secrets_of(then.came), secrets_of(then.went)) == (NOW, ["b" * 32], ["a" * 32])
    assert store.remember_credentials("ada", HOME, [two], NOW + 2 * HOUR) == CredentialChanges(
        since=NOW + HOUR
    )
    known = {each.secret[0]: (each.first, each.last, each.gone) for each in store.credentials("ada", HOME)}
    assert known == {"a": (NOW, NOW, NOW + HOUR), "b": (NOW + HOUR, NOW + 2 * HOUR, None)}
    back = store.remember_credentials("ada", HOME, [one, two], NOW + 3 * HOUR)
    assert secrets_of(back.came) == ["a" * 32]
    assert store.credentials("ada", "/home/bob") == store.credentials("bob", HOME) == ()


def test_places_come_and_go_with_one_that_stays(store: Durable) -> None:
    store.remember_credentials("ada", HOME, [held("a" * 32, "~/x", "~/y")], NOW)
    changes = store.remember_credentials("ada", HOME, [held("a" * 32, "~/y", "~/z")], NOW + HOUR)
    assert (changes.came, changes.went) == ((), ())
    (one,) = store.credentials("ada", HOME)
    assert {each.where: (each.first, each.gone) for each in one.places} == {
        "~/x": (NOW, NOW + HOUR),
        "~/y": (NOW, None),
        "~/z": (NOW + HOUR, None),
    }
    assert (one.made, one.ends, one.life) == (NOW, None, "long-lived")


def test_what_could_not_be_read_is_not_gone(store: Durable) -> None:
    store.remember_credentials("ada", HOME, [held("a" * 32, "~/x"), held("b" * 32, "~/y", "~/x")], NOW)
    changes = store.remember_credentials("ada", HOME, [held("b" * 32, "~/y")], NOW + HOUR, hidden=["~/x"])
    assert (changes.came, changes.went) == ((), ())
    assert all(place.gone is None for one in store.credentials("ada", HOME) for place in one.places)


def test_stores_are_known_by_where_they_lie(store: Durable) -> None:
    wallet = held("", "~/.electrum/wallets/w", provider="Electrum", kind=Kind.STORE)
    store.remember_credentials("ada", HOME, [wallet], NOW)
    (one,) = store.credentials("ada", HOME)
    assert one.secret == "Electrum store ~/.electrum/wallets/w"
    assert not store.remember_credentials("ada", HOME, [wallet], NOW + HOUR).came
