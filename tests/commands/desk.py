"""Where tests ask: a real SQLite store with runs in it, and everything else in memory."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.deps import Deps
from bot.edges.store import SqlStore
from bot.facts.messages import Message, Rendered
from bot.facts.runs import Experiment, Metric, Run, Status, TrackerState
from bot.ports.index import Known
from bot.render.messages import Templates
from bot.settings import Settings
from bot.words import Asker
from handlers.commands import prepare
from tests.fakes.code import FakeCodeHosts
from tests.fakes.slack import FakeSlack
from tests.fakes.tracker import FakeTracker

NOW = datetime(2026, 11, 12, 14, 0, tzinfo=UTC)
JO = Asker("U0001", "jo", "C0001", "churn")


class NoQueue:
    """A queue nobody should use: commands answer by themselves."""

    def put(self, task: str, arguments: Mapping[str, Any]) -> int:
        raise AssertionError(task)

    def wake(self) -> None:
        raise AssertionError


def a_run(
    name: str = "calm-owl-1",
    *,
    run_id: str = "",
    experiment: str = "churn-weekly",
    status: Status = Status.FINISHED,
    minutes_ago: float = 60,
    metrics: Mapping[str, float] | None = None,
    owner: str = "jdoe",
    tags: Mapping[str, str] | None = None,
    **more: Any,
) -> Run:
    """A run that took twelve minutes; its id is made from its name."""
    run_id = run_id or f"{name.encode().hex():0<32}"[:32]
    started = NOW - timedelta(minutes=minutes_ago)
    measured = {"val_auc": 0.91, "val_loss": 0.31} if metrics is None else metrics
    facts: dict[str, Any] = {"params": {"lr": "0.1"}, **more}
    return Run(
        tracker=facts.pop("tracker", "main"),
        run_id=run_id,
        experiment_id={"churn-weekly": "1", "nlp-intents": "2"}.get(
            experiment, str(100 + sum(map(ord, experiment)))
        ),
        experiment=experiment,
        name=name,
        status=status,
        started=started,
        ended=started + timedelta(minutes=12) if status.ended else None,
        url=f"https://ml.example.com/#/experiments/1/runs/{run_id}",
        metrics={key: Metric(value, 10, started) for key, value in measured.items()},
        tags={"mlflow.user": owner, **(tags or {})},
        **facts,
    )


@dataclass
class Desk:
    """Asks commands; `runs` were put into its store with `know`."""

    store: SqlStore
    settings: Settings
    templates: Templates
    slack: FakeSlack = field(default_factory=FakeSlack)
    code: FakeCodeHosts = field(default_factory=FakeCodeHosts)
    tracker: FakeTracker = field(default_factory=lambda: FakeTracker("main", lambda: NOW))

    @property
    def deps(self) -> Deps:
        return Deps(
            self.settings,
            self.store,
            {"main": self.tracker},
            self.slack,
            self.code,
            NoQueue(),
            self.templates,
            lambda: NOW,
        )

    def know(self, *runs: Run) -> None:
        experiments = {run.experiment: Experiment(run.tracker, run.experiment_id, run.experiment) for run in runs}
        with self.store.write() as unit:
            unit.runs.put_experiments(list(experiments.values()))
            unit.runs.put([Known(run, NOW, NOW) for run in runs])

    def follow(self, **state: Any) -> None:
        """Keep how far the tracker was followed; all of its history was read unless said otherwise."""
        facts = {"followed_from": NOW - timedelta(days=1), "backfilled": True, "last_success": NOW, **state}
        with self.store.write() as unit:
            unit.trackers.put(TrackerState("main", **facts))

    def ask(self, text: str, asker: Asker = JO) -> Message:
        return prepare(text).answer(self.deps, asker)

    def see(self, text: str, asker: Asker = JO) -> Rendered:
        return self.templates.render(self.ask(text, asker))

    def read(self, text: str, asker: Asker = JO) -> str:
        """The answer as one line of text, as a screen reader gets it."""
        return " ".join(self.see(text, asker).text.split())

    def buttons(self, text: str, asker: Asker = JO) -> dict[str, tuple[str, str]]:
        """What can be pressed or chosen in an answer: label to (action, words)."""
        found: dict[str, tuple[str, str]] = {}
        for block in json.loads(json.dumps([dict(one) for one in self.see(text, asker).blocks])):
            elements = [*block.get("elements", []), *filter(None, [block.get("accessory")])]
            for element in elements:
                if element.get("type") == "button":
                    action = element["action_id"].partition(":")[0]
                    found[element["text"]["text"]] = (action, element.get("value", ""))
                for option in element.get("options", []):
                    found[option["text"]["text"]] = (element["action_id"], option["value"])
        return found
