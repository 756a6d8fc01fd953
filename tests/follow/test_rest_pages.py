"""Long, broken and oversized answers of a tracking server: RestTracker reads what can be read."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.edges.mlflow import RestTracker
from bot.facts.runs import Experiment
from bot.ports.errors import TrackerDown, TrackerRefused
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
