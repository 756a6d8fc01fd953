"""Runs that share a card: bursts, sweeps, and old news."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.facts.routes import No
from bot.facts.runs import Event, Run, Status
from bot.settings import (
    CardSettings,
)
from tests.notify.desk import KEY, RUN, Desk, many
from tests.notify.examples import NOON, a_change, a_run


def test_a_burst_is_three_cards_and_one_group(desk: Desk) -> None:
    runs = many(6)
    for run in runs:
        desk.tell(a_change(run))
    keys = [desk.keys(run) for run in runs]
    group = f"group:main/1/{runs[3].run_id}"
    assert keys == [[f"run:{run.ref}"] for run in runs[:3]] + [[group]] * 3
    assert "3 more runs of churn-weekly: 3 finished" in desk.text(group)
    assert "Best run-5 with auc 0.05, worst run-3 with 0.03" in desk.text(group)


def test_a_burst_in_one_look_is_grouped_the_same(desk: Desk) -> None:
    runs = many(6)
    desk.tell(*(a_change(run) for run in runs))
    assert len({key for run in runs for key in desk.keys(run)}) == 4


def test_a_group_ends_with_its_window(desk: Desk) -> None:
    runs = many(5)
    for run in runs[:4]:
        desk.tell(a_change(run))
    later = a_run("d" * 32, started=NOON + timedelta(hours=3))
    desk.tell(a_change(later), now=NOON + timedelta(hours=4))
    assert desk.keys(later) == [f"run:{later.ref}"]


def test_cards_of_another_experiment_do_not_count(desk: Desk) -> None:
    others = many(4, experiment="churn-daily")
    desk.tell(*(a_change(run) for run in others), a_change(RUN))
    assert desk.keys(RUN) == [KEY]


def test_failures_on_a_shared_card_are_one_word_in_its_thread(desk: Desk) -> None:
    runs = many(6)
    desk.tell(*(a_change(run) for run in runs[:4]))
    desk.deliver()
    group = desk.keys(runs[3])[0]
    for run in runs[4:]:
        desk.tell(a_change(replace(run, status=Status.FAILED)))
    assert "2 runs need a look: run-5 failed, run-4 failed" in desk.text(f"{group}:failures")


ROOT = a_run("f" * 32, name="alpha-sweep", status=Status.RUNNING, metrics={})


def children(count: int) -> list[Run]:
    return many(count, parent=ROOT.run_id)


def test_a_sweep_is_one_card(desk: Desk) -> None:
    desk.know(ROOT)
    tries = children(8)
    for run in tries:
        desk.tell(a_change(run))
    key = f"sweep:{ROOT.ref}"
    assert {key for run in tries for key in desk.keys(run)} == {key}
    assert desk.keys(ROOT) == [key]
    assert "alpha-sweep is running: 8 runs, 8 finished" in desk.text(key)
    assert "Best run-7 with auc 0.07" in desk.text(key)
    with desk.store.read() as unit:
        assert {one.no for _, one, _ in unit.changes.decisions(tries[0].ref)} == {No.CHILD}


def test_the_end_of_a_sweep_is_said_in_its_thread(desk: Desk) -> None:
    desk.know(ROOT)
    desk.tell(*(a_change(run) for run in children(3)))
    desk.deliver()
    desk.tell(a_change(replace(ROOT, status=Status.FINISHED, ended=NOON)))
    assert "alpha-sweep finished after 20 min: 3 runs" in desk.text(f"sweep:{ROOT.ref}")
    assert "The sweep alpha-sweep finished" in desk.text(f"sweep:{ROOT.ref}:finished:0")


def test_a_sweep_that_comes_all_at_once_is_one_card(desk: Desk) -> None:
    done = replace(ROOT, status=Status.FINISHED, ended=NOON)
    desk.tell(*(a_change(run) for run in children(5)), a_change(done))
    assert "5 runs, 5 finished" in desk.text(f"sweep:{ROOT.ref}")
    assert desk.text(f"sweep:{ROOT.ref}:finished:0") == ""


def test_children_that_come_after_their_parent_turn_its_card_into_a_sweep(desk: Desk) -> None:
    done = a_run("f" * 32, name="alpha-sweep")
    desk.tell(a_change(done))
    desk.tell(*(a_change(run) for run in children(2)))
    assert "2 runs, 2 finished" in desk.text(f"run:{done.ref}")


def test_a_child_that_failed_early_makes_no_card_but_is_counted_later(desk: Desk) -> None:
    desk.know(ROOT)
    first, second = children(2)
    desk.tell(a_change(replace(first, status=Status.FAILED, ended=first.started)))
    assert desk.channels() == []
    desk.tell(a_change(second))
    assert "2 runs, 1 finished, 1 failed" in desk.text(f"sweep:{ROOT.ref}")


def test_a_child_of_a_parent_nobody_knows_makes_no_card(desk: Desk) -> None:
    desk.tell(a_change(children(1)[0]))
    assert desk.channels() == []


def test_old_news_is_one_summary(desk: Desk) -> None:
    ago = NOON - timedelta(days=1)
    old = [a_change(run) for run in many(12, started=ago)]
    failed = [a_change(replace(run, status=Status.FAILED)) for run in many(3, first=50, started=ago)]
    fresh = a_change(RUN)
    desk.tell(*old, *failed, fresh)
    key = f"away:{desk.now:%Y-%m-%dT%H}"
    assert "While I was away: 12 finished, 3 failed" in desk.text(key)
    assert desk.keys(old[0].run) == [key]
    assert desk.keys(RUN) == [KEY]


def test_old_news_of_two_looks_in_an_hour_is_the_same_summary(desk: Desk) -> None:
    ago = NOON - timedelta(days=1)
    first, second = many(2, started=ago)
    desk.tell(a_change(first))
    desk.tell(a_change(second))
    assert "While I was away: 2 finished" in desk.text(f"away:{desk.now:%Y-%m-%dT%H}")


def test_old_news_of_a_card_edits_it_without_a_word(desk: Desk) -> None:
    desk.tell(a_change(RUN))
    desk.deliver()
    desk.tell(a_change(replace(RUN, deleted=True), Event.DELETED, at=NOON), now=NOON + timedelta(hours=9))
    assert "was deleted" in desk.text(KEY)
    assert desk.text(f"{KEY}:deleted:0") == ""


def test_children_of_a_run_on_a_shared_card_are_not_on_it(desk: Desk) -> None:
    desk.tell(*(a_change(run) for run in many(4, first=100)))
    desk.know(ROOT)
    tries = children(3)
    desk.tell(*(a_change(run) for run in tries))
    group = desk.keys(many(1, first=103)[0])
    assert desk.keys(ROOT) == group
    assert [desk.keys(run) for run in tries] == [[], [], []]


@pytest.mark.parametrize("size", [1, CardSettings().group_after])
def test_small_bursts_stand_alone(desk: Desk, size: int) -> None:
    runs = many(size)
    desk.tell(*(a_change(run) for run in runs))
    assert [desk.keys(run) for run in runs] == [[f"run:{run.ref}"] for run in runs]
