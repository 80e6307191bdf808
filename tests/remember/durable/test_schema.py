"""The schema: migrations lead to it from the first one on, and no store of another kind is touched."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from stockade.errors import RecordFailed
from stockade.remember.durable.opening import NEWEST, SCRIPTS, VERSION_TABLE, opened, writing
from stockade.remember.durable.store import Durable
from stockade.remember.durable.tables import metadata
from tests.support.records import decided

_LATER = '''
"""A later schema."""
import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = {down!r}


def upgrade() -> None:
    op.add_column("decisions", sa.Column("later", sa.Text, nullable=True))
    op.execute("insert into condemned (at, sha256, filename, project, version, reason)"
               " values ('2026-01-01', 'x', 'y', 'later', '', '')")
    {end}
'''


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "gate-1.sqlite3"


def later(tmp_path: Path, end: str = "") -> Path:
    """Migrations that go one step further than those that ship."""
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts)
    down = ScriptDirectory(str(SCRIPTS)).get_current_head()
    (scripts / "versions" / "9001_later.py").write_text(_LATER.format(down=down, end=end), encoding="utf-8")
    return scripts


def engine_of(path: Path, scripts: Path = SCRIPTS) -> Engine:
    newest = ScriptDirectory(str(scripts)).get_current_head()
    assert newest
    return opened(path, patience=5.0, scripts=scripts, newest=newest)[0]


def at_first(path: Path) -> None:
    """A store as the first revision made it, with a row in it."""
    engine = engine_of(path)
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.exec_driver_sql(f"drop table {table.name}")
        connection.exec_driver_sql(f"drop table {VERSION_TABLE}")
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.attributes["connection"] = connection
        (base,) = ScriptDirectory(str(SCRIPTS)).get_bases()
        command.upgrade(config, base)
        connection.exec_driver_sql(
            "insert into decisions (at, action, project, version, filename, sha256, index_url, reason, rule, waiver,"
            " fingerprint, run, client, agent) values ('2026-11-24 15:30:00.000000', 'allow', 'demo', '1', 'f', '', '',"
            " '', '', '', '', '', '', '')"
        )
    engine.dispose()


def test_a_store_of_the_first_revision_becomes_one_of_today_and_keeps_its_rows(path: Path) -> None:
    at_first(path)
    with Durable(path, note=print) as store:
        (one,) = store.recent(9)
        assert one.project == "demo"
        store.record(decided(2)).result(10)
        assert len(store.recent(9)) == 2


def test_a_store_of_today_is_opened_without_what_only_migrations_need(path: Path) -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_current_head() == NEWEST
    code = (
        "import sys; from stockade.remember.durable.store import Durable;"
        f"Durable({str(path)!r}, note=print).close(); sys.exit('alembic' in sys.modules)"
    )
    # The first one makes it.
    codes = [subprocess.run([sys.executable, "-c", code], check=False).returncode for _ in range(2)]
    assert codes == [1, 0]


def test_the_migrations_lead_to_the_tables(path: Path) -> None:
    engine = engine_of(path)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "version_table": VERSION_TABLE}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()
    with closing(sqlite3.connect(path)) as db:
        made = dict(db.execute("select name, sql from sqlite_master where sql is not null"))
    assert all("AUTOINCREMENT" in made[table.name] for table in metadata.sorted_tables)


def test_the_same_tables_can_be_made_in_postgresql() -> None:
    for table in metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
        assert "id BIGSERIAL NOT NULL" in made and "at TIMESTAMP WITH TIME ZONE NOT NULL" in made


def test_an_older_store_is_upgraded_once_however_many_open_it(tmp_path: Path, path: Path) -> None:
    at_first(path)
    scripts = later(tmp_path)
    with ThreadPoolExecutor(6) as pool:
        for engine in pool.map(lambda _: engine_of(path, scripts), range(6)):
            engine.dispose()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("select count(*) from condemned where project = 'later'").fetchone() == (1,)
        assert db.execute(f"select version_num from {VERSION_TABLE}").fetchall() == [("9001",)]


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path, path: Path) -> None:
    at_first(path)
    scripts = later(tmp_path, "op.execute('no such thing')")
    with pytest.raises(RecordFailed, match="cannot be used"):
        engine_of(path, scripts)
    with Durable(path, note=print) as store:
        assert len(store.recent(9)) == 1 and store.condemned() == frozenset()


def test_a_store_of_a_newer_stockade_is_refused_and_left_alone(tmp_path: Path, path: Path) -> None:
    engine_of(path, later(tmp_path)).dispose()
    before = path.read_bytes()
    with pytest.raises(
        RecordFailed, match=r"made by a newer Stockade \(its schema is 9001\); upgrade Stockade"
    ):
        Durable(path, note=print)
    assert path.read_bytes() == before


def test_a_database_of_something_else_is_refused(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table addresses (name text)")
        db.commit()
    path.chmod(0o600)
    with pytest.raises(RecordFailed, match="a database of something else"):
        Durable(path, note=print)
    with closing(sqlite3.connect(path)) as db:
        assert [row[0] for row in db.execute("select name from sqlite_master")] == ["addresses"]


def no_database(whole: bytes) -> bytes:
    return b"this was never a database\n" * 99


def header_only(whole: bytes) -> bytes:
    return whole[:100] + b"\xff" * (len(whole) - 100)


def half(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


@pytest.mark.parametrize("damage", [no_database, header_only, half])
def test_a_damaged_store_is_reported_and_left_alone(path: Path, damage: object) -> None:
    with Durable(path, note=print) as store:
        store.record(*(decided(number) for number in range(300))).result(10)
    assert callable(damage)
    bad = damage(path.read_bytes())
    path.write_bytes(bad)
    with pytest.raises(RecordFailed, match=r"damaged \(.+\); it is left as it is"):
        Durable(path, note=print)
    assert path.read_bytes() == bad


def test_a_lost_row_of_what_is_condemned_is_noticed(path: Path) -> None:
    engine = engine_of(path)
    with writing(engine) as connection:
        connection.exec_driver_sql(
            "insert into condemned (at, sha256, filename, project, version, reason)"
            " values ('2026-01-01', 'x', 'y', '', '', '')"
        )
        connection.exec_driver_sql("pragma writable_schema = on")
        # Its index is now another, empty one.
        connection.exec_driver_sql(
            "update sqlite_master set rootpage ="
            " (select rootpage from sqlite_master where name = 'ix_deliveries_sha256')"
            " where name like 'sqlite_autoindex_condemned%'"
        )
    engine.dispose()
    with pytest.raises(RecordFailed, match="damaged"):
        Durable(path, note=print)


_OPENS = """
import sys
from pathlib import Path
from stockade.remember.durable.store import Durable
from tests.support.records import decided
sys.stdin.read(1)
with Durable(Path(sys.argv[1]), note=print, patience=30) as store:
    for number in range(50):
        store.record(decided(number, run=sys.argv[2])).result(30)
"""


@pytest.fixture
def processes(path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _OPENS, str(path), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for number in range(3)
    ]
    yield started
    for one in started:
        one.kill()
        one.communicate()


def test_processes_make_and_fill_a_store_at_once(
    path: Path, processes: list[subprocess.Popen[bytes]]
) -> None:
    for one in processes:
        assert one.stdin
        one.stdin.write(b"x")
        one.stdin.flush()
    for one in processes:
        said = one.communicate(timeout=60)[0]
        assert (one.returncode, said) == (0, b"")
    with Durable(path, note=print) as store:
        runs = [one.run for one in store.recent(999)]
    assert {run: runs.count(run) for run in set(runs)} == {"0": 50, "1": 50, "2": 50}
