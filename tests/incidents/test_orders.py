"""Whatever order news comes in, and however often: the same runs end in the same regressions, told once."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.edges.store import open_store
from bot.facts.incidents import Phase
from bot.facts.runs import Run
from tests.incidents.lineages import BAD, STEADY, Laboratory, nth
from tests.notify.examples import NOON, a_change

STORY = (*STEADY, *BAD, 0.901, 0.9, 0.899)
END = NOON + timedelta(days=2)


def told(laboratory: Laboratory, runs: list[Run], parts: list[int]) -> None:
    """Tell of runs, some at once and some twice, at a time when all of them are over but none is old."""
    at = 0
    for size in parts:
        part = runs[at : at + size]
        at += size
        laboratory.tell(*[a_change(run) for run in part], now=NOON + timedelta(hours=1))
    laboratory.tell(*[a_change(run) for run in runs], now=NOON + timedelta(hours=1))


@given(seed=st.integers(0, 10_000), sizes=st.lists(st.integers(1, 5), min_size=20, max_size=20))
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_order_and_repetition_ends_in_the_same_regressions(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, seed: int, sizes: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("orders")
    runs = [replace(nth(n, auc), started=NOON + timedelta(minutes=n)) for n, auc in enumerate(STORY)]
    found = []
    for number, order in enumerate((runs, random.Random(seed).sample(runs, len(runs)))):
        path = folder / f"{number}.db"
        path.write_bytes(sqlite_template.read_bytes())
        store = open_store(f"sqlite:///{path}")
        laboratory = Laboratory(store)
        told(laboratory, order, [1] * 20 if number == 0 else sizes)
        with store.read() as unit:
            verdicts = unit.verdicts.of([run.ref for run in runs])
        found.append((laboratory.alive(), sorted(map(repr, verdicts.values()))))
        store.close()
    assert found[0][0] == [("auc", "8", Phase.RECOVERED)]
    assert found[1] == found[0]


def test_what_is_told_twice_is_said_once(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY)
    runs = laboratory.end(0.80, 0.81)
    before = laboratory.incidents(), laboratory.post(runs[0], "regression")
    for run in runs:
        laboratory.announce(run)
    assert (laboratory.incidents(), laboratory.post(runs[0], "regression")) == before


def test_a_run_that_ends_late_takes_its_place(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY, 0.80)
    laboratory.count += 1
    laboratory.end(0.81)
    late = nth(9, 0.79)
    laboratory.announce(late)
    assert laboratory.alive() == [("auc", "8", Phase.CONFIRMED)]
    assert "Still regressed: auc since run-8" in laboratory.card(late)


def test_a_crash_before_the_commit_leaves_nothing_and_the_same_news_comes_again(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY, 0.80)
    run = nth(9, 0.81)
    with pytest.raises(KeyboardInterrupt), laboratory.store.write() as unit:
        laboratory.announcer(unit, [a_change(run)], END)
        raise KeyboardInterrupt
    assert laboratory.phases() == [("auc", "8", Phase.SUSPECTED)]
    laboratory.announce(run)
    assert laboratory.phases() == [("auc", "8", Phase.CONFIRMED)]


def test_a_first_run_that_is_deleted_leaves_no_alarm_behind(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY)
    (alone,) = laboratory.end(0.80)
    laboratory.delete(alone)
    assert laboratory.incidents() == []
    laboratory.restore(alone)
    assert laboratory.phases() == [("auc", "8", Phase.SUSPECTED)]


def test_an_alarm_whose_runs_are_deleted_is_taken_back(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY)
    first, second = laboratory.end(0.80, 0.81)
    laboratory.delete(second)
    laboratory.delete(first)
    assert [one.phase for one in laboratory.incidents()] == [Phase.CLEARED]
    alarm = laboratory.post(first, "regression")
    assert alarm is not None and "no longer: the runs it rested on changed" in alarm.text
    assert laboratory.post(first, "recovery") is None


def test_a_regression_goes_on_when_its_first_run_is_deleted_and_is_not_told_twice(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY)
    first, *others = laboratory.end(0.80, 0.81, 0.80, 0.805)
    laboratory.delete(first)
    (incident,) = laboratory.incidents()
    assert (incident.phase, incident.first, incident.home) == (Phase.CONFIRMED, others[0].ref, first.ref)
    assert laboratory.post(others[0], "regression") is None


def test_a_metric_that_is_mended_afterwards_takes_the_regression_back(laboratory: Laboratory) -> None:
    laboratory.end(*STEADY)
    first, second = laboratory.end(0.80, 0.81)
    laboratory.edit(second, 0.901)
    laboratory.edit(first, 0.899)
    assert [one.phase for one in laboratory.incidents()] == [Phase.CLEARED]
    assert "regressed (" not in laboratory.card(first)
