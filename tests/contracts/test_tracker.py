"""What every bot.ports.tracker.Tracker keeps to; run on the fake and on the real edge with a real server."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.edges.mlflow import RestTracker
from bot.facts.baselines import ModelVersion
from bot.facts.runs import Experiment, Metric, Run, Status
from bot.facts.traces import Artifact
from bot.ports.errors import ModelMissing, RunMissing, TrackerRefused
from bot.ports.tracker import Tracker
from bot.settings import TrackerSettings
from tests.fakes.tracker import FakeTracker

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class World:
    """A tracker, the hand that does things to its server, and one experiment to do them in."""

    tracker: Tracker
    hand: Any
    experiment_id: str

    def here(self) -> list[Experiment]:
        return [one for one in self.tracker.experiments() if one.experiment_id == self.experiment_id]

    def run(self, minute: float = 0, **more: Any) -> str:
        return str(self.hand.create_run(self.experiment_id, started=START + minute * MINUTE, **more))


@pytest.fixture(params=["fake", pytest.param("mlflow", marks=[pytest.mark.servers, pytest.mark.timeout(300)])])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "fake":
        fake = FakeTracker("main", lambda: START)
        yield World(fake, fake, fake.create_experiment("churn"))
        return
    server, hand = request.getfixturevalue("mlflow_server"), request.getfixturevalue("mlflow_hand")
    tracker = RestTracker(TrackerSettings(name="main", uri=server.url))
    yield World(tracker, hand, hand.create_experiment("churn"))
    tracker.close()


def ids(runs: Any) -> list[str]:
    return [run.run_id for run in runs]


def test_a_run_is_shown_with_all_that_was_logged(world: World) -> None:
    run_id = world.run(name="lr-0.1", tags={"mlflow.user": "jdoe"})
    world.hand.param(run_id, "lr", "0.1")
    world.hand.log(run_id, "auc", 0.5, step=1, at=START + MINUTE)
    world.hand.log(run_id, "auc", 0.75, step=2, at=START + 2 * MINUTE)
    world.hand.end(run_id, "FAILED", ended=START + 3 * MINUTE)
    run = world.tracker.get(run_id)
    assert (run.tracker, run.run_id, run.name, run.status) == ("main", run_id, "lr-0.1", Status.FAILED)
    assert (run.started, run.ended, run.deleted) == (START, START + 3 * MINUTE, False)
    assert (run.params["lr"], run.owner) == ("0.1", "jdoe")
    metric = run.metrics["auc"]
    assert (metric.value, metric.step, metric.at) == (0.75, 2, START + 2 * MINUTE)
    assert run.url.endswith(f"/#/experiments/{world.experiment_id}/runs/{run_id}")
    assert run.experiment == world.here()[0].name


def test_every_question_shows_the_same_snapshot(world: World) -> None:
    run_id = world.run()
    world.hand.log(run_id, "auc", 0.5, at=START)
    before = START - MINUTE
    one: Run = world.tracker.get(run_id)
    assert [one] == list(world.tracker.by_ids(world.here(), [run_id]))
    assert [one] == list(world.tracker.running(world.here()))
    assert [one] == list(world.tracker.started_since(world.here(), before).runs)
    assert [one] == list(world.tracker.page(world.here(), before, 10).runs)


def test_the_running_are_those_that_have_not_ended(world: World) -> None:
    running, ended, deleted = world.run(), world.run(1), world.run(2)
    world.hand.end(ended, ended=START + MINUTE)
    world.hand.delete(deleted)
    assert ids(world.tracker.running(world.here())) == [running]
    world.hand.reopen(ended)
    assert sorted(ids(world.tracker.running(world.here()))) == sorted([running, ended])


def test_the_running_can_be_narrowed_to_recent_starts(world: World) -> None:
    world.run()
    recent = world.run(10)
    assert ids(world.tracker.running(world.here(), START + 5 * MINUTE)) == [recent]


def test_started_since_leaves_out_the_moment_itself(world: World) -> None:
    world.run(0)
    later, latest = world.run(1), world.run(2)
    assert ids(world.tracker.started_since(world.here(), START).runs) == [later, latest]
    assert ids(world.tracker.started_since(world.here(), START + 2 * MINUTE).runs) == []


def test_ended_since_goes_by_the_end(world: World) -> None:
    late, early, never = world.run(0), world.run(1), world.run(2)
    world.hand.end(late, ended=START + 60 * MINUTE)
    world.hand.end(early, ended=START + 30 * MINUTE)
    assert ids(world.tracker.ended_since(world.here(), START).runs) == [early, late]
    assert ids(world.tracker.ended_since(world.here(), START + 30 * MINUTE).runs) == [late]
    assert never in ids(world.tracker.running(world.here()))


def test_a_missing_end_time_is_none(world: World) -> None:
    run_id = world.run()
    world.hand.end(run_id)
    assert world.tracker.get(run_id).ended is None


def test_a_missing_start_time_is_none_and_comes_first_in_pages(world: World) -> None:
    dated, undated = world.run(), world.hand.create_run(world.experiment_id)
    assert world.tracker.get(undated).started is None
    page = world.tracker.page(world.here(), datetime(1970, 1, 1, tzinfo=UTC), 10)
    assert ids(page.runs) == [undated, dated]


def test_pages_show_every_run_once_and_never_part_a_moment(world: World) -> None:
    made = [world.run(minute) for minute in (0, 1, 1, 1, 1, 2, 3)]
    seen: list[str] = []
    pages = 0
    start: datetime | None = START
    while start is not None:
        page = world.tracker.page(world.here(), start, 2)
        seen += ids(page.runs)
        start, pages = page.next, pages + 1
    assert sorted(seen) == sorted(made)
    assert len(seen) == len(made)
    assert pages == 2


@pytest.mark.parametrize("question", ["started_since", "ended_since"])
def test_news_comes_in_pages_too(world: World, question: str) -> None:
    made = [world.run(minute) for minute in (1, 2, 2, 2, 3)]
    for run_id, minute in zip(made, (1, 2, 2, 2, 3), strict=True):
        world.hand.end(run_id, ended=START + minute * MINUTE)
    seen: list[str] = []
    moment: datetime | None = START
    while moment is not None:
        page = getattr(world.tracker, question)(world.here(), moment, 2)
        seen += ids(page.runs)
        moment = page.next
    assert sorted(seen) == sorted(made)
    assert len(seen) == len(made)


def test_deleted_runs_are_apart_until_restored(world: World) -> None:
    run_id = world.run()
    world.hand.delete(run_id)
    assert ids(world.tracker.deleted(world.here())) == [run_id]
    assert ids(world.tracker.page(world.here(), START, 10).runs) == []
    assert [run.deleted for run in world.tracker.by_ids(world.here(), [run_id])] == [True]
    world.hand.restore(run_id)
    assert ids(world.tracker.deleted(world.here())) == []
    assert ids(world.tracker.page(world.here(), START, 10).runs) == [run_id]


def test_a_deleted_experiment_is_listed_and_its_runs_are_deleted(world: World) -> None:
    run_id = world.run()
    world.hand.delete_experiment(world.experiment_id)
    (experiment,) = world.here()
    assert experiment.deleted
    assert ids(world.tracker.deleted([experiment])) == [run_id]


def test_a_renamed_experiment_renames_its_runs(world: World) -> None:
    run_id = world.run()
    renamed = f"renamed-{world.experiment_id}"
    world.hand.rename_experiment(world.experiment_id, renamed)
    (run,) = world.tracker.by_ids(world.here(), [run_id])
    assert run.experiment == renamed


def test_unknown_ids_are_left_out_and_hostile_ones_too(world: World) -> None:
    run_id = world.run()
    asked = [run_id, "0" * 32, "' or 1=1 --", ""]
    assert ids(world.tracker.by_ids(world.here(), asked)) == [run_id]
    assert ids(world.tracker.by_ids(world.here(), [])) == []


def test_an_unknown_run_is_missing(world: World) -> None:
    with pytest.raises(RunMissing):
        world.tracker.get("0" * 32)


def test_no_experiments_have_no_runs(world: World) -> None:
    world.run()
    assert list(world.tracker.running([])) == []
    assert list(world.tracker.page([], START, 10).runs) == []


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e-12, -0.5])
def test_metrics_keep_their_value_whatever_it_is(world: World, value: float) -> None:
    run_id = world.run()
    world.hand.log(run_id, "loss", value if isinstance(world.tracker, FakeTracker) else as_json(value), at=START)
    assert repr(world.tracker.get(run_id).metrics["loss"].value) == repr(value)


def as_json(value: float) -> float | str:
    """JSON has no NaN and no infinity; MLflow's own client sends them as the largest double and as "NaN"."""
    if math.isnan(value):
        return "NaN"
    return math.copysign(1.7976931348623157e308, value) if math.isinf(value) else value


