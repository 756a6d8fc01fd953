"""The limits of messages, whispers, edits, reactions, files and views, at the sandbox's door."""

import json
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.workspace import Workspace
from sandbox.workspace.seed import CHURN, PEOPLE
from tests.sandbox.apps import SocketApp

MIRA = PEOPLE[0].id
MODAL: dict[str, Any] = {"type": "modal", "title": {"type": "plain_text", "text": "Document"}, "blocks": []}


def error(call: Any, **arguments: Any) -> str:
    try:
        call(**arguments)
    except SlackApiError as refused:
        return str(refused.response["error"])
    return ""


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def table(rows: int = 1) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * rows}


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([{"type": "divider"}] * 50, ""),
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([section("x" * 3000)], ""),
        ([section("x" * 3001)], "invalid_blocks"),
        ([section("x" * 2400)] * 5, ""),
        ([section("x" * 2401)] * 5, "msg_blocks_too_long"),
        ([section("x" * 2401)] * 5 + [{"type": "nonsense"}], "invalid_blocks"),
        ([table()], ""),
        ([table(), table()], "invalid_blocks"),
        ([table(101)], "invalid_blocks"),
        ([{"type": "markdown", "text": "x" * 6_001}] * 2, "invalid_blocks"),
        ([{"type": "divider", "block_id": "twice"}] * 2, "invalid_blocks"),
        ([{"type": "divider", "colour": "red"}], "invalid_blocks"),
    ],
)
def test_blocks_are_held_to_every_limit(client: WebClient, blocks: list[dict[str, Any]], expected: str) -> None:
    assert error(client.chat_postMessage, channel=CHURN, text="x", blocks=blocks) == expected


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"event_type": "rundown", "event_payload": {"key": "run:1", "n": 1, "all": [{"a": True}]}}, ""),
        ("{", "invalid_metadata_format"),
        ({"event_type": "", "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "rundown"}, "invalid_metadata_schema"),
        ({"event_type": "rundown", "event_payload": {"deep": {"deeper": {}}}}, "invalid_metadata_schema"),
        ({"event_type": "rundown", "event_payload": {"key": "x" * 8_001}}, "metadata_too_large"),
    ],
)
def test_metadata_is_small_and_flat(client: WebClient, metadata: Any, expected: str) -> None:
    body = {"channel": CHURN, "text": "x", "metadata": metadata}
    assert error(client.api_call, api_method="chat.postMessage", json=body) == expected


