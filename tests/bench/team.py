"""A team's runs, as many as wanted and the same every time: 10 params, 10 metrics and 6 tags each."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import md5

from bot.facts.runs import Experiment, Metric, Run, Status

EXPERIMENTS = 200
PARAMS = 10
METRICS = 10
# Fixed, so that what was filled once is good on any later day; by then nothing of it is recent.
NEWEST = datetime(2026, 10, 30, 18, 0, tzinfo=UTC)
APART = timedelta(minutes=5)
OWNERS = 40
WORDS = ("calm", "bold", "keen", "wise", "swift", "plain", "grave", "merry", "quiet", "vivid")
BIRDS = ("owl", "wren", "crane", "heron", "finch", "robin", "stork", "swift", "eagle", "raven")
MODELS = ("xgboost", "lightgbm", "bert-base", "bert-large", "resnet50", "logistic")


def experiments(tracker: str = "main") -> list[Experiment]:
    """All experiments, by id from 1."""
    return [Experiment(tracker, str(number), name_of(number)) for number in range(1, EXPERIMENTS + 1)]


def name_of(number: int) -> str:
    """The name of an experiment."""
    return f"{('churn', 'intents', 'vision', 'ranking')[number % 4]}-{number}"


def runs(count: int, tracker: str = "main") -> Iterator[Run]:
    """The newest `count` runs of the team, oldest first; one in 100 was left RUNNING by a process that died."""
    for number in range(count):
        yield run(number, NEWEST - (count - 1 - number) * APART, tracker)


def run(number: int, started: datetime, tracker: str = "main") -> Run:
    """One run; everything of it but its times follows from its number."""
    dice = random.Random(number)
    run_id = md5(str(number).encode(), usedforsecurity=False).hexdigest()
    experiment = 1 + number % EXPERIMENTS
    status = _status(number)
    name = f"{dice.choice(WORDS)}-{dice.choice(BIRDS)}-{number}"
    ended = started + timedelta(seconds=dice.randrange(30, 7200)) if status.ended else None
    at = started + timedelta(seconds=25)
    params = {f"param_{place}": f"{dice.random():.4f}" for place in range(PARAMS - 2)}
    metrics = {f"metric_{place}": Metric(dice.random(), 100, at) for place in range(METRICS - 2)}
    return Run(
        tracker=tracker,
        run_id=run_id,
        experiment_id=str(experiment),
        experiment=name_of(experiment),
        name=name,
        status=status,
        started=started,
        ended=ended,
        url=f"http://mlflow.example.com/#/experiments/{experiment}/runs/{run_id}",
        artifact_uri=f"mlflow-artifacts:/{experiment}/{run_id}/artifacts",
        params={**params, "model": dice.choice(MODELS), "seed": str(number % 5)},
        metrics={
            **metrics,
            "val_auc": Metric(dice.uniform(0.5, 1), 100, at),
            "loss": Metric(dice.random(), 100, at),
        },
        tags={
            "mlflow.user": f"user{number % OWNERS}",
            "mlflow.runName": name,
            "mlflow.source.name": "train.py",
            "mlflow.source.type": "LOCAL",
            "mlflow.source.git.commit": md5(str(number // 20).encode(), usedforsecurity=False).hexdigest()
            + "0" * 8,
            "team": ("nlp", "vision", "growth")[number % 3],
        },
    )


def _status(number: int) -> Status:
    if number % 100 == 50:
        return Status.RUNNING
    return Status.FAILED if number % 20 == 7 else Status.FINISHED
