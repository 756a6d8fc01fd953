"""Long answers in pages: runs and experiments of a tracking server, however many there are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.edges.mlflow.connection import Connection, TooLarge
from bot.facts.runs import Experiment
from bot.ports.errors import TrackerDown

ACTIVE, DELETED, ALL = "ACTIVE_ONLY", "DELETED_ONLY", "ALL"
# The server spends about 2 ms and 4 KB on each run of an answer (MLflow 3.17).
PAGE = 1000
# An experiment id is a bound parameter of the server's SQL; PostgreSQL takes 65,535 of them.
BATCH = 1000
PAGES = 1000


def batches(experiments: Sequence[Experiment]) -> Iterator[Sequence[Experiment]]:
    """Experiments in the numbers one question may name; no question for none."""
    for first in range(0, len(experiments), BATCH):
        yield experiments[first : first + BATCH]


class Search:
    """runs/search and experiments/search of one server, page by page; answers are MLflow's JSON."""

    def __init__(self, connection: Connection) -> None:
        """Ask over this connection."""
        self._connection = connection

    def experiments(self) -> Iterator[Any]:
        """Every experiment, deleted ones included."""
        yield from self._pages("experiments/search", "experiments", {"view_type": ALL})

    def all(self, experiments: Sequence[Experiment], condition: str, view: str = ACTIVE) -> Iterator[Any]:
        """Every run of these experiments under a condition, in MLflow's default order."""
        yield from self._pages("runs/search", "runs", _question(experiments, condition, view))

    def ascending(
        self, experiments: Sequence[Experiment], field: str, first: int, limit: int
    ) -> tuple[list[Any], int | None]:
        """At least `limit` active runs from the time `first` on, and the last one's time if more follow.

        Pages of MLflow are offsets and shift while runs come and go. So what follows is asked for by time, and
        runs that share the last moment of a page are all fetched.
        """
        found: list[Any] = []
        while len(found) < limit:
            raw, last = self._moments(experiments, field, first, limit - len(found))
            found += raw
            if last is None:
                return found, None
            first = last + 1
        return found, first - 1

    def _moments(
        self, experiments: Sequence[Experiment], field: str, first: int, limit: int
    ) -> tuple[list[Any], int | None]:
        column = f"attributes.{field}"
        question = _question(experiments, f"{column} >= {first}", ACTIVE)
        question["order_by"] = [f"{column} ASC", "attributes.run_id ASC"]
        answer, _ = self._smaller("runs/search", {**question, "max_results": limit})
        raw = self._items(answer, "runs")
        if not raw or not answer.get("next_page_token"):
            return raw, None
        last = _time(raw[-1], field)
        before = [item for item in raw if _time(item, field) != last]
        question["filter"] = f"{column} = {last}"
        question["order_by"] = ["attributes.run_id ASC"]
        return [*before, *self._pages("runs/search", "runs", question)], last

    def _pages(self, path: str, key: str, question: Mapping[str, Any]) -> Iterator[Any]:
        token, size = "", PAGE
        for _ in range(PAGES):
            answer, size = self._smaller(path, {**question, "max_results": size}, token)
            yield from self._items(answer, key)
            following = answer.get("next_page_token") or ""
            if not following:
                return
            if not isinstance(following, str) or following == token:
                raise TrackerDown(f"{self._connection.name} turns its pages in a circle.")
            token = following
        raise TrackerDown(f"{self._connection.name} never ends its pages.")

    def _smaller(self, path: str, question: dict[str, Any], token: str = "") -> tuple[Mapping[str, Any], int]:
        """One page, asked for in ever smaller size while the answer is too large; the size that went through."""
        while True:
            try:
                content = {**question, "page_token": token} if token else question
                return self._connection.search(path, content), question["max_results"]
            except TooLarge:
                if question["max_results"] <= 1:
                    raise
                question = {**question, "max_results": question["max_results"] // 4 or 1}

    def _items(self, answer: Mapping[str, Any], key: str) -> list[Any]:
        items = answer.get(key, [])
        if not isinstance(items, list):
            raise TrackerDown(f"{self._connection.name} answered with {key} that are no list.")
        return items


def _question(experiments: Sequence[Experiment], condition: str, view: str) -> dict[str, Any]:
    ids = [experiment.experiment_id for experiment in experiments]
    return {"experiment_ids": ids, "filter": condition, "run_view_type": view}


def _time(item: Any, field: str) -> int:
    info = item.get("info") if isinstance(item, dict) else None
    raw = info.get(field) if isinstance(info, dict) else None
    return raw if isinstance(raw, int) else 0
