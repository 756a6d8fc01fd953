"""Buttons, menus and forms of the sandbox, as the app is told of them."""

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.workspace import Outcome, Workspace
from sandbox.workspace.seed import CHURN, PEOPLE
from tests.sandbox.apps import Clock, SocketApp

MIRA = PEOPLE[0].id


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def card() -> list[dict[str, Any]]:
    options = [{"text": plain("AUC"), "value": "auc"}, {"text": plain("Loss"), "value": "loss"}]
    menu = {"type": "static_select", "action_id": "metric", "placeholder": plain("Metric"), "options": options}
    button = {"type": "button", "action_id": "ask", "text": plain("Compare"), "value": "compare 1 previous"}
    return [
        {"type": "section", "text": plain("auc 0.87"), "accessory": menu},
        {"type": "actions", "block_id": "buttons", "elements": [button]},
    ]


def form(**more: Any) -> dict[str, Any]:
    why = {"type": "plain_text_input", "action_id": "why", "multiline": True}
    more_input = {"type": "plain_text_input", "action_id": "more", "initial_value": "nothing"}
    reason = {"type": "input", "block_id": "reason", "label": plain("Why?"), "element": why}
    rest = {
        "type": "input",
        "block_id": "rest",
        "label": plain("What else?"),
        "element": more_input,
        "optional": True,
    }
    modal = {"type": "modal", "callback_id": "document", "title": plain("Document"), "submit": plain("Save")}
    return modal | {"blocks": [reason, rest | {"optional": True}], **more}


def trigger(app: SocketApp, workspace: Workspace) -> str:
    workspace.type("mira", "churn", "/runs")
    return str([one for one in app.arrived if one.type == "slash_commands"][-1].payload["trigger_id"])


def opened(app: SocketApp, workspace: Workspace, client: WebClient, **more: Any) -> dict[str, Any]:
    answer = client.views_open(trigger_id=trigger(app, workspace), view=form(**more))
    return dict(answer["view"])


def test_a_button_tells_the_app_who_pressed_it_and_where(
    app: SocketApp, workspace: Workspace, client: WebClient
) -> None:
    ts = client.chat_postMessage(channel=CHURN, text="card", blocks=card())["ts"]
    (message,) = workspace.messages("churn", "mira")
    assert workspace.press("mira", message, "Compare").ok
    payload = app.wait(lambda one: one.type == "interactive").payload
    assert payload["type"] == "block_actions"
    assert payload["user"] == {"id": MIRA, "username": "mira", "name": "mira", "team_id": "T0SANDBOX1"}
    assert payload["channel"] == {"id": CHURN, "name": "churn"}
    assert (payload["container"]["message_ts"], payload["message"]["text"]) == (ts, "card")
    (action,) = payload["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("ask", "buttons", "compare 1 previous")


@pytest.mark.parametrize("chosen", ["Loss", "loss", {"value": "loss"}])
def test_a_menu_tells_the_option_that_was_chosen(
    app: SocketApp, workspace: Workspace, client: WebClient, chosen: Any
) -> None:
    client.chat_postMessage(channel=CHURN, text="card", blocks=card())
    (message,) = workspace.messages("churn", "mira")
    assert workspace.press("mira", message, "metric", chosen=chosen).ok
    (action,) = app.wait(lambda one: one.type == "interactive").payload["actions"]
    assert action["selected_option"] == {"text": plain("Loss"), "value": "loss"}


def test_a_button_that_is_not_there_cannot_be_pressed(
    app: SocketApp, workspace: Workspace, client: WebClient
) -> None:
    client.chat_postMessage(channel=CHURN, text="card", blocks=card())
    (message,) = workspace.messages("churn", "mira")
    assert workspace.press("mira", message, "Delete everything") == Outcome(False, "unknown_action")


def test_a_whispers_button_comes_without_the_message_and_may_replace_it(
    app: SocketApp, workspace: Workspace, client: WebClient
) -> None:
    app.answers = lambda request: (
        {"text": "page 1", "blocks": card()} if request.type == "slash_commands" else None
    )
    workspace.type("mira", "churn", "/runs")
    (whisper,) = workspace.messages("churn", "mira")
    workspace.press("mira", whisper, "Compare")
    payload = app.wait(lambda one: one.type == "interactive").payload
    assert "message" not in payload
    assert payload["container"]["is_ephemeral"] is True
    url = payload["response_url"]
    httpx.post(url, json={"text": "page 2", "replace_original": True})
    (changed,) = workspace.messages("churn", "mira")
    assert (changed["ts"], changed["text"], changed["ephemeral"]) == (whisper["ts"], "page 2", True)
    httpx.post(url, json={"text": "shared", "response_type": "in_channel", "replace_original": False})
    httpx.post(url, json={"delete_original": True})
    assert [one["text"] for one in workspace.messages("churn", "mira")] == ["shared"]


def test_nobody_presses_what_was_whispered_to_another(
    app: SocketApp, workspace: Workspace, client: WebClient
) -> None:
    client.chat_postEphemeral(channel=CHURN, user=MIRA, text="card", blocks=card())
    (whisper,) = workspace.messages("churn", "mira")
    assert workspace.press("jonas", whisper, "Compare").error == "message_not_found"


def test_a_trigger_opens_one_form(app: SocketApp, workspace: Workspace, client: WebClient) -> None:
    once = trigger(app, workspace)
    view = client.views_open(trigger_id=once, view=form())["view"]
    assert (view["callback_id"], view["root_view_id"], view["state"]) == ("document", view["id"], {"values": {}})
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=once, view=form())
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        client.views_open(trigger_id="123.456.guess", view=form())


