"""A stand-in for an MLflow server with a long history that answers faster than Rundown can read.

The real one takes 2 s of its own time for a page of 1,000 runs, so what is measured would be MLflow. `python -m
tests.bench.history COUNT` prints its port and serves until its input ends.
"""

import json
import os
import re
import sys
import threading
from datetime import timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.edges.mlflow.reading import milliseconds
from bot.facts.runs import Run
from tests.bench import team

FROM = re.compile(r"attributes\.(\w+) (>=|>|=) (\d+)")
STEP = team.APART // timedelta(milliseconds=1)


class History:
    """Answers what Rundown asks: runs by their start, which is even, so that none has to be searched for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.first = milliseconds(team.NEWEST) - (count - 1) * STEP

    def experiments(self) -> bytes:
        """Every experiment."""
        listed = [
            {"experiment_id": one.experiment_id, "name": one.name, "lifecycle_stage": "active"}
            for one in team.experiments()
        ]
        return json.dumps({"experiments": listed}).encode()

    def search(self, question: dict[str, Any]) -> bytes:
        """Runs from a start on; nothing is running, has ended lately or is deleted."""
        condition = FROM.search(question.get("filter") or "")
        by_start = condition is not None and condition[1] == "start_time" and "status" not in question["filter"]
        if condition is None or not by_start or question["run_view_type"] != "ACTIVE_ONLY":
            return b"{}"
        at = int(condition[3])
        if condition[2] == "=":
            place, rest = divmod(at - self.first, STEP)
            return self.page(place, 1) if rest == 0 and 0 <= place < self.count else b"{}"
        begin, most = max(0, -(-(at - self.first) // STEP)), int(question["max_results"])
        threading.Thread(target=self.page, args=(begin + most, most)).start()
        return self.page(begin, most)

    @lru_cache(4)  # noqa: B019 - there is one for the whole process
    def page(self, begin: int, most: int) -> bytes:
        """Runs by their place in the order of their starts; the next page is made while this one is read."""
        end = min(self.count, begin + most)
        more = {"next_page_token": "more"} if end < self.count and most > 1 else {}
        starts = ((place, team.NEWEST - (self.count - 1 - place) * team.APART) for place in range(begin, end))
        return json.dumps({"runs": [_told(team.run(place, start)) for place, start in starts], **more}).encode()


def _told(run: Run) -> dict[str, Any]:
    info: dict[str, Any] = {
        "run_id": run.run_id,
        "run_name": run.name,
        "experiment_id": run.experiment_id,
        "status": run.status.value,
        "start_time": milliseconds(run.started) if run.started else 0,
        "artifact_uri": run.artifact_uri,
        "lifecycle_stage": "active",
    }
    if run.ended:
        info["end_time"] = milliseconds(run.ended)
    metrics = [
        {"key": key, "value": one.value, "step": one.step, "timestamp": milliseconds(one.at) if one.at else 0}
        for key, one in run.metrics.items()
    ]
    data = {
        "metrics": metrics,
        "params": [{"key": key, "value": value} for key, value in run.params.items()],
        "tags": [{"key": key, "value": value} for key, value in run.tags.items()],
    }
    return {"info": info, "data": data}


def main() -> None:
    """Serve until the input ends."""
    history = History(int(sys.argv[1]))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            question = json.loads(self.rfile.read(length) or b"{}")
            search = self.path.endswith("runs/search")
            body = history.search(question) if search else history.experiments()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    print(server.server_port, flush=True)
    server.serve_forever()


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
