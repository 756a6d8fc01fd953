"""Raw bytes in: a cap and a deadline on reading, then the signature, then replay, and only then parsing.

Slack's signature: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import hashlib
import hmac
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

SLACK_BODY_BYTES = 1_000_000
WEBHOOK_BODY_BYTES = 5_000_000
BODY_SECONDS = 10.0
TIMESTAMP_SECONDS = 300
REPLAYS_KEPT = 50_000
FORM_FIELDS = 200
FORM = "application/x-www-form-urlencoded"
# More digits than any length worth reading has; Python refuses to read thousands of them.
LENGTH_DIGITS = 15


class Turned(Exception):
    """Something at the door was not let in; `status` is the HTTP answer, the text never repeats the body."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        """Keep the answer and the reason."""
        super().__init__(why)
        self.status = status
        self.why = why


async def read_body(request: Request, cap: int, seconds: float = BODY_SECONDS) -> bytes:
    """The raw body, at most `cap` bytes and `seconds` seconds; raises Turned (413, 408 or 400).

    Of a body that says it is larger, nothing is read.
    """
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and (len(declared) > LENGTH_DIGITS or int(declared) > cap):
        raise Turned(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {cap} bytes")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                size += len(part)
                if size > cap:
                    raise Turned(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {cap} bytes")
                parts.append(part)
    except TimeoutError:
        raise Turned(HTTPStatus.REQUEST_TIMEOUT, f"the body did not end within {seconds:g} seconds") from None
    except ClientDisconnect:
        raise Turned(HTTPStatus.BAD_REQUEST, "the sender went away") from None
    return b"".join(parts)


def verify_slack(secret: str, headers: Mapping[str, str], raw: bytes, now: float) -> str:
    """Check Slack's signature over the raw body; returns the signature, which identifies the request.

    `now` is Unix seconds. Raises Turned (401) for whatever is missing, malformed, old or wrong.
    """
    timestamp = headers.get("x-slack-request-timestamp", "")
    given = headers.get("x-slack-signature", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Turned(HTTPStatus.UNAUTHORIZED, "x-slack-request-timestamp is not a Unix time")
    if abs(now - int(timestamp)) > TIMESTAMP_SECONDS:
        raise Turned(HTTPStatus.UNAUTHORIZED, "x-slack-request-timestamp is more than five minutes off")
    signed = b"v0:" + timestamp.encode() + b":" + raw
    wanted = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
        raise Turned(HTTPStatus.UNAUTHORIZED, "x-slack-signature is missing or does not fit the body")
    return wanted


class Replays:
    """Signatures seen within the time a signature is good for: the same request is let in once.

    This is the memory of one process, so that reading costs no write. What is done for a request is done once by
    rows of the database (bot.ports.ledgers.Arrivals), in whatever process it comes again.
    """

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, signature: str, now: float) -> bool:
        """Whether this signature is new at `now` (Unix seconds)."""
        with self._lock:
            while self._seen and (
                len(self._seen) >= REPLAYS_KEPT or next(iter(self._seen.values())) < now - 2 * TIMESTAMP_SECONDS
            ):
                self._seen.popitem(last=False)
            if signature in self._seen:
                return False
            self._seen[signature] = now
            return True

    def forget(self, signature: str) -> None:
        """What was let in failed: Slack may send the very same again, even within the second it signs."""
        with self._lock:
            self._seen.pop(signature, None)


def parse_slack(raw: bytes, content_type: str) -> dict[str, Any]:
    """A verified request's body: a form (commands), a form with a JSON `payload` (buttons), or JSON (events).

    A command is told from a button by its fields, never by finding the word "payload" in its text.
    """
    if _media_type(content_type) == "application/json":
        return parse_json(raw)
    fields = _form(raw)
    if "payload" in fields and "command" not in fields:
        return parse_json(fields["payload"].encode("utf-8", "surrogatepass"))
    return dict(fields)


def parse_webhook(raw: bytes, content_type: str) -> dict[str, Any]:
    """A verified delivery's body: JSON, or a form whose `payload` is JSON: GitHub has both."""
    if _media_type(content_type) != FORM:
        return parse_json(raw)
    fields = _form(raw)
    if "payload" not in fields:
        raise Turned(HTTPStatus.BAD_REQUEST, "the form has no payload")
    return parse_json(fields["payload"].encode("utf-8", "surrogatepass"))


def parse_json(raw: bytes) -> dict[str, Any]:
    """A JSON object; raises Turned (400) for anything else."""
    try:
        value = json.loads(_text(raw))
    except (ValueError, RecursionError):
        raise Turned(HTTPStatus.BAD_REQUEST, "the body is not JSON") from None
    if not isinstance(value, dict):
        raise Turned(HTTPStatus.BAD_REQUEST, "the body is not a JSON object")
    return value


def _media_type(content_type: str) -> str:
    return content_type.split(";", maxsplit=1)[0].strip().lower()


def _form(raw: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(_text(raw), keep_blank_values=True, max_num_fields=FORM_FIELDS))
    except ValueError:
        raise Turned(HTTPStatus.BAD_REQUEST, "the form cannot be read") from None


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Turned(HTTPStatus.BAD_REQUEST, "the body is not UTF-8") from None
