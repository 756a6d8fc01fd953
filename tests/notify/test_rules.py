"""What is known of an experiment's metrics counts on its cards, whoever wrote it down."""

from bot.edges.store import SqlStore
from bot.facts.messages import Message
from bot.facts.people import Said
from bot.facts.runs import PARENT_TAG, Experiment, Metric, Run, Status
from bot.judge.direction import GREATER_TAG, PRIMARY_TAG
from bot.notify.rules import rules_in
from bot.notify.scenes import draw, read_scene
from bot.ports.index import Known
from bot.settings import ExperimentSettings, MetricSettings, Settings
from tests.notify.examples import NOON, a_run

WOBBLY = ("one", 1.0), ("two", 2.0), ("three", 3.0)


def sweep(store: SqlStore, settings: Settings, tags: dict[str, str], *said: Said) -> Message:
    """The card of a sweep whose children wobble."""
    root = a_run("f" * 32, name="sweep", metrics={})
    children = [
        a_run(f"{n:032x}", name=name, metrics={"wobble": value}, tags={PARENT_TAG: root.run_id})
        for n, (name, value) in enumerate(WOBBLY)
    ]
    with store.write() as unit:
        unit.runs.put_experiments([Experiment(root.tracker, root.experiment_id, root.experiment, tags=tags)])
        unit.runs.put([Known(run, NOON, NOON) for run in (root, *children)])
        for one in said:
            unit.directions.put(one)
        scene = read_scene(unit, settings, (), "#churn", f"sweep:{root.tracker}/{root.run_id}")
    assert scene is not None
    return draw(scene, settings)


def best(message: Message) -> str | None:
    run = message.facts["runs"].best
    return run.name if run is not None else None


def test_the_best_of_a_sweep_is_known_from_the_experiments_tags(sqlite_store: SqlStore) -> None:
    assert best(sweep(sqlite_store, Settings(), {})) is None
    assert best(sweep(sqlite_store, Settings(), {PRIMARY_TAG: "wobble", GREATER_TAG: "False"})) == "one"


def test_the_best_of_a_sweep_is_known_from_what_was_said(sqlite_store: SqlStore) -> None:
    run = a_run()
    said = Said(run.tracker, run.experiment_id, "wobble", "higher", "U1", NOON)
    assert best(sweep(sqlite_store, Settings(), {}, said)) == "three"
    settings = Settings(experiments={"*": ExperimentSettings(metrics={"wobble": MetricSettings(better="lower")})})
    assert best(sweep(sqlite_store, settings, {}, said)) == "one"


def test_an_experiment_nobody_knows_has_the_rules_of_app_yaml(sqlite_store: SqlStore) -> None:
    run = Run("main", "r", "9", "x", "x", Status.FINISHED, metrics={"wobble": Metric(1)})
    with sqlite_store.read() as unit:
        assert rules_in(unit, Settings(), [run])(run) == ExperimentSettings()
