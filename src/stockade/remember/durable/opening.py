"""Opens the durable store: whose it is, whether it is whole, and which schema it has."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from stockade.errors import RecordFailed
from stockade.model.record import kept
from stockade.remember.ours import make_private

SCRIPTS = Path(__file__).parent / "migrations"
#: The newest of the migrations there; named, so that a store of today is opened without importing Alembic.
NEWEST = "0003"
VERSION_TABLE = "stockade_schema"
_VERSION = Table(VERSION_TABLE, MetaData(), Column("version_num", String))
#: What PostgreSQL knows our turn to write by; any number that nobody else uses.
_TURN = 0x53746F636B616465
#: Alembic hands its context to migrations in globals.
_MIGRATING = threading.Lock()
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def opened(
    where: Path | str, *, patience: float, scripts: Path = SCRIPTS, newest: str = NEWEST
) -> tuple[Engine, str]:
    """The store at `where` with the schema of today, and its name for people. Raises RecordFailed.

    `where` is a path, ``sqlite:///PATH`` or ``postgresql://…``. A new one is made, an older one upgraded in one
    transaction; several processes may do so at once. One of a newer Stockade, a damaged one, or a file that others
    may write to is refused and left as it is.
    """
    path, url = _place(where)
    name = f"the store {path}" if path else f"the store {url.database} on {url.host or 'this machine'}"
    engine: Engine | None = None
    try:
        if path:
            make_private(path)
            with _turn(path.parent, patience):
                engine = _sqlite(path, patience)
                _migrate(engine, scripts, newest, name)
        else:
            engine = _postgresql(url, patience)
            _migrate(engine, scripts, newest, name)
    except (SQLAlchemyError, sqlite3.Error, OSError) as why:
        if engine:
            engine.dispose()
        raise failure(name, why) from None
    except RecordFailed:
        if engine:
            engine.dispose()
        raise
    return engine, name


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that nobody else writes beside: what it reads stays true until it ends."""
    with engine.execution_options(stockade_writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
        yield connection


def failure(name: str, why: Exception) -> RecordFailed:
    """What is to be said of `why`: one sentence, with no statement and no login."""
    cause = why.orig or why if isinstance(why, DBAPIError) else why
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED:
            return RecordFailed(f"{name} is damaged ({cause}); it is left as it is")
        if code in _BUSY:
            return RecordFailed(f"{name} is held by another process that does not let go of it")
    if isinstance(cause, BlockingIOError):
        return RecordFailed(f"{name} is being opened by another process that does not get done")
    said = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return RecordFailed(f"{name} cannot be used: {kept(said)}")


def _place(where: Path | str) -> tuple[Path | None, URL]:
    if isinstance(where, str) and where.startswith("postgres://"):
        where = "postgresql" + where.removeprefix("postgres")
    if isinstance(where, Path) or "://" not in where:
        return Path(os.path.abspath(where)), URL.create("sqlite")
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        raise RecordFailed("the store's address is no URL") from None
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database:
        return Path(os.path.abspath(url.database)), url
    if backend != "postgresql":
        raise RecordFailed(f"a store cannot lie in {backend}: name a file, or postgresql://…")
    return None, url


def _sqlite(path: Path, patience: float) -> Engine:
    def connect() -> sqlite3.Connection:
        # Without Python's own transactions, in which a schema could not be changed; see `begin`.
        db = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
        # What was committed survives the machine's end.
        db.execute("pragma synchronous = full")
        db.execute("pragma trusted_schema = off")
        return db

    first = connect()
    try:
        first.execute("pragma journal_mode = wal")
    finally:
        first.close()
    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_timeout=patience, hide_parameters=True
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("stockade_writes")
        connection.exec_driver_sql("begin immediate" if writes else "begin")

    return engine


def _postgresql(url: URL, patience: float) -> Engine:
    waits = f"-c lock_timeout={int(patience * 1000)} -c statement_timeout={int(patience * 4000)}"
    try:
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_timeout=patience,
            hide_parameters=True,
            connect_args={"connect_timeout": max(2, int(patience)), "options": waits},
        )
    except ImportError as why:
        raise RecordFailed(f"a store in PostgreSQL needs its driver: {why}") from None


def _migrate(engine: Engine, scripts: Path, newest: str, name: str) -> None:
    with engine.connect() as connection:
        done = _revision(connection) == newest
    if not done:
        with _MIGRATING, writing(engine) as connection:
            # Once more, now that it is our turn: another process may have been quicker.
            if (found := _revision(connection)) != newest:
                _upgrade(connection, found, scripts, name)
    if engine.dialect.name == "sqlite":
        # A lost row of this table would let out what is condemned; the others are read when somebody asks.
        with engine.connect() as connection:
            (said,) = connection.exec_driver_sql("pragma integrity_check(condemned)").scalars().fetchmany(1)
        if said != "ok":
            raise RecordFailed(f"{name} is damaged ({kept(said)}); it is left as it is")


def _upgrade(connection: Connection, found: str | None, scripts: Path, name: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    if found is None:
        if connection.dialect.name == "sqlite" and inspect(connection).get_table_names():
            raise RecordFailed(f"{name} is a database of something else; it is left as it is")
    elif found not in {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}:
        raise RecordFailed(
            f"{name} was made by a newer Stockade (its schema is {kept(found, 80)}); upgrade Stockade"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    # Several at once are none that we made.
    return ", ".join(connection.scalars(select(_VERSION.c.version_num))) or None


@contextlib.contextmanager
def _turn(folder: Path, patience: float) -> Iterator[None]:
    """One process opens a store at a time: SQLite does not wait where the journal's mode is changed."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover - not on POSIX
        yield
        return
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
        yield
    finally:
        os.close(handle)
