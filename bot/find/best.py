"""Runs ranked by a metric: which metric is meant, which way it gets better, and the runs of a page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from rapidfuzz import fuzz, process

from bot.facts.people import Said
from bot.facts.runs import Experiment, Run, RunRef, Status
from bot.find.paging import AHEAD, Page
from bot.find.plain import folded
from bot.find.run import MOST_CANDIDATES, Candidates, Missing
from bot.find.scope import Scope, literal
from bot.judge.direction import (
    GREATER_TAG,
    PRIMARY_TAG,
    Direction,
    better,
    by_name,
    configured_direction,
    informed,
)
from bot.judge.metrics import primary_metrics
from bot.notify.rules import rules_in
from bot.ports.index import RunQuery
from bot.ports.store import Unit
from bot.settings import ExperimentSettings, Settings

Source = Literal["asked", "app.yaml", "tags", "said", "name", ""]
FINISHED = RunQuery(statuses=frozenset({Status.FINISHED}))
NEWEST = 100
NEAR = 3
# What the index keeps of a name of more than 200 characters.
BEGINNING = 136


@dataclass(frozen=True, slots=True)
class Told:
    """Which way a metric gets better and who tells; no way where nobody does, or experiments are `split`."""

    better: Direction | None
    source: Source = ""
    said: Said | None = None
    split: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A run at its place: equals share one. `parent` is the run whose child it is."""

    place: int
    run: Run
    value: float
    parent: Run | None = None


@dataclass(frozen=True, slots=True)
class NoMetric:
    """No finished run of the scope has such a metric: names that may be meant, experiments that do have it."""

    typed: str
    near: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Primary:
    """A primary metric, and the experiments of which it is that; their newest runs come first."""

    metric: str
    experiments: tuple[Experiment, ...]


def within(experiments: Sequence[Experiment], scope: Scope) -> tuple[Experiment, ...]:
    """Those of some experiments that a scope covers, deleted ones aside."""
    return tuple(
        one
        for one in experiments
        if not one.deleted and (not scope.globs or any(fnmatchcase(one.name, glob) for glob in scope.globs))
    )


def metric_of(unit: Unit, typed: str, scope: Scope) -> str | NoMetric:
    """The metric that is meant: one that is called so, whatever its case, in this scope."""
    everywhere = unit.ranking.measured(typed)
    if within(everywhere, scope):
        return typed
    own = within(unit.runs.experiments(), scope) if scope.globs else ()
    names = unit.ranking.metrics(own)
    same = [name for name in names if folded(name) == folded(typed)]
    if len(same) == 1:
        return same[0]
    near = same or [
        name
        for name, _, _ in process.extract(
            folded(typed), names, scorer=fuzz.WRatio, processor=folded, limit=NEAR, score_cutoff=60
        )
    ]
    elsewhere = [one.name for one in within(everywhere, Scope())]
    return NoMetric(typed, tuple(near[:NEAR]), tuple(dict.fromkeys(elsewhere))[:NEAR])


def primaries(unit: Unit, settings: Settings, scope: Scope) -> tuple[Primary, ...]:
    """The primary metrics of what was measured lately in a scope, the newest first."""
    measured = unit.runs.find(RunQuery(experiments=scope.globs, has_metrics=True, limit=NEWEST))
    newest = [run for run in measured if run.status is Status.FINISHED]
    rules = rules_in(unit, settings, newest)
    known = unit.runs.experiments_by_id({(run.tracker, run.experiment_id) for run in newest})
    found: dict[str, dict[RunRef, Experiment]] = {}
    seen: set[tuple[str, str]] = set()
    for run in newest:
        key = (run.tracker, run.experiment_id)
        for metric in primary_metrics(run, rules(run), 1) if key not in seen else ():
            own = known.get(key) or Experiment(*key, run.experiment)
            found.setdefault(metric, {})[RunRef(*key)] = own
            seen.add(key)
    return tuple(Primary(metric, tuple(own.values())) for metric, own in found.items())


def told(unit: Unit, settings: Settings, metric: str, experiments: Sequence[Experiment]) -> Told:
    """Which way a metric gets better in these experiments, as far as they agree."""
    said = {(one.tracker, one.experiment_id): one for one in reversed(unit.directions.of(metric))}
    found = [
        one
        for experiment in experiments
        if (one := _told(settings, metric, experiment, said.get((experiment.tracker, experiment.experiment_id))))
    ]
    ways = {one.better for one in found}
    if len(ways) > 1:
        return Told(None, split=True)
    if not found:
        named = by_name(metric)
        return Told(named, "name" if named else "")
    return found[0]


