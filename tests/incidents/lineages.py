"""Runs of one lineage, told to the announcer one after the other."""

from dataclasses import replace
from datetime import timedelta

from bot.edges.store import SqlStore
from bot.facts.incidents import Incident, Phase
from bot.facts.messages import Post
from bot.facts.runs import Event, Metric, Run
from bot.judge.incidents import episodes
from bot.settings import AppSettings, ExperimentSettings, MetricSettings, Settings, SubscriptionSettings
from tests.notify.desk import Desk
from tests.notify.examples import NOON, a_change, a_run

POSTED = ("finished", "failed", "stalled", "verdicts")
METRICS = {"auc": MetricSettings(better="higher"), "loss": MetricSettings(better="lower")}
STEADY = (0.900, 0.902, 0.899, 0.901, 0.900, 0.898, 0.901, 0.900)
BAD = (0.80, 0.81, 0.80)


def settings(**channel: object) -> Settings:
    wish = SubscriptionSettings.model_validate({"experiments": ("churn-*",), "post": POSTED, **channel})
    return Settings(
        app=AppSettings(ops_channel="#ops"),
        channels={"#churn": (wish,)},
        experiments={"churn-*": ExperimentSettings(primary="auc", metrics=METRICS)},
        cards={"group_after": 1000},
    )


def nth(number: int, auc: float = 0.9, **more: object) -> Run:
    """The run of an hour: the first begins at noon."""
    return a_run(
        f"{number:032x}",
        name=f"run-{number}",
        metrics={"auc": auc, **more.pop("metrics", {})},  # type: ignore[dict-item]
        started=NOON + timedelta(hours=number),
        params=more.pop("params", {"lr": "0.1", "seed": str(number)}),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


class Laboratory(Desk):
    """Ends runs in the order of their numbers, and reads what became of it."""

    def __init__(self, store: SqlStore, how: Settings | None = None) -> None:
        super().__init__(store, how or settings())
        self.count = 0

    def end(self, *values: float, **more: object) -> list[Run]:
        """One run after the other, each delivered."""
        runs = []
        for value in values:
            runs.append(nth(self.count, value, **more))
            self.count += 1
            self.announce(runs[-1])
        return runs

    def announce(self, run: Run, event: Event | None = None, key: str = "") -> None:
        change = a_change(run, event)
        now = max(self.now, run.ended or self.now) + timedelta(seconds=1)
        self.tell(replace(change, key=key) if key else change, now=now)
        self.deliver()

    def edit(self, run: Run, auc: float) -> Run:
        """Somebody logs another value after the end."""
        edited = replace(run, metrics={**run.metrics, "auc": Metric(auc)})
        self.announce(edited, Event.EDITED, f"{run.run_id}:edited:{auc}")
        return edited

    def delete(self, run: Run) -> None:
        self.announce(replace(run, deleted=True), Event.DELETED, f"{run.run_id}:deleted:{self.now}")

    def restore(self, run: Run) -> None:
        self.announce(run, Event.RESTORED, f"{run.run_id}:restored:{self.now}")

    def incidents(self) -> list[Incident]:
        with self.store.read() as unit:
            return list(unit.incidents.since(NOON - timedelta(days=99)))

    def phases(self) -> list[tuple[str, str, Phase]]:
        """Metric, first run and phase of each regression."""
        return [(one.metric, str(int(one.first.run_id, 16)), one.phase) for one in self.incidents()]

    def alive(self) -> list[tuple[str, str, Phase]]:
        """Those that the verdicts tell of now: what was taken back says nothing any more."""
        with self.store.read() as unit:
            lineages = {one.lineage for one in unit.incidents.since(NOON - timedelta(days=99))}
            told = [one for of in lineages for one in episodes(unit.verdicts.newest(of, 200))]
        kept = {(one.metric, one.first): one.phase for one in self.incidents()}
        assert all(kept[one.metric, one.first] is one.phase for one in told)
        assert sum(phase.open for phase in kept.values()) == sum(one.phase.open for one in told)
        return sorted((one.metric, str(int(one.first.run_id, 16)), one.phase) for one in told)

    def card(self, run: Run, channel: str = "#churn") -> str:
        return self.text(f"run:{run.ref}", channel)

    def post(self, run: Run, word: str, channel: str = "#churn") -> Post | None:
        with self.store.read() as unit:
            return unit.outbox.get(channel, f"run:{run.ref}:{word}:{run.run_id}")
