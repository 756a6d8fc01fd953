"""chat.* and reactions.*: each done well once, and refused in every way the sandbox knows."""

import json
from typing import Any

from sandbox.workspace.seed import CHURN, GENERAL, PEOPLE, REVIEW
from tests.sandbox.conformance.probe import Probe

MIRA, LENA = PEOPLE[0].id, PEOPLE[-1].id
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "auc *0.87*"}}
METADATA = {"event_type": "rundown", "event_payload": {"key": "run:1"}}
NOWHERE, NEVER = "C00000000", "1.000001"


def talking(probe: Probe) -> None:
    """All of it, in one channel."""
    card = _posting(probe)
    _content(probe, "chat.postMessage", {"channel": CHURN})
    _content(probe, "chat.postEphemeral", {"channel": CHURN, "user": MIRA})
    _content(probe, "chat.update", {"channel": CHURN, "ts": card})
    _whispering(probe)
    _editing(probe, card)
    _unfurling(probe)
    _reacting(probe, card)
    _deleting(probe, card)


def _posting(probe: Probe) -> str:
    whole = {"text": "card", "blocks": json.dumps([SECTION]), "metadata": json.dumps(METADATA)}
    card = str(probe.ask("chat.postMessage", {"channel": CHURN, **whole})["ts"])
    reply = str(probe.ask("chat.postMessage", {"channel": CHURN, "text": "reply", "thread_ts": card})["ts"])
    loud = {"channel": CHURN, "text": "loud", "thread_ts": card, "reply_broadcast": "true"}
    probe.ask("chat.postMessage", loud)
    probe.ask("chat.postMessage", {"channel": CHURN, "text": "x" * 40_001})
    probe.ask("chat.postMessage", {"channel": CHURN, "markdown_text": "**bold**"})
    probe.ask("chat.postMessage", {"channel": MIRA, "text": "to you"})
    say = {"text": "x"}
    for channel, error in (
        (NOWHERE, "channel_not_found"),
        (REVIEW, "channel_not_found"),
        (GENERAL, "not_in_channel"),
    ):
        probe.ask("chat.postMessage", {"channel": channel, **say}, error)
        probe.ask("chat.postEphemeral", {"channel": channel, "user": MIRA, **say}, error)
    for method, more in (("chat.postMessage", {}), ("chat.postEphemeral", {"user": MIRA})):
        probe.ask(method, {"channel": CHURN, "thread_ts": reply, **say, **more}, "cannot_reply_to_message")
        error = "cannot_reply_to_message" if more else "thread_not_found"
        probe.ask(method, {"channel": CHURN, "thread_ts": NEVER, **say, **more}, error)
    crowd = [{"type": "divider"} for _ in range(51)]
    probe.ask("chat.postMessage", {"channel": CHURN, **say, "blocks": json.dumps(crowd)}, "invalid_blocks")
    long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}} for _ in range(5)]
    probe.ask("chat.postMessage", {"channel": CHURN, **say, "blocks": json.dumps(long)}, "msg_blocks_too_long")
    link = {"channel": CHURN, "message_ts": reply}
    probe.ask("chat.getPermalink", link)
    probe.ask("chat.getPermalink", link | {"channel": NOWHERE}, "channel_not_found")
    probe.ask("chat.getPermalink", link | {"message_ts": NEVER}, "message_not_found")
    return card


def _content(probe: Probe, method: str, where: dict[str, str]) -> None:
    """What a message holds is checked by all three in the same way."""
    errors = probe.contracts.methods[method].errors
    wrong: list[tuple[dict[str, str], str]] = [
        ({}, "no_text"),
        ({"blocks": "{"}, "invalid_blocks_format"),
        ({"blocks": json.dumps([{"type": "nonsense"}])}, "invalid_blocks"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"attachments": json.dumps([{"text": "x"}] * 101)}, "too_many_attachments"),
        ({"text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": json.dumps({"event_type": "x"})}, "invalid_metadata_schema"),
        ({"text": "x", "metadata": json.dumps(_large())}, "metadata_too_large"),
        ({"attachments": "{"}, "invalid_attachments"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
    ]
    for args, error in wrong:
        probe.ask(method, {**where, **args}, error if error in errors else "invalid_arguments")


def _large() -> dict[str, Any]:
    return {"event_type": "rundown", "event_payload": {"key": "x" * 20_000}}


def _whispering(probe: Probe) -> None:
    whisper = {"channel": CHURN, "text": "only you"}
    probe.ask("chat.postEphemeral", {**whisper, "user": MIRA})
    probe.ask("chat.postEphemeral", {**whisper, "user": "U00000000"}, "user_not_in_channel")
    with archived(probe, CHURN):
        probe.ask("chat.postEphemeral", {**whisper, "user": MIRA}, "is_archived")
        probe.ask("chat.postMessage", whisper, "is_archived")


