"""Handed-over work is done once, tried again where that may help, and never ends the worker."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.edges.queue import LEASE, TRIES, ThreadQueue
from bot.ports.errors import EdgeError, SlackRefused, SlackUnclear
from bot.ports.store import Store

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Hours:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def pass_by(self, span: timedelta) -> None:
        self.at += span


class Worker:
    """Counts what it was asked to do, and fails as long as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.asked: list[Mapping[str, Any]] = []

    def __call__(self, arguments: Mapping[str, Any]) -> None:
        self.asked.append(arguments)
        if self.failures:
            raise self.failures.pop(0)


def test_a_task_is_done_once_in_the_order_it_came(store: Store) -> None:
    hours, worker = Hours(), Worker()
    queue = ThreadQueue(store, hours.now, "one")
    queue.put("greet", {"name": "Ada"})
    queue.put("greet", {"name": "名前 <!channel>"})
    while queue.work_one({"greet": worker}):
        pass
    assert [asked["name"] for asked in worker.asked] == ["Ada", "名前 <!channel>"]
    hours.pass_by(timedelta(days=1))
    assert not queue.work_one({"greet": worker})


def test_what_is_asked_once_is_kept_once_in_every_process(store: Store) -> None:
    hours, worker = Hours(), Worker()
    first, second = (ThreadQueue(store, hours.now, name) for name in ("one", "two"))
    assert first.put("greet", {}, "trigger") > 0
    assert second.put("greet", {}, "trigger") == 0
    assert second.put("greet", {}, "another") > 0
    while second.work_one({"greet": worker}):
        pass
    assert second.put("greet", {}, "trigger") == 0, "though it was done long ago"
    assert len(worker.asked) == 2


def test_what_nobody_waits_for_can_be_left_to_another_worker(store: Store) -> None:
    hours, worker = Hours(), Worker()
    queue = ThreadQueue(store, hours.now, "one")
    for name in ("read", "read", "greet"):
        queue.put(name, {"task": name})
    works = {"read": worker, "greet": worker}
    assert queue.work_one(works, leave={"read"})
    assert not queue.work_one(works, leave={"read", "else"})
    assert [asked["task"] for asked in worker.asked] == ["greet"]
    assert queue.work_one(works)
    assert [asked["task"] for asked in worker.asked] == ["greet", "read"]


def test_a_failure_that_may_pass_is_tried_again_later_and_not_for_ever(store: Store) -> None:
    hours, worker = Hours(), Worker(*(EdgeError("down") for _ in range(10)))
    queue = ThreadQueue(store, hours.now, "one")
    queue.put("ask", {})
    assert queue.work_one({"ask": worker})
    assert not queue.work_one({"ask": worker}), "not at once"
    for _ in range(10):
        hours.pass_by(timedelta(minutes=5))
        queue.work_one({"ask": worker})
    assert len(worker.asked) == TRIES


def test_a_definite_refusal_and_a_mistake_in_the_code_are_not_tried_again(store: Store) -> None:
    hours = Hours()
    queue = ThreadQueue(store, hours.now, "one")
    for failure in (SlackRefused("expired_url"), KeyError("typo")):
        worker = Worker(failure)
        queue.put("answer", {})
        queue.work_one({"answer": worker})
        hours.pass_by(timedelta(hours=1))
        queue.work_one({"answer": worker})
        assert len(worker.asked) == 1, failure


def test_a_task_of_a_worker_that_died_is_taken_over_after_its_lease(store: Store) -> None:
    hours, worker = Hours(), Worker()
    ThreadQueue(store, hours.now, "dead").put("greet", {})
    with store.write() as unit:
        assert unit.tasks.claim("dead", hours.now(), hours.now() + LEASE) is not None
    queue = ThreadQueue(store, hours.now, "alive")
    assert not queue.work_one({"greet": worker})
    hours.pass_by(LEASE + timedelta(seconds=1))
    assert queue.work_one({"greet": worker})
    assert len(worker.asked) == 1


def test_a_worker_survives_what_its_tasks_do_and_stops_when_asked(store: Store) -> None:
    done, stop = threading.Event(), threading.Event()
    queue = ThreadQueue(store, lambda: datetime.now(UTC), "one")
    works = {"break": Worker(SlackUnclear("no answer")), "finish": lambda _arguments: done.set()}
    thread = threading.Thread(target=queue.serve, args=(works, stop))
    thread.start()
    queue.put("break", {})
    queue.put("unheard of", {})
    queue.put("finish", {})
    assert done.wait(10)
    stop.set()
    queue.wake()
    thread.join(10)
    assert not thread.is_alive()
