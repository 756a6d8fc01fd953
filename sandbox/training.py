"""Real training runs for the demo: scikit-learn models on data that comes with it, logged to MLflow.

Run as `python -m sandbox.training STORY`; MLFLOW_TRACKING_URI says where to.
"""

import argparse
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import mlflow
import numpy as np
from mlflow.data.numpy_dataset import from_numpy
from mlflow.tracking.context.registry import resolve_tags
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

EPOCHS = 4
NIGHTS = 10


def data(seed: int) -> tuple[Any, Any, Any, Any]:
    """The split every run trains on."""
    features, target = load_breast_cancer(return_X_y=True)
    return tuple(train_test_split(features, target, test_size=0.3, random_state=seed))


def train(alpha: float, seed: int, noise: float, pause: float) -> float:
    """Train a linear classifier, log every epoch, and return the last validation AUC.

    `noise` is the standard deviation of what is added to the features; `pause` is in seconds, an epoch.
    """
    mlflow.log_params({"alpha": alpha, "model": "sgd", "noise": noise, "epochs": EPOCHS, "seed": seed})
    train_x, val_x, train_y, val_y = data(7)
    random = np.random.default_rng(seed)
    train_x = train_x + random.normal(0, noise, train_x.shape) * train_x.std(axis=0)
    scaler = StandardScaler().fit(train_x)
    model = SGDClassifier(loss="log_loss", alpha=alpha, random_state=seed)
    auc = 0.0
    for epoch in range(EPOCHS):
        model.partial_fit(scaler.transform(train_x), train_y, classes=[0, 1])
        scores = make_pipeline(scaler, model).predict_proba(val_x)[:, 1]
        auc = float(roc_auc_score(val_y, scores))
        mlflow.log_metrics({"val_auc": auc, "val_loss": float(log_loss(val_y, scores))}, step=epoch)
        time.sleep(pause)
    return auc


def note(text: str) -> None:
    """Document the run, as its owner would in MLflow."""
    mlflow.set_tag("mlflow.note.content", text)


@contextmanager
def run(name: str, options: argparse.Namespace, **tags: str) -> Iterator[Any]:
    """An MLflow run that belongs to a teammate and was trained from a commit."""
    known = {"mlflow.user": options.user, **tags}
    if options.commit:
        known["mlflow.source.git.commit"] = options.commit
    with mlflow.start_run(run_name=name, tags=known) as started:
        yield started


def baseline(options: argparse.Namespace) -> None:
    """A first run, soon documented."""
    with run("baseline", options):
        train(alpha=0.1, seed=1, noise=3.0, pause=options.pause)


def better(options: argparse.Namespace) -> None:
    """A run that does better, with other params."""
    with run("less-regularised", options):
        train(alpha=0.01, seed=1, noise=0.1, pause=options.pause)


def again(options: argparse.Namespace) -> None:
    """One more run, with what the seed brings."""
    with run(f"retrain-{options.seed}", options):
        train(alpha=0.01, seed=options.seed, noise=0.1, pause=options.pause)


def failing(options: argparse.Namespace) -> None:
    """A run that fails inside its `with`, and logs why."""
    with run("bad-preprocessing", options):
        try:
            train(alpha=0.01, seed=2, noise=0.3, pause=options.pause)
            tenure(["12", "7", "n/a"])
        except ValueError:
            mlflow.log_text(traceback.format_exc(), "traceback.txt")
            raise


def tenure(column: list[str]) -> list[float]:
    """A column of text as numbers."""
    return [float(value) for value in column]


def sweep(options: argparse.Namespace) -> None:
    """A sweep: a parent and its children, one of which fails."""
    with run("alpha-sweep", options):
        for alpha in (1.0, 0.1, 0.01, 0.001):
            with mlflow.start_run(run_name=f"alpha-{alpha:g}", nested=True, tags={"mlflow.user": options.user}):
                train(alpha=alpha, seed=3, noise=0.5, pause=options.pause / 4)
        try:
            with mlflow.start_run(run_name="alpha-nan", nested=True, tags={"mlflow.user": options.user}):
                train(alpha=float("nan"), seed=3, noise=0.5, pause=0)
        except ValueError:
            mlflow.set_tag("sweep.failed", "alpha-nan")


