"""One process that does everything: the doors, the clock, the senders and the workers."""

import threading
from collections.abc import Callable

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
STOP_SECONDS = 10.0


class Serving:
    """Starts and stops all parts; `start` returns when the doors are open."""

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
                host=settings.door.host,
                port=settings.door.port,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=3,
            )
        )
        self.socket: SocketModeHandler | None = None
        self.clock = jobs.Clock(deps.now, len(works.followers) + 4)
        for follower in works.followers:
            self.clock.follow(follower)
        digests = Digests(settings, deps.templates, works.store)
        jobs.add_jobs(self.clock, works.store, settings.following.keep, works.reminders, digests, works.delivery)
        self.threads: list[threading.Thread] = []

    def not_ready(self) -> str:
        """What is missing before work can be done, empty when all is well."""
        at, wanted = self.works.store.revision()
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
            self._thread(f"worker-{number}", lambda: self.works.queue.serve(works, self.stopping))
        if deps.settings.app.mode == "socket" and deps.settings.slack.app_token is not None:
            self.socket = SocketModeHandler(self.slack, deps.settings.slack.app_token.get_secret_value())
            self._thread("socket", self._connect)
        self.clock.scheduler.start()
        log.info(
            "serving", mode=deps.settings.app.mode, door=f"{deps.settings.door.host}:{deps.settings.door.port}"
        )

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM, which the HTTP door catches."""
        self.start()
        try:
            self.door.run()
        finally:
            self.stop()

    def stop(self) -> None:
        """Let every part finish what it is doing."""
        self.stopping.set()
        self.door.should_exit = True
        self.works.queue.wake()
        self.clock.scheduler.shutdown(wait=False)
        if self.socket is not None:
            self.socket.close()  # type: ignore[no-untyped-call]
        for thread in self.threads:
            thread.join(STOP_SECONDS)
        self.works.close()
        log.info("stopped")

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
