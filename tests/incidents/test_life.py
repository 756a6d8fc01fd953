"""A regression is suspected, confirmed and recovered on one card, and loud only when it changes."""

from dataclasses import replace

from bot.edges.store import SqlStore
from bot.facts.causes import Changed, Evidence
from bot.facts.incidents import Phase
from bot.facts.routes import No
from bot.settings import ExperimentSettings, MetricSettings
from tests.incidents.lineages import STEADY, Laboratory, nth, settings


def test_a_regression_lives_on_the_card_where_it_began(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY)
    assert laboratory.incidents() == []

    (first,) = laboratory.end(0.80)
    assert laboratory.phases() == [("auc", "8", Phase.SUSPECTED)]
    assert "auc regressed · suspected" in laboratory.card(first)
    assert laboratory.post(first, "regression") is None, "a suspicion is on the card only"

    (second,) = laboratory.end(0.81)
    assert laboratory.phases() == [("auc", "8", Phase.CONFIRMED)]
    assert "auc regressed · confirmed by run-9" in laboratory.card(first)
    alarm = laboratory.post(first, "regression")
    assert alarm is not None and alarm.broadcast and alarm.thread_key == f"run:{first.ref}"
    assert "churn-weekly regressed with run-8" in alarm.text
    assert "Still regressed: auc since run-8" in laboratory.card(second)

    laboratory.end(0.80)
    again = laboratory.post(first, "regression")
    assert again == alarm, "what goes on is not told again"

    laboratory.end(0.901)
    assert laboratory.phases() == [("auc", "8", Phase.CONFIRMED)], "one run that is back proves nothing"
    (back,) = laboratory.end(0.9)
    assert laboratory.phases() == [("auc", "8", Phase.RECOVERED)]
    recovery = laboratory.post(first, "recovery")
    assert recovery is not None and recovery.broadcast
    assert "churn-weekly recovered: auc with run-12" in recovery.text
    assert "recovered with run-12" in laboratory.card(first)
    assert "auc recovered" in laboratory.card(back)


def test_a_suspicion_that_the_next_run_clears_goes_quietly(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY)
    first, _ = laboratory.end(0.80, 0.901)
    assert laboratory.phases() == [("auc", "8", Phase.CLEARED)]
    assert "within noise after all" in laboratory.card(first)
    assert laboratory.post(first, "regression") is None


def test_a_deliberate_experiment_is_never_a_regression(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY)
    runs = laboratory.end(0.80, 0.802, 0.799, 0.801, params={"lr": "0.5"})
    assert laboratory.incidents() == []
    assert all("regressed" not in laboratory.card(run) for run in runs)
    assert "within noise" not in laboratory.card(runs[0]), "the first of its kind is held against nothing"


def test_a_sweep_alarms_once_however_many_of_its_children_regress(laboratory: Laboratory) -> None:
    """Each night a sweep trains two sizes, and both get worse on bad data: four regressions, one message."""
    laboratory.end(0.5, params={})
    for night, auc in enumerate((*STEADY, 0.80, 0.81)):
        parent = nth(100 + night, metrics={}, params={"night": str(night)})
        laboratory.announce(replace(parent, metrics={}))
        for size in (1, 2):
            child = nth(200 + 10 * night + size, auc, params={"size": str(size)}, parent=parent.run_id)
            laboratory.announce(replace(child, started=parent.started, ended=parent.ended))
    assert [phase for _, _, phase in laboratory.phases()] == [Phase.CONFIRMED] * 2
    with laboratory.store.read() as unit:
        sweep = nth(108)
        alarm = unit.outbox.get("#churn", f"{laboratory.keys(sweep)[0]}:regression:{sweep.run_id}")
        loud = [one for one in unit.outbox.by_subject("") if one.broadcast]
    assert alarm is not None
    assert alarm.text.count("auc") == 2
    assert laboratory.text(laboratory.keys(sweep)[0]).count("auc regressed (confirmed)") == 2
    assert [one.key for one in loud] == [alarm.key]


def test_two_metrics_of_one_run_are_one_message(laboratory: Laboratory) -> None:
    for auc in STEADY:
        laboratory.end(auc, metrics={"loss": 1 - auc})
    first, _ = laboratory.end(0.80, 0.81, metrics={"loss": 0.4})
    alarm = laboratory.post(first, "regression")
    assert alarm is not None and "auc" in alarm.text and "loss" in alarm.text
    assert len(laboratory.incidents()) == 2


def test_a_channel_that_asks_for_no_verdicts_is_not_told(store: SqlStore) -> None:
    laboratory = Laboratory(store, settings(post=("finished",)))
    laboratory.end(*STEADY)
    first, _ = laboratory.end(0.80, 0.81)
    assert laboratory.post(first, "regression") is None
    assert "regressed · confirmed" in laboratory.card(first), "the card itself says it"
    with store.read() as unit:
        reasons = [(one.no, one.detail) for key, one, _ in unit.changes.decisions(first.ref) if "incident" in key]
    assert reasons == [(No.EVENT, "verdicts is not in finished")]


def test_a_channel_without_threads_is_told_in_the_channel(store: SqlStore) -> None:
    laboratory = Laboratory(store, settings(threads=False))
    laboratory.end(*STEADY)
    first, _ = laboratory.end(0.80, 0.81)
    alarm = laboratory.post(first, "regression")
    assert alarm is not None and not alarm.thread_key


def test_a_channel_for_verdicts_alone_gets_the_card_with_the_alarm(store: SqlStore) -> None:
    laboratory = Laboratory(store, settings(post=("verdicts",)))
    laboratory.end(*STEADY)
    first, second = laboratory.end(0.80, 0.81)
    assert "regressed" in laboratory.card(first)
    assert laboratory.post(first, "regression") is not None
    assert laboratory.card(second) == ""


def test_a_metric_that_app_yaml_mutes_is_never_judged(store: SqlStore) -> None:
    quiet = ExperimentSettings(primary="auc", metrics={"auc": MetricSettings(better="higher", mute=True)})
    loud = Laboratory(store)
    loud.end(*STEADY)
    first, _ = loud.end(0.80, 0.81)
    laboratory = Laboratory(store, settings().model_copy(update={"experiments": {"churn-*": quiet}}))
    laboratory.count, laboratory.now = loud.count, loud.now
    laboratory.end(0.80)
    assert [one.phase for one in laboratory.incidents()] == [Phase.CLEARED], "what stood when it was muted is over"
    laboratory.end(0.5)
    assert len(laboratory.incidents()) == 1
    assert "regressed · confirmed" not in laboratory.card(first)


def test_what_is_found_out_after_an_alarm_is_edited_into_it(laboratory: Laboratory) -> None:
    *_, before = laboratory.end(*STEADY)
    first, _ = laboratory.end(0.80, 0.81)
    alarm = laboratory.post(first, "regression")
    assert alarm is not None and "torch" not in alarm.text
    with laboratory.store.write() as unit:
        found = Evidence(packages=(Changed("torch", "2.1.0", "2.3.1"),))
        unit.evidence.put(first.ref, before.ref, found, laboratory.now)
        laboratory.announcer.again(unit, first.ref, laboratory.now)
        laboratory.announcer.again(unit, before.ref, laboratory.now)
    edited = laboratory.post(first, "regression")
    assert edited is not None and edited.id == alarm.id
    assert "torch" in edited.text and "2.1.0 → 2.3.1" in edited.text
    assert laboratory.post(before, "regression") is None, "a run without a regression is told of none"