def crash(options: argparse.Namespace) -> None:
    """A crash outside `with`, before any metric: MLflow calls it FINISHED."""
    mlflow.start_run(run_name="forgot-the-with", tags={"mlflow.user": options.user})
    mlflow.log_param("alpha", 0.5)
    raise SystemExit("out of memory while loading the features")


def killed(options: argparse.Namespace) -> None:
    """A process that is killed: MLflow shows its run as RUNNING for ever."""
    mlflow.start_run(run_name="killed-by-the-kernel", tags={"mlflow.user": options.user})
    mlflow.log_metric("val_auc", 0.71, step=0)
    os.kill(os.getpid(), signal.SIGKILL)


def customers(version: str) -> tuple[Any, Any, Any, Any]:
    """What the nightly training reads; in version 2 many of the training labels came from a broken join."""
    train_x, val_x, train_y, val_y = data(7)
    if version == "2":
        wrong = np.random.default_rng(1).random(len(train_y)) < 0.4
        train_y = np.where(wrong, 1 - train_y, train_y)
    return train_x[:, :8], val_x[:, :8], train_y, val_y


def train_nightly(seed: int, version: str) -> None:
    """Train on a share of the customers, and log what it was trained on and what it measured."""
    train_x, val_x, train_y, val_y = customers(version)
    mlflow.log_params({"model": "logistic", "C": 1.0, "share": 0.8, "seed": seed})
    mlflow.log_input(from_numpy(train_x, targets=train_y, name="customers"), context="training")
    share = np.random.default_rng(seed).choice(len(train_y), len(train_y) * 4 // 5, replace=False)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=500))
    scores = model.fit(train_x[share], train_y[share]).predict_proba(val_x)[:, 1]
    mlflow.log_metrics(
        {"val_auc": float(roc_auc_score(val_y, scores)), "val_loss": float(log_loss(val_y, scores))}
    )


def history(options: argparse.Namespace) -> None:
    """The nightly trainings of the last days, before anybody followed them."""
    client, now = mlflow.MlflowClient(), datetime.now(UTC)
    experiment = mlflow.set_experiment(options.experiment).experiment_id
    for seed in range(1, NIGHTS + 1):
        began = now - timedelta(days=NIGHTS + 1 - seed)
        tags = resolve_tags({"mlflow.user": options.user})
        started = client.create_run(experiment, milliseconds(began), tags, f"nightly-{seed}").info.run_id
        with mlflow.start_run(run_id=started):
            train_nightly(seed, "1")
        client.set_terminated(started, end_time=milliseconds(began + timedelta(minutes=9)))


def nightly(options: argparse.Namespace) -> None:
    """The next nightly trainings, on some version of the data."""
    for seed in range(options.seed, options.seed + options.nights):
        with run(f"nightly-{seed}", options):
            train_nightly(seed, options.data)


def milliseconds(moment: datetime) -> int:
    """A moment as MLflow writes it."""
    return int(moment.timestamp() * 1000)


STORIES: dict[str, Callable[[argparse.Namespace], None]] = {
    one.__name__: one for one in (baseline, better, again, failing, sweep, crash, killed, history, nightly)
}


def main() -> None:
    """Play one story."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("story", choices=sorted(STORIES))
    parser.add_argument("--experiment", required=True)
    parser.add_argument("--user", default="ada")
    parser.add_argument("--commit", default="")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--data", default="1", help="the version of the customers to train on")
    parser.add_argument("--nights", type=int, default=1, help="how many nightly trainings")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between epochs")
    options = parser.parse_args()
    mlflow.set_experiment(options.experiment)
    STORIES[options.story](options)


if __name__ == "__main__":
    main()
