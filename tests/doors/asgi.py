"""A request handed to an ASGI application without a socket, in whatever pieces, and how much of it was read."""

import asyncio
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp


@dataclass
class Answer:
    """What came back: `status` 500 for an exception, as a server says; `read` is how many bytes were taken."""

    status: int = int(HTTPStatus.INTERNAL_SERVER_ERROR)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    read: int = 0


def ask(
    app: ASGIApp,
    body: bytes | Iterable[bytes],
    headers: Mapping[str, str] | Iterable[tuple[bytes, bytes]],
    *,
    path: str = "/slack/events",
    method: str = "POST",
    query: bytes = b"",
    endless: bool = False,
    at_most: float = 10,
) -> Answer:
    """Send one request; after its pieces an `endless` one stays open and silent.

    TimeoutError when there is no answer after `at_most` seconds.
    """
    pieces = iter([body] if isinstance(body, bytes) else body)
    named = (
        [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
        if isinstance(headers, Mapping)
        else list(headers)
    )
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "replace"),
        "query_string": query,
        "root_path": "",
        "headers": named,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 3000),
    }
    return asyncio.run(asyncio.wait_for(_asked(app, scope, pieces, endless=endless), at_most))


async def _asked(app: ASGIApp, scope: dict[str, Any], pieces: Iterable[bytes], *, endless: bool) -> Answer:
    answer = Answer()
    messages = itertools.chain(
        ({"type": "http.request", "body": piece, "more_body": True} for piece in pieces),
        () if endless else ({"type": "http.request", "body": b"", "more_body": False},),
    )

    async def receive() -> Any:
        message = next(messages, None)
        if message is None:
            await asyncio.Event().wait()
        assert message is not None
        answer.read += len(message["body"])
        return message

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode(): v.decode("latin-1") for k, v in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    try:
        await app(scope, receive, send)
    except Exception:
        answer.status = int(HTTPStatus.INTERNAL_SERVER_ERROR)
    return answer
