"""However many threads and processes reach for the same thing, one gets it."""

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.edges.store import SqlStore
from bot.facts.messages import Rendered
from bot.facts.runs import Metric, Run, Status
from bot.ports.index import Condition, Field, Known, RunQuery
from bot.ports.store import Unit

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HELLO = Rendered("Hello")
CHANNELS = ("#a", "#b", "#c")

# What another process does: send every post and do every task, saying which it got.
WORKER = """
import sys
from datetime import datetime, timedelta
from bot.edges.store import open_store
url, holder, now = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3])
store = open_store(url)
print("ready", flush=True)
sys.stdin.readline()
while True:
    with store.read() as unit:
        channels = list(unit.outbox.due(now))
    with store.write() as unit:
        task = unit.tasks.claim(holder, now, now + timedelta(hours=1))
    if task is not None:
        print("task", task.id, flush=True)
    if not channels and task is None:
        with store.read() as unit:
            if unit.outbox.backlog() == 0:
                break
    for channel in channels:
        with store.write() as unit:
            post = unit.outbox.claim(channel, holder, now, now + timedelta(hours=1))
        if post is None:
            continue
        print("post", post.id, flush=True)
        with store.write() as unit:
            unit.outbox.sent(post.id, post.version, "C", f"{post.id}.0")
            unit.outbox.release(channel, holder, now)
store.close()
"""


def together(store: Callable[[], SqlStore], count: int, work: Callable[[Unit, int], object]) -> list[object]:
    """What each of several threads gets, all starting at the same moment, each with a database of its own."""
    start = threading.Barrier(count)
    answers: list[object] = []

    def run(number: int) -> None:
        mine = store()
        start.wait(30)
        try:
            with mine.write() as unit:
                answer = work(unit, number)
        except Exception as failure:
            answer = failure
        answers.append(answer)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_processes_send_every_post_and_do_every_task_once(store: SqlStore, store_url: str) -> None:
    with store.write() as unit:
        for number in range(60):
            unit.outbox.say(CHANNELS[number % 3], f"k{number}", HELLO, NOW)
        tasks = [unit.tasks.put("answer", {}, NOW) for _ in range(40)]
    command = [sys.executable, "-c", WORKER, store_url]
    workers = [
        subprocess.Popen(
            [*command, f"worker {number}", NOW.isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for number in range(2)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    got = [worker.communicate(timeout=60)[0].splitlines() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    counted = Counter(line for lines in got for line in lines)
    assert set(counted.values()) == {1}
    assert sum(line.startswith("post") for line in counted) == 60
    assert {line for line in counted if line.startswith("task")} == {f"task {task}" for task in tasks}


def test_one_of_many_takes_a_lane(store: SqlStore, open_again: Callable[[], SqlStore]) -> None:
    with store.write() as unit:
        unit.outbox.say("#a", "k1", HELLO, NOW)
        unit.outbox.say("#a", "k2", HELLO, NOW)
    answers = together(open_again, 6, lambda unit, number: unit.outbox.claim("#a", f"{number}", NOW, NOW + SECOND))
    assert sorted(getattr(answer, "key", repr(answer)) for answer in answers) == ["None"] * 5 + ["k1"]


def test_a_firing_an_arrival_and_a_change_belong_to_one_of_many(
    store: SqlStore, open_again: Callable[[], SqlStore]
) -> None:
    def work(unit: Unit, _: int) -> tuple[bool, bool, bool]:
        return (
            unit.fires.fire("digest", "2026-11-02", NOW),
            unit.arrivals.first("github", "1", NOW),
            unit.notices.raise_("tracker:main", "down", NOW),
        )

    answers = together(open_again, 6, work)
    assert Counter(answers) == {(True, True, True): 1, (False, False, False): 5}
    with store.read() as unit:
        assert unit.fires.last("digest") == ("2026-11-02", NOW)


def test_what_many_say_at_once_is_one_post_with_every_version(
    store: SqlStore, open_again: Callable[[], SqlStore]
) -> None:
    answers = together(
        open_again, 6, lambda unit, number: unit.outbox.say("#a", "k", Rendered(f"text {number}"), NOW).version
    )
    assert sorted(answers, key=str) == [1, 2, 3, 4, 5, 6]
    with store.read() as unit:
        assert unit.outbox.backlog() == 1


def test_snapshots_put_at_once_leave_the_newest_and_its_values(
    store: SqlStore, open_again: Callable[[], SqlStore]
) -> None:
    def work(unit: Unit, number: int) -> None:
        read_at = NOW + number * SECOND
        runs = [
            Run("main", f"r{one}", "1", "churn", "n", Status.RUNNING, NOW, metrics={"step": Metric(number)})
            for one in range(20)
        ]
        unit.runs.put([Known(run, read_at, read_at) for run in runs])

    assert together(open_again, 6, work) == [None] * 6
    with store.read() as unit:
        newest = RunQuery(conditions=(Condition(Field.METRIC, "step", "=", 5),))
        assert unit.runs.count(newest, 100) == 20
        assert {run.metrics["step"].value for run in unit.runs.find(RunQuery(limit=20))} == {5}
