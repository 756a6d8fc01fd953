"""The Web API of the sandbox, called by the real slack_sdk."""

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from sandbox.workspace.seed import BOT, CHURN, GENERAL, PEOPLE, REVIEW, SCOPES
from tests.sandbox.apps import Clock

MIRA = PEOPLE[0].id


def refused(call: Any, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as error:
        call(**arguments)
    return dict(error.value.response.data)


def test_auth_test_says_who_the_token_is_and_which_scopes_it_has(client: WebClient) -> None:
    answer = client.auth_test()
    assert (answer["user_id"], answer["bot_id"]) == (BOT.id, "B0RUNDOWN1")
    assert set(answer.headers["x-oauth-scopes"].split(",")) == SCOPES


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("", "not_authed"),
        ("xoxb-somebody-else", "invalid_auth"),
        ("xapp-1-A0RUNDOWN1-sandbox", "not_allowed_token_type"),
    ],
)
def test_a_wrong_token_is_refused(server: SandboxServer, token: str, error: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = httpx.post(f"{server.url}/api/auth.test", headers=headers)
    assert answer.json() == {"ok": False, "error": error}


def test_a_token_may_also_come_as_a_form_argument(server: SandboxServer) -> None:
    answer = httpx.post(f"{server.url}/api/auth.test", data={"token": server.workspace.bot_token})
    assert answer.json()["ok"] is True


def test_an_unknown_method_is_named(client: WebClient) -> None:
    assert refused(client.api_call, api_method="chat.shout")["error"] == "unknown_method"


def test_a_missing_scope_is_named_with_what_is_there() -> None:
    workspace = Workspace(scopes=["chat:write"])
    with SandboxServer(workspace) as server:
        client = WebClient(token=workspace.bot_token, base_url=f"{server.url}/api/", retry_handlers=[])
        answer = refused(client.reactions_add, channel=CHURN, timestamp="1.000001", name="eyes")
    assert answer == {"ok": False, "error": "missing_scope", "needed": "reactions:write", "provided": "chat:write"}


@pytest.mark.parametrize("named", ["#churn", "churn", CHURN])
def test_a_message_is_posted_by_name_or_id(client: WebClient, workspace: Workspace, named: str) -> None:
    answer = client.chat_postMessage(channel=named, text="auc 0.87")
    assert answer["channel"] == CHURN
    assert [one["text"] for one in workspace.messages("churn", "mira")] == ["auc 0.87"]


def test_a_posted_message_has_the_shape_slack_gives_it(client: WebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": "auc 0.87"}}]
    message = client.chat_postMessage(channel="#churn", text="auc", blocks=blocks)["message"]
    assert (message["type"], message["user"], message["bot_id"]) == ("message", BOT.id, "B0RUNDOWN1")
    assert (message["app_id"], message["team"]) == ("A0RUNDOWN1", "T0SANDBOX1")
    assert message["bot_profile"]["name"] == "rundown"
    assert message["blocks"][0]["block_id"]
    assert {key: message["blocks"][0][key] for key in blocks[0]} == blocks[0]


def test_a_message_to_a_person_opens_their_direct_message(client: WebClient, workspace: Workspace) -> None:
    answer = client.chat_postMessage(channel=MIRA, text="hello")
    assert answer["channel"].startswith("D")
    assert client.conversations_open(users=MIRA)["channel"]["id"] == answer["channel"]
    assert workspace.messages(answer["channel"], "jonas") == []


def test_timestamps_rise_even_while_the_clock_stands_still(client: WebClient) -> None:
    first = client.chat_postMessage(channel=CHURN, text="one")["ts"]
    second = client.chat_postMessage(channel=CHURN, text="two")["ts"]
    assert first < second
    assert len(first.split(".")[1]) == 6


@pytest.mark.parametrize(
    ("channel", "error"),
    [("#nowhere", "channel_not_found"), (REVIEW, "channel_not_found"), (GENERAL, "not_in_channel")],
)
def test_a_message_goes_only_where_the_bot_is(client: WebClient, channel: str, error: str) -> None:
    assert refused(client.chat_postMessage, channel=channel, text="hello")["error"] == error


def test_an_archived_channel_takes_no_messages(client: WebClient, workspace: Workspace) -> None:
    workspace.channel("churn").archived = True
    assert refused(client.chat_postMessage, channel=CHURN, text="hello")["error"] == "is_archived"


def test_an_empty_message_is_refused(client: WebClient) -> None:
    answer = refused(client.api_call, api_method="chat.postMessage", json={"channel": CHURN, "text": ""})
    assert answer["error"] == "no_text"


def test_a_missing_argument_is_named(server: SandboxServer, workspace: Workspace) -> None:
    headers = {"Authorization": f"Bearer {workspace.bot_token}"}
    answer = httpx.post(f"{server.url}/api/chat.postMessage", json={"text": "x"}, headers=headers).json()
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


def test_blocks_beyond_slacks_limits_are_refused_with_a_pointer(client: WebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    answer = refused(client.chat_postMessage, channel=CHURN, text="x", blocks=blocks)
    assert answer["error"] == "invalid_blocks"
    (told,) = answer["response_metadata"]["messages"]
    assert told.startswith("[ERROR] ")
    assert "[json-pointer:/blocks/0/text/text]" in told


def test_blocks_that_are_no_list_are_refused(client: WebClient) -> None:
    assert (
        refused(client.chat_postMessage, channel=CHURN, text="x", blocks="{")["error"] == "invalid_blocks_format"
    )


def test_blocks_validate_needs_no_token_and_says_what_is_wrong(server: SandboxServer) -> None:
    client = WebClient(base_url=f"{server.url}/api/")
    assert client.blocks_validate(blocks=[{"type": "divider"}])["ok"]
    answer = refused(
        client.blocks_validate, blocks=[{"type": "section", "text": {"type": "nonsense", "text": "x"}}]
    )
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0]["pointer"] == "/0/text/type"
    assert refused(client.blocks_validate)["error"] == "invalid_arguments"


def test_a_text_beyond_forty_thousand_characters_is_cut_and_said_so(client: WebClient) -> None:
    answer = client.chat_postMessage(channel=CHURN, text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(answer["message"]["text"]) == 40_000


def test_an_edit_replaces_the_message_and_keeps_its_metadata(client: WebClient, workspace: Workspace) -> None:
    metadata = {"event_type": "rundown", "event_payload": {"key": "run:1"}}
    ts = client.chat_postMessage(channel=CHURN, text="running", metadata=metadata)["ts"]
    client.chat_update(channel=CHURN, ts=ts, text="finished")
    (message,) = client.conversations_history(channel=CHURN, include_all_metadata=True)["messages"]
    assert (message["text"], message["metadata"]) == ("finished", metadata)
    assert message["edited"]["user"] == BOT.id
    assert float(message["edited"]["ts"]) > float(ts)


def test_only_the_bots_messages_can_be_edited_or_deleted(client: WebClient, workspace: Workspace) -> None:
    ts = workspace.type("mira", "churn", "mine").ts
    assert refused(client.chat_update, channel=CHURN, ts=ts, text="x")["error"] == "cant_update_message"
    assert refused(client.chat_delete, channel=CHURN, ts=ts)["error"] == "cant_delete_message"
    assert refused(client.chat_update, channel=CHURN, ts="1.000000", text="x")["error"] == "message_not_found"


def test_an_edit_takes_a_tenth_of_what_a_post_takes(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHURN, text="x")["ts"]
    assert client.chat_update(channel=CHURN, ts=ts, text="x" * 4_000)["ok"]
    assert refused(client.chat_update, channel=CHURN, ts=ts, text="x" * 4_001)["error"] == "msg_too_long"


def test_a_deleted_message_is_gone(client: WebClient, workspace: Workspace) -> None:
    ts = client.chat_postMessage(channel=CHURN, text="x")["ts"]
    client.chat_delete(channel=CHURN, ts=ts)
    assert workspace.messages("churn", "mira") == []


def test_a_whisper_is_seen_by_one_person_and_not_in_history(client: WebClient, workspace: Workspace) -> None:
    client.chat_postEphemeral(channel=CHURN, user=MIRA, text="only you")
    (message,) = workspace.messages("churn", "mira")
    assert (message["text"], message["ephemeral"]) == ("only you", True)
    assert workspace.messages("churn", "jonas") == []
    assert client.conversations_history(channel=CHURN)["messages"] == []


def test_the_same_reaction_is_taken_once(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHURN, text="x")["ts"]
    client.reactions_add(channel=CHURN, timestamp=ts, name="eyes")
    assert refused(client.reactions_add, channel=CHURN, timestamp=ts, name="eyes")["error"] == "already_reacted"
    shown = client.reactions_get(channel=CHURN, timestamp=ts)["message"]["reactions"]
    assert shown == [{"name": "eyes", "users": [BOT.id], "count": 1}]
    client.reactions_remove(channel=CHURN, timestamp=ts, name="eyes")
    assert refused(client.reactions_remove, channel=CHURN, timestamp=ts, name="eyes")["error"] == "no_reaction"


def test_people_have_time_zones_and_guests_are_marked(client: WebClient) -> None:
    kenji = client.users_lookupByEmail(email="Kenji@example.com")["user"]
    assert (kenji["tz"], kenji["tz_offset"]) == ("Asia/Tokyo", 9 * 3600)
    assert client.users_info(user=PEOPLE[-1].id)["user"]["is_restricted"] is True
    assert refused(client.users_lookupByEmail, email="nobody@example.com")["error"] == "users_not_found"
    assert len(client.users_list()["members"]) == len(PEOPLE) + 1


def test_channels_are_listed_page_by_page_without_private_ones_of_others(client: WebClient) -> None:
    listing = client.conversations_list(types="public_channel,private_channel", limit=2)
    names = [one["name"] for page in listing for one in page["channels"]]
    assert names == ["general", "churn", "rundown-ops"]
    mine = client.users_conversations()["channels"]
    assert [one["id"] for one in mine] == [CHURN]


def test_the_bot_joins_public_channels(client: WebClient) -> None:
    assert client.conversations_join(channel=GENERAL)["channel"]["is_member"] is True
    assert client.conversations_join(channel=GENERAL)["warning"] == "already_in_channel"
    assert BOT.id in client.conversations_members(channel=GENERAL)["members"]
    assert refused(client.conversations_join, channel=REVIEW)["error"] == "channel_not_found"


def test_a_link_leads_to_the_message_on_the_page(client: WebClient, server: SandboxServer) -> None:
    ts = client.chat_postMessage(channel=CHURN, text="x")["ts"]
    link = client.chat_getPermalink(channel=CHURN, message_ts=ts)["permalink"]
    assert link == f"{server.url}/archives/{CHURN}/p{ts.replace('.', '')}"
    assert httpx.get(link).headers["location"] == f"/#{CHURN}/p{ts}"


def test_a_file_is_uploaded_and_shown(client: WebClient, workspace: Workspace) -> None:
    answer = client.files_upload_v2(
        channel=CHURN, filename="auc.png", content=b"not really a picture", initial_comment="the curve"
    )
    (message,) = workspace.messages("churn", "mira")
    assert (message["text"], message["files"][0]["id"]) == ("the curve", answer["file"]["id"])
    shown = httpx.get(message["files"][0]["url_private"])
    assert (shown.content, shown.headers["content-type"]) == (b"not really a picture", "image/png")


def test_a_channel_takes_a_burst_then_one_message_a_second(client: WebClient, clock: Clock) -> None:
    for number in range(5):
        client.chat_postMessage(channel=CHURN, text=f"{number}")
    with pytest.raises(SlackApiError) as held:
        client.chat_postMessage(channel="#churn", text="one too many")
    assert held.value.response.status_code == 429
    assert held.value.response.headers["Retry-After"] == "1"
    clock.advance(1)
    assert client.chat_postMessage(channel=CHURN, text="now")["ok"]


def test_every_call_is_kept_for_those_who_count(client: WebClient, workspace: Workspace) -> None:
    client.chat_postMessage(channel="#churn", text="x")
    refused(client.chat_postMessage, channel="#nowhere", text="x")
    first, second = workspace.log.calls("chat.postMessage")
    assert (first.ok, first.channel, first.error) == (True, CHURN, "")
    assert (second.ok, second.error) == (False, "channel_not_found")
    assert workspace.log.count("chat.postMessage", CHURN) == 1
