"""Each channel has one sender at a time, and no post waits for one that cannot be sent."""

from bot.edges.store import SqlStore
from tests.store.sending import CHURN, FRAUD, HELLO, MINUTE, NOW, SECOND, WORLD, claim, claimed, deliver


def test_a_lane_has_one_holder_at_a_time(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "a", HELLO, NOW)
        unit.outbox.say(CHURN, "b", HELLO, NOW)
        assert claimed(unit, holder="one").key == "a"
        assert claim(unit, holder="two") is None
        assert unit.outbox.due(NOW) == []
        unit.outbox.release(CHURN, "two", NOW)
        assert claim(unit, holder="two") is None
        unit.outbox.release(CHURN, "one", NOW)
        assert claimed(unit, holder="two").key == "b"


def test_a_lane_whose_lease_ran_out_may_be_taken(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "a", HELLO, NOW)
        unit.outbox.say(CHURN, "b", HELLO, NOW)
        claimed(unit, holder="one")
        assert unit.outbox.due(NOW + MINUTE) == [CHURN]
        assert claimed(unit, now=NOW + MINUTE, holder="two").key == "b"
        unit.outbox.release(CHURN, "one", NOW)
        assert claim(unit, now=NOW + MINUTE, holder="three") is None


def test_a_lane_rests_between_two_posts(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "a", HELLO, NOW)
        unit.outbox.say(CHURN, "b", HELLO, NOW)
        claimed(unit)
        unit.outbox.release(CHURN, "one", NOW + SECOND)
        assert (unit.outbox.due(NOW), claim(unit)) == ([], None)
        assert unit.outbox.due(NOW + SECOND) == [CHURN]
        assert claimed(unit, now=NOW + SECOND).key == "b"


def test_channels_do_not_wait_for_each_other(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(FRAUD, "b", HELLO, NOW)
        unit.outbox.say(CHURN, "a", HELLO, NOW + SECOND)
        unit.outbox.say("#later", "c", HELLO, NOW, not_before=NOW + MINUTE)
        assert unit.outbox.due(NOW + SECOND) == [FRAUD, CHURN]
        claimed(unit, FRAUD, NOW + SECOND)
        assert unit.outbox.due(NOW + SECOND) == [CHURN]
        assert claimed(unit, CHURN, NOW + SECOND).key == "a"


def test_nothing_due_takes_no_lane(store: SqlStore) -> None:
    with store.write() as unit:
        assert claim(unit, holder="one") is None
        unit.outbox.say(CHURN, "a", HELLO, NOW)
        assert claimed(unit, holder="two").key == "a"


def test_a_reply_waits_for_its_parent_and_holds_back_no_other(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "reply", HELLO, NOW, thread_key="card")
        assert unit.outbox.due(NOW) == []
        unit.outbox.say(CHURN, "card", HELLO, NOW, not_before=NOW + MINUTE)
        unit.outbox.say(CHURN, "other", HELLO, NOW + SECOND)
        assert claimed(unit, now=NOW + SECOND).key == "other"
        unit.outbox.release(CHURN, "one", NOW)
        assert deliver(unit, "1.5", NOW + MINUTE).key == "card"
        assert claimed(unit, now=NOW + MINUTE).key == "reply"


def test_a_parent_in_another_channel_is_no_parent(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(FRAUD, "card", HELLO, NOW)
        deliver(unit, "1.5", channel=FRAUD)
        unit.outbox.say(CHURN, "reply", HELLO, NOW, thread_key="card")
        assert claim(unit) is None


def test_replies_to_a_parent_that_is_given_up_are_given_up(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "card", HELLO, NOW)
        unit.outbox.say(CHURN, "before", HELLO, NOW, thread_key="card")
        unit.outbox.refused(claimed(unit).id, "channel_not_found", None)
        unit.outbox.release(CHURN, "one", NOW)
        unit.outbox.say(CHURN, "after", HELLO, NOW, thread_key="card")
        dead = {post.key: post.error for post in unit.outbox.dead(NOW)}
        lost = "parent was not posted"
        assert dead == {"card": "channel_not_found", "before": lost, "after": lost}
        assert unit.outbox.backlog() == 0


def test_replies_outlive_a_refused_edit_of_their_parent(store: SqlStore) -> None:
    with store.write() as unit:
        unit.outbox.say(CHURN, "card", HELLO, NOW)
        deliver(unit, "1.5")
        unit.outbox.say(CHURN, "card", WORLD, NOW)
        unit.outbox.refused(claimed(unit).id, "edit_window_closed", None)
        unit.outbox.release(CHURN, "one", NOW)
        unit.outbox.say(CHURN, "reply", HELLO, NOW, thread_key="card")
        assert claimed(unit).key == "reply"


def test_a_hold_is_for_one_channel_or_for_all_and_never_shrinks(store: SqlStore) -> None:
    with store.write() as unit:
        assert unit.outbox.held_until("chat.update", CHURN) is None
        unit.outbox.hold("chat.update", CHURN, NOW + MINUTE)
        unit.outbox.hold("chat.update", CHURN, NOW)
        assert unit.outbox.held_until("chat.update", CHURN) == NOW + MINUTE
        assert unit.outbox.held_until("chat.update", FRAUD) is None
        assert unit.outbox.held_until("chat.postMessage", CHURN) is None
        unit.outbox.hold("chat.update", "", NOW + 2 * MINUTE)
        assert unit.outbox.held_until("chat.update", FRAUD) == NOW + 2 * MINUTE
        assert unit.outbox.held_until("chat.update", CHURN) == NOW + 2 * MINUTE