def test_free_text_comes_back_as_it_was(world: World) -> None:
    hostile = "<!channel> \u202eابجد\r\n' or 1=1 -- `é日本`"
    run_id = world.run(name="<@U1> *bold*")
    world.hand.tag(run_id, "who", hostile)
    run = world.tracker.get(run_id)
    assert (run.name, run.tags["who"]) == ("<@U1> *bold*", hostile)


def test_a_tag_can_be_set_but_not_on_a_deleted_run(world: World) -> None:
    run_id = world.run()
    world.tracker.set_tag(run_id, "rundown.card", "yes")
    assert world.tracker.get(run_id).tags["rundown.card"] == "yes"
    world.hand.delete(run_id)
    with pytest.raises(TrackerRefused):
        world.tracker.set_tag(run_id, "rundown.card", "no")


def test_the_history_of_a_metric_is_in_order_of_step_then_time(world: World) -> None:
    run_id = world.run()
    for value, step, minute in ((0.5, 2, 3), (0.25, 1, 1), (0.75, 2, 2), (1.0, 3, 4)):
        world.hand.log(run_id, "auc", value, step=step, at=START + minute * MINUTE)
    world.hand.log(run_id, "loss", 9.0, at=START)
    history = world.tracker.history(run_id, "auc", 100)
    assert list(history.points) == [
        Metric(0.25, 1, START + MINUTE),
        Metric(0.75, 2, START + 2 * MINUTE),
        Metric(0.5, 2, START + 3 * MINUTE),
        Metric(1.0, 3, START + 4 * MINUTE),
    ]
    assert not history.cut


