"""An app on Socket Mode, and a clock that moves when told."""

import threading
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from sandbox.server import SandboxServer
from sandbox.workspace import Workspace

Answers = Callable[[SocketModeRequest], Any]


class Clock:
    """A clock that only moves when told; Unix seconds."""

    def __init__(self, at: float = 1_700_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += seconds


class SocketApp:
    """An app on Socket Mode that keeps what arrives and acknowledges with what `answers` gives (None: nothing).

    `silent` makes it acknowledge nothing.
    """

    def __init__(self, workspace: Workspace, url: str) -> None:
        self.arrived: list[SocketModeRequest] = []
        self.answers: Answers = lambda request: None
        self.silent = False
        self._heard = threading.Condition()
        web = WebClient(base_url=f"{url}/api/", retry_handlers=[])
        self.client = SocketModeClient(app_token=workspace.app_token, web_client=web, ping_interval=0.5)
        self.client.socket_mode_request_listeners.append(self._hear)

    def _hear(self, client: Any, request: SocketModeRequest) -> None:
        with self._heard:
            self.arrived.append(request)
            self._heard.notify_all()
        if not self.silent:
            answer = SocketModeResponse(envelope_id=request.envelope_id, payload=self.answers(request))
            client.send_socket_mode_response(answer)

    def close(self, server: SandboxServer) -> None:
        """Hang up: each thread of the client is ended by itself, since its own close lets them race and wait."""
        self.client.auto_reconnect_enabled = False
        self.client.current_app_monitor.shutdown()
        self.client.current_session_state.terminated = True
        server.call(server.sockets.close())
        self.client.current_session_runner.shutdown()
        self.client.message_processor.event.set()
        self.client.enqueue_message("{}")
        self.client.close()

    def wait(self, wanted: Callable[[SocketModeRequest], bool], timeout: float = 5.0) -> SocketModeRequest:
        """The first arrival that is wanted."""
        with self._heard:
            assert self._heard.wait_for(lambda: any(map(wanted, self.arrived)), timeout), self.arrived
            return next(filter(wanted, self.arrived))

    def event(self, kind: str, timeout: float = 5.0) -> dict[str, Any]:
        """The first event of a type or subtype, as the app was told of it."""

        def wanted(request: SocketModeRequest) -> bool:
            event = request.payload.get("event", {})
            return kind in (event.get("type"), event.get("subtype"))

        return dict(self.wait(wanted, timeout).payload["event"])
