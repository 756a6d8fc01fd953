"""A regression is suspected, confirmed and recovered on one card, and loud only when it changes."""

from bot.facts.incidents import Phase
from tests.incidents.lineages import BAD, STEADY, Laboratory


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
    runs = laboratory.end(*BAD, *BAD, params={"lr": "0.5"})
    assert laboratory.incidents() == [] or all(int(one.first.run_id, 16) > 8 for one in laboratory.incidents())
    assert "regressed" not in laboratory.card(runs[0])
