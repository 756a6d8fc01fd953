"""What XGBoost's autologging really writes gets the right primary metrics and directions."""

import importlib.util
import os
import subprocess
import sys

import pytest

from bot.edges.mlflow import RestTracker
from bot.facts.runs import Run
from bot.judge.baseline import choose_baseline
from bot.judge.direction import better
from bot.judge.metrics import primary_metrics
from bot.settings import ExperimentSettings, TrackerSettings
from sandbox.mlflow_server import MlflowServer
from tests.servers.mlflow import MlflowHand

pytestmark = [
    pytest.mark.servers,
    pytest.mark.timeout(300),
    pytest.mark.skipif(importlib.util.find_spec("xgboost") is None, reason="there is no small XGBoost for here"),
]

TRAINING = """
import sys

import mlflow
import xgboost
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.model_selection import train_test_split

mlflow.set_experiment(experiment_id=sys.argv[1])
mlflow.xgboost.autolog(log_models=False, log_datasets=False, silent=True)
X_train, X_test, y_train, y_test = train_test_split(*load_breast_cancer(return_X_y=True), random_state=1)
train, valid = xgboost.DMatrix(X_train, y_train), xgboost.DMatrix(X_test, y_test)
told = {"objective": "binary:logistic", "eval_metric": ["logloss", "auc"], "nthread": 1}
sets = [(train, "train"), (valid, "valid")]
for seed, depth in ((1, 2), (2, 2), (2, 4)):
    with mlflow.start_run() as run:
        asked = {**told, "seed": seed, "max_depth": depth}
        xgboost.train(asked, train, 20, sets, early_stopping_rounds=3, verbose_eval=False)
        print(run.info.run_id)
X_train, X_test, y_train, y_test = train_test_split(*load_diabetes(return_X_y=True), random_state=1)
with mlflow.start_run() as run:
    model = xgboost.XGBRegressor(n_estimators=8, max_depth=2, n_jobs=1, eval_metric=["rmse", "mae"])
    model.fit(X_train, y_train, eval_set=[(X_train, y_train), (X_test, y_test)], verbose=False)
    print(run.info.run_id)
with mlflow.start_run() as run:
    ranker = xgboost.XGBRanker(n_estimators=4, n_jobs=1, eval_metric="ndcg@5")
    groups, relevance = [50] * 6 + [31], (y_train > 140).astype(int)
    told = {"eval_set": [(X_train, relevance)], "eval_group": [groups], "verbose": False}
    ranker.fit(X_train, relevance, group=groups, **told)
    print(run.info.run_id)
"""


@pytest.fixture(scope="module")
def trained(mlflow_server: MlflowServer) -> dict[str, Run]:
    """The runs of a script that trains with autologging, read over REST."""
    hand = MlflowHand(mlflow_server.url)
    experiment = hand.create_experiment("boosted")
    hand.close()
    environment = {**os.environ, "MLFLOW_TRACKING_URI": mlflow_server.url, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", TRAINING, experiment], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    tracker = RestTracker(TrackerSettings(name="main", uri=mlflow_server.url))
    ids = [line for line in done.stdout.splitlines() if len(line) == 32]
    names = ("classifier", "twin", "deeper", "regressor", "ranker")
    return {name: tracker.get(run_id) for name, run_id in zip(names, ids, strict=True)}


NEITHER = ("train-logloss", "train-auc", "best_iteration", "stopped_iteration")
WRITTEN = {
    "classifier": (
        "valid-auc",
        {"valid-auc": "higher", "valid-logloss": "lower", **dict.fromkeys(NEITHER)},
    ),
    "regressor": ("validation_1-mae", {"validation_1-mae": "lower", "validation_1-rmse": "lower"}),
    "ranker": ("validation_0-ndcg_at_5", {"validation_0-ndcg_at_5": "higher"}),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_an_autologged_run_is_read_as_it_is_meant(trained: dict[str, Run], name: str) -> None:
    run, (primary, directions) = trained[name], WRITTEN[name]
    rules = ExperimentSettings()
    assert primary_metrics(run, rules, 1) == [primary], sorted(run.metrics)
    assert set(directions) <= set(run.metrics)
    assert {metric: better(metric, rules) for metric in directions} == directions


def test_another_seed_is_a_replicate_and_another_depth_exploration(trained: dict[str, Run]) -> None:
    first, twin, deeper = (trained[name] for name in ("classifier", "twin", "deeper"))
    found = choose_baseline(twin, [first, deeper])
    assert found is not None
    assert (found.run, found.why) == (first, "the previous comparable run, a replicate")
    found = choose_baseline(deeper, [first, twin])
    assert found is not None
    assert (found.run, found.comparable) == (twin, False)
