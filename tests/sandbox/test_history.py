"""Histories and threads as an app reads them."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.workspace import Workspace
from sandbox.workspace.seed import CHURN, GENERAL
from tests.sandbox.apps import Clock


def texts(messages: list[dict[str, str]]) -> list[str]:
    return [one["text"] for one in messages]


def talk(workspace: Workspace, clock: Clock, *said: str) -> list[str]:
    stamps = []
    for text in said:
        clock.advance(10)
        stamps.append(workspace.type("mira", "churn", text).ts)
    return stamps


def test_history_is_newest_first_and_leaves_threads_closed(
    client: WebClient, workspace: Workspace, clock: Clock
) -> None:
    first, _ = talk(workspace, clock, "one", "two")
    workspace.type("jonas", "churn", "in the thread", thread_ts=first)
    assert texts(client.conversations_history(channel=CHURN)["messages"]) == ["two", "one"]


@pytest.mark.parametrize(
    ("inclusive", "expected"),
    [(False, ["two"]), (True, ["three", "two", "one"])],
    ids=["between", "with the ends"],
)
def test_history_is_cut_by_oldest_and_latest(
    client: WebClient, workspace: Workspace, clock: Clock, inclusive: bool, expected: list[str]
) -> None:
    first, _, third = talk(workspace, clock, "one", "two", "three")
    shown = client.conversations_history(channel=CHURN, oldest=first, latest=third, inclusive=inclusive)
    assert texts(shown["messages"]) == expected


def test_history_comes_in_pages(client: WebClient, workspace: Workspace, clock: Clock) -> None:
    talk(workspace, clock, "one", "two", "three", "four", "five")
    seen = [texts(page["messages"]) for page in client.conversations_history(channel=CHURN, limit=2)]
    assert seen == [["five", "four"], ["three", "two"], ["one"]]


def test_metadata_is_told_only_to_those_who_ask(client: WebClient) -> None:
    metadata = {"event_type": "rundown", "event_payload": {"key": "run:1"}}
    client.chat_postMessage(channel=CHURN, text="card", metadata=metadata)
    assert "metadata" not in client.conversations_history(channel=CHURN)["messages"][0]
    told = client.conversations_history(channel=CHURN, include_all_metadata=True)["messages"][0]
    assert told["metadata"] == metadata


def test_a_thread_counts_its_replies_at_the_parent(client: WebClient, workspace: Workspace, clock: Clock) -> None:
    (parent,) = talk(workspace, clock, "card")
    reply = client.chat_postMessage(channel=CHURN, text="failed", thread_ts=parent)["ts"]
    last = workspace.type("jonas", "churn", "looking", thread_ts=parent).ts
    shown = client.conversations_replies(channel=CHURN, ts=parent)["messages"]
    assert texts(shown) == ["card", "failed", "looking"]
    assert [one["thread_ts"] for one in shown] == [parent] * 3
    assert (shown[0]["reply_count"], shown[0]["latest_reply"]) == (2, last)
    assert shown[0]["reply_users"] == [workspace.bot.id, workspace.user("jonas").id]
    assert shown[1]["parent_user_id"] == workspace.user("mira").id
    client.chat_delete(channel=CHURN, ts=reply)
    assert client.conversations_replies(channel=CHURN, ts=parent)["messages"][0]["reply_count"] == 1


def test_a_broadcast_reply_stands_in_the_channel_with_its_root(
    client: WebClient, workspace: Workspace, clock: Clock
) -> None:
    (parent,) = talk(workspace, clock, "card")
    client.chat_postMessage(channel=CHURN, text="loud", thread_ts=parent, reply_broadcast=True)
    newest = client.conversations_history(channel=CHURN)["messages"][0]
    assert (newest["text"], newest["subtype"], newest["root"]["text"]) == ("loud", "thread_broadcast", "card")
    assert texts(workspace.messages("churn", "jonas")) == ["card", "loud"]


def test_a_reply_needs_a_parent_that_is_no_reply(client: WebClient, workspace: Workspace, clock: Clock) -> None:
    (parent,) = talk(workspace, clock, "card")
    reply = client.chat_postMessage(channel=CHURN, text="failed", thread_ts=parent)["ts"]
    with pytest.raises(SlackApiError, match="cannot_reply_to_message"):
        client.chat_postMessage(channel=CHURN, text="x", thread_ts=reply)
    with pytest.raises(SlackApiError, match="thread_not_found"):
        client.chat_postMessage(channel=CHURN, text="x", thread_ts="1.000000")
    with pytest.raises(SlackApiError, match="thread_not_found"):
        client.conversations_replies(channel=CHURN, ts="1.000000")


def test_a_deleted_parent_leaves_a_tombstone_above_its_replies(client: WebClient, workspace: Workspace) -> None:
    parent = client.chat_postMessage(channel=CHURN, text="card")["ts"]
    workspace.type("jonas", "churn", "looking", thread_ts=parent)
    client.chat_delete(channel=CHURN, ts=parent)
    stone, reply = client.conversations_replies(channel=CHURN, ts=parent)["messages"]
    assert (stone["subtype"], "card" in stone["text"], reply["text"]) == ("tombstone", False, "looking")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": GENERAL}, "not_in_channel"),
        ({"channel": "#churn"}, "channel_not_found"),
        ({"channel": CHURN, "oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"channel": CHURN, "cursor": "nonsense"}, "invalid_cursor"),
    ],
)
def test_a_history_that_cannot_be_read_says_why(client: WebClient, arguments: dict[str, Any], error: str) -> None:
    with pytest.raises(SlackApiError, match=error):
        client.conversations_history(**arguments)
