"""What Slack's answers mean: done, definitely not done, or nobody knows."""

import http.client
import json
import re
import socket
import ssl
import urllib.error
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookResponse

from bot.ports.errors import SlackRefused, SlackUnclear

# Slack's reference says of these that the operation may have succeeded in part.
UNCLEAR_ERRORS = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
# Raised before a byte of the request was sent.
NEVER_SENT = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
POINTER = re.compile(r"\[json-pointer:([^\]]*)\]")
SERVER_ERROR = 500
PAGES_AT_MOST = 50

Result = TypeVar("Result")


def pages(ask: Callable[..., SlackResponse]) -> Iterator[SlackResponse]:
    """The pages of a listing, by Slack's cursors; each is asked for when it is wanted."""
    cursor = ""
    for _ in range(PAGES_AT_MOST):
        answer = asked(partial(ask, cursor=cursor) if cursor else ask)
        yield answer
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


def asked(call: Callable[[], SlackResponse]) -> SlackResponse:
    """Make one Web API call and sort what went wrong into refused and unclear."""
    try:
        return tried(call)
    except SlackApiError as problem:
        raise told(problem) from problem


def tried(call: Callable[[], Result]) -> Result:
    """Make one call and sort what can go wrong on the way."""
    try:
        return call()
    except SlackApiError:
        raise
    except urllib.error.URLError as problem:
        if isinstance(problem.reason, NEVER_SENT):
            raise SlackRefused("connection_refused") from problem
        raise SlackUnclear(f"no answer from Slack: {problem.reason}") from problem
    except NEVER_SENT as problem:
        raise SlackRefused("connection_refused") from problem
    except (OSError, http.client.HTTPException, SlackClientError, ValueError) as problem:
        raise SlackUnclear(f"no clear answer from Slack: {type(problem).__name__}") from problem


def told(problem: SlackApiError) -> SlackRefused | SlackUnclear:
    """What an error of Slack's means: it was refused, or nobody knows."""
    response = problem.response
    status = int(getattr(response, "status_code", 0))
    body = getattr(response, "data", None)
    data: Mapping[str, Any] = body if isinstance(body, dict) else {}
    error = str(data.get("error") or f"http_{status}")
    if status == http.client.TOO_MANY_REQUESTS or error in ("ratelimited", "rate_limited"):
        return SlackRefused("ratelimited", retry_after=_retry_after(getattr(response, "headers", {})))
    if status >= SERVER_ERROR or error in UNCLEAR_ERRORS or not data:
        return SlackUnclear(f"Slack answered {error}")
    messages = (data.get("response_metadata") or {}).get("messages") or []
    pointers = tuple(pointer for message in messages for pointer in POINTER.findall(str(message)))
    return SlackRefused(error, pointers=pointers)


def _retry_after(headers: Mapping[str, Any]) -> float | None:
    for name, value in headers.items():
        if name.lower() == "retry-after":
            try:
                return max(0.0, float(value[0] if isinstance(value, list) else value))
            except ValueError:
                return None
    return None


def webhook_error(answer: WebhookResponse) -> str:
    """The error in it: a response_url answers its errors as JSON or as a bare word."""
    try:
        return str(json.loads(answer.body)["error"])
    except (ValueError, KeyError, TypeError):
        return str(answer.body)[:100] or f"http_{answer.status_code}"
