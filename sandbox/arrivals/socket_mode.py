"""Socket Mode: websockets the app opened, envelopes sent down them, acknowledgements coming back."""

import asyncio
import json
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.workspace import Ack, Arrival, Refusal, Workspace

CONNECTIONS_AT_MOST = 10
# How long a connection lives before Slack refreshes it, as its hello says.
LIFETIME_SECONDS = 18_060


@dataclass(eq=False)
class Line:
    """One open websocket and the envelopes that wait for its acknowledgement."""

    socket: WebSocket
    host: str
    waiting: dict[str, "asyncio.Future[Any]"] = field(default_factory=dict)

    async def send(self, message: dict[str, Any]) -> None:
        """Say one thing down the line."""
        await self.socket.send_text(json.dumps(message))


class SocketMode:
    """All lines of the app; an arrival goes down one of them, in turn."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._tickets: set[str] = set()
        self._lines: list[Line] = []
        self._turn = 0

    def ticket(self) -> str:
        """A ticket for one connection (apps.connections.open)."""
        made = str(uuid.UUID(bytes=secrets.token_bytes(16)))
        self._tickets.add(made)
        return made

    async def serve(self, socket: WebSocket) -> None:
        """Serve one websocket until it closes."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(code=1008)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        line = Line(socket, f"applink-{len(self._lines) + 1}")
        if len(self._lines) >= CONNECTIONS_AT_MOST:
            await line.send(
                {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {"host": line.host}}
            )
            await socket.close()
            return
        self._lines.append(line)
        try:
            await line.send(self._hello(line))
            self.workspace.connected(len(self._lines))
            while True:
                self._heard(line, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError, KeyError):
            return
        finally:
            self._drop(line)

    async def deliver(self, arrival: Arrival, attempt: int, reason: str) -> Ack:
        """Send an envelope down a line and wait for its acknowledgement."""
        if not self._lines:
            return Ack(error="dispatch_failed", reason="connection_failed")
        self._turn += 1
        line = self._lines[self._turn % len(self._lines)]
        envelope_id = str(uuid.uuid4())
        answered = asyncio.get_running_loop().create_future()
        line.waiting[envelope_id] = answered
        envelope: dict[str, Any] = {"envelope_id": envelope_id, "payload": arrival.payload, "type": arrival.kind}
        envelope["accepts_response_payload"] = arrival.kind != "events_api"
        if arrival.kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        try:
            await line.send(envelope)
            return Ack(await asyncio.wait_for(answered, self.workspace.ack_limit))
        except TimeoutError:
            return Ack(error="operation_timeout", reason="timeout")
        except (Refusal, WebSocketDisconnect, RuntimeError):
            return Ack(error="dispatch_failed", reason="connection_failed")
        finally:
            line.waiting.pop(envelope_id, None)

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every line to be opened anew: a "warning" comes early, "refresh_requested" closes at once."""
        for line in list(self._lines):
            await line.send({"type": "disconnect", "reason": reason, "debug_info": {"host": line.host}})
            if reason != "warning":
                await self._hang_up(line)

    async def close(self) -> None:
        """Hang up every line."""
        for line in list(self._lines):
            await self._hang_up(line)

    async def _hang_up(self, line: Line) -> None:
        self._drop(line)
        try:
            await line.socket.close(code=1001)
        except (RuntimeError, WebSocketDisconnect):
            return

    def _hello(self, line: Line) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._lines),
            "debug_info": {"host": line.host, "build_number": 1, "approximate_connection_time": LIFETIME_SECONDS},
            "connection_info": {"app_id": self.workspace.app.id},
        }

    def _heard(self, line: Line, said: str) -> None:
        try:
            answer = json.loads(said)
        except ValueError:
            return
        waiting = line.waiting.get(str(answer.get("envelope_id"))) if isinstance(answer, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload"))

    def _drop(self, line: Line) -> None:
        if line not in self._lines:
            return
        self._lines.remove(line)
        for waiting in line.waiting.values():
            if not waiting.done():
                waiting.set_exception(Refusal("dispatch_failed"))
        self.workspace.connected(len(self._lines))