def test_a_history_may_hold_nan_and_infinities(world: World) -> None:
    run_id = world.run()
    for step, value in enumerate((math.nan, math.inf, -math.inf, 1.0)):
        sent = value if isinstance(world.hand, FakeTracker) else as_json(value)
        world.hand.log(run_id, "auc", sent, step=step, at=START + step * MINUTE)
    values = [point.value for point in world.tracker.history(run_id, "auc", 100).points]
    assert math.isnan(values[0])
    assert values[1:] == [math.inf, -math.inf, 1.0]


def test_a_long_history_is_cut_at_its_earliest_values(world: World) -> None:
    run_id = world.run()
    for step in range(6):
        world.hand.log(run_id, "auc", step / 10, step=step, at=START + step * MINUTE)
    for most, cut in ((5, True), (6, False), (7, False)):
        history = world.tracker.history(run_id, "auc", most)
        assert [point.step for point in history.points] == list(range(min(most, 6)))
        assert history.cut is cut


def test_a_metric_that_was_never_logged_has_no_history(world: World) -> None:
    assert list(world.tracker.history(world.run(), "auc", 10).points) == []


def test_the_server_has_a_clock_and_a_version(world: World) -> None:
    assert world.tracker.server_time().tzinfo is UTC
    assert world.tracker.probe()[:1].isdigit()


def test_artifacts_are_listed_folder_by_folder(world: World) -> None:
    run_id = world.run()
    assert list(world.tracker.artifacts(run_id)) == []
    for path, content in (("traceback.txt", b"why"), ("logs/train é 1.log", b"epoch 1"), ("empty.log", b"")):
        world.hand.artifact(run_id, path, content)
    root = sorted(world.tracker.artifacts(run_id), key=lambda one: one.path)
    assert root == [Artifact("empty.log"), Artifact("logs", folder=True), Artifact("traceback.txt", size=3)]
    assert list(world.tracker.artifacts(run_id, "logs")) == [Artifact("logs/train é 1.log", size=7)]
    assert list(world.tracker.artifacts(run_id, "traceback.txt")) == []
    assert list(world.tracker.artifacts(run_id, "nowhere")) == []


