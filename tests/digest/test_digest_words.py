"""What a digest and a reminder say, from ordinary to hostile."""

from datetime import UTC, date, datetime, timedelta

from bot.digest import DAILY, best_runs
from bot.facts.messages import Message
from bot.facts.runs import Metric, Run, Status
from bot.notify.rules import RunRules
from bot.render.messages import Templates
from bot.settings import ExperimentSettings, MetricSettings, Settings
from tests.golden_files import check_golden

END = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TEMPLATES = Templates()


def run(
    name: str, status: Status = Status.FINISHED, experiment: str = "churn-classifier", **metrics: float
) -> Run:
    return Run(
        tracker="main",
        run_id=name.encode().hex()[:32].ljust(32, "0"),
        experiment_id="1",
        experiment=experiment,
        name=name,
        status=status,
        started=END - timedelta(minutes=12),
        ended=END,
        url=f"http://mlflow.example.com/#/experiments/1/runs/{name.encode().hex()[:32]}",
        metrics={key: Metric(value) for key, value in metrics.items()},
        tags={"mlflow.user": "mira"},
    )


def settings(**experiments: ExperimentSettings) -> Settings:
    return Settings.model_validate(
        {"trackers": [{"name": "main", "uri": "http://mlflow.example.com"}], "experiments": experiments}
    )


def rules(wanted: Settings) -> RunRules:
    return lambda run: wanted.experiment(run.experiment)


def digest(**facts: object) -> Message:
    nothing: dict[str, object] = {
        "command": "/runs",
        "day": date(2026, 11, 23),
        "since": END - timedelta(days=3),
        "finished": 0,
        "failed": [],
        "failures": 0,
        "running": 0,
        "stalled": [],
        "best": [],
        "undocumented": 0,
    }
    return Message(DAILY, nothing | facts)


def test_an_ordinary_digest() -> None:
    finished = [run("calm-owl", val_auc=0.91), run("keen-fox", val_auc=0.93)]
    check_golden(
        TEMPLATES,
        digest(
            finished=2,
            failed=[run("broke", Status.FAILED), run("stopped", Status.KILLED)],
            failures=7,
            running=1,
            stalled=[run("sleepy", Status.RUNNING)],
            best=best_runs(rules(settings()), finished),
            undocumented=1,
        ),
    )


def test_a_quiet_digest_is_one_line() -> None:
    rendered = TEMPLATES.render(digest())
    assert len(rendered.blocks) == 1
    check_golden(TEMPLATES, digest(), "quiet")


def test_hostile_names_stay_text() -> None:
    names = ["<!channel> *x*", "a & b > c", "名前" * 60, "\u202eevil"]
    check_golden(TEMPLATES, digest(failed=[run(name, Status.FAILED) for name in names], failures=4), "hostile")


def test_the_best_run_follows_the_metric_s_direction() -> None:
    low, high = run("low", loss=0.1, auc=0.7), run("high", loss=0.4, auc=0.9)
    assert best_runs(rules(settings()), [low, high])[0].run is high, "auc speaks before loss, and higher is better"
    by_loss = settings(**{"churn-*": ExperimentSettings(primary="loss")})
    assert best_runs(rules(by_loss), [low, high])[0].run is low
    turned = settings(
        **{"churn-*": ExperimentSettings(primary="auc", metrics={"auc": MetricSettings(better="lower")})}
    )
    assert best_runs(rules(turned), [low, high])[0].run is low


def test_runs_without_metrics_with_nan_or_without_direction_are_never_best() -> None:
    assert best_runs(rules(settings()), [run("bare")]) == []
    assert best_runs(rules(settings()), [run("odd", wobble=3.0)]) == []
    best = best_runs(rules(settings()), [run("bare"), run("nan", val_auc=float("nan")), run("fine", val_auc=0.5)])
    assert [one.run.name for one in best] == ["fine"]
    assert best[0].among == 1


def test_the_busiest_experiments_come_first_and_five_at_most() -> None:
    runs = [run(f"r{i}-{j}", experiment=f"e{i}", auc=0.5) for i in range(7) for j in range(i + 1)]
    assert [one.experiment for one in best_runs(rules(settings()), runs)] == ["e6", "e5", "e4", "e3", "e2"]


def test_a_reminder_asks_and_says_thanks() -> None:
    facts = {"run": run("calm-owl"), "command": "/runs", "person": "U0123ABCDEF"}
    check_golden(TEMPLATES, Message("reminders/undocumented", facts))
    check_golden(TEMPLATES, Message("reminders/undocumented", {**facts, "person": ""}), "nobody")
    check_golden(TEMPLATES, Message("reminders/undocumented", {**facts, "run": run("<!here> " * 30)}), "hostile")
    check_golden(TEMPLATES, Message("reminders/documented", facts))
