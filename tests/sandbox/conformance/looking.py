"""Everything but chat: conversations, people, files, views, each done well once and refused in every way."""

import base64
import json
from typing import Any

import httpx

from sandbox.workspace.seed import BOT, CHURN, GENERAL, PEOPLE, REVIEW
from tests.sandbox.apps import Clock
from tests.sandbox.conformance.probe import Probe
from tests.sandbox.conformance.talking import NEVER, NOWHERE, archived

MIRA = PEOPLE[0].id
PAGED = ("conversations.list", "conversations.members", "users.conversations")


def looking(probe: Probe) -> None:
    """Channels, who is in them, what was said, who people are."""
    direct = str(probe.ask("conversations.open", {"users": MIRA})["channel"]["id"])
    probe.ask("conversations.open", {"channel": direct, "return_im": "true"})
    for args, error in (
        ({}, "users_list_not_supplied"),
        ({"users": "U00000000"}, "user_not_found"),
        ({"users": ",".join(f"U{number}" for number in range(9))}, "too_many_users"),
        ({"users": f"{MIRA},{PEOPLE[1].id}"}, "missing_scope"),
        ({"channel": NOWHERE}, "channel_not_found"),
    ):
        probe.ask("conversations.open", args, error)
    kinds = "public_channel,private_channel,im"
    probe.ask("conversations.list", {"types": kinds, "limit": "2"})
    probe.ask("conversations.list", {"types": kinds, "exclude_archived": "true"})
    probe.ask("conversations.list", {"types": "mpim"}, "missing_scope")
    probe.ask("users.conversations", {"types": kinds, "user": MIRA})
    for channel in (CHURN, direct):
        probe.ask("conversations.info", {"channel": channel, "include_num_members": "true"})
        probe.ask("conversations.members", {"channel": channel})
        probe.ask("conversations.history", {"channel": channel, "include_all_metadata": "true", "limit": "3"})
    for method in PAGED:
        probe.ask(method, {"channel": CHURN, "limit": "many"}, "invalid_limit")
        probe.ask(method, {"channel": CHURN, "cursor": "?"}, "invalid_cursor")
    for method in ("conversations.list", "users.conversations"):
        probe.ask(method, {"types": "all"}, "invalid_types")
    for method in ("conversations.info", "conversations.members", "conversations.join", "conversations.history"):
        probe.ask(method, {"channel": NOWHERE}, "channel_not_found")
    _joining(probe, direct)
    _reading(probe)
    _people(probe)


def _joining(probe: Probe, direct: str) -> None:
    probe.ask("conversations.join", {"channel": direct}, "method_not_supported_for_channel_type")
    probe.ask("conversations.join", {"channel": REVIEW}, "channel_not_found")
    with archived(probe, GENERAL):
        probe.ask("conversations.join", {"channel": GENERAL}, "is_archived")
    probe.ask("conversations.history", {"channel": GENERAL}, "not_in_channel")
    probe.ask("conversations.join", {"channel": GENERAL})
    probe.ask("conversations.join", {"channel": GENERAL})


def _reading(probe: Probe) -> None:
    parent = probe.workspace.type("mira", CHURN, "parent").ts
    reply = probe.workspace.type("jonas", CHURN, "reply", thread_ts=parent).ts
    (message,) = probe.workspace.thread(CHURN, parent)[1:]
    probe.workspace.edit("jonas", message, "changed")
    probe.workspace.react("mira", message, "eyes")
    probe.ask("conversations.replies", {"channel": CHURN, "ts": parent})
    probe.ask("conversations.replies", {"channel": CHURN, "ts": parent, "limit": "1"})
    probe.ask("conversations.replies", {"channel": CHURN, "ts": reply})
    probe.ask("conversations.replies", {"channel": CHURN, "ts": NEVER}, "thread_not_found")
    probe.ask("conversations.replies", {"channel": NOWHERE, "ts": NEVER}, "channel_not_found")
    for method in ("conversations.history", "conversations.replies"):
        where = {"channel": CHURN, "ts": parent}
        probe.ask(method, where | {"oldest": "noon"}, "invalid_ts_oldest")
        probe.ask(method, where | {"latest": "noon"}, "invalid_ts_latest")
        probe.ask(method, where | {"cursor": base64.b64encode(b"next:many").decode()}, "invalid_cursor")
        probe.ask(method, where | {"limit": "many"}, "invalid_arguments")


