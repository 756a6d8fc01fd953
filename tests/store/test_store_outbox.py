"""The outbox keeps what is said until Slack shows it, and forgets nothing."""

import pytest

from bot.edges.store import SqlStore
from bot.facts.messages import PostState, Rendered
from tests.store.sending import CHURN, HELLO, MINUTE, NOW, SECOND, WORLD, claim, claimed, deliver, known


def test_what_is_said_waits_as_version_one(store: SqlStore) -> None:
    with store.write() as unit:
        said = unit.outbox.say(CHURN, "run:1", WORLD, NOW, subject="run", broadcast=True)
    with store.read() as unit:
        assert unit.outbox.get(CHURN, "run:1") == said
        assert unit.outbox.backlog() == 1
    assert (said.state, said.version, said.sent_version) == (PostState.PENDING, 1, 0)
    assert (said.text, said.blocks, said.broadcast) == ("World", ({"type": "divider"},), True)
    assert (said.created_at, said.next_at, said.attempts, said.attempt_at) == (NOW, NOW, 0, None)


def test_the_same_content_again_changes_nothing(store: SqlStore) -> None:
    with store.write() as unit:
        said = unit.outbox.say(CHURN, "k", Rendered("a", ({"x": 1, "y": 2},)), NOW)
        again = unit.outbox.say(CHURN, "k", Rendered("a", ({"y": 2, "x": 1},)), NOW + MINUTE)
        assert again == said


