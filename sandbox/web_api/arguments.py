"""What callers send along: read from query, form or JSON, and checked as Slack checks before it does anything."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.web_api.call import Method
from sandbox.workspace import Refusal

FORM, JSON, PLAIN = "application/x-www-form-urlencoded", "application/json", "text/plain"
CHARSETS = {"utf-8", "utf8", "iso-8859-1"}
NAME = re.compile(r"\w{1,100}", re.ASCII)
ARRAY = re.compile(r"\w*\[\w*\]", re.ASCII)

FLAGS = frozenset(
    [
        "as_user",
        "exclude_archived",
        "exclude_muted",
        "full",
        "include_all_metadata",
        "include_count",
        "include_disabled",
        "include_locale",
        "include_num_members",
        "include_users",
        "inclusive",
        "link_names",
        "mrkdwn",
        "prevent_creation",
        "reply_broadcast",
        "return_im",
        "unfurl_links",
        "unfurl_media",
        "user_auth_required",
    ]
)
WHOLES = frozenset(["count", "length", "page"])
# What comes as JSON text in a form, and as it is in a JSON body; methods have their own errors for these.
NESTED = frozenset(
    [
        "attachments",
        "blocks",
        "file_ids",
        "files",
        "message",
        "metadata",
        "unfurled_attachments",
        "unfurls",
        "user_auth_blocks",
        "view",
    ]
)
# Cursors and timestamps, limits and filters have errors of their own, too.
OWN_ERRORS = NESTED | {"latest", "limit", "oldest"}
YES, NO = ("true", "1"), ("false", "0", "")


@dataclass(frozen=True, slots=True)
class Given:
    """Arguments as they came; `body` are those of a JSON body, which not every method reads."""

    args: Mapping[str, Any]
    body: Mapping[str, Any]

    def for_method(self, *, json_read: bool) -> dict[str, Any]:
        """The arguments a method sees, token apart."""
        seen = {**self.args, **self.body} if json_read else self.args
        return {name: value for name, value in seen.items() if name != "token"}

    @property
    def token(self) -> str:
        """A token that came as an argument."""
        return str(self.body.get("token") or self.args.get("token") or "")


async def read(request: Request) -> Given:
    """Query, then form or JSON body; refused with Slack's general errors of malformed requests."""
    args: dict[str, Any] = dict(request.query_params)
    raw = await request.body() if request.method == "POST" else b""
    kind, charset = _content_type(request.headers.get("content-type", ""))
    if charset and charset not in CHARSETS:
        raise Refusal("invalid_charset")
    if raw and not kind:
        raise Refusal("missing_post_type")
    if raw and kind not in (FORM, JSON, PLAIN):
        raise Refusal("invalid_post_type")
    if kind == JSON:
        return Given(args, _json(raw))
    if kind == FORM:
        try:
            args |= dict(parse_qsl(raw.decode(charset or "utf-8"), keep_blank_values=True))
        except UnicodeDecodeError as broken:
            raise Refusal("invalid_form_data") from broken
    return Given(args, {})


def check(args: Mapping[str, Any], method: Method) -> None:
    """Names, then what is missing, then kinds; what a method does not take is ignored, as Slack does."""
    for name in args:
        if ARRAY.fullmatch(name):
            raise Refusal("invalid_array_arg")
        if not NAME.fullmatch(name):
            raise Refusal("invalid_arg_name")
    absent = [name for name in method.needs if args.get(name) in (None, "")]
    for name in absent:
        if name in method.missing:
            raise Refusal(method.missing[name])
    told = [f"missing required field: {name}" for name in absent]
    told += [wrong for name in method.takes if name in args and (wrong := _wrong(name, args[name]))]
    if told:
        raise Refusal("invalid_arguments", response_metadata={"messages": [f"[ERROR] {one}" for one in told]})


def _wrong(name: str, value: Any) -> str:
    if value is None or name in OWN_ERRORS:
        return ""
    if name in FLAGS:
        fits = isinstance(value, bool) or str(value).lower() in (*YES, *NO)
        return "" if fits else f"must provide a boolean [json-pointer:/{name}]"
    if name in WHOLES:
        fits = not isinstance(value, bool) and str(value).isdigit()
        return "" if fits else f"must provide an integer [json-pointer:/{name}]"
    return "" if isinstance(value, str) else f"must provide a string [json-pointer:/{name}]"


def _content_type(header: str) -> tuple[str, str]:
    kind, _, rest = header.lower().partition(";")
    found = re.search(r"charset=\"?([\w-]+)", rest)
    return kind.strip(), found.group(1) if found else ""


def _json(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw or b"{}")
    except ValueError as broken:
        raise Refusal("invalid_json") from broken
    if not isinstance(body, dict):
        raise Refusal("json_not_object")
    return body
