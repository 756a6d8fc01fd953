"""Whether runs were evaluated on the same data."""

from dataclasses import replace

import pytest

from bot.facts.runs import Dataset
from bot.judge.baseline import choose_baseline
from bot.judge.evaluated import apart, evaluated_on, otherwise
from tests.notify.examples import NOON, a_run

OLD, NEW = (frozenset({("holdout", digest)}) for digest in ("old", "new"))


def run(digest: str, context: str = "eval"):
    return a_run(digest, datasets=(Dataset("holdout", digest, context),))


@pytest.mark.parametrize("context", ["eval", "evaluation", "test", "validation", "Holdout-2", "val_set"])
def test_these_contexts_are_for_evaluation(context: str) -> None:
    assert evaluated_on(run("old", context)) == OLD


@pytest.mark.parametrize("context", ["training", "train", "", "features"])
def test_these_are_not(context: str) -> None:
    assert evaluated_on(run("old", context)) == frozenset()
    assert not otherwise(run("old", context), run("new"))


def test_only_what_is_known_to_differ_is_apart() -> None:
    assert apart(NEW, {1: OLD, 2: NEW, 3: frozenset()}) == {1}
    assert apart(frozenset(), {1: OLD}) == frozenset()


def test_with_five_sets_before_such_changes_are_part_of_the_metric() -> None:
    sets = {number: frozenset({("holdout", str(number))}) for number in range(5)}
    assert apart(NEW, sets) == frozenset()
    assert apart(NEW, {number: sets[number] for number in range(4)}) == {0, 1, 2, 3}


def test_a_baseline_says_that_it_was_evaluated_on_other_data() -> None:
    here, there = run("new"), replace(run("old"), started=NOON.replace(hour=1))
    for params, tags, rules, why in (
        ({"lr": "1"}, {}, ("retrains",), "a retrain with other evaluation data"),
        ({"lr": "2"}, {}, ("retrains",), "the previous run, with other params, evaluated on other data"),
        ({"lr": "2"}, {"k": "v"}, ("tag:k=v",), "also with k=v, evaluated on other data"),
    ):
        found = choose_baseline(
            replace(here, params={"lr": "1"}, tags=tags), [replace(there, params=params, tags=tags)], rules
        )
        assert found is not None and found.why.endswith(why)