def test_the_newest_content_of_a_waiting_post_is_the_one_that_is_sent(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        said = unit.outbox.say(CHURN, "k", WORLD, NOW + MINUTE)
        assert (said.version, said.text, said.next_at) == (2, "World", NOW)
        assert claimed(unit, now=NOW + MINUTE).text == "World"
        assert unit.outbox.due(NOW + MINUTE) == []


def test_a_claimed_post_is_sending_since_now(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        post = claimed(unit)
        assert (post.state, post.attempts, post.attempt_at) == (PostState.SENDING, 1, NOW)
        assert known(unit, "k") == post


def test_a_sent_post_is_found_where_it_stands(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW, subject="run:1")
        deliver(unit, "1.5")
        post = known(unit, "k")
        assert (post.state, post.sent_version, post.ts, post.channel_id) == (PostState.SENT, 1, "1.5", "C#churn")
        assert unit.outbox.by_ts("C#churn", "1.5") == post
        assert unit.outbox.by_ts("C#churn", "1.6") is None
        assert unit.outbox.by_ts("", "") is None
        assert unit.outbox.by_subject("run:1") == [post]
        assert unit.outbox.backlog() == 0


def test_new_content_of_a_sent_post_is_an_edit(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        deliver(unit, "1.5")
        edit = unit.outbox.say(CHURN, "k", WORLD, NOW + MINUTE)
        assert (edit.state, edit.version, edit.sent_version) == (PostState.PENDING, 2, 1)
        assert (edit.ts, edit.next_at, edit.attempts) == ("1.5", NOW + MINUTE, 0)


def test_what_is_said_while_sending_is_sent_next(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        post = claimed(unit)
        assert unit.outbox.say(CHURN, "k", WORLD, NOW).state is PostState.SENDING
        unit.outbox.sent(post.id, post.version, "C1", "1.5")
        unit.outbox.release(CHURN, "one", NOW)
        assert (known(unit, "k").state, known(unit, "k").sent_version) == (PostState.PENDING, 1)
        assert claimed(unit).text == "World"


def test_the_version_in_slack_never_goes_back(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        first = deliver(unit, "1.5")
        unit.outbox.say(CHURN, "k", WORLD, NOW)
        deliver(unit, "1.5")
        unit.outbox.sent(first.id, 1, "C1", "1.5")
        assert (known(unit, "k").sent_version, known(unit, "k").state) == (2, PostState.SENT)


def test_a_refused_post_waits_until_its_retry(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        unit.outbox.refused(claimed(unit).id, "ratelimited", NOW + MINUTE)
        unit.outbox.release(CHURN, "one", NOW)
        assert known(unit, "k").error == "ratelimited"
        assert claim(unit) is None
        assert claimed(unit, now=NOW + MINUTE).attempts == 2


def test_a_post_retried_later_holds_back_no_other(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "poison", HELLO, NOW)
        unit.outbox.say(CHURN, "good", HELLO, NOW)
        unit.outbox.refused(claimed(unit).id, "internal", NOW + MINUTE)
        unit.outbox.release(CHURN, "one", NOW)
        assert claimed(unit).key == "good"


def test_a_dead_post_holds_back_no_other_and_is_told(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "poison", HELLO, NOW)
        unit.outbox.say(CHURN, "good", HELLO, NOW)
        unit.outbox.refused(claimed(unit).id, "is_archived", None)
        unit.outbox.release(CHURN, "one", NOW)
        assert [(post.key, post.error) for post in unit.outbox.dead(NOW)] == [("poison", "is_archived")]
        assert unit.outbox.dead(NOW + SECOND) == []
        assert claimed(unit).key == "good"
        assert unit.outbox.backlog() == 1


def test_a_dead_post_that_never_stood_in_slack_stays_dead(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        unit.outbox.refused(claimed(unit).id, "channel_not_found", None)
        assert unit.outbox.say(CHURN, "k", WORLD, NOW).state is PostState.DEAD


def test_a_dead_edit_lives_again_with_new_content(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        deliver(unit, "1.5")
        unit.outbox.say(CHURN, "k", WORLD, NOW)
        unit.outbox.refused(claimed(unit).id, "edit_window_closed", None)
        assert known(unit, "k").state is PostState.DEAD
        assert unit.outbox.say(CHURN, "k", WORLD, NOW).state is PostState.DEAD
        revived = unit.outbox.say(CHURN, "k", HELLO, NOW + MINUTE)
        assert (revived.state, revived.error, revived.next_at) == (PostState.PENDING, "", NOW + MINUTE)


def test_an_edit_refused_while_something_newer_was_said_is_tried_with_that(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        deliver(unit, "1.5")
        unit.outbox.say(CHURN, "k", WORLD, NOW)
        edit = claimed(unit)
        unit.outbox.say(CHURN, "k", Rendered("Newest"), NOW)
        unit.outbox.refused(edit.id, "invalid_blocks", None)
        assert (known(unit, "k").state, known(unit, "k").text) == (PostState.PENDING, "Newest")


def test_an_unclear_post_stays_sending_until_it_was_looked_for(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        post = claimed(unit)
        unit.outbox.unclear(post.id, "timeout")
        unit.outbox.release(CHURN, "one", NOW)
        assert (known(unit, "k").state, known(unit, "k").error) == (PostState.SENDING, "timeout")
        assert claim(unit, now=NOW + 60 * MINUTE) is None
        assert unit.outbox.unsettled(NOW) == []
        assert [one.key for one in unit.outbox.unsettled(NOW + SECOND)] == ["k"]
        assert unit.outbox.backlog() == 1


def test_a_found_post_shows_the_version_that_was_being_sent(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        post = claimed(unit)
        unit.outbox.say(CHURN, "k", WORLD, NOW)
        unit.outbox.unclear(post.id, "timeout")
        unit.outbox.adopted(post.id, "C1", "1.5")
        found = known(unit, "k")
        assert (found.ts, found.sent_version, found.state) == ("1.5", 1, PostState.PENDING)


def test_a_post_that_is_not_in_slack_is_sent_again(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        unit.outbox.retry(claimed(unit).id, NOW + MINUTE)
        unit.outbox.release(CHURN, "one", NOW)
        assert claim(unit) is None
        assert claimed(unit, now=NOW + MINUTE).attempts == 2


def test_a_retry_of_a_post_that_was_settled_meanwhile_changes_nothing(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        post = deliver(unit, "1.5")
        unit.outbox.retry(post.id, NOW)
        unit.outbox.refused(post.id, "late", None)
        assert known(unit, "k").state is PostState.SENT


def test_a_plainer_form_is_sent_in_its_place(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", WORLD, NOW)
        post = claimed(unit)
        unit.outbox.degraded(post.id, post.version, Rendered("World"))
        unit.outbox.release(CHURN, "one", NOW)
        again = claimed(unit)
        assert (again.blocks, again.version) == ((), 1)
        unit.outbox.sent(again.id, again.version, "C1", "1.5")
        assert unit.outbox.say(CHURN, "k", WORLD, NOW).state is PostState.SENT


def test_a_post_that_moved_on_keeps_what_was_said_since(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        post = claimed(unit)
        unit.outbox.say(CHURN, "k", WORLD, NOW)
        unit.outbox.degraded(post.id, post.version, Rendered("plain"))
        assert (known(unit, "k").state, known(unit, "k").text) == (PostState.PENDING, "World")


def test_a_post_that_was_never_tried_can_be_taken_back(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        unit.outbox.say(CHURN, "reply", HELLO, NOW, thread_key="k")
        assert unit.outbox.cancel(CHURN, "k")
        assert unit.outbox.get(CHURN, "k") is None
        assert known(unit, "reply").state is PostState.DEAD
        assert not unit.outbox.cancel(CHURN, "k")


@pytest.mark.parametrize("settled", [False, True])
def test_a_post_that_was_tried_cannot_be_taken_back(store: SqlStore, settled: bool) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        post = claimed(unit)
        if settled:
            unit.outbox.retry(post.id, NOW)
        assert not unit.outbox.cancel(CHURN, "k")
        assert known(unit, "k").id == post.id


def test_a_post_taken_back_by_an_error_was_never_said(store: SqlStore) -> None:
    with pytest.raises(RuntimeError), store.write() as unit:
        unit.outbox.say(CHURN, "k", HELLO, NOW)
        raise RuntimeError
    with store.read() as unit:
        assert unit.outbox.get(CHURN, "k") is None


def test_hostile_text_is_kept_or_cleaned(store: SqlStore) -> None:
    long = "k" * 50_000
    with store.write() as unit:
        unit.outbox.say("#a\0b", long, Rendered("nul \0 lone \ud800 𝄞", ({"text": "\0\ud800"},)), NOW)
        unit.outbox.say("#a\0b", long + "x", HELLO, NOW)
        post = known(unit, long, "#a\0b")
        assert (post.text, post.blocks) == ("nul � lone � 𝄞", ({"text": "\0\ud800"},))
        assert unit.outbox.backlog() == 2
