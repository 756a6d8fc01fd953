"""The end of an artifact, from servers that know no ranges, lie about them, or never end."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.edges.mlflow import RestTracker
from bot.edges.mlflow.ending import THROUGH_BYTES
from bot.facts.traces import Artifact
from bot.ports.errors import EdgeError, RunMissing, TrackerDown, TrackerRefused
from bot.settings import TrackerSettings
from tests.servers.scripted import Asked, Said, Scripted, scripted_server


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def tracker(server: Scripted) -> Iterator[RestTracker]:
    access = {"token": SecretStr("hush"), "workspace": "growth"}
    settings = TrackerSettings(name="main", uri=server.url, **access)
    made = RestTracker(settings.model_copy(update={"timeout": timedelta(seconds=2)}))
    yield made
    made.close()


def artifacts_are(server: Scripted, said: Said) -> None:
    server.script = lambda asked: said if asked.path.startswith("/get-artifact") else Said()


def asked_for(server: Scripted) -> list[Asked]:
    return [asked for asked in server.asked if "artifact" in asked.path]


def test_the_end_is_asked_for_by_range_with_the_trackers_credentials(
    server: Scripted, tracker: RestTracker
) -> None:
    artifacts_are(server, Said(b"the end", 206, {"content-range": "bytes 993-999/1000"}))
    assert tracker.artifact_end("a1", "logs/a b&c#é.log", 7) == b"the end"
    (asked,) = asked_for(server)
    assert asked.path == "/get-artifact?path=logs%2Fa+b%26c%23%C3%A9.log&run_uuid=a1"
    assert asked.headers["range"] == "bytes=-7"
    assert asked.headers["authorization"] == "Bearer hush"
    assert asked.headers["x-mlflow-workspace"] == "growth"


@pytest.mark.parametrize("status", [200, 206])
def test_a_server_that_sends_more_than_was_asked_for_is_cut(
    server: Scripted, tracker: RestTracker, status: int
) -> None:
    artifacts_are(server, Said(b"x" * 500_000 + b"the end", status))
    assert tracker.artifact_end("a1", "a.log", 7) == b"the end"


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        (Said(b"x", promised=THROUGH_BYTES + 1), TrackerRefused, "more than 16 MB"),
        (Said(b"x", headers={"content-encoding": "gzip"}), TrackerRefused, "packs its artifacts"),
        (Said(b"x", promised=9), TrackerDown, "broke off"),
        (Said(drop=True), TrackerDown, "broke off"),
        (Said(status=416), TrackerDown, "cannot send"),
        (Said(status=500), TrackerDown, "500"),
        (Said(status=403), TrackerRefused, "403"),
        (Said(status=302, headers={"location": "https://sso.example.com/"}), TrackerRefused, "sends everyone on"),
        (Said(b'{"error_code": "RESOURCE_DOES_NOT_EXIST"}', 404), RunMissing, "does not know"),
        (Said(status=404), TrackerRefused, "no MLflow API"),
    ],
)
def test_what_cannot_be_read_says_why(
    server: Scripted, tracker: RestTracker, said: Said, error: type[EdgeError], words: str
) -> None:
    artifacts_are(server, said)
    with pytest.raises(error, match=words):
        tracker.artifact_end("a1", "a.log", 7)


def test_a_server_that_drips_is_left(server: Scripted, tracker: RestTracker) -> None:
    artifacts_are(server, Said(b"x" * 1000, drip=0.1))
    began = time.monotonic()
    with pytest.raises(TrackerDown, match="took longer than 2 s"):
        tracker.artifact_end("a1", "a.log", 7)
    assert time.monotonic() - began < 8


def test_a_listing_of_any_shape_is_read(server: Scripted, tracker: RestTracker) -> None:
    odd = '{"path": 3}, 7, {}, {"path": "\\ud800"}'
    files = f'{{"files": [{{"path": "a", "is_dir": true}}, {odd}, {{"path": "b", "file_size": "8"}}]}}'
    server.script = lambda asked: Said(files.encode() if "artifacts/list" in asked.path else b"{}")
    assert list(tracker.artifacts("a1")) == [Artifact("a", folder=True), Artifact("b")]
    assert asked_for(server)[0].path == "/api/2.0/mlflow/artifacts/list?run_id=a1"
    server.script = lambda _: Said(b'{"files": "none"}')
    assert list(tracker.artifacts("a1", "logs/é")) == []
    assert asked_for(server)[-1].path.endswith("list?run_id=a1&path=logs%2F%C3%A9")
