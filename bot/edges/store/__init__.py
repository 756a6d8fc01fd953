"""Where everything is kept: SQLite or PostgreSQL behind bot.ports.store."""

from bot.edges.store.database import SqlStore, open_store

__all__ = ["SqlStore", "open_store"]
