"""The database: opened by its address, read and written in transactions, brought up to date by migrations."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, TimeoutError

from bot.edges.store import schema
from bot.edges.store.unit import SqlUnit

# How long a writer waits for the one before it (SQLite allows one at a time), in seconds.
PATIENCE = 15
PAUSE = 0.02
# To a SQLite file: as many as threads that wait to write, and enough beside them that go on reading.
CONNECTIONS = 60
WRITING = "rundown_writing"
MEMORY = ":memory:"


class Turn:
    """A lock that is waited for no longer than SQLite's own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        """Raises TimeoutError of SQLAlchemy when the writers before take too long."""
        if not self._lock.acquire(timeout=PATIENCE):
            raise TimeoutError(f"other writers kept the database for {PATIENCE} s")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class SqlStore:
    """A store (bot.ports.store.Store) on SQLite or PostgreSQL; safe for many threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        readable: dict[str, Any] = {WRITING: False}
        if engine.dialect.name == "postgresql":
            readable |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading = engine.execution_options(**readable)
        self._writing = engine.execution_options(**{WRITING: True})
        self._turn = Turn() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def read(self) -> Iterator[SqlUnit]:
        """A consistent look that changes nothing: writing in it is an error."""
        with self._reading.begin() as connection:
            yield SqlUnit(connection)

    @contextmanager
    def write(self) -> Iterator[SqlUnit]:
        """A transaction: committed when the block ends, rolled back when it raises.

        Writers of one process take turns here: SQLite would let each look every 100 ms whether it may go on.
        """
        with self._turn, self._writing.begin() as connection:
            yield SqlUnit(connection)

    def ping(self) -> None:
        """Ask the database for nothing; raises when it does not answer."""
        with self._reading.begin() as connection:
            connection.execute(text("SELECT 1"))

    def revision(self) -> tuple[str, str]:
        """(the schema revision the database is at, empty when it has none, the one this code wants).

        Asking for the revision of a SQLite file that does not exist makes none.
        """
        if self._unmade():
            return "", schema.wanted()
        with self._reading.begin() as connection:
            return schema.current(connection), schema.wanted()

    def upgrade(self) -> None:
        """Bring the schema to the revision this code wants; processes that do it at once wait for each other."""
        database = self.engine.url.database
        if self.engine.dialect.name == "sqlite" and database:
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        with self._writing.begin() as connection:
            schema.upgrade(connection)

    def _unmade(self) -> bool:
        if self.engine.dialect.name != "sqlite":
            return False
        file = self.engine.url.database or MEMORY
        return file != MEMORY and not Path(file).exists()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_store(url: str) -> SqlStore:
    """Open the database at `sqlite:///path.db` or `postgresql+psycopg://…`; nothing is asked of it yet.

    Raises ValueError for an address that cannot be read, and for another database.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(
            "the address of the database cannot be read: write dialect://user@host:port/name"
        ) from None
    if address.get_backend_name() in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
        return SqlStore(create_engine(address, pool_pre_ping=True, hide_parameters=True))
    if address.get_backend_name() == "sqlite":
        return SqlStore(_sqlite(address))
    raise ValueError(f"{address.get_backend_name()} is not supported: use sqlite:///… or postgresql+psycopg://…")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL, which it keeps; who meets another one switching waits here.

    SQLite answers "busy" to that at once, without its own waiting: https://sqlite.org/c3ref/busy_handler.html
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(PAUSE)


def _sqlite(address: URL) -> Engine:
    engine = create_engine(
        address,
        connect_args={"timeout": PATIENCE},
        pool_size=CONNECTIONS,
        # The connection used last has the pages that are wanted again.
        pool_use_lifo=True,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN comes late and deferred; `_begin` says it instead.
        connection.isolation_level = None
        _write_ahead(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        # FULL: with NORMAL a power cut may take back a committed "sending", and a message would be posted twice.
        # It costs some 2,000 commits a second instead of 6,000; Slack takes one message a second.
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(WRITING, True):
            # Neither of these can fail, nor needs what SQLAlchemy does around a statement.
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA query_only = ON")
            driver.execute("BEGIN")
            return
        connection.exec_driver_sql("PRAGMA query_only = OFF")
        # A deferred transaction that reads and then writes fails when another one wrote in between.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
