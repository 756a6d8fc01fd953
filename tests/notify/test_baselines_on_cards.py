"""Cards name what a run is compared with: what was pinned, what became of it, and the run that is it."""

from dataclasses import replace
from datetime import timedelta

from bot.edges.store import SqlStore
from bot.facts.baselines import Alias, ModelVersion
from bot.facts.runs import Event, Experiment
from bot.notify.pins import pin, undo
from bot.ports.index import Known
from bot.settings import ExperimentSettings
from tests.notify.desk import MINUTE, RUN, SETTINGS, Desk
from tests.notify.examples import NOON, a_change, a_run

KEY = f"run:{RUN.ref}"
CHURN = Experiment("main", "1", "churn-weekly")
OLD = a_run("b" * 32, name="old-elk-3", started=NOON - timedelta(days=90), params={"lr": "9"})
BEFORE = a_run("c" * 32, name="wise-crow-7", started=NOON - timedelta(hours=2))


def ruled(store: SqlStore, **rules: object) -> Desk:
    found = {"churn-*": ExperimentSettings.model_validate({"primary": "auc", **rules})}
    return Desk(store, SETTINGS.model_copy(update={"experiments": found}))


def keep(desk: Desk, run: object = OLD, **target: str) -> int:
    with desk.store.write() as unit:
        kept = pin(unit, CHURN, target.get("target", f"run:{run.run_id}"), "U1", desk.now, name=run.name)
        for ref in kept.runs:
            desk.announcer.again(unit, ref, desk.now)
        return kept.pin.id


def test_cards_after_a_pin_use_it_and_those_before_keep_what_they_say(store: SqlStore) -> None:
    desk = Desk(store)
    desk.know(OLD, BEFORE)
    desk.tell(a_change(RUN))
    assert "vs wise-crow-7, the previous comparable run, a replicate" in desk.text(KEY)
    keep(desk)
    assert "vs wise-crow-7" in desk.text(KEY)
    later = a_run("d" * 32, name="new-newt-1", started=NOON)
    desk.tell(a_change(later))
    assert "vs old-elk-3, the pinned baseline, with other params" in desk.text(f"run:{later.ref}")


def test_the_card_of_the_run_that_was_pinned_says_so_until_it_is_undone(store: SqlStore) -> None:
    desk = Desk(store)
    desk.know(BEFORE)
    desk.tell(a_change(RUN))
    pin_id = keep(desk, RUN)
    assert "This run is the pinned baseline" in desk.text(KEY)
    assert "vs wise-crow-7" in desk.text(KEY)
    with store.write() as unit:
        taken = undo(unit, CHURN, pin_id, "U2", desk.now)
        assert taken is not None
        for ref in taken.runs:
            desk.announcer.again(unit, ref, desk.now)
    assert "pinned baseline" not in desk.text(KEY)


def test_another_pin_takes_the_word_off_the_first_card(store: SqlStore) -> None:
    desk = Desk(store)
    desk.know(OLD)
    desk.tell(a_change(RUN))
    keep(desk, RUN)
    keep(desk, OLD)
    assert "This run is the pinned baseline" not in desk.text(KEY)


def test_a_baseline_that_is_gone_is_told_on_the_card(store: SqlStore) -> None:
    desk = Desk(store)
    desk.know(OLD, BEFORE)
    keep(desk)
    desk.tell(a_change(replace(OLD, deleted=True), Event.DELETED))
    desk.tell(a_change(RUN))
    assert "vs wise-crow-7, the previous comparable run, a replicate; the pinned baseline old" in desk.text(KEY)
    assert "old-elk-3 was deleted on 23 Nov 2026" in desk.text(KEY)
    with store.write() as unit:
        unit.runs.put([Known(OLD, desk.now + MINUTE, desk.now, gone=True)])
        desk.announcer.again(unit, RUN.ref, desk.now)
    assert "the pinned baseline old-elk-3 is no longer in MLflow" in desk.text(KEY)
    with store.write() as unit:
        unit.runs.put([Known(replace(BEFORE, deleted=True), desk.now + MINUTE, desk.now)])
        desk.announcer.again(unit, RUN.ref, desk.now)
    assert "Compared with nothing: the pinned baseline old-elk-3" in desk.text(KEY)


def test_the_run_of_a_models_alias_is_the_baseline_and_moves_with_it(store: SqlStore) -> None:
    desk = ruled(store, baseline="model:churn@champion")
    desk.know(OLD, BEFORE)
    desk.tell(a_change(RUN))
    assert "churn@champion has not been read from the model registry yet" in desk.text(KEY)
    moved = [
        (ModelVersion("churn", "3", OLD.run_id), "vs old-elk-3, churn@champion (version 3), with other params"),
        (ModelVersion("churn", "4", BEFORE.run_id), "vs wise-crow-7, churn@champion (version 4), a replicate"),
        (ModelVersion("churn", "5", RUN.run_id), "This run is churn@champion (version 5)"),
        (ModelVersion("churn", "6"), "churn@champion (version 6) was registered without a run"),
        (ModelVersion("churn", "7", "e" * 32), "the run of churn@champion (version 7) eeeeeeeeeeee is not known"),
        (None, "churn@champion cannot be had: main has no such model"),
    ]
    for version, words in moved:
        with store.write() as unit:
            problem = "" if version else "main has no such model"
            unit.models.put(Alias("main", "churn", "champion", desk.now, version, problem))
            desk.announcer.again(unit, RUN.ref, desk.now)
        assert words in desk.text(KEY)


def test_a_pin_wins_over_an_alias_but_not_over_a_run_of_app_yaml(store: SqlStore) -> None:
    desk = ruled(store, baseline="model:churn@champion")
    desk.know(OLD, BEFORE)
    keep(desk)
    desk.tell(a_change(RUN))
    assert "vs old-elk-3, the pinned baseline" in desk.text(KEY)
    desk = ruled(store, baseline=f"run:{BEFORE.run_id}")
    with store.write() as unit:
        desk.announcer.again(unit, RUN.ref, desk.now)
    assert "vs wise-crow-7, the baseline of app.yaml, a replicate" in desk.text(KEY)


def test_a_candidate_is_named_where_app_yaml_calls_candidates_comparable(store: SqlStore) -> None:
    desk = ruled(store, baseline="model:churn@champion", comparable=["candidates"])
    desk.know(OLD, BEFORE)
    versions = [ModelVersion("churn", "3", OLD.run_id), ModelVersion("churn", "4", RUN.run_id)]
    with store.write() as unit:
        unit.models.put(Alias("main", "churn", "champion", desk.now, versions[0]))
        unit.models.put_versions("main", "churn", versions)
    desk.tell(a_change(RUN))
    assert "churn@champion (version 3), for which this run is a candidate" in desk.text(KEY)


def test_a_comparable_run_is_found_far_back_among_experiments(store: SqlStore) -> None:
    desk = Desk(store)
    desk.know(
        a_run("b" * 32, name="old-elk-3", started=NOON - timedelta(days=2)),
        *(
            a_run(f"{n:032x}", started=NOON - timedelta(hours=1, minutes=n / 10), params={"lr": str(n)})
            for n in range(120)
        ),
    )
    desk.tell(a_change(RUN))
    assert "vs old-elk-3, the previous comparable run, a replicate" in desk.text(KEY)
