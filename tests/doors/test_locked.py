"""Another process holds the database's only write lock: reading goes on, and what writes is acked in time."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus

import httpx

from tests.doors.house import FORM, JSON, House, button, command, event, github_headers, workflow_run

HELD_SECONDS = 2.0
SLACK_WAITS = 3.0
HOLDING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA busy_timeout = 10000")
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


@contextmanager
def locked(home: House) -> Iterator[subprocess.Popen[bytes]]:
    """The write lock is another process's until its standard input is closed, at the end of the block at last."""
    holder = [sys.executable, "-c", HOLDING, str(home.database)]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.stdin.close()
            assert process.wait(10) == 0


def post(client: httpx.Client, home: House, raw: bytes, kind: str = FORM) -> httpx.Response:
    return client.post("/slack/events", content=raw, headers=home.slack(raw, kind))


def test_reading_goes_on_while_the_database_is_locked(home: House) -> None:
    home.thread()
    with home.listening() as client, locked(home):
        answer = post(client, home, command("latest"))
        assert answer.status_code == HTTPStatus.OK
        assert answer.json()["response_type"] == "ephemeral"
        assert client.get("/healthz").status_code == HTTPStatus.OK
        assert client.get("/readyz").text == "ready\n"
        assert "rundown_outbox_backlog" in client.get("/metrics").text
        elsewhere = event(thread_ts="1600000000.000001")
        assert post(client, home, elsewhere, JSON).status_code == HTTPStatus.OK, (
            "a thread of others is not written"
        )


def test_asking_goes_on_while_many_wait_to_write(home: House) -> None:
    home.thread()
    writes = [(button(), FORM) for _ in range(30)] + [(event(), JSON) for _ in range(30)]
    with home.listening() as client, ThreadPoolExecutor(len(writes)) as people, locked(home):
        waiting = [people.submit(post, client, home, raw, kind) for raw, kind in writes]
        for _ in range(5):
            assert post(client, home, command("latest")).status_code == HTTPStatus.OK
            assert client.get("/readyz").text == "ready\n"
        assert not any(one.done() for one in waiting)


def test_whatever_writes_is_acked_in_time_after_two_locked_seconds(home: House) -> None:
    home.thread()
    delivery = workflow_run()
    with home.listening() as client, ThreadPoolExecutor(30) as people, locked(home) as holder:
        assert holder.stdin is not None
        release = threading.Timer(HELD_SECONDS, holder.stdin.close)

        def timed(raw: bytes, kind: str) -> tuple[int, float]:
            began = time.perf_counter()
            answer = post(client, home, raw, kind)
            return answer.status_code, time.perf_counter() - began

        kinds = [(command("show calm-owl"), FORM), (button(), FORM), (event(), JSON)]
        more = [(command("failed since:yesterday"), FORM) for _ in range(5)] + [(button(), FORM) for _ in range(5)]
        release.start()
        acks = [people.submit(timed, raw, kind) for raw, kind in (*kinds, *more)]
        taken = client.post("/webhooks/github", content=delivery, headers=github_headers(delivery))
        assert (taken.status_code, taken.text) == (HTTPStatus.OK, "taken\n")
        for ack in acks:
            status, seconds = ack.result()
            assert status == HTTPStatus.OK
            assert seconds < SLACK_WAITS
        release.join()
    with home.works.store.read() as unit:
        assert len(unit.discussion.of_thread("C1", home.thread_ts)) == 1
    assert len(home.rows()["tasks"]) == len(acks) - 1
