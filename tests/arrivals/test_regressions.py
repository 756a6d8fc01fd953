"""A regression from its first run on a real MLflow server to what people press below it in Slack."""

from typing import Any

import pytest

from tests.fixtures.bench import JONAS, MIRA, SETTINGS, Bench, Team, said

LOUD = SETTINGS.replace("stalled, pipelines]", "stalled, verdicts]").replace(
    "cards: {early_failure: 0s}", "cards: {early_failure: 0s, group_after: 100}"
)
STEADY = (0.900, 0.902, 0.899, 0.901, 0.900, 0.898, 0.901, 0.900)
loud = pytest.mark.parametrize("bench", [{"settings": LOUD}], indirect=True)


def train(bench: Bench, team: Team, *values: float, first: int = 0) -> list[str]:
    runs = []
    for number, value in enumerate(values, first):
        params = {"alpha": "0.1", "seed": str(number)}
        runs.append(team.train(f"retrain-{number}", auc=value, params=params))
        bench.follow()
    return runs


def regressed(bench: Bench, team: Team) -> dict[str, Any]:
    """The card of a regression that is confirmed."""
    train(bench, team, *STEADY, 0.80, 0.81)
    return bench.card("val_auc regressed")


@loud
def test_a_regression_appears_is_confirmed_and_recovers(bench: Bench, team: Team) -> None:
    card = regressed(bench, team)
    assert "retrain-8" in card["text"]
    (alarm,) = bench.thread(card)
    assert "regressed with retrain-8" in alarm and "confirmed by retrain-9" in alarm
    assert "seed" in alarm and "7 → 8" in alarm and "vs retrain-7" in alarm, "what changed then is said"
    assert any(one.get("subtype") == "thread_broadcast" for one in bench.cards()), "the channel sees it too"
    train(bench, team, 0.901, 0.9, first=10)
    assert "recovered with retrain-11" in said(bench.card("val_auc regressed"))
    assert any("recovered" in reply for reply in bench.thread(card))


@loud
def test_an_expected_change_is_a_new_baseline_and_its_reason_is_in_the_note(bench: Bench, team: Team) -> None:
    run = train(bench, team, *STEADY, 0.80, 0.81)[-2]
    bench.press(bench.card("val_auc regressed"), "Expected change", JONAS)
    outcome = bench.slack.submit(JONAS, {"Why was this expected?": "We traded <!channel> accuracy for latency."})
    assert outcome.ok, outcome
    bench.work()
    bench.follow()
    bench.work()
    shown = said(bench.card("retrain-8 finished"))
    assert "an expected change" in shown and JONAS in shown and "accuracy for latency" in shown
    assert "Undo" in shown and '"Expected change"' not in shown
    note = bench.deps.trackers["main"].get(run).note
    assert "**Expected change** (val_auc): We traded <!channel> accuracy for latency." in note
    train(bench, team, 0.805, first=10)
    assert "regressed" not in said(bench.card("retrain-10 finished"))


@loud
def test_a_bad_run_is_left_out_and_may_come_back(bench: Bench, team: Team) -> None:
    train(bench, team, *STEADY, 0.80)
    card = bench.card("val_auc regressed")
    bench.press(card, "Reject", MIRA)
    bench.send()
    shown = bench.card("the run was rejected")
    assert MIRA in said(shown)
    bench.press(shown, "Undo: reject", MIRA)
    bench.send()
    assert "suspected" in said(bench.card("val_auc regressed"))
    with bench.works.store.read() as unit:
        assert [one.act for one in unit.audit.newest()] == ["rejected undone", "rejected"]


@loud
def test_a_muted_metric_stays_muted(bench: Bench, team: Team) -> None:
    train(bench, team, *STEADY, 0.80)
    bench.press(bench.card("val_auc regressed"), "Mute val_auc", MIRA)
    train(bench, team, 0.81, 0.80, first=9)
    assert [said(card) for card in bench.cards() if "confirmed" in said(card)] == []
    assert "muted, says" in bench.card("val_auc regressed")["text"]
