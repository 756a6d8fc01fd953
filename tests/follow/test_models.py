"""Aliases that are baselines are read from their registries, kept, and survive a registry that is away."""

from datetime import timedelta

import pytest

from bot.edges.store import SqlStore
from bot.facts.baselines import Alias, ModelVersion
from bot.facts.runs import Experiment
from bot.follow.models import Models
from bot.notify.pins import pin
from bot.ports.errors import EdgeError, TrackerDown, TrackerRefused
from bot.settings import ExperimentSettings
from tests.fakes.tracker import FakeTracker
from tests.notify.desk import MINUTE, RUN, SETTINGS, Desk
from tests.notify.examples import NOON, a_change, a_run

KEY = f"run:{RUN.ref}"
CHAMPION = "model:churn@champion"
BEFORE = a_run("c" * 32, name="wise-crow-7", started=NOON - timedelta(hours=2), params={"lr": "9"})


class World(Desk):
    """A desk whose app.yaml names churn@champion, and two trackers, the first of which has that model."""

    def __init__(self, store: SqlStore, **rules: object) -> None:
        churn = ExperimentSettings.model_validate({"baseline": CHAMPION, **rules})
        super().__init__(store, SETTINGS.model_copy(update={"experiments": {"churn-*": churn}}))
        self.main, self.eu = FakeTracker("main", lambda: NOON), FakeTracker("eu", lambda: NOON)
        self.main.create_model("churn")
        self.main.alias("churn", "champion", self.main.register("churn", BEFORE.run_id))
        trackers = {"main": self.main, "eu": self.eu}
        self.models = Models(self.announcer.settings, self.announcer, store, trackers)

    def known(self, tracker: str = "main", model: str = "churn", alias: str = "champion") -> Alias | None:
        with self.store.read() as unit:
            return unit.models.get(tracker, model, alias)


def test_what_app_yaml_names_is_read_from_every_tracker(store: SqlStore) -> None:
    world = World(store)
    world.models.refresh(NOON)
    assert world.known() == Alias("main", "churn", "champion", NOON, ModelVersion("churn", "1", BEFORE.run_id))
    missing = world.known("eu")
    assert missing is not None
    assert (missing.version, missing.problem) == (None, "eu has no registered model churn")
    with store.read() as unit:
        assert [one.run_id for one in unit.models.versions("main", "churn")] == [BEFORE.run_id]


def test_what_is_pinned_is_read_from_its_own_tracker(store: SqlStore) -> None:
    world = World(store, baseline="previous")
    with store.write() as unit:
        pin(unit, Experiment("main", "1", "churn-weekly"), "model:churn@canary", "U1", NOON)
        pin(unit, Experiment("gone", "1", "churn-weekly"), "model:churn@canary", "U1", NOON)
    world.models.refresh(NOON)
    canary = world.known(alias="canary")
    assert canary is not None
    assert canary.problem == "churn has no alias canary on main"
    assert world.known() is None
    assert world.eu.asked == []


@pytest.mark.parametrize("trouble", [TrackerDown("main is away"), TrackerRefused("main has no registry")])
def test_a_registry_that_does_not_answer_leaves_what_was_known_and_the_others(
    store: SqlStore, trouble: EdgeError
) -> None:
    world = World(store)
    world.models.refresh(NOON)
    world.main.trouble = trouble
    world.models.refresh(NOON + MINUTE)
    known, other = world.known(), world.known("eu")
    assert known is not None
    assert known.read_at == NOON
    assert other is not None
    assert other.read_at == NOON + MINUTE


def test_a_moved_alias_is_the_baseline_of_the_next_card(store: SqlStore) -> None:
    world = World(store)
    world.know(BEFORE)
    world.models.refresh(NOON)
    world.tell(a_change(RUN))
    assert "vs wise-crow-7, churn@champion (version 1), with other params" in world.text(KEY)
    world.main.alias("churn", "champion", world.main.register("churn", RUN.run_id))
    world.models.refresh(NOON + MINUTE)
    later = a_run("d" * 32, name="new-newt-1", started=NOON)
    world.tell(a_change(later))
    assert "vs calm-owl-12, churn@champion (version 2), a replicate" in world.text(f"run:{later.ref}")


def test_the_card_of_a_run_that_became_a_candidate_says_so(store: SqlStore) -> None:
    world = World(store, comparable=["candidates"])
    world.know(BEFORE)
    world.models.refresh(NOON)
    world.tell(a_change(RUN))
    assert "for which this run is a candidate" not in world.text(KEY)
    world.main.register("churn", RUN.run_id)
    world.models.refresh(NOON + MINUTE)
    assert "churn@champion (version 1), for which this run is a candidate" in world.text(KEY)
    with store.read() as unit:
        assert unit.verdicts.of([RUN.ref])[RUN.ref].lineage.key == "candidates:churn", "and it is judged as one"


def test_a_card_drawn_while_the_tracker_is_away_says_as_of_when(store: SqlStore) -> None:
    world = World(store)
    world.know(BEFORE)
    world.models.refresh(NOON)
    with store.write() as unit:
        state = unit.trackers.get("main")
        unit.trackers.put(type(state)("main", error="timed out"))
    world.tell(a_change(RUN))
    assert "churn@champion (version 1, as of 2026-11-23 12:00 UTC)" in world.text(KEY)
