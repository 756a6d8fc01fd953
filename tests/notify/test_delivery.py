"""What the outbox holds reaches Slack: once, in its newest state, at Slack's pace, and trouble is told once."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.edges.store import SqlStore
from bot.facts.messages import PostState
from bot.notify.delivery import Delivery
from tests.fakes.slack import FakeSlack, Fault
from tests.notify.office import BLOCKS, SETTINGS, Office


def test_a_message_is_posted_once_and_then_left_alone(office: Office) -> None:
    office.say("run:main/1", "finished", blocks=BLOCKS)
    office.work(5)
    (shown,) = office.slack.shown("#churn")
    assert (shown.text, list(shown.blocks), shown.key) == ("finished", list(BLOCKS), "run:main/1")
    post = office.post("run:main/1")
    assert (post.state, post.ts, post.sent_version) == (PostState.SENT, shown.ts, post.version)
    assert office.delivery.run_once() is False


def test_a_card_that_changes_is_edited_in_place(office: Office) -> None:
    office.say("run:main/1", "running")
    office.work(2)
    office.say("run:main/1", "finished")
    office.work(2)
    (shown,) = office.slack.shown("#churn")
    assert (shown.text, shown.edits) == ("finished", ["running"])


def test_of_a_backlog_only_the_newest_state_is_sent(office: Office) -> None:
    for state in ("started", "stalled", "finished"):
        office.say("run:main/1", state)
    office.work(5)
    assert office.texts() == ["finished"]
    assert office.slack.shown("#churn")[0].edits == []


def test_what_changes_while_it_is_being_sent_is_edited_afterwards(office: Office) -> None:
    office.delivery.step = lambda name: office.say("run:main/1", "finished") and None if name == "called" else None
    office.say("run:main/1", "running")
    office.delivery.run_once()
    office.delivery.step = lambda _: None
    office.work(3)
    (shown,) = office.slack.shown("#churn")
    assert (shown.text, shown.edits) == ("finished", ["running"])


def test_a_reply_waits_for_its_card_and_stands_in_its_thread(office: Office) -> None:
    office.say("run:main/1:failed:0", "failed", thread_key="run:main/1")
    office.work(3)
    assert office.texts() == []
    office.say("run:main/1", "card")
    office.work(3)
    (card,) = office.slack.shown("#churn")
    assert office.texts(thread_ts=card.ts) == ["failed"]


def test_a_channel_gets_one_message_a_second_and_others_do_not_wait_for_it(office: Office) -> None:
    for number in range(4):
        office.say(f"a{number}")
    office.say("b", channel="#fraud")
    office.work(0)
    assert (len(office.texts()), len(office.texts("#fraud"))) == (1, 1)
    office.work(10)
    moments = [when for method, channel, when in office.slack.calls if channel == "#churn"]
    assert [(b - a).total_seconds() for a, b in itertools.pairwise(moments)] == [1.0, 1.0, 1.0]
    assert office.texts() == ["a0", "a1", "a2", "a3"]


def test_a_workspace_gets_no_more_messages_a_minute_than_settings_say(store: SqlStore) -> None:
    office = Office(store, settings=SETTINGS.model_copy(update={"per_minute": 5}))
    for number in range(12):
        channel = f"#c{number}"
        office.slack.add_channel(channel)
        office.say("x", channel=channel)
    office.work(0)
    assert len(office.slack.calls) == 5
    office.work(59)
    assert len(office.slack.calls) == 5
    office.work(120)
    assert len(office.slack.calls) == 12


def test_messages_are_spread_over_the_minute(store: SqlStore) -> None:
    office = Office(store, settings=SETTINGS.model_copy(update={"per_minute": 60}))
    for number in range(70):
        channel = f"#c{number}"
        office.slack.add_channel(channel)
        office.say("x", channel=channel)
    office.work(59)
    assert len(office.slack.calls) == 60
    moments = [when for _, _, when in office.slack.calls]
    assert moments[20] - moments[0] == timedelta(seconds=20)


def test_a_channel_does_not_wait_behind_what_others_have_waiting(store: SqlStore) -> None:
    office = Office(store, settings=SETTINGS.model_copy(update={"per_minute": 20}))
    for number in range(30):
        channel = f"#c{number}"
        office.slack.add_channel(channel)
        for post in range(3):
            office.say(f"x{post}", channel=channel)
    office.work(30)
    office.say("new", channel="#fraud")
    office.work(40)
    assert office.texts("#fraud") == ["new"]
    assert len(office.slack.calls) == 40, "others still wait"


def test_retry_after_is_kept_for_the_method_and_the_channel(office: Office) -> None:
    office.say("card", "one")
    office.work(2)
    office.slack.fault("chat.postMessage", Fault(error="ratelimited", retry_after=30), channel="#churn")
    began = office.clock()
    office.say("new")
    office.say("other", channel="#fraud")
    office.work(1)
    office.say("card", "two")
    office.say("newer")
    office.work(28)
    assert office.texts() == ["two"], "edits go on while posts are held"
    assert office.texts("#fraud") == ["other"]
    office.work(10)
    posts = [
        when for method, channel, when in office.slack.calls if (method, channel) == ("chat.postMessage", "#churn")
    ]
    assert office.texts() == ["two", "new", "newer"]
    assert posts[2] - began >= timedelta(seconds=30)
    assert len(posts) == 4, "no call before Retry-After"


def test_a_refused_connection_is_tried_again_after_longer_and_longer(office: Office) -> None:
    office.slack.fault("chat.postMessage", Fault(error="connection_refused"), times=6)
    office.say("x")
    office.work(300)
    moments = [when for _, _, when in office.slack.calls]
    gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(moments)]
    assert office.texts() == ["x"]
    assert gaps == sorted(gaps) and gaps[-1] >= 16


@pytest.mark.parametrize(
    ("channel", "prepare", "words"),
    [
        ("#nowhere", lambda slack: None, "I cannot see #nowhere"),
        ("#outside", lambda slack: slack.add_channel("#outside", member=False), "/invite @Rundown"),
        ("#old", lambda slack: slack.add_channel("#old", archived=True), "#old is archived"),
    ],
)
def test_a_channel_that_cannot_be_posted_to_is_told_once_to_the_ops_channel(
    office: Office, channel: str, prepare: Callable[[FakeSlack], object], words: str
) -> None:
    prepare(office.slack)
    office.say("a", channel=channel)
    office.say("b", channel=channel)
    office.say("c")
    office.work(5)
    assert office.post("a", channel).state is PostState.DEAD
    assert office.post("b", channel).state is PostState.DEAD
    (told,) = office.texts("#ops")
    assert words in told
    assert office.texts() == ["c"]


def test_trouble_with_the_ops_channel_itself_is_not_told_there(office: Office) -> None:
    office.delivery = Delivery(
        office.store, office.slack, office.clock, settings=SETTINGS, holder="here", ops_channel="#nowhere"
    )
    office.say("a", channel="#nowhere")
    office.work(5)
    assert len(office.slack.calls) == 1
    assert len(office.notices()) == 1


def test_a_channel_that_works_again_is_told_of_when_it_breaks_again(office: Office) -> None:
    for key in ("a", "b"):
        office.slack.fault("chat.postMessage", Fault(error="not_in_channel"), channel="#churn")
        office.say(key)
        office.work(3)
        office.say(f"{key} later")
        office.work(3)
    assert len(office.texts("#ops")) == 2
    assert office.notices() == []


def test_a_refused_token_holds_everything_and_loses_nothing(office: Office) -> None:
    office.slack.fault("chat.postMessage", Fault(error="token_revoked"), times=2)
    office.say("a")
    office.say("b", channel="#fraud")
    office.work(30)
    assert len(office.slack.calls) == 1, "one question a minute is enough"
    assert "token_revoked" in office.notices()[0]
    office.work(180)
    assert (office.texts(), office.texts("#fraud")) == (["a"], ["b"])
    assert office.notices() == []


def test_content_slack_refuses_becomes_plainer_until_it_is_taken(office: Office) -> None:
    rich = (
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}],
        },
    )
    refusal = Fault(error="invalid_blocks", pointers=("/blocks/0/elements",))
    office.slack.fault("chat.postMessage", refusal, times=2)
    office.say("x", "hello", blocks=rich)
    office.work(10)
    (shown,) = office.slack.shown("#churn")
    assert (shown.text, list(shown.blocks)) == ("hello", [])


def test_content_slack_takes_in_no_form_is_given_up_and_told(office: Office) -> None:
    office.slack.fault("chat.postMessage", Fault(error="msg_too_long"), channel="#churn", times=9)
    office.say("x", "hello", blocks=BLOCKS)
    office.work(10)
    assert office.post("x").state is PostState.DEAD
    assert "in no form" in office.texts("#ops")[0]


def test_a_card_somebody_deleted_is_not_posted_again(office: Office) -> None:
    office.say("x", "one")
    office.work(2)
    office.slack.remove("#churn", office.post("x").ts)
    office.say("x", "two")
    office.work(60)
    assert office.texts() == []
    assert office.texts("#ops") == []
    assert office.post("x").state is PostState.DEAD


def test_a_message_that_breaks_the_sender_delays_nobody_and_is_given_up(office: Office) -> None:
    office.say("poison", "x")
    office.slack.fault("chat.postMessage", Fault(crash=UnicodeError("surrogates")), channel="#churn", times=5)
    for number in range(3):
        office.say(f"good{number}", channel="#fraud")
    office.work(2)
    assert len(office.texts("#fraud")) == 3
    office.work(300)
    assert office.post("poison").state is PostState.DEAD
    assert "broke me" in office.texts("#ops")[0]
