"""What the app is told of: events, commands, buttons and forms, held against the samples of each payload."""

from typing import Any

from sandbox.workspace.seed import BOT, CHURN, PEOPLE
from tests.sandbox.conformance.probe import Probe

MIRA = PEOPLE[0].id
SAMPLES = {
    "app_home_opened": "AppHomeOpened",
    "app_mention": "AppMention",
    "link_shared": "LinkShared",
    "member_joined_channel": "MemberJoinedChannel",
    "message": "Message",
    "message_changed": "MessageChanged",
    "message_deleted": "MessageDeleted",
    "reaction_added": "ReactionAdded",
    "reaction_removed": "ReactionRemoved",
    "block_actions": "BlockAction",
    "view_submission": "ViewSubmission",
    "view_closed": "ViewClosed",
}


def arriving(probe: Probe) -> None:
    """Everything a person can do is done once, and what arrives is looked at."""
    workspace = probe.workspace
    button = {"type": "button", "action_id": "ask", "text": _plain("Compare"), "value": "1"}
    options = [{"text": _plain("AUC"), "value": "auc"}]
    menu = {"type": "static_select", "action_id": "metric", "placeholder": _plain("Metric"), "options": options}
    blocks = [{"type": "actions", "elements": [button, menu]}]
    workspace.join("#general")
    workspace.type("mira", CHURN, "/runs latest")
    ts = workspace.type("mira", CHURN, "@rundown see https://mlflow.example/#/1").ts
    workspace.type("mira", workspace.direct(MIRA, BOT.id).id, "hello")
    message = next(one for one in workspace.messages(CHURN, "mira") if one["ts"] == ts)
    workspace.reply("jonas", message, "looking")
    workspace.edit("mira", message, "changed")
    workspace.react("jonas", message, "eyes")
    workspace.react("jonas", message, "eyes", on=False)
    workspace.take_back("mira", message)
    workspace.post(workspace.channel(CHURN), BOT.id, "card", blocks=blocks)
    workspace.whisper(workspace.channel(CHURN), MIRA, "whisper", blocks=blocks)
    for shown in workspace.messages(CHURN, "mira")[-2:]:
        workspace.press("mira", shown, "Compare")
        workspace.press("mira", shown, "metric", chosen="auc")
    _forms(probe, blocks)
    for arrival in probe.arrivals:
        _look(probe, arrival.kind, arrival.payload)
    missed = set(SAMPLES) - {_kind(arrival.payload) for arrival in probe.arrivals}
    for kind in sorted(missed):
        probe.deviate("arrivals", f"{kind} never arrived")


def _forms(probe: Probe, blocks: list[dict[str, Any]]) -> None:
    workspace = probe.workspace
    text = {"type": "plain_text_input", "action_id": "why"}
    ask = {"type": "input", "block_id": "reason", "label": _plain("Why?"), "element": text}
    modal = {"type": "modal", "title": _plain("Document"), "submit": _plain("Save"), "notify_on_close": True}
    for end in ("submit", "close"):
        workspace.open_view(workspace.trigger(MIRA), {**modal, "blocks": [ask, *blocks]})
        view = workspace.view(MIRA)
        workspace.press(MIRA, {"id": view.id if view else ""}, "Compare")
        if end == "submit":
            workspace.submit(MIRA, {"Why?": "a new optimiser"})
        else:
            workspace.close(MIRA)
    workspace.publish(MIRA, {"type": "home", "blocks": blocks}, "")
    workspace.opened_home(MIRA)


def _look(probe: Probe, kind: str, payload: dict[str, Any]) -> None:
    name = "SlashCommand" if kind == "slash_commands" else SAMPLES.get(_kind(payload), "")
    if not name:
        probe.deviate("arrivals", f"{_kind(payload)} has no sample")
        return
    known = {path: next(iter(kinds)) for path, kinds in probe.contracts.fields["*envelope"].items()}
    probe.seen["succeeded"][name] += 1
    probe.fields(name, payload, known)


def _kind(payload: dict[str, Any]) -> str:
    event = payload.get("event") or payload
    return str(event.get("subtype") if event.get("subtype") in SAMPLES else event.get("type", ""))


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}
