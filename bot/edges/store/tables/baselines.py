"""The tables of what runs are compared with: pins, and registered models as their registries told."""

from sqlalchemy import Index, Table

from bot.edges.store.tables.ground import identity, key, metadata, moment, number, text

pins = Table(
    "pins",
    metadata,
    identity(),
    key("tracker"),
    key("experiment_id"),
    key("target"),
    key("who"),
    moment("at"),
    text("name"),
    text("reason"),
    Index(None, "tracker", "experiment_id", "id"),
    sqlite_autoincrement=True,
)

model_aliases = Table(
    "model_aliases",
    metadata,
    key("tracker", primary_key=True),
    key("model", primary_key=True),
    key("alias", primary_key=True),
    moment("read_at"),
    key("version"),
    key("run_id"),
    text("problem"),
)

model_versions = Table(
    "model_versions",
    metadata,
    key("tracker", primary_key=True),
    key("model", primary_key=True),
    key("version", primary_key=True),
    # The version as a number: the tenth comes after the second.
    number("place"),
    key("run_id"),
    Index(None, "tracker", "model", "place"),
    Index(None, "run_id"),
)
