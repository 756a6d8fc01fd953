"""The experiments of the index, and which of them a wish names."""

import re
from collections.abc import Collection, Mapping, Sequence
from fnmatch import translate

from sqlalchemy import Connection, bindparam, select

from bot.edges.store.columns import clean, fold, short
from bot.edges.store.statements import Row, chunks, upsert
from bot.edges.store.tables import experiments
from bot.facts.runs import Experiment, Run

Identity = tuple[str, str]
THESE = select(experiments).where(
    experiments.c.tracker == bindparam("tracker"),
    experiments.c.experiment_id.in_(bindparam("ids", expanding=True)),
)


class Experiments:
    """The part of the index that knows experiments."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def experiments(self, tracker: str = "") -> Sequence[Experiment]:
        """The experiments known, by name."""
        statement = select(experiments).order_by(experiments.c.name, experiments.c.tracker, experiments.c.id)
        if tracker:
            statement = statement.where(experiments.c.tracker == tracker)
        rows = self.connection.execute(statement)
        return [Experiment(row.tracker, row.experiment_id, row.name, row.deleted, row.tags) for row in rows]

    def experiments_by_id(self, wanted: Collection[Identity]) -> Mapping[Identity, Experiment]:
        """Experiments by (tracker, experiment id); those nobody has seen are left out."""
        found = {}
        by_tracker: dict[str, list[str]] = {}
        for tracker, experiment_id in wanted:
            by_tracker.setdefault(tracker, []).append(experiment_id)
        parts = [(tracker, part) for tracker, ids in by_tracker.items() for part in chunks(ids)]
        for tracker, part in parts:
            for row in self.connection.execute(THESE, {"tracker": tracker, "ids": part}):
                one = Experiment(row.tracker, row.experiment_id, row.name, row.deleted, row.tags)
                found[row.tracker, row.experiment_id] = one
        return {one: found[as_kept(*one)] for one in wanted if as_kept(*one) in found}

    def put_experiments(self, experiments: Sequence[Experiment]) -> None:
        """Insert or replace experiments, unchanged ones aside; runs of a renamed one only refer to it."""
        trackers = {one.tracker for one in experiments}
        known = {
            as_kept(one.tracker, one.experiment_id): one
            for tracker in trackers
            for one in self.experiments(tracker)
        }
        wanted = {as_kept(one.tracker, one.experiment_id): one for one in experiments}
        self._put([one for identity, one in sorted(wanted.items()) if known.get(identity) != one])

    def experiment_ids(self, runs: Sequence[Run]) -> dict[Identity, int]:
        """The row ids of the experiments of these runs, by (tracker, experiment id); new ones are added.

        An experiment known by another name takes the name the run brings: a snapshot is what was read last.
        """
        brought = {(run.tracker, run.experiment_id): run.experiment for run in runs}
        known = self._known({tracker for tracker, _ in brought})
        fresh = []
        for (tracker, experiment_id), name in sorted(brought.items()):
            standing = known.get(as_kept(tracker, experiment_id))
            if standing is None or standing[1].name != clean(name):
                deleted, tags = (standing[1].deleted, standing[1].tags) if standing else (False, {})
                fresh.append(Experiment(tracker, experiment_id, name, deleted, tags))
        if fresh:
            self._put(fresh)
            known = self._known({tracker for tracker, _ in brought})
        return {identity: known[as_kept(*identity)][0] for identity in brought}

    def _known(self, trackers: set[str]) -> dict[Identity, tuple[int, Experiment]]:
        statement = select(experiments).where(experiments.c.tracker.in_(trackers))
        return {
            (row.tracker, row.experiment_id): (
                row.id,
                Experiment(row.tracker, row.experiment_id, row.name, row.deleted, row.tags),
            )
            for row in self.connection.execute(statement)
        }

    def _put(self, changed: Sequence[Experiment]) -> None:
        rows: list[Row] = [
            {
                "tracker": one.tracker,
                "experiment_id": one.experiment_id,
                "deleted": one.deleted,
                "name": one.name,
                "name_folded": fold(one.name),
                "tags": dict(one.tags),
            }
            for one in changed
        ]
        upsert(self.connection, experiments, rows, ("tracker", "experiment_id"))


def ids_by_globs(connection: Connection, globs: Sequence[str]) -> tuple[Sequence[int], int] | None:
    """The row ids of experiments that a glob names, and how many there are in all; nothing when they name all."""
    if "*" in globs:
        return None
    rows = connection.execute(select(experiments.c.id, experiments.c.name)).all()
    named = re.compile("|".join(translate(glob) for glob in globs)).match
    return [identity for identity, name in rows if named(name)], len(rows)


def as_kept(tracker: str, experiment_id: str) -> Identity:
    """An experiment's tracker and id as they stand in tables."""
    return short(tracker), short(experiment_id)
