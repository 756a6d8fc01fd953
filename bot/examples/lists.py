"""Examples of answers that show runs: lists, one run, two runs, and doubt about which run is meant."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import cycle

from bot.examples.checked import checks
from bot.examples.samples import NOON, RULES, Kind, Samples
from bot.examples.verdicts import judgements
from bot.facts.messages import Message
from bot.facts.people import Said
from bot.facts.runs import Metric, Run, Status
from bot.find.best import NoMetric, Ranked, Told
from bot.find.curves import Course, Courses, fits_slack, plot, told
from bot.find.paging import Page
from bot.find.profile import Place, profile
from bot.find.rows import Listing, Row, row
from bot.find.run import Candidates, Missing
from bot.find.scope import NoExperiment, Scope
from bot.find.sheet import sheet
from bot.judge.curves import log_helps, single
from bot.judge.metrics import primary_metrics
from bot.judge.mixed import behaviour_of
from bot.judge.side_by_side import side_by_side
from bot.notify.judgement import Judgement
from bot.notify.overview import overview
from bot.settings import Settings, TrackerSettings

SETTINGS = Settings(trackers=(TrackerSettings(name="main", uri="https://mlflow.example.com"),))


def answered(some: Samples, template: str, shared: bool = False, **facts: object) -> Message:
    """An answer with what every answer is handed."""
    words = some.words("latest churn-*") or "latest"
    return Message(f"commands/{template}", {"command": "/runs", "words": words, "shared": shared, **facts}, shared)


VERDICTS = ("", "regressed (confirmed)", "recovered", "missing")


def _row(run: Run, metrics: int = 2) -> Row:
    return Row(run, tuple((name, run.metrics[name]) for name in primary_metrics(run, RULES, metrics)))


def _list(some: Samples) -> Iterator[Message]:
    runs = [] if some.kind is Kind.EMPTY else some.children()[:20]
    runs = [replace(run, stalled=run.status is Status.RUNNING) for run in runs]
    if some.kind is Kind.ORDINARY:
        runs[-1] = replace(runs[-1], experiment="fraud", status=Status.SCHEDULED, stalled=False)
    listing = Listing(
        "Latest runs", "No runs", "Write /runs latest * for all.", some.words("metrics.val_auc > 0.9")
    )
    for scope in (Scope(), Scope(("churn-*",), channel=True), Scope(("churn-*",), some.words("churn-*"))):
        yield answered(
            some,
            "list",
            shared=scope.channel,
            listed=listing,
            page=Page(tuple(runs), 2 if runs else 1, len(runs) or 5, some.count(40), many=some.kind is Kind.HUGE),
            rows=tuple(replace(_row(run), verdict=said) for run, said in zip(runs, cycle(VERDICTS), strict=False)),
            previous=some.words("latest page:1"),
            next=some.words("latest page:3"),
            scope=scope,
            narrowed=tuple(some.words("failed") for _ in some.some(2)[:3]),
            standing=some.standing(),
        )


def _show(some: Samples) -> Iterator[Message]:
    channel, verdicts = some.slack_id("C0123ABCDEF"), judgements(some)
    for run, children in (
        (some.run(), []),
        (some.run(status=Status.RUNNING, measured=False, parent="ab" * 16), []),
        (some.run(measured=False), some.children()),
        (some.run(status=Status.FAILED), []),
    ):
        judgement = next(verdicts, Judgement())
        yield answered(
            some,
            "show",
            row=row(run, RULES, 4),
            profile=profile(run, RULES),
            checks=list(checks(some)) if run.status is Status.FINISHED else [],
            behaviour=behaviour_of(checks(some) if run.status is Status.FINISHED else (), judgement.metrics),
            trace=some.trace() if run.status is Status.FAILED else None,
            sweep=overview(children, RULES) if children else None,
            itself=some.words("the pinned baseline"),
            pinnable=bool(children),
            judgement=judgement,
            places=tuple(Place(channel, "https://acme.slack.com/archives/C1/p1") for _ in some.some(2)[:3]),
            standing=some.standing(),
        )


def _compare(some: Samples) -> Iterator[Message]:
    first, second = some.run(), some.run(2)
    bare = replace(second, params={}, metrics={}, tags={}, experiment="fraud", status=Status.RUNNING)
    many = tuple(some.run(number) for number in range(1, 11))
    for runs, number in (((first, second), 0), ((first, bare), 0), ((first, second), 1), (many, 0), (many[:3], 2)):
        found = side_by_side(runs, RULES)
        yield answered(
            some,
            "compare",
            found=found,
            sheet=sheet(found, number),
            why=some.words("the previous comparable run, a replicate"),
            plot=some.words("plot val_auc 0101 0202"),
            whole=some.words("compare latest page:1"),
            previous=some.words("compare latest") if number else "",
            next=some.words("compare latest page:2") if number else "",
            standing=some.standing(),
        )


def _same_run(some: Samples) -> Iterator[Message]:
    yield answered(some, "same_run", run=some.run(), standing=some.standing())


def _plot(some: Samples) -> Iterator[Message]:
    begun = [Metric(some.value(0.5 + step / 100, step), step, NOON) for step in range(1, 9)]
    for points, ends in ((begun, Status.FINISHED), (begun * 9, Status.RUNNING), (begun[:1], Status.FINISHED)):
        runs = [some.run(number, status=ends) for number in range(1, 4)]
        found = Courses(
            some.words("val_auc") or "auc",
            [Course(run, run.name or run.run_id[:8], points, cut=len(points) > 9) for run in runs],
        )
        drawn = plot(found, None)
        yield answered(
            some,
            "plot",
            metric=found.metric,
            across=drawn.across,
            told=told(found),
            chart=drawn if fits_slack(drawn) else None,
            log=log_helps(drawn.curves),
            single=single(drawn.curves),
            silent={some.words("main"): some.words("main did not answer in time.") for _ in some.some(1)},
            absent=[some.words("calm-owl-4") for _ in some.some(1)[:9]],
            other=some.words("plot val_auc latest over:time"),
            ids=" ".join(run.run_id for run in runs),
            standing=some.standing(),
        )


def _candidates(some: Samples) -> Iterator[Message]:
    runs = tuple(some.run(number) for number in range(1, 6))
    for more in (False, True):
        found = Candidates(some.words("calm") or "calm", runs, more)
        lines = [(_row(run, 1), f"show {run.run_id}") for run in runs]
        yield answered(some, "candidates", found=found, lines=lines)


def _missing(some: Samples) -> Iterator[Message]:
    near = tuple(some.words(f"calm-owl-{number}") for number in some.some(3)[:5])
    missing = Missing(some.words("clam-owl") or "x", "no run has such a name or id", near)
    yield answered(some, "missing", missing=missing, near=[(name, f"show {name}") for name in near])


def _no_experiment(some: Samples) -> Iterator[Message]:
    found = NoExperiment(some.words("chrun") or "x", tuple(some.words("churn-weekly") for _ in some.some(2)[:3]))
    near = [(name, f"latest {name}") for name in found.near]
    yield answered(some, "no_experiment", typed=found.typed, near=near)


def _no_reference(some: Samples) -> Iterator[Message]:
    for note in ("", some.words("the pinned baseline calm-owl-12 was deleted")):
        yield answered(some, "no_reference", run=some.run(), word="baseline", note=note, standing=some.standing())


def _best(some: Samples) -> Iterator[Message]:
    runs = [] if some.kind is Kind.EMPTY else some.children()[:20]
    said = Said("main", "1", some.words("wobble"), "lower", "U0123ABCDEF", NOON)
    ways = (
        Told("lower", "said", said),
        Told("higher", "app.yaml"),
        Told("higher", "tags"),
        Told("lower", "asked"),
    )
    for number, way in enumerate((*ways, Told("higher", "name"))):
        ranked = [Ranked(place, run, some.value(0.9, place), some.run()) for place, run in enumerate(runs, 1)]
        yield answered(
            some,
            "best",
            shared=number == 1,
            metric=some.words("wobble") or "m",
            scope=Scope(("churn-*",), some.words("churn-*")),
            told=way,
            asker="U0123ABCDEF" if number else "",
            plain=some.words("best wobble"),
            ranked=tuple(ranked),
            page=Page(tuple(runs), 2, len(runs) or 5, some.count(40), many=some.kind is Kind.HUGE),
            previous=some.words("best wobble page:1"),
            next=some.words("best wobble page:3"),
            narrowed=tuple(some.words("by jdoe") for _ in some.some(2)[:3]),
            others=[(some.words("f1 in fraud") or "f1", "best f1 in fraud") for _ in some.some(1)[:4]],
            unheard=number == 2,
            not_finite=some.count(3) if number else 1,
            standing=some.standing(),
        )


def _direction(some: Samples) -> Iterator[Message]:
    for split in (True, False):
        yield answered(
            some,
            "direction",
            shared=split,
            metric=some.words("wobble") or "m",
            scope=Scope((), some.words("churn-*")),
            told=Told(None, split=split),
            asker="U0123ABCDEF",
            plain=some.words("best wobble"),
        )


def _no_metric(some: Samples) -> Iterator[Message]:
    near = [(some.words("val_auc") or "m", some.words("best val_auc")) for _ in some.some(2)[:4]]
    missing = NoMetric(some.words("vla_auc"), tuple(name for name, _ in near))
    for scope in (Scope(("churn-*",), channel=True), Scope((), some.words("churn-*"))):
        among = "" if scope.channel else some.words("calm-owl-1")
        yield answered(some, "no_metric", missing=missing, scope=scope, near=near, among=among)


LISTS: Mapping[str, Callable[[Samples], Iterator[Message]]] = {
    "commands/list": _list,
    "commands/best": _best,
    "commands/direction": _direction,
    "commands/no_metric": _no_metric,
    "commands/show": _show,
    "commands/compare": _compare,
    "commands/same_run": _same_run,
    "commands/plot": _plot,
    "commands/candidates": _candidates,
    "commands/missing": _missing,
    "commands/no_experiment": _no_experiment,
    "commands/no_reference": _no_reference,
}
