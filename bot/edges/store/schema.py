"""The schema's revisions: where a database stands, and how it gets to where this code wants it."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

MIGRATIONS = "bot.edges.store:migrations"
# Any number that nothing else uses: https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
UPGRADE_LOCK = 7_863_310_166


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration: it finds the migrations in the installed package, and needs no file."""
    settings = Config()
    settings.set_main_option("script_location", MIGRATIONS)
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


def current(connection: Connection) -> str:
    """The revision a database is at, empty when it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def wanted() -> str:
    """The newest revision there is."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def upgrade(connection: Connection) -> None:
    """Run the missing migrations within the connection's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
    command.upgrade(config(connection), "head")
