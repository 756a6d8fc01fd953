"""Cards, replies and reminders are kept, each once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.edges.store import SqlStore
from bot.facts.messages import Reply
from bot.facts.routes import Decision, No, Subscription
from bot.facts.runs import Change, Event, Run, RunRef, Status, TrackerState
from bot.facts.traces import Trace
from bot.ports.cards import CardRow, Reminder

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RUN, OTHER = RunRef("main", "r1"), RunRef("main", "r2")
REPLY = Reply("C1", "2.0", "1.0", "U1", "Why did \0 it fail?", NOW)


def test_a_run_has_one_place_a_channel(store: SqlStore) -> None:
    place = CardRow("#churn", RUN, "run:main/r1", "churn", NOW)
    elsewhere = replace(place, channel="#fraud", at=NOW + MINUTE, grouped=True)
    with store.write() as unit:
        assert unit.cards.place(place) == place
        assert unit.cards.place(replace(place, card_key="group", grouped=True, at=NOW + MINUTE)) == place
        unit.cards.place(elsewhere)
        assert unit.cards.of_run(RUN) == [place, elsewhere]
        assert unit.cards.of_run(OTHER) == []


def test_cards_know_their_rows_and_channels_their_newest_places(store: SqlStore) -> None:
    first = CardRow("#churn", RUN, "group", "churn", NOW)
    second = CardRow("#churn", OTHER, "group", "churn", NOW + MINUTE)
    with store.write() as unit:
        unit.cards.place(second)
        unit.cards.place(first)
        assert unit.cards.rows("#churn", "group") == [first, second]
        assert unit.cards.rows("#fraud", "group") == []
        assert unit.cards.since("#churn", "churn", NOW + MINUTE) == [second]
        assert unit.cards.since("#churn", "fraud", NOW) == []


def test_a_reply_is_kept_in_its_newest_wording_until_it_is_deleted(store: SqlStore) -> None:
    edited = replace(REPLY, text="Why did it fail twice?", edited=True)
    with store.write() as unit:
        assert unit.discussion.put(REPLY)
        assert not unit.discussion.put(REPLY)
        assert unit.discussion.of_thread("C1", "1.0") == [replace(REPLY, text="Why did � it fail?")]
        assert unit.discussion.put(edited)
        assert not unit.discussion.put(edited)
        assert not unit.discussion.put(REPLY)
        assert unit.discussion.of_thread("C1", "1.0") == [edited]
        assert unit.discussion.put(replace(REPLY, deleted=True))
        assert not unit.discussion.put(edited)
        assert unit.discussion.of_thread("C1", "1.0") == []


def test_threads_are_apart_and_in_order(store: SqlStore) -> None:
    second = replace(REPLY, ts="3.0")
    with store.write() as unit:
        for reply in (second, REPLY, replace(REPLY, ts="4.0", thread_ts="9.0"), replace(REPLY, channel_id="C2")):
            unit.discussion.put(replace(reply, text="x"))
        assert [reply.ts for reply in unit.discussion.of_thread("C1", "1.0")] == ["2.0", "3.0"]


def test_a_run_is_reminded_of_once(store: SqlStore) -> None:
    first, second = Reminder(RUN, NOW), Reminder(OTHER, NOW - MINUTE)
    with store.write() as unit:
        assert unit.reminders.add(first)
        assert not unit.reminders.add(replace(first, due_at=NOW - MINUTE))
        assert unit.reminders.get(RUN) == first
        assert unit.reminders.get(OTHER) is None
        unit.reminders.add(second)
        assert unit.reminders.due(NOW) == [second, first]
        assert unit.reminders.due(NOW, limit=1) == [second]
        assert unit.reminders.due(NOW - MINUTE) == [second]
        unit.reminders.settle(RUN, "posted", "in #churn")
        assert unit.reminders.due(NOW) == [second]
        assert unit.reminders.posted() == [replace(first, state="posted", reason="in #churn")]
        assert (unit.reminders.count("posted"), unit.reminders.count("exempt")) == (1, 0)


def test_a_tracker_is_known_from_its_first_state_on(store: SqlStore) -> None:
    state = TrackerState("main", NOW, True, 10, 20, NOW, NOW, NOW, "down \0", NOW)
    with store.write() as unit:
        assert unit.trackers.get("main") == TrackerState("main")
        assert unit.trackers.all() == []
        unit.trackers.put(state)
        unit.trackers.put(TrackerState("eu"))
        assert unit.trackers.get("main") == replace(state, error="down �")
        assert [one.name for one in unit.trackers.all()] == ["eu", "main"]
        unit.trackers.put(TrackerState("main"))
        assert unit.trackers.get("main") == TrackerState("main")


def a_change(key: str, at: datetime = NOW) -> Change:
    run = Run("main", "r1", "1", "churn", "calm", Status.FINISHED, NOW)
    return Change(key, Event.FINISHED, run, 0, at, details=("note",))


def test_a_change_happens_once(store: SqlStore) -> None:
    with store.write() as unit:
        assert unit.changes.add(a_change("main/r1:finished:0"))
        assert not unit.changes.add(a_change("main/r1:finished:0", NOW + MINUTE))
        many = [a_change(key) for key in ("new", "main/r1:finished:0", "x" * 300, "newer", "new")]
        assert unit.changes.add_all(many) == [many[0], many[2], many[3]]
        assert unit.changes.add_all(many) == []
        assert unit.changes.add_all([]) == []


def test_every_decision_is_kept_with_its_reason(store: SqlStore) -> None:
    yes = Decision("#churn", Subscription("#churn", ("churn-*",), only=("+tag:a=b",), threads=False))
    no = Decision("#fraud", None, No.FILTER, "-by:mira")
    with store.write() as unit:
        unit.changes.decide("k1", RUN, (yes, no), NOW)
        unit.changes.decide("k2", RUN, (no,), NOW + MINUTE)
        unit.changes.decide("k3", None, (no,), NOW)
        unit.changes.decide("k4", OTHER, (), NOW)
        kept = unit.changes.decisions(RUN)
    assert kept == [("k2", no, NOW + MINUTE), ("k1", no, NOW), ("k1", yes, NOW)]


def test_old_changes_and_decisions_are_forgotten(store: SqlStore) -> None:
    no = Decision("#fraud", None, No.FILTER)
    with store.write() as unit:
        unit.changes.add(a_change("old", NOW - MINUTE))
        unit.changes.add(a_change("new"))
        unit.changes.decide("old", RUN, (no,), NOW - MINUTE)
        unit.changes.decide("new", RUN, (no,), NOW)
        assert unit.changes.forget(NOW) == 2
        assert [key for key, _, _ in unit.changes.decisions(RUN)] == ["new"]
        assert not unit.changes.add(a_change("new"))


def test_a_run_has_the_last_lines_that_were_read_last(store: SqlStore) -> None:
    first, second = (
        Trace("train.log", ("epoch 1 \0",)),
        Trace("é.txt", ("  File x", "\ud800", "ValueError: <!here>")),
    )
    with store.write() as unit:
        assert unit.traces.get(RUN) is None
        unit.traces.put(RUN, first, NOW - MINUTE)
        unit.traces.put(RUN, second, NOW)
        unit.traces.put(OTHER, first, NOW - MINUTE)
        assert unit.traces.get(RUN) == second
        assert unit.traces.forget(NOW) == 1
        assert unit.traces.get(OTHER) is None
        unit.traces.put(OTHER, first, NOW)
        unit.traces.drop(RUN)
        assert (unit.traces.get(RUN), unit.traces.get(OTHER)) == (None, first)
