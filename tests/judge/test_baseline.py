"""What a run is compared with, and how that is said."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.facts.runs import Status
from bot.judge.baseline import choose_baseline
from tests.notify.examples import NOON, a_run

RUN = a_run("new", params={"lr": "0.1", "seed": "7"})


def earlier(run_id: str, hours: int, **rest: object):
    return a_run(run_id, started=NOON - timedelta(hours=hours), **rest)


def test_the_previous_run_with_the_same_params_but_another_seed_is_the_baseline() -> None:
    twin, older = (
        earlier(name, age, params={"lr": "0.1", "seed": "1"}) for name, age in (("twin", 3), ("older", 4))
    )
    other = earlier("other", 2, params={"lr": "0.2", "seed": "7"})
    chosen = choose_baseline(RUN, [older, other, twin])
    assert chosen is not None
    assert (chosen.run, chosen.why, chosen.comparable) == (twin, "the previous run with the same params", True)


def test_without_a_comparable_run_the_previous_one_is_named_as_such() -> None:
    best = earlier("best", 5, params={"lr": "9"}, metrics={"auc": 0.99})
    last = earlier("last", 2, params={"lr": "0.2"}, metrics={"auc": 0.5})
    chosen = choose_baseline(RUN, [best, last])
    assert chosen is not None
    assert (chosen.run, chosen.why, chosen.comparable) == (last, "the previous run, with other params", False)


def test_a_pinned_run_wins_by_its_id_or_the_beginning_of_it() -> None:
    pinned = earlier("abcdef12", 90, status=Status.FAILED)
    twin = earlier("twin", 2, params={"lr": "0.1"})
    chosen = choose_baseline(RUN, [pinned, twin], pinned="run:abcdef")
    assert chosen is not None
    assert (chosen.run, chosen.why) == (pinned, "the pinned baseline")


def test_a_pinned_run_nobody_knows_falls_back_to_the_previous_one() -> None:
    twin = earlier("twin", 2, params={"lr": "0.1"})
    chosen = choose_baseline(RUN, [twin], pinned="run:unknown")
    assert chosen is not None
    assert chosen.run == twin


def test_runs_that_carry_the_same_tag_are_comparable_where_settings_say_so() -> None:
    run = replace(RUN, tags={"branch": "main"})
    main = earlier("main", 4, params={"lr": "0.2"}, tags={"branch": "main"}, owner="x")
    side = earlier("side", 2, params={"lr": "0.3"}, tags={"branch": "side"})
    chosen = choose_baseline(run, [main, side], ("tag:branch=main",))
    assert chosen is not None
    assert (chosen.run, chosen.why) == (main, "the previous run with branch=main")


def test_failed_deleted_empty_later_and_foreign_runs_are_no_baseline() -> None:
    candidates = [
        RUN,
        earlier("failed", 1, status=Status.FAILED),
        earlier("deleted", 1, deleted=True),
        earlier("empty", 1, metrics={}),
        earlier("later", -1),
        earlier("foreign", 1, experiment_id="2"),
        earlier("other", 1, tracker="eu"),
        earlier("child", 1, parent="p"),
    ]
    assert choose_baseline(RUN, candidates) is None


@given(st.lists(st.tuples(st.integers(-5, 50), st.sampled_from(["0.1", "0.2"])), max_size=8), st.randoms())
def test_the_order_of_candidates_does_not_matter(ages, random) -> None:
    candidates = [earlier(f"r{i}", age, params={"lr": lr}) for i, (age, lr) in enumerate(ages)]
    first = choose_baseline(RUN, candidates)
    random.shuffle(candidates)
    assert choose_baseline(RUN, candidates) == first
