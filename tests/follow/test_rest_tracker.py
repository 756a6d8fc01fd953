"""Tracking servers that misbehave: what RestTracker says of them, and how soon."""

import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.edges.mlflow import RestTracker
from bot.facts.runs import Experiment
from bot.ports.errors import EdgeError, RunMissing, TrackerDown, TrackerRefused
from bot.settings import TrackerSettings
from tests.servers.scripted import Asked, Said, Scripted, scripted_server

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = [Experiment("main", "1", "churn")]


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted_server() as server:
        yield server


def tracker(uri: str, *, max_bytes: int = 10**6, **more: Any) -> RestTracker:
    timeout = more.pop("timeout", timedelta(seconds=5))
    settings = TrackerSettings(name="main", uri=uri, **more).model_copy(update={"timeout": timeout})
    return RestTracker(settings, max_bytes=max_bytes)


def always(server: Scripted, body: bytes | object = b"{}", status: int = 200, **more: Any) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    server.script = lambda _: Said(content, status, **more)


def error(code: str, message: str) -> dict[str, str]:
    return {"error_code": code, "message": message}


HTML = {"content-type": "text/html"}


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (Said(b"You are not authenticated", 401), TrackerRefused, "username and password"),
        (
            Said(b"Invalid Host header - possible DNS rebinding attack", 403),
            TrackerRefused,
            "--allowed-hosts 127.",
        ),
        (Said(json.dumps(error("PERMISSION_DENIED", "no")).encode(), 403), TrackerRefused, "Give it READ"),
        (Said(b"<html>nginx</html>", 404, HTML), TrackerRefused, "There is no MLflow API at http://127.0.0.1"),
        (Said(b"", 302, {"location": "https://login.example.com/?next=1"}), TrackerRefused, "login.example.com"),
        (Said(json.dumps(error("BAD_REQUEST", "what?")).encode(), 400), TrackerRefused, "It said: what?"),
        (Said(b"slow down", 429), TrackerDown, "HTTP 429"),
        (Said(b"<h1>oops</h1>", 503, HTML), TrackerDown, "HTTP 503"),
        (Said(b"<html>Welcome</html>", 200, HTML), TrackerDown, "web page instead of MLflow's API"),
        (Said(b'{"experiments": [', 200), TrackerDown, "not JSON, or only half of it"),
        (Said(b"[1, 2]", 200), TrackerDown, "a JSON object"),
        (Said(b'{"experiments": {"a": 1}}', 200), TrackerDown, "no list"),
        (Said(b'{"experiments": [], "next_page_token": 7}', 200), TrackerDown, "in a circle"),
        (Said(b'{"experiments": []}', 200, promised=500), TrackerDown, "broke off"),
        (Said(drop=True), TrackerDown, "broke off"),
        (Said(b"\xff\xfe\x00", 200), TrackerDown, "not JSON"),
    ],
)
def test_each_kind_of_trouble_has_its_own_sentence(
    server: Scripted, said: Said, kind: type[EdgeError], words: str
) -> None:
    server.script = lambda _: said
    with pytest.raises(kind, match=None) as trouble:
        tracker(server.url).experiments()
    assert words in str(trouble.value)
    assert str(trouble.value).isprintable()


def test_an_unknown_workspace_is_named(server: Scripted) -> None:
    always(server, error("RESOURCE_DOES_NOT_EXIST", "Workspace 'x' not found"), 404)
    with pytest.raises(TrackerRefused, match="workspace"):
        tracker(server.url, workspace="x").experiments()
    assert server.asked[0].headers["x-mlflow-workspace"] == "x"


def test_a_missing_run_is_not_trouble_with_the_tracker(server: Scripted) -> None:
    def script(asked: Asked) -> Said:
        missing = Said(json.dumps(error("RESOURCE_DOES_NOT_EXIST", "Run not found")).encode(), 404)
        return missing if "runs/get" in asked.path else Said()

    server.script = script
    with pytest.raises(RunMissing):
        tracker(server.url).get("a" * 32)


