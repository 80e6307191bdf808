"""The durable store: what is written is read, a condemnation and a delivery never miss each other."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.errors import RecordFailed
from stockade.remember.durable.store import Durable
from tests.support.records import NAME, NOW, condemnation, decided, delivery, sha


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def store(tmp_path: Path, notes: list[str]) -> Iterator[Durable]:
    with Durable(tmp_path / "data" / "gate-1.sqlite3", note=notes.append) as one:
        yield one
    assert notes == []


def test_decisions_are_kept_in_order_and_outlive_the_process(tmp_path: Path, notes: list[str]) -> None:
    path = tmp_path / "gate-1.sqlite3"
    with Durable(path, note=notes.append) as one:
        one.record(decided(1), decided(2, action="allow", waiver="w-7"))
        one.record()
        one.record(decided(3)).result(10)
        assert one.healthy
    with Durable(f"sqlite:///{path}", note=notes.append) as again:
        assert again.recent(2) == (decided(3), decided(2, action="allow", waiver="w-7"))
        assert len(again.recent(99)) == 3


def test_only_we_may_read_it(tmp_path: Path, store: Durable) -> None:
    store.record(decided()).result(10)
    folder = tmp_path / "data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = list(folder.iterdir())
    assert {one.name for one in files} == {f"gate-1.sqlite3{end}" for end in ("", "-wal", "-shm")}
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_what_others_may_write_to_is_not_believed(tmp_path: Path, what: str) -> None:
    path = tmp_path / "data" / "gate-1.sqlite3"
    Durable(path, note=print).close()
    if what == "folder":
        path.parent.chmod(0o770)
    elif what == "file":
        path.chmod(0o606)
    else:
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RecordFailed, match=r"gate-1\.sqlite3 cannot be used: (it is a link|other users)"):
        Durable(path, note=print)


def test_whoever_got_condemned_bytes_is_named(store: Durable) -> None:
    assert store.delivered(delivery(1, client="ada")).result(10)
    assert store.delivered(delivery(1, client="bob", filename="other-1.0.tar.gz")).result(10)
    assert store.delivered(delivery(2, client="eve")).result(10)
    named = store.condemn(condemnation(1))
    assert [one.client for one in named] == ["ada", "bob"]
    assert named == store.deliveries_of(sha(1)) and named[0] == delivery(1, client="ada")
    assert store.condemned() == {(sha(1), NAME)}


def test_condemned_bytes_go_out_no_more_unless_waived_or_absolved(store: Durable) -> None:
    assert store.condemn(condemnation(1)) == ()
    assert store.condemn(condemnation(1, reason="again")) == ()
    assert store.condemnation(sha(1), NAME) == condemnation(1)
    assert store.condemnation(sha(2), NAME) is None
    assert not store.delivered(delivery(1)).result(10)
    assert store.deliveries_of(sha(1)) == ()
    assert store.delivered(delivery(1), waived=True).result(10)
    assert store.absolve(sha(1), NAME)
    assert not store.absolve(sha(1), NAME)
    assert store.delivered(delivery(1)).result(10)
    assert len(store.deliveries_of(sha(1))) == 2


def test_times_come_back_in_utc(store: Durable) -> None:
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    store.record(decided(1, at=east)).result(10)
    (one,) = store.recent(1)
    assert one.at == NOW and one.at.utcoffset() == timedelta(0)
    with pytest.raises(ValueError, match="zone"):
        decided(1, at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_a_delivery_and_a_condemnation_of_two_gates_never_miss_each_other(tmp_path: Path) -> None:
    """Either the condemnation names the delivery, or the delivery is refused: in every interleaving."""
    path = tmp_path / "gate-1.sqlite3"
    with Durable(path, note=print) as left, Durable(path, note=print) as right, ThreadPoolExecutor(8) as pool:
        for number in range(40):
            start = threading.Barrier(5)

            def deliver(client: int, number: int = number, start: threading.Barrier = start) -> str | None:
                start.wait()
                gate = left if client % 2 else right
                return (
                    str(client) if gate.delivered(delivery(number, client=str(client))).result(10) else None
                )

            asked = [pool.submit(deliver, client) for client in range(4)]
            start.wait()
            named = {one.client for one in right.condemn(condemnation(number))}
            assert {one for job in asked if (one := job.result())} == named


@settings(max_examples=30, deadline=None)
@given(text=st.text(st.characters(exclude_categories=()), max_size=700))
def test_any_text_can_be_written_down_and_is_harmless_to_print(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "hostile" / "gate-1.sqlite3"
    with Durable(path, note=print) as store:
        store.record(decided(1, agent=text, filename=text, reason=text, project=text)).result(10)
        (one,) = store.recent(1)
    assert len(one.agent) <= 500
    assert "\n" not in one.agent and "\x1b" not in one.agent and "\u202e" not in one.agent
    one.agent.encode()


def test_hostile_text_stands_escaped_and_without_logins(store: Durable) -> None:
    hostile = "a\x1b[2J\u202eb\x00\udcff https://ada:secret@index.example/x\r\nY: 1" + "z" * 10**6
    store.record(decided(1, reason=hostile)).result(10)
    (one,) = store.recent(1)
    assert one.reason.startswith(r"a\x1b[2J\u202eb\x00\udcff https://index.example/x Y: 1zzz")
    assert len(one.reason) == 500 and one.reason.endswith("…")


def test_a_login_is_not_saved_by_the_cut(store: Durable) -> None:
    store.record(decided(1, reason="x" * 480 + "https://ada:" + "secret" * 20 + "@index.example/")).result(10)
    assert "secret" not in store.recent(1)[0].reason


@pytest.mark.parametrize(
    "name", ["", "a\nb.whl", "a\x00.whl", "x" * 400 + ".whl", "a\udcff.whl", "a\u202e.whl"]
)
def test_what_could_not_be_found_again_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name that a file may go out under"):
        delivery(1, filename=name)
    with pytest.raises(ValueError, match="no name that a file may go out under"):
        condemnation(1, filename=name)


def test_what_is_no_digest_or_no_action_is_refused() -> None:
    with pytest.raises(ValueError, match="no action"):
        decided(1, action="maybe")
    for wrong in ("A" * 64, "0" * 63, "../../x"):
        with pytest.raises(ValueError, match="no SHA-256"):
            decided(1, sha256=wrong)


def test_many_threads_write_at_once(store: Durable) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.record(decided(number), decided(number)), range(500)))
    store.flush()
    assert len(store.recent(2000)) == 1000


def test_someone_who_gives_up_waiting_harms_nobody(store: Durable) -> None:
    futures = [store.record(decided(number)) for number in range(300)]
    gone = [one.cancel() for one in futures]
    assert store.delivered(delivery(1)).result(10)
    store.flush()
    assert store.healthy and any(gone)
    # A decision was made, whoever still listens.
    assert len(store.recent(999)) == 300


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = Durable(tmp_path / "gate-1.sqlite3", note=print)
    store.close()
    assert not store.healthy
    with pytest.raises(RecordFailed, match="is closed"):
        store.condemn(condemnation())


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("mysql://ada:secret@db.example/x", "cannot lie in mysql"),
        ("postgresql://ada:secret@[::bad/x", "no URL|cannot be used"),
        ("sqlite://", "cannot lie in sqlite"),
    ],
)
def test_an_address_that_is_none_is_refused_without_its_login(where: str, message: str) -> None:
    with pytest.raises(RecordFailed, match=message) as caught:
        Durable(where, note=print)
    assert "secret" not in str(caught.value)


def test_a_check_does_not_import_a_database_library() -> None:
    imports = "import stockade.cli.check, stockade.cli.scan, stockade.model.record, stockade.pipeline, sys"
    loaded = "{'sqlalchemy', 'alembic'} & set(sys.modules)"
    code = f"{imports}; sys.exit(', '.join({loaded}) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_people_can_read_it_with_what_they_have(tmp_path: Path, store: Durable) -> None:
    store.record(decided(1)).result(10)
    db = sqlite3.connect(tmp_path / "data" / "gate-1.sqlite3")
    row = db.execute("select at, action, project, sha256, reason from decisions").fetchone()
    db.close()
    assert row == ("2026-11-24 15:30:01.123456", "block", "demo", sha(1), "it sends credentials away")