def test_a_whisper_too_long_is_cut_and_said_so(client: WebClient, workspace: Workspace) -> None:
    answer = client.chat_postEphemeral(channel=CHURN, user=MIRA, text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(workspace.messages("churn", "mira")[0]["text"]) == 40_000


def test_a_whisper_hangs_on_a_parent_only(client: WebClient, workspace: Workspace) -> None:
    parent = workspace.type("mira", "churn", "parent").ts
    reply = workspace.type("mira", "churn", "reply", thread_ts=parent).ts
    whisper = {"channel": CHURN, "user": MIRA, "text": "x"}
    assert error(client.chat_postEphemeral, **whisper, thread_ts=parent) == ""
    assert error(client.chat_postEphemeral, **whisper, thread_ts=reply) == "cannot_reply_to_message"
    assert error(client.chat_postEphemeral, **whisper, thread_ts="1.000001") == "cannot_reply_to_message"


def test_only_a_reply_is_broadcast(client: WebClient, workspace: Workspace) -> None:
    lonely = client.chat_postMessage(channel=CHURN, text="card", reply_broadcast=True)
    assert "subtype" not in lonely["message"]
    reply = client.chat_postMessage(channel=CHURN, text="reply", thread_ts=lonely["ts"])["ts"]
    edit = {"channel": CHURN, "text": "loud", "reply_broadcast": True}
    assert error(client.chat_update, **edit, ts=lonely["ts"]) == "cant_broadcast_message"
    assert client.chat_update(**edit, ts=reply)["ok"]
    assert [one["text"] for one in workspace.messages("churn", "jonas")] == ["card", "loud"]


def test_an_archived_channel_takes_no_edits_and_no_reactions(client: WebClient, workspace: Workspace) -> None:
    ts = client.chat_postMessage(channel=CHURN, text="card")["ts"]
    workspace.channel("churn").archived = True
    assert error(client.chat_update, channel=CHURN, ts=ts, text="x") == "is_inactive"
    assert error(client.reactions_add, channel=CHURN, timestamp=ts, name="eyes") == "is_archived"
    assert client.conversations_history(channel=CHURN)["messages"][0]["text"] == "card"


def test_a_person_adds_up_to_23_reactions_and_a_message_holds_50(client: WebClient, workspace: Workspace) -> None:
    ts = client.chat_postMessage(channel=CHURN, text="card")["ts"]
    item = {"channel": CHURN, "timestamp": ts}
    for number in range(23):
        client.reactions_add(**item, name=f"e{number}")
    assert error(client.reactions_add, **item, name="e23") == "too_many_reactions"
    for number in range(23, 50):
        assert workspace.react(PEOPLE[number % 2].id, {"channel": CHURN, "ts": ts}, f"e{number}").ok
    assert error(client.reactions_add, **item, name="e50") == "too_many_emoji"
    assert workspace.react("priya", {"channel": CHURN, "ts": ts}, "e0").ok


def test_a_preview_is_made_only_for_a_link_of_the_apps_domains(workspace: Workspace, client: WebClient) -> None:
    ts = workspace.type("mira", "churn", "see https://elsewhere.example/1").ts
    link = {"channel": CHURN, "ts": ts, "unfurls": {"https://elsewhere.example/1": {"blocks": []}}}
    assert error(client.chat_unfurl, **link) == "cannot_unfurl_url"


def test_a_description_of_a_picture_has_a_limit(client: WebClient) -> None:
    upload = {"filename": "auc.png", "length": 3}
    assert error(client.files_getUploadURLExternal, **upload, alt_txt="x" * 1000) == ""
    assert error(client.files_getUploadURLExternal, **upload, alt_txt="x" * 1001) == "alt_txt_too_large"


def test_a_file_for_a_thread_that_is_not_there_stays_on_its_way(client: WebClient, workspace: Workspace) -> None:
    made = client.files_getUploadURLExternal(filename="auc.png", length=3)
    httpx.post(made["upload_url"], content=b"abc")
    files = [{"id": made["file_id"]}]
    where = {"files": files, "channel_id": CHURN}
    assert error(client.files_completeUploadExternal, **where, thread_ts="1.000001") == "invalid_arguments"
    assert client.files_completeUploadExternal(**where)["ok"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"title": {"type": "plain_text", "text": "x" * 25}}, "invalid_arguments"),
        ({"private_metadata": "x" * 3001}, "invalid_arguments"),
        ({"private_metadata": "x" * 250_000}, "view_too_large"),
        ({"blocks": [{"type": "divider"}] * 101}, "invalid_arguments"),
        ({"blocks": [table()]}, "invalid_arguments"),
    ],
)
def test_a_view_is_held_to_every_limit(
    client: WebClient, workspace: Workspace, more: dict[str, Any], expected: str
) -> None:
    assert error(client.views_open, trigger_id=workspace.trigger(MIRA), view=MODAL | more) == expected


def test_views_have_names_of_their_own_and_a_stack_of_three(client: WebClient, workspace: Workspace) -> None:
    assert error(client.views_push, trigger_id=workspace.trigger(MIRA), view=MODAL) == "not_found"
    named = MODAL | {"external_id": "mine"}
    client.views_open(trigger_id=workspace.trigger(MIRA), view=named)
    assert error(client.views_push, trigger_id=workspace.trigger(MIRA), view=named) == "duplicate_external_id"
    for _ in range(2):
        client.views_push(trigger_id=workspace.trigger(MIRA), view=MODAL)
    assert error(client.views_push, trigger_id=workspace.trigger(MIRA), view=MODAL) == "push_limit_reached"
    assert client.views_update(external_id="mine", view=named)["ok"]


def test_a_response_url_takes_more_blocks_than_a_post(app: SocketApp, workspace: Workspace) -> None:
    workspace.type("mira", "churn", "/runs")
    url = app.arrived[0].payload["response_url"]
    assert httpx.post(url, content=json.dumps({"blocks": [section("x" * 2401)] * 5})).status_code == 200
    assert httpx.post(url, content=json.dumps({"text": "x" * 40_001})).status_code == 200
    assert len(workspace.messages("churn", "mira")[-1]["text"]) == 40_000


def test_a_direct_message_is_opened_with_one_person_and_the_right_scope(client: WebClient) -> None:
    assert error(client.conversations_open, users=",".join(["U1"] * 9)) == "too_many_users"
    assert error(client.conversations_open, users=[MIRA, PEOPLE[1].id]) == "missing_scope"
    assert client.conversations_open(users=MIRA)["already_open"] is True
