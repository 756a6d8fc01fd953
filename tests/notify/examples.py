"""Runs, changes and subscriptions as tests like to write them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.facts.routes import Subscription
from bot.facts.runs import Change, Event, Metric, Run, Status

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_run(
    run_id: str = "a1b2c3d4e5f60718293a4b5c6d7e8f90",
    *,
    name: str = "calm-owl-12",
    experiment: str = "churn-weekly",
    status: Status = Status.FINISHED,
    started: datetime = NOON - timedelta(minutes=20),
    lasted: timedelta | None = timedelta(minutes=12),
    metrics: dict[str, float] | None = None,
    params: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
    owner: str = "jdoe",
    parent: str = "",
    **rest: object,
) -> Run:
    """A run; one that is not over has no end."""
    marks = {"mlflow.user": owner, **({"mlflow.parentRunId": parent} if parent else {}), **(tags or {})}
    shown = {"auc": 0.87} if metrics is None else metrics
    run = Run(
        tracker="main",
        run_id=run_id,
        experiment_id="1",
        experiment=experiment,
        name=name,
        status=status,
        started=started,
        ended=started + lasted if status.ended and lasted is not None else None,
        url=f"http://mlflow.example/#/experiments/1/runs/{run_id}",
        params={"lr": "0.1"} if params is None else params,
        metrics={key: Metric(value, 1, started) for key, value in shown.items()},
        tags=marks,
    )
    return replace(run, **rest) if rest else run


def a_change(run: Run, event: Event | None = None, *, generation: int = 0, **rest: object) -> Change:
    """What happened to a run, by default what its status says."""
    event = event or Event(run.status.lower())
    change = Change(f"{run.ref}:{event}:{generation}", event, run, generation, run.ended or NOON)
    return replace(change, **rest) if rest else change


def wish(channel: str = "#churn", **rest: object) -> Subscription:
    """A channel's subscription."""
    return replace(Subscription(channel), **rest) if rest else Subscription(channel)
