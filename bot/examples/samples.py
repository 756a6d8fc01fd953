"""The nouns that examples are made of, in four kinds: as they mostly are, missing, huge, and meaning harm."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.facts.pipelines import Outcome, Pipeline
from bot.facts.runs import NOTE_TAG, OWNER_TAG, PARENT_TAG, SOURCE_TAG, Dataset, Metric, Run, Status
from bot.facts.traces import Trace
from bot.find.standing import Reading, Standing, Trouble
from bot.judge.baseline import Baseline
from bot.settings import ExperimentSettings, MetricSettings

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
COMMIT = "7d3f1c9a5be24880c6f1e0b7a942d5538e61fa20"
RULES = ExperimentSettings(
    primary="val_auc",
    metrics={"val_auc": MetricSettings(better="higher"), "val_loss": MetricSettings(better="lower")},
)
# Mentions, formatting, markup, quotes, text that turns its direction, joined emoji, what no text may hold.
HOSTILE = (
    "<!channel> <@U12345> <https://evil.example|x> *b* _i_ ~s~ `c` ```d``` > &amp; \"q\" 'a' {{ 7 * 7 }}"
    " </section> \u202eevil\u2066 שלום 漢字 👩🏽\u200d🔬🇩🇪 :tada:\r\nsecond\tline \x00\x1b[31m\ud800\uffff"
)
LONG = 10_000
MANY = 60


class Kind(StrEnum):
    """What is true of the facts of an example."""

    ORDINARY = "ordinary"
    EMPTY = "empty"
    HUGE = "huge"
    HOSTILE = "hostile"


@dataclass(frozen=True, slots=True)
class Samples:
    """Makes facts of one kind; `hostile` is what texts say where they mean harm."""

    kind: Kind
    hostile: str = HOSTILE

    def words(self, ordinary: str) -> str:
        """A text that people or programs wrote: this one, none, a very long one, or a hostile one."""
        match self.kind:
            case Kind.EMPTY:
                return ""
            case Kind.HUGE:
                return (ordinary * (LONG // len(ordinary) + 1))[:LONG]
            case Kind.HOSTILE:
                return self.hostile
        return ordinary

    def count(self, ordinary: int) -> int:
        """How many there are."""
        return {Kind.EMPTY: 0, Kind.HUGE: 1_234_567}.get(self.kind, ordinary)

    def some(self, ordinary: int) -> range:
        """As many things as there are."""
        return range({Kind.EMPTY: 0, Kind.HUGE: MANY}.get(self.kind, ordinary))

    def moment(self, hours_ago: float) -> datetime | None:
        """A moment, which may not be known."""
        return None if self.kind is Kind.EMPTY else NOON - timedelta(hours=hours_ago)

    def value(self, ordinary: float, number: int = 0) -> float:
        """What was measured."""
        if self.kind is Kind.HOSTILE:
            return (math.nan, math.inf, -math.inf, 1e300, -0.0, 5e-324)[number % 6]
        return ordinary * 1e12 if self.kind is Kind.HUGE else ordinary

    def address(self, ordinary: str) -> str:
        """An address; a hostile one goes on after it."""
        return f"{ordinary}{self.hostile}" if self.kind is Kind.HOSTILE else ordinary

    def slack_id(self, ordinary: str) -> str:
        """The id of a person or channel, known from app.yaml or from Slack; a hostile one is none."""
        return {Kind.EMPTY: "", Kind.HOSTILE: f"<{self.hostile}"}.get(self.kind, ordinary)

    def run(
        self,
        number: int = 1,
        *,
        status: Status = Status.FINISHED,
        measured: bool = True,
        parent: str = "",
        **more: object,
    ) -> Run:
        """A run; empty ones have neither name nor owner nor times, and were never measured."""
        started = self.moment(number)
        run_id = f"{number:02x}" * 16
        run = Run(
            tracker="main",
            run_id=run_id,
            experiment_id="1",
            experiment=self.words("churn-weekly") or "Default",
            name=self.words(f"calm-owl-{number}"),
            status=status,
            started=started,
            ended=started + timedelta(minutes=12, seconds=4) if started and status.ended else None,
            url=self.address(f"https://mlflow.example.com/#/experiments/1/runs/{run_id}"),
            params=self._pairs({"lr": "0.1", "depth": str(number), "seed": "1"}),
            metrics=self._metrics(number) if measured else {},
            tags={**self._tags(), **({PARENT_TAG: parent} if parent else {})},
            datasets=tuple(
                Dataset(self.words("customers"), self.words(f"d{one}"), self.words("train"))
                for one in self.some(1)
            ),
        )
        return replace(run, **more)  # type: ignore[arg-type]

    def _metrics(self, number: int) -> Mapping[str, Metric]:
        ordinary = {"val_auc": 0.87 + number / 1000, "val_loss": 0.4 - number / 1000}
        found = {name: self.value(value, place) for place, (name, value) in enumerate(ordinary.items())}
        found |= {f"{self.words('metric')[:200]}{one}": self.value(1.0, one) for one in self.some(1)}
        return {} if self.kind is Kind.EMPTY else {name: Metric(value, 340, NOON) for name, value in found.items()}

    def _pairs(self, ordinary: Mapping[str, str]) -> Mapping[str, str]:
        more = {f"{self.words('param')}{one}": self.words("value") for one in self.some(1)}
        return (
            {}
            if self.kind is Kind.EMPTY
            else {**{name: self.words(value) for name, value in ordinary.items()}, **more}
        )

    def _tags(self) -> Mapping[str, str]:
        if self.kind is Kind.EMPTY:
            return {}
        return {
            OWNER_TAG: self.words("jdoe"),
            NOTE_TAG: self.words("A smaller learning rate.\nIt was slower, and better."),
            SOURCE_TAG: self.words("train.py"),
            "mlflow.source.git.commit": COMMIT if self.kind is not Kind.HOSTILE else self.hostile,
            "mlflow.source.git.branch": self.words("main"),
            "mlflow.source.git.repoURL": self.address("https://github.com/acme/churn"),
            **{f"{self.words('team')}{one}": self.words("growth") for one in self.some(1)},
        }

    def baseline(self) -> Baseline | None:
        """The run before."""
        return (
            None
            if self.kind is Kind.EMPTY
            else Baseline(self.run(2), "the previous run, with other params", False)
        )

    def children(self, parent: str = "") -> list[Run]:
        """The runs of a sweep or of a burst, one of each state at least."""
        states = (Status.FINISHED, Status.FINISHED, Status.FINISHED, Status.FAILED, Status.KILLED, Status.RUNNING)
        count = max(len(self.some(8)), 1)
        return [
            self.run(number % 250, status=states[number % 6], parent=parent, run_id=f"{number:032x}")
            for number in range(count)
        ]

    def trace(self) -> Trace | None:
        """The last lines that a run logged before it went wrong."""
        lines = [self.words("ValueError: labels are missing")[:300] for _ in self.some(1)]
        return None if self.kind is Kind.EMPTY else Trace(self.words("logs/stderr.txt"), ("Traceback:", *lines))

    def pipeline(self, outcome: Outcome) -> Pipeline:
        """A pipeline; one with empty facts comes from a provider that told little."""
        return Pipeline(
            provider="github",
            repository=self.words("acme/churn") or "churn",
            pipeline_id="77",
            attempt=max(self.count(2), 1),
            name=self.words("tests"),
            branch=self.words("main"),
            commit=COMMIT if self.kind is not Kind.HOSTILE else self.hostile,
            outcome=outcome,
            url=self.address("https://github.com/acme/churn/actions/runs/77"),
            default_branch=True,
            updated=NOON,
            actor=self.words("jonas"),
            title=self.words("Lower the regularisation"),
        )

    def standing(self) -> Standing:
        """Trackers that do not answer, and history that is still being read."""
        return Standing(
            tuple(Trouble(self.words("main"), self.moment(one + 1), "timed out") for one in self.some(1)[:3]),
            tuple(Reading(self.words("other"), self.count(1200), self.count(9000)) for _ in self.some(1)[:3]),
            many=self.kind is not Kind.EMPTY,
        )
