"""What every table is made of: the metadata, and columns by what they hold."""

from typing import Any

from sqlalchemy import Boolean, Column, Integer, MetaData

from bot.edges.store.columns import Id, Key, Moment, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def identity() -> "Column[Any]":
    """A number of the row's own, never used again where the table says so."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def text(name: str) -> "Column[Any]":
    """Text of any length, empty where there is none."""
    return Column(name, Words, nullable=False)


def key(name: str, *, primary_key: bool = False) -> "Column[Any]":
    """Text that rows are found by."""
    return Column(name, Key, nullable=False, primary_key=primary_key)


def moment(name: str, *, nullable: bool = False) -> "Column[Any]":
    """A moment in UTC."""
    return Column(name, Moment, nullable=nullable)


def flag(name: str) -> "Column[Any]":
    """Yes or no."""
    return Column(name, Boolean, nullable=False)


def number(name: str, *, primary_key: bool = False) -> "Column[Any]":
    """A whole number."""
    return Column(name, Integer, nullable=False, primary_key=primary_key)
