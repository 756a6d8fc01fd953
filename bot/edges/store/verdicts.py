"""What was thought of each run, and the confirmed changes that stood after it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, or_, select

from bot.edges.store.columns import microseconds, moment_of
from bot.edges.store.statements import chunks, upsert
from bot.edges.store.tables import verdicts
from bot.facts.incidents import Judged, Lineage
from bot.facts.runs import RunRef
from bot.facts.verdicts import Method, MetricVerdict, Noise, RunVerdict, Shift, Stage, Word
from bot.ports.verdicts import Place

WORDS = select(verdicts.c.run_id, verdicts.c.word, verdicts.c.stage).where(
    verdicts.c.tracker == bindparam("tracker"), verdicts.c.run_id.in_(bindparam("ids", expanding=True))
)
BACK = (verdicts.c.newest_first, verdicts.c.run_id.desc())


class SqlVerdicts:
    """bot.ports.verdicts.Verdicts."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, judged: Judged) -> bool:
        """Keep a verdict in place of the run's former one; False when nothing changed."""
        row = _row(judged)
        standing = self.connection.execute(select(verdicts).where(*_is(judged.run))).mappings().first()
        if standing is not None and all(_same(standing[name], value) for name, value in row.items()):
            return False
        upsert(self.connection, verdicts, [row], ("tracker", "run_id"))
        return True

    def drop(self, run: RunRef) -> None:
        """Forget the verdict on a run."""
        self.connection.execute(delete(verdicts).where(*_is(run)))

    def of(self, runs: Collection[RunRef]) -> Mapping[RunRef, Judged]:
        """The verdicts on these runs; those without one are left out."""
        found: dict[RunRef, Judged] = {}
        for tracker, part in _parts(runs):
            these = select(verdicts).where(verdicts.c.tracker == tracker, verdicts.c.run_id.in_(part))
            found |= {RunRef(tracker, row.run_id): _judged(row) for row in self.connection.execute(these)}
        return found

    def words(self, runs: Collection[RunRef]) -> Mapping[RunRef, tuple[Word, Stage | None]]:
        """The headlines alone; runs without a verdict are left out."""
        found: dict[RunRef, tuple[Word, Stage | None]] = {}
        for tracker, part in _parts(runs):
            for run_id, word, stage in self.connection.execute(WORDS, {"tracker": tracker, "ids": part}):
                found[RunRef(tracker, run_id)] = Word(word), Stage(stage) if stage else None
        return found

    def any_of(self, tracker: str, experiment_id: str) -> bool:
        """Whether a run of an experiment has a verdict."""
        mine = (verdicts.c.tracker == tracker, verdicts.c.experiment_id == experiment_id)
        return self.connection.scalar(select(verdicts.c.run_id).where(*mine).limit(1)) is not None

    def before(self, lineage: Lineage, place: Place) -> Judged | None:
        """The newest verdict of a lineage before a place."""
        row = self.connection.execute(_newest(lineage).where(_apart(place, later=False)).limit(1)).first()
        return _judged(row) if row is not None else None

    def newest(self, lineage: Lineage, limit: int, *, after: Place | None = None) -> Sequence[Judged]:
        """The newest verdicts of a lineage (of those after a place), oldest first."""
        statement = _newest(lineage)
        if after is not None:
            statement = statement.where(_apart(after, later=True))
        rows = self.connection.execute(statement.limit(limit)).all()
        return [_judged(row) for row in rows[::-1]]


def _parts(runs: Collection[RunRef]) -> Iterator[tuple[str, Sequence[str]]]:
    """Runs by tracker, as many as fit one statement."""
    by_tracker: dict[str, list[str]] = {}
    for run in runs:
        by_tracker.setdefault(run.tracker, []).append(run.run_id)
    return ((tracker, part) for tracker, run_ids in by_tracker.items() for part in chunks(run_ids))


def _is(run: RunRef) -> tuple[ColumnElement[bool], ...]:
    return verdicts.c.tracker == run.tracker, verdicts.c.run_id == run.run_id


def _newest(lineage: Lineage) -> Select[Any]:
    mine = (
        verdicts.c.tracker == lineage.tracker,
        verdicts.c.experiment_id == lineage.experiment_id,
        verdicts.c.lineage == lineage.key,
    )
    return select(verdicts).where(*mine).order_by(*BACK)


def _apart(place: Place, *, later: bool) -> ColumnElement[bool]:
    newest_first, run_id = -microseconds(place[0]), place[1]
    column, ids = verdicts.c.newest_first, verdicts.c.run_id
    same = column == newest_first
    if later:
        return or_(column < newest_first, and_(same, ids > run_id))
    return or_(column > newest_first, and_(same, ids < run_id))


def _same(kept: Any, new: Any) -> bool:
    """NaN is equal to itself here."""
    return kept == new or repr(kept) == repr(new)


def _row(judged: Judged) -> dict[str, Any]:
    return {
        "tracker": judged.run.tracker,
        "run_id": judged.run.run_id,
        "experiment_id": judged.lineage.experiment_id,
        "lineage": judged.lineage.key,
        "newest_first": -microseconds(judged.at),
        "word": judged.verdict.word.value,
        "stage": judged.verdict.stage.value if judged.verdict.stage else "",
        "before": judged.before,
        "metrics": [_packed(one) for one in judged.verdict.metrics],
        "standing": {
            metric: [shift.since.run_id, shift.expected, shift.word.value]
            for metric, shift in sorted(judged.standing.items())
        },
    }


def _packed(one: MetricVerdict) -> list[Any]:
    noise = [one.noise.method.value, one.noise.spread, one.noise.runs] if one.noise else None
    since = one.since.run_id if one.since else ""
    stage = one.stage.value if one.stage else ""
    values = [one.metric, one.word.value, one.value, one.expected, one.better, stage]
    return [*values, noise, since, one.one_seed, one.rule]


def _unpacked(tracker: str, packed: Sequence[Any]) -> MetricVerdict:
    metric, word, value, expected, better, stage, noise, since, one_seed, rule = packed
    return MetricVerdict(
        metric=metric,
        word=Word(word),
        value=value,
        expected=expected,
        better=better,
        stage=Stage(stage) if stage else None,
        noise=Noise(Method(noise[0]), noise[1], noise[2]) if noise else None,
        since=RunRef(tracker, since) if since else None,
        one_seed=one_seed,
        rule=rule,
    )


def _judged(row: Any) -> Judged:
    run = RunRef(row.tracker, row.run_id)
    metrics = tuple(_unpacked(row.tracker, packed) for packed in row.metrics)
    verdict = RunVerdict(run, Word(row.word), Stage(row.stage) if row.stage else None, metrics)
    standing = {
        metric: Shift(RunRef(row.tracker, since), expected, Word(word))
        for metric, (since, expected, word) in row.standing.items()
    }
    lineage = Lineage(row.tracker, row.experiment_id, row.lineage)
    return Judged(lineage, moment_of(-row.newest_first), verdict, row.before, standing)