@pytest.mark.parametrize(("seconds", "opens"), [(3.0, True), (3.1, False)])
def test_a_trigger_is_good_for_three_seconds(
    app: SocketApp, workspace: Workspace, client: WebClient, clock: Clock, seconds: float, opens: bool
) -> None:
    once = trigger(app, workspace)
    clock.advance(seconds)
    if opens:
        assert client.views_open(trigger_id=once, view=form())["ok"]
    else:
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            client.views_open(trigger_id=once, view=form())


def test_a_form_that_is_sent_tells_what_was_filled_in_and_closes(
    app: SocketApp, workspace: Workspace, client: WebClient
) -> None:
    view = opened(app, workspace, client, private_metadata="run:1")
    assert workspace.submit("mira", {"Why?": "a new optimiser"}).ok
    payload = app.wait(lambda one: one.payload.get("type") == "view_submission").payload
    assert (payload["view"]["id"], payload["view"]["private_metadata"]) == (view["id"], "run:1")
    assert payload["view"]["state"]["values"] == {
        "reason": {"why": {"type": "plain_text_input", "value": "a new optimiser"}},
        "rest": {"more": {"type": "plain_text_input", "value": "nothing"}},
    }
    assert workspace.view("mira") is None


def test_a_form_with_an_empty_field_is_not_sent(app: SocketApp, workspace: Workspace, client: WebClient) -> None:
    opened(app, workspace, client)
    outcome = workspace.submit("mira", {"reason": {"why": {"value": ""}}})
    assert (outcome.ok, list(outcome.errors)) == (False, ["reason"])
    assert [one.payload.get("type") for one in app.arrived if one.type == "interactive"] == []


def test_errors_of_the_app_keep_the_form_open(app: SocketApp, workspace: Workspace, client: WebClient) -> None:
    opened(app, workspace, client)
    app.answers = lambda request: {"response_action": "errors", "errors": {"reason": "Say more."}}
    outcome = workspace.submit("mira", {"why": "x"})
    assert (outcome.ok, outcome.errors) == (False, {"reason": "Say more."})
    assert workspace.view("mira") is not None


def test_the_app_may_update_push_and_clear_forms(app: SocketApp, workspace: Workspace, client: WebClient) -> None:
    first = opened(app, workspace, client)
    app.answers = lambda request: {"response_action": "push", "view": form(title=plain("Second"))}
    workspace.submit("mira", {"why": "x"})
    second = workspace.view("mira")
    assert second is not None
    assert (second.body["title"]["text"], second.previous, second.root) == ("Second", first["id"], first["id"])
    client.views_update(view_id=second.id, view=form(title=plain("Changed")))
    assert second.body["title"]["text"] == "Changed"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=second.id, hash="stale", view=form())
    app.answers = lambda request: {"response_action": "clear"}
    assert workspace.submit("mira", {"why": "x"}).ok
    assert workspace.view("mira") is None


def test_a_closed_form_is_told_only_if_the_app_asked(
    app: SocketApp, workspace: Workspace, client: WebClient
) -> None:
    opened(app, workspace, client)
    assert workspace.close("mira").ok
    view = opened(app, workspace, client, notify_on_close=True)
    assert workspace.close("mira").ok
    told = [one.payload for one in app.arrived if one.type == "interactive"]
    assert [(one["type"], one["view"]["id"], one["is_cleared"]) for one in told] == [
        ("view_closed", view["id"], False)
    ]


def test_the_home_tab_is_published_and_opening_it_is_told(
    app: SocketApp, workspace: Workspace, client: WebClient
) -> None:
    workspace.opened_home(MIRA)
    assert "view" not in app.event("app_home_opened")
    home = client.views_publish(user_id=MIRA, view={"type": "home", "blocks": card()})["view"]
    assert workspace.press("mira", {"id": home["id"]}, "Compare").ok
    payload = app.wait(lambda one: one.type == "interactive").payload
    assert payload["container"] == {"type": "view", "view_id": home["id"]}
