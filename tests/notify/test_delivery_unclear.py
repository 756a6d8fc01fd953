"""A message of which nobody knows whether it was sent: what keeps the search for it from being in vain."""

from datetime import timedelta

import pytest

from bot.edges.store import SqlStore
from bot.facts.messages import PostState
from tests.fakes.slack import FakeSlack, Fault
from tests.notify.test_delivery import Office


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
