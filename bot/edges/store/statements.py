"""Statements that both databases know but SQLAlchemy spells apiece."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, Table, any_, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

Row = Mapping[str, Any]
T = TypeVar("T")


def insert(connection: Connection, table: Table) -> sqlite.Insert:
    """INSERT that can tell what happens on a conflict; PostgreSQL's has the same methods."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)  # type: ignore[return-value]
    return sqlite.insert(table)


def insert_new(connection: Connection, table: Table, row: Row, unique: Sequence[str]) -> bool:
    """Insert a row unless one with these columns is there; False when it was."""
    statement = insert(connection, table).values(**row).on_conflict_do_nothing(index_elements=list(unique))
    return was_kept(connection, statement.returning(table.c[unique[0]]))


def was_kept(connection: Connection, statement: ReturningInsert[Any]) -> bool:
    """Execute an insert that returns something; False when a conflict kept it from doing anything."""
    return connection.execute(statement).first() is not None


def upsert(connection: Connection, table: Table, rows: Sequence[Row], unique: Sequence[str]) -> None:
    """Insert rows, or replace what stands under these columns."""
    if not rows:
        return
    statement = insert(connection, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in unique}
    statement = statement.on_conflict_do_update(index_elements=list(unique), set_=changed)
    connection.execute(statement, [dict(row) for row in rows])


def contains(connection: Connection, column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether a text occurs in a column, letter by letter."""
    find = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return find(column, text) > 0


def among(connection: Connection, column: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
    """Whether a column is one of many numbers, handed over as one parameter."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(numbers), ARRAY(BigInteger)))
    listed = func.json_each(json.dumps(list(numbers))).table_valued("value")
    return column.in_(select(listed.c.value))


def chunks(items: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """A long sequence in parts that fit one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
