"""Long histories of a metric come in pages; what a server says wrong is trouble, not an endless question."""

import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.edges.mlflow import RestTracker
from bot.ports.errors import RunMissing, TrackerDown
from bot.settings import TrackerSettings
from tests.servers.scripted import Asked, Said, Scripted, scripted_server


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted_server() as server:
        yield server


def tracker(server: Scripted) -> RestTracker:
    settings = TrackerSettings(name="main", uri=server.url)
    return RestTracker(settings.model_copy(update={"timeout": timedelta(seconds=5)}))


def point(step: int) -> dict[str, object]:
    return {"key": "auc", "value": step / 10, "step": step, "timestamp": 1000 + step}


def paged(server: Scripted, total: int, size: int) -> list[str]:
    """A server of `total` values in pages of `size`, whatever was asked for; the tokens it was handed."""
    tokens: list[str] = []

    def answer(asked: Asked) -> Said:
        if "get-history" not in asked.path:
            return Said(b"{}")
        (token,) = parse_qs(urlsplit(asked.path).query).get("page_token", [""])
        tokens.append(token)
        first = int(token or 0)
        more = {"next_page_token": str(first + size)} if first + size < total else {}
        points = [point(step) for step in range(first, min(first + size, total))]
        return Said(json.dumps({"metrics": points, **more}).encode())

    server.script = answer
    return tokens


def test_every_page_is_read(server: Scripted) -> None:
    tokens = paged(server, 10, 4)
    history = tracker(server).history("r1", "auc", 100)
    assert [one.step for one in history.points] == list(range(10))
    assert (tokens, history.cut) == (["", "4", "8"], False)


def test_no_more_pages_are_read_than_were_asked_for(server: Scripted) -> None:
    tokens = paged(server, 1000, 4)
    history = tracker(server).history("r1", "auc", 6)
    assert [one.step for one in history.points] == list(range(6))
    assert (tokens, history.cut) == (["", "4"], True)


def test_values_that_cannot_be_read_hide_no_others(server: Scripted) -> None:
    metrics = [{"value": "much"}, None, {"step": 3}, {**point(2), "timestamp": "noon"}, point(1)]
    server.script = lambda _: Said(json.dumps({"metrics": metrics}).encode())
    assert [one.step for one in tracker(server).history("r1", "auc", 10).points] == [1, 2]


def test_pages_in_a_circle_are_trouble(server: Scripted) -> None:
    server.script = lambda _: Said(json.dumps({"metrics": [point(1)], "next_page_token": "x"}).encode())
    with pytest.raises(TrackerDown):
        tracker(server).history("r1", "auc", 10)


def test_a_run_that_the_server_does_not_know_is_missing(server: Scripted) -> None:
    gone = json.dumps({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such run"}).encode()
    server.script = lambda asked: Said(gone, 404) if "get-history" in asked.path else Said(b"{}")
    with pytest.raises(RunMissing):
        tracker(server).history("r1", "auc", 10)
