"""`/runs best` from a signed request to the whole answer, beside the tracker's own order by a metric."""

import json
from collections.abc import Iterator

import httpx

from tests.bench import team
from tests.bench.asking import Asking
from tests.bench.figures import Line, at_most, median, p99, timed, told
from tests.bench.index import filled
from tests.bench.latest import MS, doors
from tests.bench.mlflow_store import mlflow_with

RUNS = 100_000
ASKED = {
    "best": ("best val_auc", "general"),
    "best, of a channel's 50 experiments": ("best val_auc", "churn"),
    "best, of one experiment": ("best val_auc in churn-100", "general"),
    "best, page 100": ("best val_auc page:100", "general"),
}
EACH = 40
# MLflow's order by a metric is quadratic on SQLite: with 100,000 runs it takes minutes.
TRACKED = {1000: 5, 10_000: 1}


def measure() -> Iterator[Line]:
    """The answers over 100,000 runs, then what MLflow takes to order a hundredth and a tenth of them."""
    with doors(f"sqlite:///{filled(RUNS)}") as (ours, _):
        for what, (text, channel) in ASKED.items():
            asking = Asking(ours, text, channel)
            _check(asking.once()[1])
            seconds = asking.times(EACH)
            yield at_most(f"{what}: the answer, median", median(seconds) * MS, 100, " ms")
            yield told(f"{what}: the answer, p99", p99(seconds) * MS, " ms")
    for runs, times in TRACKED.items():
        with (
            mlflow_with(runs) as server,
            httpx.Client(base_url=server.url, trust_env=False, timeout=120) as client,
        ):
            seconds = [timed(lambda client=client: _ordered(client)) for _ in range(times)]  # type: ignore[misc]
            yield told(f"MLflow's own order_by, {runs:,} runs, median", median(seconds) * MS, " ms")


def _check(raw: bytes) -> None:
    answer = json.loads(raw)
    table = [block for block in answer["blocks"] if block["type"] == "table"]
    assert len(table[0]["rows"]) == 11, answer


def _ordered(client: httpx.Client) -> None:
    body = {
        "experiment_ids": [str(number) for number in range(1, team.EXPERIMENTS + 1)],
        "order_by": ["metrics.val_auc DESC"],
        "max_results": 10,
    }
    answer = client.post("/api/2.0/mlflow/runs/search", json=body)
    assert len(answer.raise_for_status().json()["runs"]) == 10
