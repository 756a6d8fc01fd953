"""What a run logged of one metric over time, read in pages."""

from collections.abc import Mapping
from typing import Any

from bot.edges.mlflow.connection import Connection
from bot.edges.mlflow.reading import read_points
from bot.facts.runs import Metric
from bot.ports.errors import TrackerDown
from bot.ports.tracker import MetricHistory

# MLflow takes no more at once: https://mlflow.org/docs/latest/rest-api.html#get-metric-history
PAGE = 25_000


def read_history(connection: Connection, run_id: str, metric: str, most: int) -> MetricHistory:
    """The earliest values of a metric, at most `most`; servers without pages answer all at once."""
    question = {"run_id": run_id, "metric_key": metric, "max_results": str(min(PAGE, most + 1))}
    points: list[Metric] = []
    token = ""
    while True:
        answer = connection.get("metrics/get-history", {**question, **({"page_token": token} if token else {})})
        points += read_points(answer.get("metrics"))
        following = _following(connection, answer, token)
        if not following or len(points) > most:
            break
        token = following
    kept = sorted(points[:most], key=_in_order)
    return MetricHistory(kept, cut=len(points) > most)


def _following(connection: Connection, answer: Mapping[str, Any], token: str) -> str:
    following = answer.get("next_page_token") or ""
    if not isinstance(following, str) or (following and (following == token or not answer.get("metrics"))):
        raise TrackerDown(f"{connection.name} turns its pages in a circle.")
    return following


def _in_order(point: Metric) -> tuple[int, float]:
    return point.step, point.at.timestamp() if point.at else 0.0
