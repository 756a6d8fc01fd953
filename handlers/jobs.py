"""What the clock brings: follow each tracker, deliver, remind, digest, forget."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.digest import Digests
from bot.document.reminders import Reminders
from bot.follow.lost_pipelines import LOOKS, LostPipelines
from bot.follow.models import Models
from bot.follow.tracker import Follower
from bot.notify.delivery import Delivery
from bot.ports.store import Store

log = structlog.get_logger("jobs")

REMIND_EVERY = timedelta(seconds=15)
DIGEST_EVERY = timedelta(seconds=15)
FORGET_EVERY = timedelta(hours=1)
LOOK_EVERY = timedelta(minutes=1)
MODELS_EVERY = timedelta(minutes=2)
SETTLE_EVERY = timedelta(seconds=2)
IDLE_SECONDS = 0.2


class _Pool(BasePoolExecutor):  # type: ignore[misc]
    """APScheduler's executor on threads that are ours to wait for."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        super().__init__(threads)


class Clock:
    """APScheduler with its memory store: it only wakes; what must happen once is decided by rows.

    Each job runs in a thread of its own and never twice at the same time, and its failure ends nothing.
    """

    def __init__(self, now: Callable[[], datetime], jobs: int) -> None:
        """`jobs` is how many may run at the same time."""
        self.now = now
        self._threads = ThreadPoolExecutor(jobs, "clock")
        self.scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": _Pool(self._threads)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def stop(self) -> None:
        """Wake nobody any more, and return when the jobs under way have ended.

        APScheduler's own waiting keeps a lock that a job needs to say when it wants to be woken next. And it may
        not end while it wakes a job; asking for the jobs waits until it does not.
        """
        self.scheduler.pause()
        self.scheduler.get_jobs()
        self.scheduler.shutdown(wait=False)
        self._threads.shutdown(wait=True)

    def every(self, name: str, span: timedelta, job: Callable[[datetime], object]) -> None:
        """Do a job now, and again after each `span`."""
        self.scheduler.add_job(
            self._guarded(name, job), "interval", seconds=span.total_seconds(), id=name, next_run_time=self.now()
        )

    def follow(self, follower: Follower) -> None:
        """Follow a tracker at the pace each tick asks for."""

        def tick(_now: datetime) -> None:
            pause = follower.poll
            try:
                pause = follower.tick().next_in
            finally:
                self.scheduler.add_job(
                    guarded, "date", run_date=self.now() + pause, id=name, replace_existing=True
                )

        name = f"follow:{follower.name}"
        guarded = self._guarded(name, tick)
        self.scheduler.add_job(guarded, "date", run_date=self.now(), id=name)

    def _guarded(self, name: str, job: Callable[[datetime], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                job(self.now())
            except Exception:
                log.exception("job_failed", job=name)

        return run


def add_jobs(
    clock: Clock,
    store: Store,
    keep: timedelta,
    reminders: Reminders,
    digests: Digests,
    delivery: Delivery,
    models: Models,
    lost_pipelines: LostPipelines,
) -> None:
    """Everything the clock does beside following."""
    clock.every("settle", SETTLE_EVERY, lambda _now: delivery.settle())
    clock.every("remind", REMIND_EVERY, reminders.remind)
    clock.every("digest", DIGEST_EVERY, digests.digest)
    clock.every("models", MODELS_EVERY, models.refresh)
    if lost_pipelines.hosts:
        clock.every("lost pipelines", LOOK_EVERY, lost_pipelines.look)
    clock.every("forget", FORGET_EVERY, lambda now: forget(store, now - keep))


def forget(store: Store, before: datetime) -> int:
    """Drop changes, decisions, last lines, causes, test reports and arrivals older than `before`."""
    with store.write() as unit:
        told = unit.fires.forget(LOOKS, before)
        told += unit.changes.forget(before) + unit.traces.forget(before)
        told += unit.evidence.forget(before) + unit.code_answers.forget(before)
        told += unit.reports.forget(before) + unit.suites.forget(before)
        return told + unit.arrivals.forget(before)


def deliver(delivery: Delivery, stop: threading.Event) -> None:
    """Send what is due until `stop` is set; several of these may run, each sends for another channel."""
    while not stop.is_set():
        try:
            busy = delivery.run_once()
        except Exception:
            log.exception("delivery_failed")
            busy = False
        if not busy:
            stop.wait(IDLE_SECONDS)
