"""What arrives in any order, and again and again: of two rows under one key the newer one stays."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table

from bot.edges.store.columns import microseconds, moment_of
from bot.edges.store.statements import insert, was_kept

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MOMENTS = ("updated", "created", "started", "ended")


def put_newer(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row, or replace the one under its primary key that has a smaller `version`; False otherwise."""
    key = [column.name for column in table.primary_key]
    statement = insert(connection, table).values(**row)
    values = {name: statement.excluded[name] for name in row if name not in key}
    newer = table.c.version < statement.excluded.version
    statement = statement.on_conflict_do_update(index_elements=key, set_=values, where=newer)
    return was_kept(connection, statement.returning(table.c[key[0]]))


def version_of(updated: datetime, rank: int, details: Mapping[str, Any]) -> str:
    """What orders two tellings of one thing: when it was, then how far it had got, then what does not vary."""
    content = sha256(json.dumps(details, sort_keys=True).encode()).hexdigest()[:16]
    return f"{max(0, microseconds(updated)):020d}{rank}{content}"


def packed(fact: "DataclassInstance", *left_out: str) -> dict[str, Any]:
    """A fact as JSON can hold it, its moments in microseconds, without what is left out."""
    values = {name: value for name, value in asdict(fact).items() if name not in left_out}
    return {name: microseconds(value) if isinstance(value, datetime) else value for name, value in values.items()}


def unpacked(details: Mapping[str, Any]) -> dict[str, Any]:
    """What `packed` made, back again."""
    return {name: _unpacked(name, value) for name, value in details.items()}


def _unpacked(name: str, value: Any) -> Any:
    if name in MOMENTS and value is not None:
        return moment_of(value)
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