def _editing(probe: Probe, card: str) -> None:
    edit = {"channel": CHURN, "ts": card, "text": "edited"}
    probe.ask("chat.update", edit | {"blocks": json.dumps([SECTION])})
    probe.ask("chat.update", edit | {"text": "x" * 4_001}, "msg_too_long")
    probe.ask("chat.update", edit | {"reply_broadcast": "true"}, "cant_broadcast_message")
    probe.ask("chat.update", edit | {"channel": NOWHERE}, "channel_not_found")
    probe.ask("chat.update", edit | {"ts": NEVER}, "message_not_found")
    mine = probe.workspace.type("mira", CHURN, "hers").ts
    probe.ask("chat.update", edit | {"ts": mine}, "cant_update_message")
    probe.ask("chat.delete", {"channel": CHURN, "ts": mine}, "cant_delete_message")
    with archived(probe, CHURN):
        probe.ask("chat.update", edit, "is_inactive")


def _unfurling(probe: Probe) -> None:
    url = "https://mlflow.example/#/runs/1"
    ts = probe.workspace.type("mira", CHURN, f"see {url}").ts
    link = {"channel": CHURN, "ts": ts, "unfurls": json.dumps({url: {"blocks": [SECTION]}})}
    probe.ask("chat.unfurl", link)
    for name in ("channel", "ts", "unfurls"):
        probe.ask("chat.unfurl", {key: value for key, value in link.items() if key != name}, f"missing_{name}")
    probe.ask("chat.unfurl", link | {"unfurls": "[1]"}, "invalid_unfurls_format")
    probe.ask("chat.unfurl", link | {"channel": NOWHERE}, "cannot_find_channel")
    probe.ask("chat.unfurl", link | {"ts": NEVER}, "cannot_find_message")
    other = json.dumps({"https://elsewhere.example/": {"text": "x"}})
    probe.ask("chat.unfurl", link | {"unfurls": other}, "cannot_unfurl_url")
    probe.ask("chat.unfurl", link | {"unfurls": json.dumps({url: "x"})}, "cannot_parse_attachment")
    broken = json.dumps({url: {"blocks": [{"type": "nonsense"}]}})
    probe.ask("chat.unfurl", link | {"unfurls": broken}, "cannot_parse_attachment")


def _reacting(probe: Probe, card: str) -> None:
    item = {"channel": CHURN, "timestamp": card, "name": "eyes"}
    probe.ask("reactions.add", item)
    probe.ask("reactions.add", item, "already_reacted")
    probe.ask("reactions.get", item)
    with archived(probe, CHURN):
        probe.ask("reactions.add", item | {"name": "tada"}, "is_archived")
    probe.ask("reactions.remove", item)
    probe.ask("reactions.remove", item, "no_reaction")
    for method in ("reactions.add", "reactions.remove", "reactions.get"):
        probe.ask(method, item | {"channel": NOWHERE}, "channel_not_found")
        probe.ask(method, item | {"timestamp": NEVER}, "message_not_found")
        probe.ask(method, item | {"timestamp": "noon"}, "bad_timestamp")
        probe.ask(method, {"name": "eyes"}, "no_item_specified")
        if method != "reactions.get":
            probe.ask(method, item | {"name": "no such name!"}, "invalid_name")
    for number in range(23):
        probe.ask("reactions.add", item | {"name": f"e{number}"})
    probe.ask("reactions.add", item | {"name": "one_too_many"}, "too_many_reactions")
    shown = {"channel": CHURN, "ts": card}
    for number in range(23, 50):
        probe.workspace.react(PEOPLE[number % 2].id, shown, f"e{number}")
    probe.ask("reactions.add", item | {"name": "one_too_many"}, "too_many_emoji")


def _deleting(probe: Probe, card: str) -> None:
    ts = str(probe.ask("chat.postMessage", {"channel": CHURN, "text": "soon gone"})["ts"])
    probe.ask("chat.delete", {"channel": CHURN, "ts": ts})
    probe.ask("chat.delete", {"channel": CHURN, "ts": ts}, "message_not_found")
    probe.ask("chat.delete", {"channel": NOWHERE, "ts": card}, "channel_not_found")


class archived:
    """The channel is archived meanwhile."""

    def __init__(self, probe: Probe, channel: str) -> None:
        self.channel = probe.workspace.channel(channel)

    def __enter__(self) -> None:
        self.channel.archived = True

    def __exit__(self, *_: object) -> None:
        self.channel.archived = False