def test_a_server_that_hangs_is_left_in_time(server: Scripted) -> None:
    server.script = lambda _: Said(hang=True)
    began = time.monotonic()
    with pytest.raises(TrackerDown, match="did not answer in time"):
        tracker(server.url, timeout=timedelta(seconds=0.2)).experiments()
    assert time.monotonic() - began < 5


def test_a_server_that_drips_its_answer_is_left_in_time(server: Scripted) -> None:
    always(server, b" " * 2000, drip=0.05)
    began = time.monotonic()
    with pytest.raises(TrackerDown, match=r"took longer than 0\.3 s"):
        tracker(server.url, timeout=timedelta(seconds=0.3)).experiments()
    assert time.monotonic() - began < 5


def test_nobody_at_the_address_is_trouble_that_may_pass() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TrackerDown, match="cannot be reached"):
        tracker(f"http://127.0.0.1:{port}").experiments()


def test_stores_that_are_no_servers_are_refused_with_a_way_out(server: Scripted) -> None:
    settings = TrackerSettings(name="main", uri=server.url).model_copy(update={"uri": "sqlite:///mlflow.db"})
    with pytest.raises(TrackerRefused, match="by http:// or https://"):
        RestTracker(settings)


def test_a_password_is_sent_as_basic_and_stands_in_no_error(server: Scripted) -> None:
    always(server, b"no", 401)
    with pytest.raises(TrackerRefused) as trouble:
        tracker(server.url, username="bot", password=SecretStr("hunter2-canary")).experiments()
    assert server.asked[0].headers["authorization"].startswith("Basic ")
    assert "hunter2" not in str(trouble.value) + repr(trouble.value.__cause__)


def test_a_token_is_sent_as_bearer(server: Scripted) -> None:
    tracker(server.url, token=SecretStr("t0k")).experiments()
    assert server.asked[0].headers["authorization"] == "Bearer t0k"


def test_a_server_without_a_clock_is_told_so(server: Scripted) -> None:
    always(server, b"{}", headers={"date": ""})
    with pytest.raises(TrackerDown, match="does not tell the time"):
        tracker(server.url).server_time()


def test_the_clock_is_that_of_the_server(server: Scripted) -> None:
    always(server, b"{}", headers={"date": "Sun, 01 Mar 2026 12:00:00 GMT"})
    assert tracker(server.url).server_time() == T0


@pytest.mark.parametrize("slow_when", ["keep-alive", "close"])
def test_the_cheaper_way_to_connect_is_taken(server: Scripted, slow_when: str) -> None:
    def script(asked: Asked) -> Said:
        how = "close" if asked.headers.get("connection") == "close" else "keep-alive"
        if how == slow_when:
            server.over.wait(0.05)
        return Said()

    server.script = script
    one = tracker(server.url)
    one.experiments()
    server.asked.clear()
    one.experiments()
    closes = server.asked[0].headers.get("connection") == "close"
    assert closes == (slow_when == "keep-alive")


def test_a_lost_kept_connection_is_no_trouble(server: Scripted) -> None:
    one = tracker(server.url)
    one.experiments()
    drops = iter([Said(drop=True)])
    server.script = lambda _: next(drops, Said())
    assert list(one.experiments()) == []


def test_a_write_is_asked_once_only(server: Scripted) -> None:
    one = tracker(server.url)
    one.experiments()
    server.script = lambda _: Said(drop=True)
    server.asked.clear()
    with pytest.raises(TrackerDown):
        one.set_tag("a" * 32, "k", "v")
    assert len(server.asked) == 1


def raw_run(run_id: str, start: object = 1, **info: object) -> dict[str, Any]:
    facts = {"run_id": run_id, "experiment_id": "1", "status": "RUNNING", "start_time": start, **info}
    return {"info": facts, "data": {}}