def _told(settings: Settings, metric: str, experiment: Experiment, said: Said | None) -> Told | None:
    configured = settings.experiment(experiment.name)
    direct = configured_direction(metric, configured)
    if direct is not None:
        return Told(direct, "app.yaml")
    if experiment.tags.get(PRIMARY_TAG) == metric and experiment.tags.get(GREATER_TAG):
        tagged = better(metric, informed(ExperimentSettings(), experiment.tags, {}))
        return Told(tagged, "tags") if tagged else None
    return Told(said.better, "said", said) if said is not None else None


def free(settings: Settings, metric: str, experiments: Sequence[Experiment]) -> tuple[Experiment, ...]:
    """Those of the experiments for which what people say counts: neither app.yaml nor tags say anything."""
    return tuple(one for one in experiments if _told(settings, metric, one, None) is None)


def ranking(
    unit: Unit, query: RunQuery, metric: str, way: Direction, number: int, size: int
) -> tuple[Page, tuple[Ranked, ...]]:
    """A page of the runs of a query by a metric; a number beyond the last page gives the last page."""
    highest, before = way == "higher", (number - 1) * size
    runs = unit.ranking.best(replace(query, limit=size + 1, offset=before), metric, highest=highest)
    if not runs and number > 1:
        total = unit.ranking.count(query, metric, before)
        return ranking(unit, query, metric, way, max(1, -(-total // size)), size)
    most = before + size + AHEAD
    total = unit.ranking.count(query, metric, most + 1) if len(runs) > size else before + len(runs)
    page = Page(tuple(runs[:size]), number, size, min(total, most), many=total > most)
    return page, _placed(unit, query, metric, page, highest=highest)


def _placed(unit: Unit, query: RunQuery, metric: str, page: Page, *, highest: bool) -> tuple[Ranked, ...]:
    refs = [RunRef(run.tracker, run.parent_id) for run in page.runs if run.parent_id]
    parents = unit.runs.get(refs) if refs else {}
    ranked: list[Ranked] = []
    for place, run in enumerate(page.runs, page.first):
        value = _value(run, metric)
        if ranked and ranked[-1].value == value:
            place = ranked[-1].place  # noqa: PLW2901
        elif not ranked and place > 1:
            place = 1 + unit.ranking.ahead(query, metric, value, highest=highest, most=place - 1)  # noqa: PLW2901
        parent = parents.get(RunRef(run.tracker, run.parent_id))
        ranked.append(Ranked(place, run, value, parent.run if parent is not None else None))
    return tuple(ranked)


def _value(run: Run, metric: str) -> float:
    """Its value; of a name too long for the index only the beginning is known."""
    if metric in run.metrics:
        return run.metrics[metric].value
    return next(
        (one.value for name, one in run.metrics.items() if name[:BEGINNING] == metric[:BEGINNING]), math.nan
    )


def narrowed_to(query: RunQuery, scope: Scope, experiments: Sequence[Experiment]) -> RunQuery:
    """The query for the runs of a scope, which is no limit where it covers all `experiments` that measured."""
    return replace(query, experiments=() if len(within(experiments, scope)) == len(experiments) else scope.globs)


def best_run(unit: Unit, settings: Settings, typed: str, scope: Scope) -> Run | Candidates | Missing:
    """The best finished run by the primary metric; where experiments have several, the best of each."""
    bests: list[Run] = []
    unknown: list[str] = []
    for primary in primaries(unit, settings, scope)[:MOST_CANDIDATES]:
        way = told(unit, settings, primary.metric, primary.experiments).better
        if way is None:
            unknown.append(primary.metric)
            continue
        globs = tuple(dict.fromkeys(literal(one.name) for one in primary.experiments))
        query = replace(FINISHED, experiments=globs, limit=1)
        bests += unit.ranking.best(query, primary.metric, highest=way == "higher")
    distinct = tuple(dict.fromkeys(run.ref for run in bests))
    if len(distinct) > 1:
        sentence = "The experiments here are judged by different metrics, and each has its best run."
        return Candidates(typed, tuple(bests), sentence=sentence)
    if bests:
        return bests[0]
    if unknown:
        return Missing(typed, f"nobody has said which way {unknown[0]} gets better: the command best asks it once")
    return Missing(typed, "no finished run there has measured anything yet")
