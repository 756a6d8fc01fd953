"""A message of which nobody knows whether it was sent: what keeps the search for it from being in vain."""

from datetime import timedelta

import pytest

from bot.edges.store import SqlStore
from bot.facts.messages import PostState
from bot.notify.delivery import Delivery
from tests.fakes.slack import FakeSlack, Fault
from tests.notify.examples import NOON
from tests.notify.office import SETTINGS, Office


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_post_nobody_knows_about_is_looked_for_before_it_is_posted_again(office: Office, drop: str) -> None:
    office.slack.fault("chat.postMessage", Fault(drop=drop))
    office.say("x")
    office.work(15)
    assert len(office.texts()) == (drop == "after"), "nothing happens before time-out and settle time are over"
    assert office.post("x").state is PostState.SENDING
    office.work(30)
    assert office.texts() == ["x"]
    assert office.post("x").state is PostState.SENT
    assert office.post("x").ts == office.slack.shown("#churn")[0].ts


def test_a_reply_nobody_knows_about_is_looked_for_in_its_thread(office: Office) -> None:
    office.say("card")
    office.work(2)
    office.slack.fault("chat.postMessage", Fault(drop="after"))
    office.say("reply", thread_key="card")
    office.work(60)
    assert office.texts(thread_ts=office.post("card").ts) == ["reply"]
    assert office.post("reply").state is PostState.SENT


def test_an_edit_nobody_knows_about_is_made_again(office: Office) -> None:
    office.say("x", "one")
    office.work(2)
    office.slack.fault("chat.update", Fault(drop="before"))
    office.say("x", "two")
    office.work(30)
    assert office.texts() == ["two"]


@pytest.mark.parametrize("fault", [Fault(drop="before"), Fault(error="ratelimited", retry_after=20)])
def test_a_history_that_cannot_be_read_now_is_read_later(office: Office, fault: Fault) -> None:
    office.slack.fault("chat.postMessage", Fault(drop="after"))
    office.slack.fault("conversations.history", fault, times=2)
    office.say("x")
    office.work(120)
    assert office.texts() == ["x"]
    assert office.post("x").state is PostState.SENT


def test_without_the_history_scope_a_message_is_rather_posted_twice_than_lost(office: Office) -> None:
    office.slack.fault("chat.postMessage", Fault(drop="before"))
    office.slack.fault("conversations.history", Fault(error="missing_scope"))
    office.say("x")
    office.work(60)
    assert office.texts() == ["x"]
    assert "may appear there twice" in office.texts("#ops")[0]


def test_a_claim_that_grew_old_is_given_back_unsent(office: Office) -> None:
    """The machine slept between claim and call: somebody else may be looking for the message already."""
    office.say("x")
    office.delivery.step = lambda name: office.clock.advance(60) if name == "claimed" else None
    office.delivery.run_once()
    assert office.slack.calls == []
    office.delivery.step = lambda _: None
    office.work(2)
    assert office.texts() == ["x"]


def test_two_senders_never_send_the_same_message(store: SqlStore) -> None:
    office = Office(store)
    other = Delivery(store, office.slack, office.clock, settings=SETTINGS, holder="there")
    seen: list[bool] = []
    office.delivery.step = lambda name: seen.append(other.run_once()) if name == "calling" else None
    office.say("x")
    office.say("y")
    office.delivery.run_once()
    assert seen == [False], "one sender a channel"
    assert len(office.texts()) == 1


def test_a_lookup_does_not_disturb_a_message_that_is_being_sent_again(store: SqlStore) -> None:
    office = Office(store)
    office.slack.fault("chat.postMessage", Fault(drop="before"))
    office.slack.fault("chat.postMessage", Fault(drop="after"))
    office.say("x")
    office.work(0)
    office.clock.advance(60)
    other = Delivery(store, office.slack, office.clock, settings=SETTINGS, holder="there")

    def race(name: str) -> None:
        if name == "looked":
            other.settle()
            other.run_once()

    office.delivery.step = race
    assert office.delivery.settle() == 0
    office.delivery.step = lambda _: None
    office.work(60)
    assert office.texts() == ["x"]


def test_an_answer_is_kept_with_the_moment_of_the_claim(office: Office) -> None:
    office.say("x")
    office.work(0)
    assert office.post("x").attempt_at == NOON


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_is_an_hour_off_does_not_hide_the_message(store: SqlStore, ahead: timedelta) -> None:
    office = Office(store)
    office.slack = FakeSlack(lambda: office.clock() - ahead)
    office.slack.add_channel("#churn")
    office.delivery.slack = office.slack
    office.slack.fault("chat.postMessage", Fault(drop="after"))
    office.say("x")
    office.work(60)
    assert office.texts() == ["x"]


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth"])
def test_while_the_token_is_refused_nothing_counts_as_missing(store: SqlStore, error: str) -> None:
    office = Office(store)
    office.slack.fault("chat.postMessage", Fault(drop="after"))
    office.say("x")
    office.slack.fault("conversations.history", Fault(error=error))
    office.work(40)
    assert office.post("x").state is PostState.SENDING
    office.work(80)
    assert office.texts() == ["x"]
    assert office.post("x").state is PostState.SENT


def test_a_thread_that_is_gone_is_no_trouble_with_its_channel(store: SqlStore) -> None:
    office = Office(store)
    office.say("card")
    office.work(2)
    office.slack.fault("chat.postMessage", Fault(drop="before"))
    office.say("reply", thread_key="card")
    office.work(1)
    office.slack.remove("#churn", office.post("card").ts)
    office.slack.fault("conversations.history", Fault(error="thread_not_found"))
    office.work(60)
    assert office.post("reply").state is PostState.DEAD
    assert office.texts("#ops") == []


def test_a_message_that_waited_long_for_slack_is_not_given_up_at_its_first_crash(office: Office) -> None:
    office.say("x")
    office.slack.fault("chat.postMessage", Fault(error="ratelimited", retry_after=2), times=6)
    office.slack.fault("chat.postMessage", Fault(crash=OSError("broken pipe")))
    office.work(120)
    assert office.texts() == ["x"]