def _people(probe: Probe) -> None:
    probe.ask("auth.test")
    probe.ask("team.info")
    probe.ask("team.info", {"team": "T00000000"}, "team_not_found")
    probe.ask("usergroups.list")
    for person in (MIRA, BOT.id):
        probe.ask("users.info", {"user": person})
    probe.ask("users.info", {"user": "U00000000"}, "user_not_found")
    probe.ask("users.list", {"limit": "2"})
    probe.ask("users.list", {"cursor": "?"}, "invalid_cursor")
    probe.ask("users.lookupByEmail", {"email": "mira@example.com"})
    probe.ask("users.lookupByEmail", {"email": "nobody@example.com"}, "users_not_found")
    probe.ask("api.test", {"foo": "bar"})
    probe.ask("apps.connections.open", token=probe.workspace.app_token)
    probe.ask("chat.shout", {}, "unknown_method")
    for kind, body, error in (
        ("application/json", b"{", "invalid_json"),
        ("application/json", b"[]", "json_not_object"),
        ("application/json;charset=klingon", b"{}", "invalid_charset"),
        ("application/xml", b"<a/>", "invalid_post_type"),
        ("", b"a=b", "missing_post_type"),
        ("application/x-www-form-urlencoded", b"a=\xff", "invalid_form_data"),
        ("application/x-www-form-urlencoded", b"a[0]=b", "invalid_array_arg"),
        ("application/x-www-form-urlencoded", b"a-b=c", "invalid_arg_name"),
    ):
        answer = probe.http.post(
            "users.list",
            content=body,
            headers={"Authorization": f"Bearer {probe.workspace.bot_token}"}
            | ({"Content-Type": kind} if kind else {}),
        ).json()
        if answer.get("error") != error:
            probe.deviate("users.list", f"answered {answer} for {error}")
        probe.check("users.list", answer)


