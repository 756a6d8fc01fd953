"""A running sandbox with the real slack_sdk on both of its ends."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from slack_sdk import WebClient

from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from tests.sandbox.apps import Clock, SocketApp


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(clock: Clock) -> Workspace:
    made = Workspace(now=clock, retry_after=(0.0, 0.0, 0.0), ack_limit=2.0)
    made.join("#churn")
    return made


@pytest.fixture
def server(workspace: Workspace) -> Iterator[SandboxServer]:
    with SandboxServer(workspace) as running:
        yield running


@pytest.fixture
def client(server: SandboxServer) -> WebClient:
    return WebClient(token=server.workspace.bot_token, base_url=f"{server.url}/api/", retry_handlers=[])


@pytest.fixture
def connect(server: SandboxServer) -> Iterator[Callable[[], SocketApp]]:
    """Opens one more Socket Mode connection."""
    with ExitStack() as closing:

        def open_one() -> SocketApp:
            app = SocketApp(server.workspace, server.url)
            closing.callback(app.close, server)
            before = server.workspace.connections
            app.client.connect()
            server.workspace.wait_for(lambda: server.workspace.connections > before)
            return app

        yield open_one


@pytest.fixture
def app(connect: Callable[[], SocketApp]) -> SocketApp:
    return connect()
