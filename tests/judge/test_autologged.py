"""What scikit-learn's autologging really writes gets the right primary metrics and directions."""

import os
import subprocess
import sys

import pytest

from bot.edges.mlflow import RestTracker
from bot.facts.runs import Run
from bot.judge.direction import better
from bot.judge.metrics import primary_metrics
from bot.settings import ExperimentSettings, TrackerSettings
from sandbox.mlflow_server import MlflowServer
from tests.servers.mlflow import MlflowHand

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

TRAINING = """
import sys

import mlflow
from sklearn import metrics
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split

mlflow.set_experiment(experiment_id=sys.argv[1])
mlflow.sklearn.autolog(log_models=False, log_datasets=False, silent=True)
X_train, X_test, y_train, y_test = train_test_split(*load_breast_cancer(return_X_y=True), random_state=1)
with mlflow.start_run() as run:
    model = LogisticRegression(max_iter=5000).fit(X_train, y_train)
    metrics.accuracy_score(y_test, model.predict(X_test))
    metrics.log_loss(y_test, model.predict_proba(X_test))
    model.score(X_test, y_test)
    print(run.info.run_id)
with mlflow.start_run() as run:
    GridSearchCV(LogisticRegression(max_iter=5000), {"C": [0.1, 1]}, cv=2).fit(X_train[:, :3], y_train)
    print(run.info.run_id)
    mine = f"tags.mlflow.parentRunId = '{run.info.run_id}'"
    print(mlflow.search_runs([sys.argv[1]], mine, output_format="list")[0].info.run_id)
X_train, X_test, y_train, y_test = train_test_split(*load_diabetes(return_X_y=True), random_state=1)
with mlflow.start_run() as run:
    model = RandomForestRegressor(5).fit(X_train, y_train)
    metrics.mean_absolute_error(y_test, model.predict(X_test))
    print(run.info.run_id)
"""


@pytest.fixture(scope="module")
def trained(mlflow_server: MlflowServer) -> dict[str, Run]:
    """The runs of a script that trains with autologging, read over REST."""
    hand = MlflowHand(mlflow_server.url)
    experiment = hand.create_experiment("autologged")
    hand.close()
    environment = {**os.environ, "MLFLOW_TRACKING_URI": mlflow_server.url, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", TRAINING, experiment], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    tracker = RestTracker(TrackerSettings(name="main", uri=mlflow_server.url))
    ids = [line for line in done.stdout.splitlines() if len(line) == 32]
    return {
        name: tracker.get(run_id)
        for name, run_id in zip(("classifier", "search", "candidate", "regressor"), ids, strict=True)
    }


WRITTEN = {
    "classifier": ("accuracy_score_X_test", {"accuracy_score_X_test": "higher", "log_loss_X_test": "lower"}),
    "search": ("best_cv_score", {"best_cv_score": "higher", "training_log_loss": None}),
    "candidate": ("mean_test_score", {"mean_test_score": "higher", "std_test_score": None, "mean_fit_time": None}),
    "regressor": (
        "mean_absolute_error_X_test",
        {"mean_absolute_error_X_test": "lower", "training_r2_score": None},
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_an_autologged_run_is_read_as_it_is_meant(trained: dict[str, Run], name: str) -> None:
    run, (primary, directions) = trained[name], WRITTEN[name]
    rules = ExperimentSettings()
    assert primary_metrics(run, rules, 1) == [primary], sorted(run.metrics)
    assert set(directions) <= set(run.metrics)
    assert {metric: better(metric, rules) for metric in directions} == directions


def test_nothing_measured_on_training_data_has_a_direction(trained: dict[str, Run]) -> None:
    trainings = {metric for run in trained.values() for metric in run.metrics if metric.startswith("training_")}
    assert len(trainings) > 8
    assert {better(metric, ExperimentSettings()) for metric in trainings} == {None}
