"""One process that does everything: the doors, the clock, the senders and the workers."""

import os
import socket
import threading
import time
from collections.abc import Callable
from functools import partial

import structlog
import uvicorn
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler

from bot.digest import Digests
from bot.wiring import Works
from handlers import jobs, tasks
from handlers.metrics import registry
from handlers.register import slack_app
from handlers.web import Health, web_app

log = structlog.get_logger("serve")

SENDERS = 4
WORKERS = 2
# With what the door allows its own requests, less than the ten seconds that Docker gives a container.
STOP_SECONDS = 5.0
DOOR_SECONDS = 3


class DoorTaken(Exception):
    """The address to listen on cannot be had; the text says why and what to do."""


class Serving:
    """Starts and stops all parts; `run` returns when everything has ended."""

    def __init__(self, works: Works) -> None:
        """Build the parts; nothing runs yet."""
        deps = works.deps
        settings = deps.settings
        self.works = works
        self.stopping = threading.Event()
        self.slack = slack_app(deps)
        web = web_app(deps, self.slack, Health(self.not_ready, registry(works.store, deps.now)))
        self.door = uvicorn.Server(
            uvicorn.Config(
                web,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=DOOR_SECONDS,
            )
        )
        self.socket: SocketModeHandler | None = None
        self.clock = jobs.Clock(deps.now, len(works.followers) + 6)
        for follower in works.followers:
            self.clock.follow(follower)
        digests = Digests(settings, deps.templates, works.store)
        jobs.add_jobs(
            self.clock,
            works.store,
            settings.following.keep,
            works.reminders,
            digests,
            works.delivery,
            works.models,
            works.lost_pipelines,
        )
        self.threads: list[threading.Thread] = []

    def not_ready(self) -> str:
        """What is missing before work can be done, empty when all is well."""
        try:
            at, wanted = self.works.store.revision()
        except Exception as problem:
            return f"the database does not answer ({type(problem).__name__})"
        if at != wanted:
            return f"the database is at revision {at or 'none'}, {wanted} is needed: run `rundown db upgrade`"
        if self.works.deps.settings.app.mode == "socket":
            client = self.socket.client if self.socket else None
            if client is None or not client.is_connected():
                return "Socket Mode is not connected"
        return ""

    def start(self) -> None:
        """Start every part; the HTTP door runs in `run`."""
        deps = self.works.deps
        for number in range(SENDERS):
            self._thread(f"sender-{number}", lambda: jobs.deliver(self.works.delivery, self.stopping))
        works = tasks.works(deps)
        for number in range(WORKERS):
            leave = tasks.UNHURRIED if number else ()
            self._thread(f"worker-{number}", partial(self.works.queue.serve, works, self.stopping, leave))
        if deps.settings.app.mode == "socket" and deps.settings.slack.app_token is not None:
            self.socket = SocketModeHandler(self.slack, deps.settings.slack.app_token.get_secret_value())
            self._thread("socket", self._connect)
        self.clock.scheduler.start()
        log.info(
            "serving", mode=deps.settings.app.mode, door=f"{deps.settings.door.host}:{deps.settings.door.port}"
        )

    def run(self) -> bool:
        """Serve until `finish`; whether all parts had ended when this gave up waiting for them.

        Raises DoorTaken, before anything is started, when the door's address cannot be had.
        """
        opened = self._open_door()
        self.start()
        try:
            self.door.run(sockets=[opened])
        finally:
            ended = self.stop()
        return ended

    def finish(self) -> None:
        """Ask `run` to end; may be called at any time, from a signal's handler too."""
        self.door.should_exit = True

    def stop(self) -> bool:
        """Let every part finish what it is doing, for a few seconds; whether all did."""
        self.stopping.set()
        self.works.lost_pipelines.stopping.set()
        self.works.queue.wake()
        self._thread("clock", self.clock.stop)
        if self.socket is not None:
            self._thread("socket-end", self.socket.close)
        until = time.monotonic() + STOP_SECONDS
        for thread in self.threads:
            thread.join(max(0.0, until - time.monotonic()))
        busy = [thread.name for thread in self.threads if thread.is_alive()]
        self.works.close()
        log.info("stopped", busy=busy)
        return not busy

    def _open_door(self) -> socket.socket:
        host, port = self.works.deps.settings.door.host, self.works.deps.settings.door.port
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            return socket.create_server((host, port), family=family, backlog=2048)
        except OSError as problem:
            named = problem.errno is not None and problem.errno > 0
            why = os.strerror(problem.errno or 0) if named else problem.strerror
            raise DoorTaken(
                f"The door cannot be opened at {host}:{port} ({why}). "
                "End what listens there, or set another door.port or door.host in app.yaml."
            ) from None

    def _connect(self) -> None:
        """Connect to Slack, again and again until it answers; the SDK reconnects by itself afterwards."""
        assert self.socket is not None
        pause = 1.0
        while not self.stopping.is_set():
            try:
                self.socket.connect()  # type: ignore[no-untyped-call]
            except Exception as problem:
                log.warning("socket_mode_unreachable", error=type(problem).__name__, again_in=pause)
                self.stopping.wait(pause)
                pause = min(pause * 2, 60.0)
            else:
                log.info("socket_mode_connected")
                return

    def _thread(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self.threads.append(thread)