def filing(probe: Probe) -> None:
    """files.*: an upload from its address to its message."""
    upload = {"filename": "auc.png", "length": "3"}
    made = probe.ask("files.getUploadURLExternal", upload)
    for args, error in (
        ({"length": "0"}, "missing_argument"),
        ({"length": "2000000000"}, "file_upload_size_restricted"),
        ({"alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ):
        probe.ask("files.getUploadURLExternal", upload | args, error)
    files = json.dumps([{"id": made["file_id"], "title": "AUC"}])
    probe.ask("files.completeUploadExternal", {"files": files}, "file_not_found")
    httpx.post(made["upload_url"], content=b"abc", trust_env=False)
    here = {"files": files, "channel_id": CHURN, "initial_comment": "the curve"}
    for args, error in (
        ({"files": "[]"}, "invalid_arguments"),
        ({"channel_id": NOWHERE}, "channel_not_found"),
        ({"channel_id": "C000RUNOPS"}, "not_in_channel"),
        ({"thread_ts": NEVER}, "invalid_arguments"),
        ({"blocks": json.dumps([{"type": "nonsense"}])}, "invalid_blocks"),
    ):
        probe.ask("files.completeUploadExternal", here | args, error)
    probe.ask("files.completeUploadExternal", here)
    probe.ask("files.info", {"file": made["file_id"]})
    probe.ask("files.info", {"file": "F00000000"}, "file_not_found")
    probe.ask("conversations.history", {"channel": CHURN, "limit": "1"})


def viewing(probe: Probe, clock: Clock) -> None:
    """views.* and blocks.validate."""
    trigger = probe.workspace.trigger
    modal: dict[str, Any] = {"type": "modal", "title": {"type": "plain_text", "text": "Document"}, "blocks": []}
    told = {"view": json.dumps(modal)}
    used = trigger(MIRA)
    view = probe.ask("views.open", told | {"trigger_id": used})["view"]
    for method in ("views.open", "views.push"):
        probe.ask(method, told | {"trigger_id": used}, "exchanged_trigger_id")
        probe.ask(method, told | {"trigger_id": "1.2.guess"}, "invalid_trigger_id")
        old = trigger(MIRA)
        clock.advance(3.1)
        probe.ask(method, told | {"trigger_id": old}, "expired_trigger_id")
        probe.ask(method, {"trigger_id": trigger(MIRA), "view": "{"}, "invalid_arguments")
        large = json.dumps(modal | {"private_metadata": "x" * 250_001})
        probe.ask(method, {"trigger_id": trigger(MIRA), "view": large}, "view_too_large")
        named = {"trigger_id": trigger(MIRA), "view": json.dumps(modal | {"external_id": f"mine {method}"})}
        probe.ask(method, named)
        probe.ask(method, named | {"trigger_id": trigger(MIRA)}, "duplicate_external_id")
    probe.ask("views.push", told | {"trigger_id": trigger(PEOPLE[1].id)}, "not_found")
    probe.ask("views.push", told | {"trigger_id": trigger(MIRA)})
    probe.ask("views.push", told | {"trigger_id": trigger(MIRA)}, "push_limit_reached")
    view = probe.workspace.view(MIRA) or view
    where = {"view_id": getattr(view, "id", "")}
    probe.ask("views.update", told | where)
    probe.ask("views.update", told | {"view_id": "V00000000"}, "not_found")
    probe.ask("views.update", told | where | {"hash": "stale"}, "hash_conflict")
    probe.ask("views.update", told, "invalid_arguments")
    home = {"user_id": MIRA, "view": json.dumps({"type": "home", "blocks": []})}
    probe.ask("views.publish", home)
    probe.ask("views.publish", home | {"hash": "stale"}, "hash_conflict")
    probe.ask("views.publish", home | {"user_id": "U00000000"}, "invalid_arguments")
    probe.ask("views.publish", home | told, "invalid_arguments")
    _tabs(probe, home)
    for kind, good, bad in (
        ("blocks", "[]", '[{"type": "nonsense"}]'),
        ("message", '{"blocks": []}', '{"blocks": [{"type": "nonsense"}]}'),
        ("view", json.dumps(modal), '{"type": "nonsense"}'),
    ):
        probe.ask("blocks.validate", {kind: good if kind != "blocks" else '[{"type": "divider"}]'}, token="")
        probe.ask("blocks.validate", {kind: bad}, f"invalid_{kind}", token="")
    probe.ask("blocks.validate", {}, "invalid_arguments", token="")
    probe.ask("blocks.validate", {"blocks": "[" + " " * 100_000 + "]"}, "invalid_arguments", token="")


def _tabs(probe: Probe, home: dict[str, Any]) -> None:
    """What an app without a home tab and without a messages tab may not do."""
    scopes = sorted(probe.workspace.app.scopes)
    tabs = {"home_tab_enabled": False, "messages_tab_enabled": False}
    before = probe.workspace.app
    probe.workspace.install({"features": {"app_home": tabs}, "oauth_config": {"scopes": {"bot": scopes}}})
    probe.ask("views.publish", home, "not_enabled")
    probe.ask("chat.postMessage", {"channel": MIRA, "text": "x"}, "messages_tab_disabled")
    probe.ask("chat.postEphemeral", {"channel": MIRA, "user": MIRA, "text": "x"}, "messages_tab_disabled")
    probe.workspace.app = before
