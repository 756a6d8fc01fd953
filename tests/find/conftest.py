"""The desk of the commands' tests, for its store with runs in it."""

from tests.commands.conftest import desk, empty_database, templates

__all__ = ["desk", "empty_database", "templates"]