def test_the_end_of_an_artifact_is_read_whatever_its_length(world: World) -> None:
    run_id = world.run()
    world.hand.artifact(run_id, "logs/train é 1.log", bytes(range(256)) * 4096)
    for path, content in (("short.txt", b"short"), ("exact.txt", b"12345678"), ("empty.txt", b"")):
        world.hand.artifact(run_id, path, content)
        assert world.tracker.artifact_end(run_id, path, 8) == content
    assert world.tracker.artifact_end(run_id, "logs/train é 1.log", 3) == b"\xfd\xfe\xff"


def test_an_artifact_that_is_not_there_is_missing(world: World) -> None:
    run_id = world.run()
    world.hand.artifact(run_id, "logs/a.log", b"a")
    with pytest.raises(RunMissing):
        world.tracker.artifact_end(run_id, "nowhere.txt", 8)
    with pytest.raises(TrackerRefused):
        world.tracker.artifact_end(run_id, "logs", 8)
    with pytest.raises(RunMissing):
        world.tracker.artifact_end("0" * 32, "a.txt", 8)
    with pytest.raises(RunMissing):
        world.tracker.artifacts("0" * 32)


def test_an_alias_leads_to_a_version_and_the_run_behind_it(world: World) -> None:
    first, second = world.run(), world.run(1)
    model = world.hand.create_model("churn’s “best” model")
    versions = [world.hand.register(model, run_id) for run_id in (first, second)]
    assert versions == ["1", "2"]
    for version, run_id in zip(versions, (first, second), strict=True):
        world.hand.alias(model, "champion", version)
        assert world.tracker.model_alias(model, "champion") == ModelVersion(model, version, run_id)
    world.hand.unregister(model, "2")
    with pytest.raises(ModelMissing, match=rf"{model} has no alias champion on main"):
        world.tracker.model_alias(model, "champion")


def test_a_missing_model_and_a_missing_alias_are_told_apart(world: World) -> None:
    model = world.hand.create_model("churn")
    world.hand.register(model, world.run())
    with pytest.raises(ModelMissing, match="main has no registered model nobody"):
        world.tracker.model_alias("nobody", "champion")
    with pytest.raises(ModelMissing, match=rf"{model} has no alias champion on main"):
        world.tracker.model_alias(model, "champion")
    world.hand.alias(model, "champion", "1")
    world.hand.drop_alias(model, "champion")
    with pytest.raises(ModelMissing):
        world.tracker.model_alias(model, "champion")


def test_versions_are_listed_of_a_model_and_of_a_run(world: World) -> None:
    run, other = world.run(), world.run(1)
    model, second = world.hand.create_model("it's churn"), world.hand.create_model("churn-b")
    for name, run_id in ((model, run), (model, other), (model, ""), (second, run)):
        world.hand.register(name, run_id)
    mine = [ModelVersion(model, "3", ""), ModelVersion(model, "2", other), ModelVersion(model, "1", run)]
    assert list(world.tracker.model_versions(model=model)) == mine
    assert list(world.tracker.model_versions(model=model, limit=2)) == mine[:2]
    assert {one.model for one in world.tracker.model_versions(run_id=run)} == {model, second}
    assert list(world.tracker.model_versions(run_id=other)) == [mine[1]]
    assert list(world.tracker.model_versions(model="nobody")) == []
    for nobody in ("f" * 32, "' OR 1=1", ""):
        assert list(world.tracker.model_versions(run_id=nobody)) == []


NAMES = ("requirements.txt", "conda.yaml")


def test_the_files_of_a_logged_model_are_found_in_its_folder(world: World) -> None:
    run_id = world.run()
    world.hand.artifact(run_id, "a-plot/plot.json", b"{}")
    assert world.tracker.model_files(run_id, NAMES, 100) == {}
    world.hand.artifact(run_id, "my model/MLmodel", b"flavors: {}")
    world.hand.artifact(run_id, "my model/requirements.txt", b"numpy==2.0.0\n")
    assert world.tracker.model_files(run_id, NAMES, 13) == {"requirements.txt": b"numpy==2.0.0\n"}
    with pytest.raises(TrackerRefused):
        world.tracker.model_files(run_id, NAMES, 12)
    with pytest.raises(RunMissing):
        world.tracker.model_files("0" * 32, NAMES, 100)
