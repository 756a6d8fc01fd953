"""Serves a workspace on this machine's loopback: Web API, Socket Mode, the page and its JSON API."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.arrivals import Gateway, SignedHttp, SocketMode
from sandbox.page_api import PageApi
from sandbox.page_files import PageFiles
from sandbox.web_api import WebApi
from sandbox.web_api.hooks import Hooks
from sandbox.web_api.struck import DROP
from sandbox.workspace import Refusal, Workspace

PAGE = Path(__file__).parent / "page"
START_SECONDS = 15.0
LOOPBACK = ["127.0.0.1", "localhost"]


class DroppableProtocol(HttpToolsProtocol):
    """Lets a request's own endpoint cut its connection, for faults."""

    def on_message_begin(self) -> None:
        """A new request: put the way to cut the connection beside it."""
        super().on_message_begin()
        self.scope["extensions"] = {**(self.scope.get("extensions") or {}), DROP: {"cut": self.transport.abort}}


class OwnOrigin:
    """Turns away what a web page from elsewhere sends; browsers name the page's origin, programs name none."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is the sandbox's own."""
        origin = Headers(scope=scope).get("origin", "") if scope["type"] == "http" else ""
        if origin and urlsplit(origin).hostname not in LOOPBACK:
            await JSONResponse({"ok": False, "error": "foreign_origin"}, status_code=403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Listening(uvicorn.Server):
    """Says when it answers requests."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self.ready.set()


class SandboxServer:
    """A running sandbox; use it as a context, or `.start()` and `.stop()`.

    It speaks Socket Mode to the app until `use_http`. `clock` gives the Unix seconds that signatures carry.
    Raises OSError if the port is taken.
    """

    def __init__(
        self,
        workspace: Workspace,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        page: Path = PAGE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.workspace = workspace
        self.host, self.port = host, port
        self.clock = clock
        self.sockets = SocketMode(workspace)
        self.gateway = Gateway(workspace, self.sockets)
        self.page_api = PageApi(workspace)
        self._page = page
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> Self:
        """Listen; returns once requests are answered."""
        listener = socket.create_server((self.host, self.port))
        self.port = listener.getsockname()[1]
        self.workspace.base_url = self.url
        config = uvicorn.Config(
            self._app(),
            http=DroppableProtocol,
            ws="websockets-sansio",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=3,
        )
        self._server = Listening(config, self._ready)
        self._thread = threading.Thread(target=self._run, args=(listener,), name="sandbox", daemon=True)
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            raise TimeoutError("the sandbox did not start")
        return self

    def stop(self) -> None:
        """Hang up, end every stream and stop listening."""
        if self._server is None or self._loop is None or self._thread is None:
            return
        if not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._wind_down(), self._loop).result(START_SECONDS)
        self._server.should_exit = True
        self._thread.join(START_SECONDS)
        self._server = None

    def use_http(self, request_url: str) -> None:
        """Speak signed HTTP to the app from now on; refused unless it answers the challenge."""
        way = SignedHttp(self.workspace, request_url, self.clock)
        self.call(way.verify())
        self.gateway.way = way
        self.workspace.connected(max(1, self.workspace.connections))

    def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every Socket Mode connection to be opened anew."""
        self.call(self.sockets.refresh(reason))

    def call(self, doing: Any) -> Any:
        """Run a coroutine in the server's loop and wait for what it gives."""
        if self._loop is None:
            raise RuntimeError("the sandbox is not running")
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(START_SECONDS)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, listener: socket.socket) -> None:
        with listener:
            asyncio.run(self._serve(listener))

    async def _serve(self, listener: socket.socket) -> None:
        server = self._server
        if server is None:
            return
        self._loop = asyncio.get_running_loop()
        self.gateway.open(self._loop)
        await server.serve(sockets=[listener])

    async def _wind_down(self) -> None:
        await self.gateway.close()
        self.page_api.end()
        await self.sockets.close()

    def _connect_url(self) -> str:
        return f"ws://{self.host}:{self.port}/link/?ticket={self.sockets.ticket()}&app_id={self.workspace.app.id}"

    def _app(self) -> Starlette:
        web_api = WebApi(self.workspace, self._connect_url)
        hooks = Hooks(self.workspace, web_api.shelf)
        routes = [
            Route("/api/{method}", web_api.serve, methods=["GET", "POST"]),
            WebSocketRoute("/link/", self.sockets.serve),
            *hooks.routes(),
            *self.page_api.routes(),
            *PageFiles(self._page).routes(),
        ]
        own = [Middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK), Middleware(OwnOrigin)]
        return Starlette(routes=routes, middleware=own, exception_handlers={Refusal: _refused})


def _refused(request: Request, refused: Exception) -> Response:
    """What a page asked of somebody or something that is not here."""
    body = refused.as_json() if isinstance(refused, Refusal) else {"ok": False}
    return JSONResponse(body, status_code=404)
