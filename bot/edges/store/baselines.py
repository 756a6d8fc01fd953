"""Pinned baselines, and what is known of registered models."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select

from bot.edges.store.columns import short
from bot.edges.store.statements import chunks, upsert
from bot.edges.store.tables import model_aliases, model_versions, pins
from bot.facts.baselines import Alias, ModelVersion, Pin
from bot.facts.runs import RunRef

PLACE_AT_MOST = 2**31 - 1


class SqlPins:
    """bot.ports.baselines.Pins."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, pin: Pin) -> int:
        """Keep a word, above those said before of this experiment; returns its id."""
        row = {
            "tracker": pin.tracker,
            "experiment_id": pin.experiment_id,
            "target": pin.target,
            "who": pin.who,
            "at": pin.at,
            "name": pin.name,
            "reason": pin.reason,
        }
        return int(self.connection.scalar(insert(pins).returning(pins.c.id), row) or 0)

    def of(self, tracker: str, experiment_id: str, limit: int = 2) -> Sequence[Pin]:
        """What was said of an experiment, the newest first, pins that were taken away included."""
        mine = select(pins).where(pins.c.tracker == tracker, pins.c.experiment_id == experiment_id)
        rows = self.connection.execute(mine.order_by(pins.c.id.desc()).limit(limit))
        return [_pin(row) for row in rows.mappings()]

    def get(self, pin_id: int) -> Pin | None:
        """One word; nothing where it was never said, or forgotten."""
        row = self.connection.execute(select(pins).where(pins.c.id == pin_id)).mappings().first()
        return _pin(row) if row is not None else None

    def standing(self) -> Sequence[Pin]:
        """The pins that hold now, in all experiments, by tracker and experiment id."""
        newest = select(func.max(pins.c.id)).group_by(pins.c.tracker, pins.c.experiment_id)
        holding = select(pins).where(pins.c.id.in_(newest), pins.c.target != "")
        rows = self.connection.execute(holding.order_by(pins.c.tracker, pins.c.experiment_id))
        return [_pin(row) for row in rows.mappings()]

    def drop(self, pin_id: int) -> None:
        """Forget a word: the one before it holds again."""
        self.connection.execute(delete(pins).where(pins.c.id == pin_id))


class SqlModels:
    """bot.ports.baselines.Models."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, alias: Alias) -> None:
        """Keep where an alias leads, in place of where it led before."""
        row = {
            "tracker": alias.tracker,
            "model": alias.model,
            "alias": alias.alias,
            "read_at": alias.read_at,
            "version": alias.version.version if alias.version else "",
            "run_id": alias.version.run_id if alias.version else "",
            "problem": alias.problem,
        }
        upsert(self.connection, model_aliases, [row], ("tracker", "model", "alias"))

    def get(self, tracker: str, model: str, alias: str) -> Alias | None:
        """Where an alias leads; nothing where it was never asked for."""
        columns = model_aliases.c
        mine = (columns.tracker == tracker, columns.model == model, columns.alias == alias)
        row = self.connection.execute(select(model_aliases).where(*mine)).first()
        if row is None:
            return None
        version = ModelVersion(row.model, row.version, row.run_id) if row.version else None
        return Alias(row.tracker, row.model, row.alias, row.read_at, version, row.problem)

    def put_versions(self, tracker: str, model: str, versions: Sequence[ModelVersion]) -> Sequence[ModelVersion]:
        """Keep the versions of a model in place of those known before; returns those that are new."""
        mine = _of(tracker, model)
        known = {row.version: row.run_id for row in self.connection.execute(select(model_versions).where(*mine))}
        told = {short(one.version): one for one in versions}
        for part in chunks(sorted(set(known) - set(told))):
            self.connection.execute(delete(model_versions).where(*mine, model_versions.c.version.in_(part)))
        rows = [
            {
                "tracker": tracker,
                "model": model,
                "version": one.version,
                "place": _place(one.version),
                "run_id": one.run_id,
            }
            for version, one in told.items()
            if known.get(version) != short(one.run_id)
        ]
        upsert(self.connection, model_versions, rows, ("tracker", "model", "version"))
        return [replace(one, model=model) for version, one in told.items() if version not in known]

    def of_run(self, run: RunRef) -> Sequence[ModelVersion]:
        """The versions that were made of a run."""
        columns = model_versions.c
        mine = select(model_versions).where(columns.run_id == run.run_id, columns.tracker == run.tracker)
        rows = self.connection.execute(mine.order_by(columns.model, columns.place.desc()))
        return [ModelVersion(row.model, row.version, row.run_id) for row in rows]

    def versions(self, tracker: str, model: str, limit: int = 1000) -> Sequence[ModelVersion]:
        """The versions of a model, the newest first."""
        columns = model_versions.c
        newest = select(model_versions).where(*_of(tracker, model)).order_by(columns.place.desc(), columns.version)
        rows = self.connection.execute(newest.limit(limit))
        return [ModelVersion(row.model, row.version, row.run_id) for row in rows]


def _pin(row: RowMapping) -> Pin:
    return Pin(**row)


def _of(tracker: str, model: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    columns: Any = model_versions.c
    return columns.tracker == tracker, columns.model == model


def _place(version: str) -> int:
    return min(int(version), PLACE_AT_MOST) if version.isascii() and version.isdigit() else 0
