"""Scores on other evaluation data are no regression, and history that comes late is history all the same."""

from dataclasses import replace

from bot.facts.incidents import Phase
from bot.facts.runs import Dataset
from tests.incidents.lineages import BAD, STEADY, Laboratory, nth
from tests.notify.examples import a_change


def on(*digests: str, context: str = "eval") -> dict[str, object]:
    return {"datasets": tuple(Dataset("holdout", digest, context) for digest in digests)}


def test_other_evaluation_data_is_no_regression_and_is_said(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY, **on("old"))
    first, *rest = laboratory.end(*BAD, *BAD, **on("new"))
    assert laboratory.incidents() == []
    card = laboratory.card(first)
    assert "a retrain with other evaluation data" in card
    assert "0 comparable runs before it, 5 are needed; 8 more were evaluated on other data" in card
    assert "within noise" in laboratory.card(rest[-1]), "five runs on the new data are a history of their own"


def test_a_regression_on_the_same_evaluation_data_is_one(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY, **on("same"))
    laboratory.end(0.80, 0.81, **on("same"))
    assert laboratory.phases() == [("auc", "8", Phase.CONFIRMED)]


def test_other_training_data_may_be_why_it_regressed(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY, **on("old", context="training"))
    laboratory.end(0.80, 0.81, **on("new", context="training"))
    assert laboratory.phases() == [("auc", "8", Phase.CONFIRMED)]


def test_where_evaluation_data_moves_with_time_runs_are_comparable(laboratory: Laboratory) -> None:
    for day, auc in enumerate((*STEADY, 0.80, 0.81)):
        laboratory.end(auc, **on(f"day-{day}"))
    assert laboratory.phases() == [("auc", "8", Phase.CONFIRMED)]


def test_what_stood_on_other_evaluation_data_stands_no_more(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY, 0.80, 0.81, **on("old"))
    later = laboratory.end(*(0.70, 0.701, 0.699, 0.7, 0.702, 0.7), **on("new"))
    assert laboratory.phases() == [("auc", "8", Phase.CLEARED)]
    assert "regressed" not in laboratory.card(later[-1])


def test_history_that_is_read_late_judges_again_what_came_after(laboratory: Laboratory) -> None:
    laboratory.count = len(STEADY)
    (run,) = laboratory.end(0.80)
    (other,) = laboratory.end(0.81)
    assert "too few runs" in laboratory.card(other)
    past = [nth(number, auc) for number, auc in enumerate(STEADY)]
    laboratory.tell(*(replace(a_change(one), quiet=True) for one in past))
    assert laboratory.phases() == [("auc", "8", Phase.CONFIRMED)]
    assert "auc regressed" in laboratory.card(run)
    with laboratory.store.read() as unit:
        assert not unit.verdicts.of([one.ref for one in past]), "history itself stays unjudged"
