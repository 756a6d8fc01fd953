"""Changes become cards: one a run and channel, kept current; what people must notice is said in the thread."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.edges.store import SqlStore
from bot.facts.messages import Message, PostState
from bot.facts.routes import No, Subscription
from bot.facts.runs import Event, Metric, Status
from bot.notify.announce import Announcer
from bot.notify.posting import say
from bot.render.messages import Templates
from bot.settings import (
    ExperimentSettings,
    SubscriptionSettings,
    TrackerSettings,
)
from tests.notify.desk import KEY, MINUTE, POSTED, RUN, SETTINGS, Desk, many
from tests.notify.examples import NOON, a_change, a_run


def test_a_finished_run_gets_one_card(desk: Desk) -> None:
    desk.tell(a_change(RUN))
    assert "calm-owl-12 finished after 12 min" in desk.text(KEY)
    assert "auc: 0.87" in desk.text(KEY)
    assert desk.keys(RUN) == [KEY]


def test_a_change_told_twice_says_nothing_new(desk: Desk) -> None:
    desk.tell(a_change(RUN))
    with desk.store.read() as unit:
        before = unit.outbox.get("#churn", KEY)
    desk.tell(a_change(RUN))
    with desk.store.read() as unit:
        assert unit.outbox.get("#churn", KEY) == before


def test_a_card_names_the_baseline_it_compares_with(desk: Desk) -> None:
    before = a_run("b" * 32, name="wise-crow-7", metrics={"auc": 0.9}, started=NOON - timedelta(hours=5))
    desk.know(before)
    desk.tell(a_change(RUN))
    assert "auc: 0.87 (−0.03)" in desk.text(KEY)
    assert "vs wise-crow-7, the previous comparable run, a replicate" in desk.text(KEY)


def test_a_pinned_baseline_is_found_however_old_it_is(store: SqlStore) -> None:
    pinned = ExperimentSettings(baseline="run:" + "b" * 32)
    desk = Desk(store, SETTINGS.model_copy(update={"experiments": {"*": pinned}}))
    desk.know(
        a_run("b" * 32, name="old-faithful", started=NOON - timedelta(days=400)),
        *many(60, started=NOON - timedelta(hours=2)),
    )
    desk.tell(a_change(RUN))
    assert "vs old-faithful, the baseline of app.yaml" in desk.text(KEY)


def test_every_no_is_kept_with_its_reason(desk: Desk) -> None:
    other = a_run("c" * 32, experiment="fraud")
    desk.tell(a_change(RUN, Event.STARTED), a_change(other))
    with desk.store.read() as unit:
        assert [(one.no, one.channel) for _, one, _ in unit.changes.decisions(RUN.ref)] == [(No.EVENT, "#churn")]
        assert [one.no for _, one, _ in unit.changes.decisions(other.ref)] == [No.EXPERIMENT]
    assert desk.channels() == []


def test_history_is_not_posted_and_one_line_of_it_is_kept(desk: Desk) -> None:
    desk.tell(a_change(RUN, Event.STARTED, quiet=True), a_change(RUN, quiet=True))
    assert desk.channels() == []
    with desk.store.read() as unit:
        assert [one.no for _, one, _ in unit.changes.decisions(RUN.ref)] == [No.QUIET]


def test_an_early_failure_is_not_posted(desk: Desk) -> None:
    desk.tell(a_change(a_run(status=Status.FAILED, lasted=MINUTE)))
    assert desk.channels() == []


def test_a_card_is_kept_current_without_a_word(desk: Desk) -> None:
    desk.tell(a_change(RUN))
    desk.deliver()
    edited = replace(RUN, metrics={"auc": Metric(0.91)})
    desk.tell(a_change(edited, Event.EDITED, key="edit", details=("metric auc: 0.87 → 0.91",)))
    assert "auc: 0.91" in desk.text(KEY)
    with desk.store.read() as unit:
        assert unit.outbox.get("#churn", f"{KEY}:edited:0") is None


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Event.DELETED, "was deleted"),
        (Event.REOPENED, "is running again"),
    ],
)
def test_what_people_must_notice_is_also_said_in_the_thread(desk: Desk, event: Event, words: str) -> None:
    desk.tell(a_change(RUN))
    desk.deliver()
    status = Status.RUNNING if event is Event.REOPENED else Status.FINISHED
    after = replace(RUN, status=status, deleted=event is Event.DELETED, ended=None)
    desk.tell(a_change(after, event, generation=1))
    assert words in desk.text(KEY)
    assert words in desk.text(f"{KEY}:{event}:1")


def test_a_stalled_run_that_fails_or_lives_is_said_in_the_thread(desk: Desk) -> None:
    silent = replace(RUN, status=Status.RUNNING, ended=None, stalled=True)
    desk.tell(a_change(silent, Event.STALLED))
    assert "gone silent" in desk.text(KEY)
    assert desk.text(f"{KEY}:stalled:0") == "", "the first post itself needs no reply"
    desk.deliver()
    alive = replace(silent, stalled=False)
    desk.tell(a_change(alive, Event.EDITED, key="alive", details=("alive again",)))
    assert "is running again" in desk.text(KEY)
    assert "shows signs of life again" in desk.text(f"{KEY}:alive:0")
    desk.tell(a_change(a_run(status=Status.FAILED)))
    assert "failed" in desk.text(f"{KEY}:failed:0")


def test_what_nobody_has_seen_yet_needs_no_word_in_the_thread(desk: Desk) -> None:
    silent = replace(RUN, status=Status.RUNNING, ended=None, stalled=True)
    desk.tell(a_change(silent, Event.STALLED))
    desk.tell(a_change(a_run(status=Status.FAILED)))
    assert "failed after" in desk.text(KEY)
    assert desk.text(f"{KEY}:failed:0") == ""


def test_a_channel_without_threads_gets_no_replies(store: SqlStore) -> None:
    quiet = {"#churn": (SubscriptionSettings(post=POSTED, threads=False),)}
    desk = Desk(store, SETTINGS.model_copy(update={"channels": quiet}))
    desk.tell(a_change(RUN))
    desk.deliver()
    desk.tell(a_change(replace(RUN, deleted=True), Event.DELETED))
    assert "was deleted" in desk.text(KEY)
    assert desk.text(f"{KEY}:deleted:0") == ""


def test_subscriptions_made_in_chat_count_too(desk: Desk) -> None:
    with desk.store.write() as unit:
        unit.subscriptions.put(Subscription("#fraud", ("fraud",), ("finished",)))
    run = a_run("c" * 32, experiment="fraud")
    desk.tell(a_change(run))
    assert "finished" in desk.text(f"run:{run.ref}", "#fraud")


def test_a_team_s_template_that_fails_is_told_once_and_ours_is_used_until_it_is_mended(
    store: SqlStore, tmp_path: Path
) -> None:
    file = tmp_path / "cards" / "run.xml.j2"
    file.parent.mkdir()
    file.write_text("<message><section>Mine\n{{ nothing if state == 'failed' }}</section></message>")
    desk = Desk(store)
    desk.announcer = Announcer(SETTINGS, Templates(tmp_path))
    good, bad = many(2)
    bad = replace(bad, status=Status.FAILED, started=bad.started and bad.started - timedelta(hours=1))
    for run in (bad, good, replace(bad, run_id="f" * 32)):
        desk.tell(a_change(run))
    assert desk.text(f"run:{bad.ref}").startswith(":x: run-1 failed")
    assert desk.text(f"run:{good.ref}") == "Mine"
    assert desk.channels().count("#ops") == 1
    with store.read() as unit:
        ((key, text, _),) = unit.notices.open()
    assert key == "template:cards/run"
    assert text.startswith(
        "Your template cards/run.xml.j2:2: UndefinedError: 'nothing' is undefined. Rundown’s own"
    )
    assert f"Mend it in {tmp_path}, try it with `rundown check`" in text
    file.write_text("<message><section>Mended</section></message>")
    desk.announcer = Announcer(SETTINGS, Templates(tmp_path))
    desk.tell(a_change(replace(bad, run_id="d" * 32, experiment="churn-daily")))
    with store.read() as unit:
        assert not unit.notices.open()


def test_what_no_template_can_say_is_said_in_plain_words(store: SqlStore) -> None:
    message = Message("cards/nowhere", {"run": RUN})
    with store.write() as unit:
        post = say(unit, Templates(), "#churn", "x", message, NOON, ops_channel="#ops")
        ((key, text, _),) = unit.notices.open()
    assert post.text == f"calm-owl-12 (churn-weekly) finished {RUN.url}"
    assert (key, "there is no such template" in text) == ("template:cards/nowhere", True)


HOSTILE = "<!channel> \x00\ud800\u202e" + "n" * 50_000


def test_a_poisonous_run_is_told_and_stops_no_other(desk: Desk) -> None:
    poison = a_run(
        "e" * 32,
        name=HOSTILE,
        metrics={"auc": float("nan"), "x" * 300: float("inf")},
        params={HOSTILE: HOSTILE},
        owner=HOSTILE,
    )
    desk.tell(a_change(poison), a_change(RUN))
    assert desk.text(KEY)
    assert "&lt;!channel&gt;" in desk.text(f"run:{poison.ref}")
    assert len(desk.text(f"run:{poison.ref}")) < 4000


def test_a_dead_post_is_left_alone(desk: Desk) -> None:
    desk.tell(a_change(RUN))
    with desk.store.write() as unit:
        post = unit.outbox.claim("#churn", "test", desk.now, desk.now + MINUTE)
        assert post is not None
        unit.outbox.refused(post.id, "not_in_channel", None)
    desk.tell(a_change(replace(RUN, deleted=True), Event.DELETED))
    with desk.store.read() as unit:
        found = unit.outbox.get("#churn", KEY)
    assert found is not None and found.state is PostState.DEAD


def test_of_several_trackers_a_card_names_its_own(store: SqlStore) -> None:
    two = tuple(TrackerSettings(name=name, uri=f"http://{name}.example") for name in ("main", "eu"))
    settings = SETTINGS.model_copy(update={"trackers": two})
    desk = Desk(store, settings)
    desk.tell(a_change(RUN))
    assert "churn-weekly on main" in desk.text(KEY)
