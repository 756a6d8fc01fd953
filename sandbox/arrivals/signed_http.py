"""Signed HTTP: requests to the app's request URL, with Slack's signature, time limit and retry headers."""

import asyncio
import hashlib
import hmac
import json
import secrets
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx

from sandbox.workspace import Ack, Arrival, Refusal, Workspace

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
# https://docs.slack.dev/apis/events-api: how failures are told and stopped, and how far redirects are followed.
NO_RETRY = "X-Slack-No-Retry"
REDIRECTS_AT_MOST = 2


def signed(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The two headers that prove a request is Slack's: HMAC-SHA256 over v0:timestamp:body."""
    base = b"v0:%d:%s" % (timestamp, body)
    signature = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={signature}"}


def encoded(arrival: Arrival) -> tuple[bytes, str]:
    """Body and content type, as Slack sends each kind."""
    if arrival.kind == "slash_commands":
        return urlencode(arrival.payload).encode(), FORM
    if arrival.kind == "interactive":
        return urlencode({"payload": json.dumps(arrival.payload)}).encode(), FORM
    return json.dumps(arrival.payload).encode(), JSON


class SignedHttp:
    """The way to an app that listens at a request URL; `clock` gives the Unix seconds that are signed."""

    def __init__(self, workspace: Workspace, request_url: str, clock: Callable[[], float]) -> None:
        self.workspace = workspace
        self.request_url = request_url
        self.clock = clock

    async def verify(self) -> None:
        """Prove the request URL before it is used; refused if the challenge does not come back."""
        challenge = secrets.token_hex(24)
        payload = {"token": "", "challenge": challenge, "type": "url_verification"}
        ack = await self.deliver(Arrival("url_verification", payload), 0, "")
        said = ack.body.get("challenge") if isinstance(ack.body, dict) else ack.body
        if ack.error or said != challenge:
            raise Refusal("url_verification_failed", detail=ack.reason or "the challenge did not come back")

    async def deliver(self, arrival: Arrival, attempt: int, reason: str) -> Ack:
        """Send one request; anything but a 2xx within the limit is a failure."""
        body, kind = encoded(arrival)
        headers = {"Content-Type": kind, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        headers |= signed(self.workspace.signing_secret, body, int(self.clock()))
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        limit = self.workspace.ack_limit
        try:
            async with (
                asyncio.timeout(limit),
                httpx.AsyncClient(
                    timeout=limit, trust_env=False, follow_redirects=True, max_redirects=REDIRECTS_AT_MOST
                ) as client,
            ):
                answer = await client.post(self.request_url, content=body, headers=headers)
        except (TimeoutError, httpx.TimeoutException):
            return Ack(error="operation_timeout", reason="http_timeout")
        except httpx.TooManyRedirects:
            return Ack(error="dispatch_failed", reason="too_many_redirects")
        except httpx.HTTPError as broken:
            reason = "ssl_error" if isinstance(broken.__cause__, ssl.SSLError) else "connection_failed"
            return Ack(error="dispatch_failed", reason=reason)
        if not answer.is_success:
            final = answer.headers.get(NO_RETRY) == "1"
            return Ack(error="dispatch_failed", reason="http_error", final=final)
        return Ack(_body(answer))


def _body(answer: httpx.Response) -> Any:
    if not answer.content:
        return None
    if answer.headers.get("content-type", "").startswith(JSON):
        try:
            return answer.json()
        except ValueError:
            return None
    return answer.text
