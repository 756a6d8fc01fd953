"""However often and in whatever order a run is looked at, each thing that happened is told once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.facts.runs import Change, Event, Metric, Run, Status
from bot.follow.changes import ENDINGS, Look, observe, observe_silence
from bot.ports.index import Known

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMIT = timedelta(hours=3)
BLANK = Run("main", "a" * 32, "1", "churn", "lr-0.1", Status.RUNNING, started=T0)

statuses = st.sampled_from(list(Status))
moments = st.none() | st.integers(-5000, 5000).map(lambda minute: T0 + minute * MINUTE)
values = st.sampled_from([0.5, 0.75, float("nan"), float("inf")])
snapshots = st.builds(
    lambda status, started, ended, deleted, value, note: replace(
        BLANK,
        status=status,
        started=started,
        ended=ended,
        deleted=deleted,
        metrics={"auc": Metric(value, at=started)},
        tags={"note": note},
    ),
    statuses,
    moments,
    moments,
    st.booleans(),
    values,
    st.sampled_from(["", "a", "b"]),
)


def looks_at(history: list[Run], followed_from: datetime = T0) -> list[Look]:
    return [Look(snapshot, T0 + minute * MINUTE, followed_from) for minute, snapshot in enumerate(history)]


def tell(looks: list[Look]) -> tuple[Known, list[Change]]:
    known: Known | None = None
    told: list[Change] = []
    for look in looks:
        known, changes = observe(known, look)
        told += changes
    assert known is not None
    return known, told


def plain(run: Run) -> str:
    return repr(run)


@given(st.lists(snapshots, min_size=1, max_size=8), st.data())
def test_no_change_is_told_twice(history: list[Run], data: st.DataObject) -> None:
    looks = looks_at(history)
    order = data.draw(st.lists(st.sampled_from(looks), min_size=1, max_size=20))
    _, told = tell(order)
    assert len({change.key for change in told}) == len(told)


@given(st.lists(snapshots, min_size=1, max_size=8), st.data())
def test_the_newest_snapshot_stands_at_the_end_in_any_order(history: list[Run], data: st.DataObject) -> None:
    looks = looks_at(history)
    order = data.draw(st.permutations(looks + looks[: len(looks) // 2]))
    known, _ = tell(order)
    assert plain(known.run) == plain(looks[-1].run)
    assert (known.read_at, known.first_seen) == (looks[-1].read_at, looks[0].read_at)


@given(st.lists(snapshots, min_size=1, max_size=8), st.data())
def test_looking_more_often_tells_nothing_more(history: list[Run], data: st.DataObject) -> None:
    looks = looks_at(history)
    again = [look for look in looks for _ in range(data.draw(st.integers(1, 3)))]
    assert [change.key for change in tell(again)[1]] == [change.key for change in tell(looks)[1]]


@given(st.lists(snapshots, min_size=1, max_size=8), st.data())
def test_late_old_looks_tell_nothing_more(history: list[Run], data: st.DataObject) -> None:
    looks = looks_at(history)
    late = data.draw(st.lists(st.sampled_from(looks), max_size=10))
    known, told = tell(looks)
    after, more = tell(looks + late)
    assert ([change.key for change in more], after) == ([change.key for change in told], known) or "nan" in plain(
        known.run
    )
    assert [change.key for change in more] == [change.key for change in told]


@given(st.integers(0, 4), st.sampled_from(list(ENDINGS)), st.data())
def test_a_plain_life_ends_once_in_any_order_of_looks(runs: int, end: Status, data: st.DataObject) -> None:
    ended = replace(BLANK, status=end, ended=T0 + 30 * MINUTE)
    looks = looks_at([BLANK] * runs + [ended] * 3)
    order = data.draw(st.permutations(looks))
    _, told = tell(order)
    assert [change.event for change in told if change.event is not Event.STARTED] == [ENDINGS[end]]
    assert sum(change.event is Event.STARTED for change in told) == 1
    assert not any(change.quiet for change in told if change.event is not Event.STARTED)


@given(st.lists(snapshots, min_size=1, max_size=8))
def test_generations_never_go_back_and_each_has_one_end(history: list[Run]) -> None:
    _, told = tell(looks_at(history))
    generations = [change.generation for change in told]
    assert generations == sorted(generations)
    ends = [change.generation for change in told if change.event in ENDINGS.values()]
    assert len(set(ends)) == len(ends)


@given(st.lists(snapshots, min_size=1, max_size=8))
def test_what_is_told_is_dated_no_later_than_it_was_read(history: list[Run]) -> None:
    known: Known | None = None
    for look in looks_at(history):
        known, changes = observe(known, look)
        assert all(change.at <= look.read_at for change in changes)


@given(snapshots, st.integers(0, 10000))
def test_what_ended_before_it_was_followed_is_quiet(snapshot: Run, minutes: int) -> None:
    followed_from = T0 + 5001 * MINUTE
    look = Look(snapshot, followed_from + minutes * MINUTE, followed_from, history=True)
    _, told = observe(None, look)
    assert all(change.quiet for change in told)


@given(st.lists(snapshots, min_size=1, max_size=8), st.integers(0, 10000))
def test_a_silence_that_was_told_is_not_told_again(history: list[Run], minutes: int) -> None:
    known, _ = tell(looks_at(history))
    now = known.read_at + minutes * MINUTE
    silent, told = observe_silence(known, now, LIMIT, T0)
    assert observe_silence(silent, now + LIMIT, LIMIT, T0) == (silent, ()) or not told
    again, more = observe(silent, Look(replace(silent.run, stalled=False), now, T0))
    assert [change.event for change in more] == []
    assert again.run.stalled == silent.run.stalled
