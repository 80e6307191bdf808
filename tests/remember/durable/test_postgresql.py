"""The same store in a real PostgreSQL: set STOCKADE_TEST_POSTGRESQL to the URL of a database made for that."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from stockade.errors import RecordFailed
from stockade.remember.durable.opening import VERSION_TABLE, opened, writing
from stockade.remember.durable.store import Durable
from stockade.remember.durable.tables import metadata
from tests.remember.durable import test_alerts, test_inventories
from tests.support.records import NAME, NOW, condemnation, decided, delivery, sha

_URL = os.environ.get("STOCKADE_TEST_POSTGRESQL", "")
pytestmark = pytest.mark.skipif(not _URL, reason="waits for a database: STOCKADE_TEST_POSTGRESQL is not set")


@pytest.fixture
def gates() -> Iterator[list[Durable]]:
    """Six gates that open one new store at once."""
    engine, _ = opened(_URL, patience=5.0)
    with writing(engine) as connection:
        metadata.drop_all(connection)
        connection.exec_driver_sql(f"drop table {VERSION_TABLE}")
    engine.dispose()
    notes: list[str] = []
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: Durable(_URL, note=notes.append), range(6)))
    yield made
    for one in made:
        one.close()
    assert notes == []


def test_what_is_written_is_read(gates: list[Durable]) -> None:
    hostile = "a\x1b[2J\u202eb\x00\udcff https://ada:secret@index.example/\r\n" + "z" * 9999
    gates[0].record(decided(1), decided(2, agent=hostile)).result(10)
    new, old = gates[1].recent(9)
    assert old == decided(1)
    assert new.agent.startswith(r"a\x1b[2J\u202eb\x00\udcff https://index.example/ zzz")


def test_a_delivery_and_a_condemnation_never_miss_each_other(gates: list[Durable]) -> None:
    for number in range(30):
        start = threading.Barrier(5)

        def deliver(client: int, number: int = number, start: threading.Barrier = start) -> str | None:
            start.wait()
            out = gates[client].delivered(delivery(number, client=str(client)))
            return str(client) if out.result(10) else None

        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(deliver, client) for client in range(4)]
            start.wait()
            named = {one.client for one in gates[5].condemn(condemnation(number))}
            assert {one for job in asked if (one := job.result())} == named
    assert len(gates[3].condemned()) == 30
    assert gates[3].absolve(sha(1), NAME) and gates[4].condemnation(sha(1), NAME) is None


def test_the_migrations_lead_to_the_tables(gates: list[Durable]) -> None:
    engine, _ = opened(_URL, patience=5.0)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "version_table": VERSION_TABLE}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    with pytest.raises(RecordFailed, match=r"the store gate on 127\.0\.0\.1 cannot be used") as caught:
        Durable("postgresql://ada:secret@127.0.0.1:1/gate", note=print, patience=2.0)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "holds",
    [
        test_inventories.test_the_first_audit_of_an_environment_finds_all_new,
        test_inventories.test_changes_since_the_last_time,
        test_inventories.test_what_comes_back_stays_a_second_time,
        test_inventories.test_an_environment_that_is_gone_takes_its_packages_with_it,
        test_inventories.test_the_last_accepted_baseline_counts,
        test_inventories.test_looking_back_finds_environments_and_deliveries,
        test_inventories.test_what_is_too_long_for_an_index_is_kept_apart_by_a_digest,
        test_inventories.test_texts_are_kept_escaped_and_without_logins,
        test_alerts.test_nothing_is_told_twice_and_what_is_new_is_told_by_itself,
        test_alerts.test_who_claims_a_telling_has_it_alone_until_the_lease_ends,
        test_alerts.test_what_was_told_is_done_and_what_failed_comes_again,
        test_alerts.test_messages_are_counted_not_the_alerts_in_them,
    ],
    ids=lambda one: one.__name__,
)
def test_the_ledger_holds_there_too(gates: list[Durable], holds: Callable[[Durable], None]) -> None:
    holds(gates[0])


def test_six_watches_raise_one_alert_and_one_of_them_tells_it(gates: list[Durable]) -> None:
    with ThreadPoolExecutor(6) as pool:
        raised = list(
            pool.map(lambda one: one.raise_alert(["a"], test_alerts.alert, [("ada", "team")]), gates)
        )
        assert sum(one is not None for one in raised) == 1

        def claimed(one: Durable) -> int:
            return len(one.claim_tellings("ada", "team", NOW, lease=timedelta(minutes=2), most=9))

        assert sum(pool.map(claimed, gates)) == 1
