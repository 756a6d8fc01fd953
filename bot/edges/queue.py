"""The durable queue on the database, worked by threads of this process."""

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.ports.errors import EdgeError
from bot.ports.store import Store

LEASE = timedelta(minutes=2)
LOOK_EVERY_SECONDS = 1.0
TRIES = 3
# The source under which arrivals keep what tasks were asked for by.
TASK = "task"

Work = Callable[[Mapping[str, Any]], None]


class ThreadQueue:
    """bot.ports.queue.Queue: rows in the database, and an event that saves workers the wait."""

    def __init__(self, store: Store, now: Callable[[], datetime], holder: str) -> None:
        """`holder` names this process in the leases it takes."""
        self.store = store
        self.now = now
        self.holder = holder
        self._work = threading.Event()
        self._log = structlog.get_logger("queue")

    def put(self, task: str, arguments: Mapping[str, Any], once: str = "") -> int:
        """Keep a task and wake a worker; returns its id, or 0 where one with this `once` was kept before."""
        with self.store.write() as unit:
            if once and not unit.arrivals.first(TASK, once, self.now()):
                return 0
            identity = unit.tasks.put(task, arguments, self.now())
        self.wake()
        return identity

    def wake(self) -> None:
        """Say that there may be work."""
        self._work.set()

    def serve(self, works: Mapping[str, Work], stop: threading.Event, leave: Collection[str] = ()) -> None:
        """Work until `stop` is set: one task at a time, a failure of one never ends the loop.

        Tasks named in `leave` are left to others, so that what a person waits for is never behind them.
        """
        while not stop.is_set():
            self._work.clear()
            try:
                if self.work_one(works, leave):
                    continue
            except Exception:
                self._log.exception("queue_unreachable")
            self._work.wait(LOOK_EVERY_SECONDS)

    def work_one(self, works: Mapping[str, Work], leave: Collection[str] = ()) -> bool:
        """Take the oldest task that is not to be left and do it; False when none waits."""
        now = self.now()
        with self.store.write() as unit:
            task = unit.tasks.claim(self.holder, now, now + LEASE, leave)
        if task is None:
            return False
        try:
            works[task.name](task.arguments)
        except Exception as problem:
            again = not getattr(problem, "permanent", not isinstance(problem, EdgeError)) and task.attempts < TRIES
            self._log.exception("task_failed", task=task.name, id=task.id, again=again)
            retry_at = self.now() + timedelta(seconds=2**task.attempts) if again else None
            with self.store.write() as unit:
                unit.tasks.failed(task.id, f"{type(problem).__name__}: {problem}"[:500], retry_at)
        else:
            with self.store.write() as unit:
                unit.tasks.done(task.id)
        return True
