"""What people do in the sandbox, and what the app hears of it."""

from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient

from sandbox.workspace import Workspace
from sandbox.workspace.composing import composed
from sandbox.workspace.seed import BOT, CHURN, PEOPLE
from tests.sandbox.apps import SocketApp

MIRA = PEOPLE[0].id
USERS, CHANNELS = {"mira": MIRA, "rundown": BOT.id}, {"churn": CHURN}


def test_names_and_addresses_become_mentions_and_links() -> None:
    made = composed("@rundown see #churn, https://mlflow.example/#/runs/1. ok @nobody <b>", USERS, CHANNELS)
    expected = f"<@{BOT.id}> see <#{CHURN}|churn>, <https://mlflow.example/#/runs/1>. ok @nobody &lt;b&gt;"
    assert made.text == expected
    assert made.mentions == [BOT.id]
    assert made.urls == ["https://mlflow.example/#/runs/1"]
    assert "".join(one.get("text", "") for one in made.elements) == " see , . ok @nobody <b>"


def test_typed_code_and_emoji_are_drawn_as_slacks_clients_draw_them() -> None:
    made = composed("`alpha = <@mira>` at 10:30:15 :tada: :+1: `open", USERS, CHANNELS)
    assert made.text == "`alpha = &lt;@mira&gt;` at 10:30:15 :tada: :+1: `open"
    assert made.mentions == []
    assert made.elements == [
        {"type": "text", "text": "alpha = <@mira>", "style": {"code": True}},
        {"type": "text", "text": " at 10:30:15 "},
        {"type": "emoji", "name": "tada"},
        {"type": "text", "text": " "},
        {"type": "emoji", "name": "+1"},
        {"type": "text", "text": " `open"},
    ]


@given(st.text(alphabet="ab <>&@#|!:/.`\n", max_size=60))
def test_nothing_typed_becomes_markup_by_itself(text: str) -> None:
    made = composed(text, {}, {})
    assert made.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text
    assert "<" not in made.text
    assert ">" not in made.text


def test_an_edit_and_a_removal_are_told_with_what_stood_before(app: SocketApp, workspace: Workspace) -> None:
    workspace.type("mira", "churn", "frist")
    (message,) = workspace.messages("churn", "mira")
    assert workspace.edit("mira", message, "first").ok
    changed = app.event("message_changed")
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("first", "frist")
    assert (changed["message"]["ts"], changed["hidden"]) == (message["ts"], True)
    assert workspace.take_back("mira", message).ok
    deleted = app.event("message_deleted")
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (message["ts"], "first")
    assert workspace.messages("churn", "mira") == []


def test_nobody_edits_the_words_of_another(workspace: Workspace) -> None:
    workspace.type("mira", "churn", "mine")
    (message,) = workspace.messages("churn", "jonas")
    assert workspace.edit("jonas", message, "yours").error == "cant_update_message"
    assert workspace.take_back("jonas", message).error == "cant_update_message"


def test_a_reply_is_told_with_its_thread(app: SocketApp, workspace: Workspace, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHURN, text="card")["ts"]
    (card,) = workspace.messages("churn", "mira")
    assert workspace.reply("mira", card, "lowering the learning rate").ok
    said = app.wait(lambda one: one.payload["event"].get("user") == MIRA).payload["event"]
    assert (said["text"], said["thread_ts"]) == ("lowering the learning rate", ts)
    assert said["parent_user_id"] == BOT.id


def test_reactions_are_told_when_they_come_and_go(app: SocketApp, workspace: Workspace) -> None:
    workspace.type("mira", "churn", "look")
    (message,) = workspace.messages("churn", "mira")
    assert workspace.react("jonas", message, ":eyes:").ok
    added = app.event("reaction_added")
    assert (added["reaction"], added["item"]["ts"], added["item_user"]) == ("eyes", message["ts"], MIRA)
    assert workspace.messages("churn", "mira")[0]["reactions"][0]["name"] == "eyes"
    assert workspace.react("jonas", message, "eyes", on=False).ok
    assert app.event("reaction_removed")["user"] == workspace.user("jonas").id
    assert "reactions" not in workspace.messages("churn", "mira")[0]


def test_joining_is_told(app: SocketApp, workspace: Workspace) -> None:
    workspace.join("#general")
    joined = app.event("member_joined_channel")
    assert (joined["user"], joined["channel_type"]) == (BOT.id, "C")


def test_a_message_to_the_bot_alone_is_told_as_such(app: SocketApp, workspace: Workspace) -> None:
    workspace.type("mira", workspace.direct(MIRA, BOT.id).id, "latest")
    assert app.event("message")["channel_type"] == "im"


def test_a_guest_sees_only_the_channels_they_are_in(workspace: Workspace) -> None:
    workspace.type("mira", "general", "all hands")
    workspace.type("mira", "churn", "model talk")
    assert workspace.messages("general", "lena") == []
    assert len(workspace.messages("churn", "lena")) == 1
    assert workspace.type("lena", "general", "hello?").error == "channel_not_found"


def test_events_are_not_told_without_their_scope() -> None:
    workspace = Workspace(scopes=["chat:write", "app_mentions:read"])
    workspace.join("churn")
    workspace.type("mira", "churn", "@rundown hello")
    assert [one["event"]["type"] for one in workspace.events_sent] == ["app_mention"]


def test_links_of_the_apps_domains_are_told() -> None:
    workspace = Workspace(unfurl_domains=["mlflow.example"])
    workspace.type("mira", "general", "see https://eu.mlflow.example/#/1 and https://evil-mlflow.example/")
    (told,) = [one["event"] for one in workspace.events_sent]
    assert told["type"] == "link_shared"
    assert told["links"] == [{"domain": "mlflow.example", "url": "https://eu.mlflow.example/#/1"}]
    assert told["is_bot_user_member"] is False
