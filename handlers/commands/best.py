"""The best runs by a metric."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.facts.messages import Message
from bot.facts.people import AuditEntry, Said
from bot.facts.runs import Experiment as KnownExperiment
from bot.facts.spans import Since
from bot.find.best import (
    FINISHED,
    NoMetric,
    Told,
    free,
    metric_of,
    narrowed_to,
    primaries,
    ranking,
    told,
    within,
)
from bot.find.paging import Page, with_page
from bot.find.scope import NoExperiment, Scope, literal, named, scope_of
from bot.judge.direction import Direction
from bot.ports.index import RunQuery
from bot.ports.store import Store, Unit
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import Count, Experiment, MetricWord, Order, Owner, Remembered, Span
from bot.words.kinds import Page as PageNumber
from bot.words.people import Who
from handlers.lists import channels, narrow, no_experiment, quoted, standing

SIZE = 10
OTHERS = 4


def answer(
    metric: MetricWord = "",
    experiment: Experiment = "",
    count: Count = SIZE,
    *,
    order: Order | None = None,
    remember: Remembered | None = None,
    by: Owner | None = None,
    since: Span | None = None,
    page: PageNumber = 1,
    store: Store,
    settings: Settings,
    asker: Asker,
    now: datetime,
    words: str,
) -> Message:
    """The best runs by a metric, those of sweeps included.

    Without a metric it takes the primary one of the experiment; without an experiment it looks at those of this
    channel, * stands for all. Runs that finished count, children and parents alike; runs whose value is NaN or
    infinite do not. Equal values share a place, the earlier run first.

    Which way a metric gets better is known from app.yaml, the experiment's tags, what somebody said, or its name.
    Where it is not you are asked once, and your answer is kept for everybody. order: says which values come first
    this once, remember: changes what was said.

    Examples:
        best
        best val_auc in churn-* 5
        best val_loss order:higher
        best spread in churn-weekly remember:lower
    """
    with store.write() if remember else store.read() as unit:
        chosen = _chosen(unit, settings, metric, experiment, asker, words)
        if isinstance(chosen, Message):
            return chosen
        if remember:
            _keep(unit, free(settings, chosen.metric, chosen.experiments), chosen.metric, remember, asker, now)
        way = Told(order, "asked") if order else told(unit, settings, chosen.metric, chosen.experiments)
        narrowed = narrow(unit, settings, asker, now, chosen.query, by=by, since=since)
        if isinstance(narrowed, Message):
            return narrowed
        plain = _words(chosen, count, by, since)
        facts = {"metric": chosen.metric, "scope": chosen.scope, "told": way, "asker": asker.user, "plain": plain}
        if way.better is None:
            return Message("commands/direction", facts)
        shown, ranked = ranking(unit, narrowed.query, chosen.metric, way.better, page, count)
        facts |= {"ranked": ranked, "narrowed": narrowed.words, "others": chosen.others, "unheard": bool(remember)}
        facts |= _pages(f"{plain} order:{order}" if order else plain, shown)
        return Message("commands/best", {**facts, **_below(unit, settings, narrowed.query, chosen.metric)})


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is ranked by which metric; `others` are buttons for what may be wanted instead."""

    metric: str
    experiment: str
    scope: Scope
    others: Sequence[tuple[str, str]] = ()
    experiments: Sequence[KnownExperiment] = ()
    query: RunQuery = FINISHED


def _chosen(
    unit: Unit, settings: Settings, typed: str, experiment: str, asker: Asker, words: str
) -> Chosen | Message:
    """What is to be ranked, and by which metric; a Message where there is none."""
    scope = scope_of(unit, settings.subscriptions(), experiment, channels(asker))
    if isinstance(scope, NoExperiment):
        return no_experiment(scope, words)
    chosen = (_typed if typed else _primary)(unit, settings, typed, experiment, scope)
    if isinstance(chosen, Message):
        return chosen
    everywhere = unit.ranking.measured(chosen.metric)
    query = narrowed_to(FINISHED, chosen.scope, everywhere)
    return replace(chosen, experiments=within(everywhere, chosen.scope), query=query)


def _typed(unit: Unit, _: Settings, typed: str, experiment: str, scope: Scope) -> Chosen | Message:
    missing = metric_of(unit, typed, scope)
    if isinstance(missing, str):
        return Chosen(missing, experiment, scope)
    tail = f" in {quoted(experiment)}" if experiment else ""
    near = [(name, f"best {quoted(name)}{tail}") for name in missing.near]
    near += [(f"{typed} in {name}", f"best {quoted(typed)} in {quoted(name)}") for name in missing.elsewhere]
    if not experiment and not isinstance(named(unit, typed), NoExperiment):
        near.insert(0, (f"best in {typed}", f"best in {quoted(typed)}"))
    return Message("commands/no_metric", {"missing": missing, "scope": scope, "near": near[:OTHERS]})


def _primary(unit: Unit, settings: Settings, _: str, experiment: str, scope: Scope) -> Chosen | Message:
    first, *rest = primaries(unit, settings, scope) or (None,)
    if first is None:
        return Message("commands/no_metric", {"missing": NoMetric(""), "scope": scope, "near": []})
    names = [(one.metric, one.experiments[0].name) for one in rest[:OTHERS]]
    others = [(f"{metric} in {name}", f"best {quoted(metric)} in {quoted(name)}") for metric, name in names]
    if rest and len(first.experiments) == 1:
        experiment = first.experiments[0].name
        scope = Scope((literal(experiment),), experiment)
    return Chosen(first.metric, experiment, scope, others)


def _keep(
    unit: Unit, experiments: Sequence[KnownExperiment], metric: str, better: Direction, asker: Asker, now: datetime
) -> None:
    """Write down what somebody said of a metric, and who it was."""
    for one in experiments:
        unit.directions.put(Said(one.tracker, one.experiment_id, metric, better, asker.user, now))
        target = f"{one.tracker}/{one.name}: {metric}"
        unit.audit.add(AuditEntry(now, asker.user, "direction", target, f"{better} is better"))


def _words(chosen: Chosen, count: int, by: Who | None, since: Since | None) -> str:
    """The words that ask for the same ranking again, whatever comes to be the primary metric."""
    options = [
        f"in {quoted(chosen.experiment)}" if chosen.experiment else "",
        str(count) if count != SIZE else "",
        f"by:{quoted(by.typed)}" if by else "",
        f"since:{since.typed}" if since else "",
    ]
    return " ".join(["best", quoted(chosen.metric), *filter(None, options)])


def _below(unit: Unit, settings: Settings, query: RunQuery, metric: str) -> dict[str, object]:
    """What is said below a ranking: how far it can be trusted, and how many runs are in none."""
    return {"standing": standing(unit, settings), "not_finite": unit.ranking.not_finite(query, metric)}


def _pages(words: str, page: Page) -> dict[str, object]:
    return {
        "page": page,
        "words": with_page(words, page.number) if page.number > 1 else words,
        "previous": with_page(words, page.number - 1) if page.number > 1 else "",
        "next": with_page(words, page.number + 1) if page.has_next else "",
    }
