"""Two looks at a run: what happened between them."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.facts.runs import NOTE_TAG, Event, Metric, Status
from bot.follow.changes import observe, observe_gone
from tests.follow.looks import HOUR, T0, at, events, look, run, story


@pytest.mark.parametrize(
    ("status", "event"),
    [
        (Status.FINISHED, Event.FINISHED),
        (Status.FAILED, Event.FAILED),
        (Status.KILLED, Event.KILLED),
    ],
)
def test_a_run_starts_and_ends_once(status: Status, event: Event) -> None:
    known, told = story(look(run(), 1), look(run(), 2), look(run(status), 11), look(run(status), 12))
    assert events(told) == [(Event.STARTED, 0), (event, 0)]
    assert told[1].key == f"main/{'a' * 32}:{event}:0"
    assert told[1].at == at(10)
    assert known.run.status is status


def test_a_scheduled_run_starts_when_it_runs() -> None:
    _, told = story(look(run(Status.SCHEDULED, started=None), 1), look(run(started=at(2)), 3))
    assert events(told) == [(Event.STARTED, 0)]
    assert told[0].at == at(2)


def test_a_run_that_waits_again_after_it_ran_starts_again() -> None:
    waiting = run(Status.SCHEDULED)
    _, told = story(look(waiting, 1), look(run(), 2), look(waiting, 3), look(run(), 4))
    assert events(told) == [(Event.STARTED, 0), (Event.STARTED, 1)]


def test_a_run_first_seen_after_its_end_is_loud_if_it_ended_while_followed() -> None:
    _, told = story(look(run(Status.FAILED), 11, followed_from=at(9)))
    assert [(change.event, change.quiet) for change in told] == [(Event.STARTED, True), (Event.FAILED, False)]


def test_a_run_that_ended_before_is_history() -> None:
    _, told = story(look(run(Status.FAILED), 60, followed_from=at(30)))
    assert all(change.quiet for change in told)


@pytest.mark.parametrize("history", [True, False])
def test_a_run_without_any_times_is_history_only_while_history_is_read(history: bool) -> None:
    _, told = story(look(run(Status.FINISHED, started=None, ended=None), 60, history=history))
    assert {change.quiet for change in told} == {history}


def test_a_run_that_was_seen_open_ends_loudly_whatever_time_it_gives() -> None:
    long_ago = T0 - timedelta(days=2)
    _, told = story(look(run(), 30, followed_from=at(20)), look(run(Status.FAILED, ended=long_ago), 40))
    assert (told[-1].event, told[-1].quiet, told[-1].at) == (Event.FAILED, False, at(30))


def test_a_clock_that_is_ahead_does_not_date_an_end_into_the_future() -> None:
    _, told = story(look(run(), 1), look(run(Status.FINISHED, ended=T0 + 3 * HOUR), 11))
    assert told[-1].at == at(11)


def test_an_end_without_a_time_happened_when_it_was_seen() -> None:
    _, told = story(look(run(), 1), look(run(Status.FINISHED, ended=None), 11))
    assert told[-1].at == at(11)


def test_running_again_after_an_end_is_a_new_generation_with_an_end_of_its_own() -> None:
    ended = run(Status.FINISHED)
    again = run(Status.FAILED, ended=at(20))
    known, told = story(look(ended, 11), look(run(), 12), look(run(), 13), look(again, 21))
    assert events(told)[1:] == [(Event.FINISHED, 0), (Event.REOPENED, 1), (Event.FAILED, 1)]
    assert known.generation == 1


def test_another_end_without_being_seen_open_is_a_new_generation_too() -> None:
    _, told = story(
        look(run(Status.FINISHED), 11),
        look(run(Status.FAILED), 12),
        look(run(Status.FINISHED), 13),
        look(run(Status.FAILED), 14),
    )
    assert events(told)[1:] == [(Event.FINISHED, 0), (Event.FAILED, 1), (Event.FINISHED, 2), (Event.FAILED, 3)]


@pytest.mark.parametrize(
    ("difference", "line"),
    [
        ({"name": "best one"}, "name: lr-0.1 → best one"),
        ({"tags": {NOTE_TAG: "it works"}}, "note added"),
        ({"tags": {"team": "growth"}}, "tag team added: growth"),
        ({"params": {"lr": "0.1"}}, "param lr added: 0.1"),
        ({"metrics": {"auc": Metric(0.5), "loss": Metric(1.0)}}, "metric loss added: 1.0"),
        ({"metrics": {"auc": Metric(0.75)}}, "metric auc: 0.5 → 0.75"),
        ({"metrics": {}}, "metric auc removed"),
        ({"ended": at(12)}, "end time changed"),
    ],
)
def test_what_changes_after_the_end_is_an_edit(difference: dict[str, object], line: str) -> None:
    before = run(Status.FINISHED, metrics={"auc": Metric(0.5)})
    _, told = story(look(before, 11), look(replace(before, **difference), 13))  # type: ignore[arg-type]
    assert (told[-1].event, told[-1].details) == (Event.EDITED, (line,))


def test_what_changes_before_the_end_is_no_edit() -> None:
    _, told = story(look(run(), 1), look(run(tags={"team": "growth"}, metrics={"auc": Metric(0.5)}), 2))
    assert events(told) == [(Event.STARTED, 0)]


@pytest.mark.parametrize("tag", ["rundown.card", "mlflow.log-model.history"])
def test_tags_that_programs_write_are_no_edit(tag: str) -> None:
    before = run(Status.FINISHED)
    _, told = story(look(before, 11), look(replace(before, tags={tag: "x"}), 12))
    assert events(told) == [(Event.STARTED, 0), (Event.FINISHED, 0)]


def test_a_metric_that_stays_nan_is_no_edit() -> None:
    one = run(Status.FINISHED, metrics={"loss": Metric(float("nan"))})
    other = run(Status.FINISHED, metrics={"loss": Metric(math.nan)})
    _, told = story(look(one, 11), look(other, 12))
    assert events(told) == [(Event.STARTED, 0), (Event.FINISHED, 0)]


def test_editing_back_and_forth_is_an_edit_each_time() -> None:
    plain = run(Status.FINISHED)
    noted = replace(plain, tags={NOTE_TAG: "hm"})
    _, told = story(*(look(noted if minute % 2 else plain, minute) for minute in range(11, 16)))
    edits = [change for change in told if change.event is Event.EDITED]
    assert len(edits) == 4
    assert len({change.key for change in edits}) == 4


def test_deleting_and_restoring_are_told_each_time() -> None:
    there = run(Status.FINISHED)
    away = replace(there, deleted=True)
    _, told = story(*(look(away if minute % 2 else there, minute) for minute in range(10, 15)))
    assert [change.event for change in told[2:]] == [
        Event.DELETED,
        Event.RESTORED,
        Event.DELETED,
        Event.RESTORED,
    ]
    assert len({change.key for change in told}) == len(told)


def test_a_run_that_was_deleted_when_first_seen_is_history() -> None:
    _, told = story(look(run(Status.FAILED, deleted=True), 11))
    assert [(change.event, change.quiet) for change in told] == [(Event.DELETED, True)]


def test_a_run_the_tracker_no_longer_knows_is_deleted_once() -> None:
    known, _ = story(look(run(Status.FINISHED), 11))
    gone, told = observe_gone(known, at(12))
    again, nothing = observe_gone(gone, at(13))
    assert ([change.event for change in told], gone.gone, gone.run.deleted) == ([Event.DELETED], True, True)
    assert (again, nothing) == (gone, ())


def test_a_deleted_run_that_is_collected_is_no_news() -> None:
    known, _ = story(look(run(Status.FINISHED, deleted=True), 11))
    assert observe_gone(known, at(12))[1] == ()


def test_a_gone_run_that_comes_back_is_restored() -> None:
    known, _ = observe_gone(story(look(run(Status.FINISHED), 11))[0], at(12))
    back, told = observe(known, look(run(Status.FINISHED), 13))
    assert ([change.event for change in told], back.gone) == ([Event.RESTORED], False)


def test_an_older_look_undoes_nothing() -> None:
    known, _ = story(look(run(Status.FINISHED), 11))
    after, told = observe(known, look(run(), 5))
    assert told == ()
    assert (after.run, after.read_at, after.first_seen) == (known.run, known.read_at, at(5))
    assert observe_gone(known, at(5)) == (known, ())