def test_one_unreadable_run_hides_no_other(server: Scripted) -> None:
    broken = [raw_run("b" * 32, status="EXPLODED"), {"info": None}, "run", None, raw_run("")]
    always(server, {"runs": [*broken, raw_run("a" * 32)]})
    assert [run.run_id for run in tracker(server.url).page(HERE, T0, 10).runs] == ["a" * 32]


def test_an_unreadable_run_asked_for_by_itself_is_refused_not_missing(server: Scripted) -> None:
    always(server, {"run": raw_run("b" * 32, status="EXPLODED")})
    with pytest.raises(TrackerRefused, match="cannot be read"):
        tracker(server.url).get("b" * 32)


class Paged:
    """A script that pages like MLflow does: offsets, filters by time, `max_results`."""

    def __init__(self, runs: list[dict[str, Any]], *, weight: int = 0) -> None:
        self.runs = sorted(runs, key=lambda run: (run["info"]["start_time"], run["info"]["run_id"]))
        self.sizes: list[int] = []
        self.weight = weight

    def __call__(self, asked: Asked) -> Said:
        if "runs/search" not in asked.path:
            return Said()
        question = json.loads(asked.body)
        assert not any("metric" in order for order in question.get("order_by", []))
        operator, _, number = question["filter"].removeprefix("attributes.start_time ").partition(" ")
        hits = [run for run in self.runs if run["info"]["experiment_id"] in question["experiment_ids"]]
        hits = [run for run in hits if fits(run["info"]["start_time"], operator, int(number))]
        first, size = int(question.get("page_token", 0)), question["max_results"]
        self.sizes.append(size)
        part = hits[first : first + size]
        answer: dict[str, Any] = {"runs": part}
        if first + size < len(hits):
            answer["next_page_token"] = str(first + size)
        return Said(json.dumps(answer).encode() + b" " * self.weight * len(part))


def fits(at: int, operator: str, number: int) -> bool:
    return at >= number if operator == ">=" else at == number


def test_answers_that_are_too_large_are_asked_for_in_smaller_pages(server: Scripted) -> None:
    script = Paged([raw_run(f"{number:032x}", 1 + number) for number in range(40)], weight=10_000)
    server.script = script
    page = tracker(server.url, max_bytes=100_000).page(HERE, datetime(1970, 1, 1, tzinfo=UTC), 40)
    assert len(page.runs) == 40
    assert script.sizes[0] == 40
    assert min(script.sizes) <= 10


def test_a_single_answer_that_is_too_large_is_trouble(server: Scripted) -> None:
    always(server, b" " * 200_000)
    with pytest.raises(TrackerDown, match="more than"):
        tracker(server.url, max_bytes=100_000).experiments()


def test_many_experiments_are_asked_in_batches_and_merged_in_order(server: Scripted) -> None:
    everywhere = [Experiment("main", str(number), f"e{number}") for number in range(2500)]
    runs = [raw_run(f"{number:032x}", 1 + number // 3, experiment_id=str(number % 2500)) for number in range(60)]
    runs += [raw_run(f"{number:032x}", 1 + number // 3, experiment_id="2400") for number in range(100, 130)]
    server.script = Paged(runs)
    one = tracker(server.url)
    seen: list[str] = []
    start: datetime | None = datetime(1970, 1, 1, tzinfo=UTC)
    while start is not None:
        page = one.page(everywhere, start, 7)
        times = [run.started for run in page.runs]
        assert times == sorted(times, key=str)
        seen += [run.run_id for run in page.runs]
        start = page.next
    assert sorted(seen) == sorted(run["info"]["run_id"] for run in runs)
    assert len(seen) == len(set(seen))
    largest = max(len(json.loads(asked.body)["experiment_ids"]) for asked in server.asked if asked.body)
    assert largest <= 1000


def test_a_server_that_ignores_the_filter_does_not_catch_the_reader_in_a_circle(server: Scripted) -> None:
    always(server, {"runs": [raw_run("a" * 32, 1)], "next_page_token": "again"})
    with pytest.raises(TrackerDown):
        tracker(server.url).page(HERE, T0, 1)
