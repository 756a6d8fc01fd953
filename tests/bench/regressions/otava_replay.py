"""Replays Apache Otava one point at a time, in an environment of its own: it pins numpy.

`python otava_replay.py MAX_PVALUE WINDOW TOLERANCE` reads a JSON list of values a line and answers a line each:
the alarms as [place, at], the places found at the end, and the seconds it took this process.
"""

import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from otava.analysis import compute_change_points


def replay(values: Sequence[float], max_pvalue: float, window: int, tolerance: int) -> dict[str, Any]:
    """Every change point is an alarm the first time it is found; within the tolerance it is the same one."""
    began = time.process_time()
    alarms: list[tuple[int, int]] = []
    places: list[int] = []
    for end in range(3, len(values) + 1):
        first = max(0, end - window)
        found, _ = compute_change_points(list(values[first:end]), max_pvalue=max_pvalue)
        places = [first + int(one.index) for one in found]
        alarms += [(one, end - 1) for one in places if all(abs(one - place) > tolerance for place, _ in alarms)]
    return {"alarms": alarms, "places": places, "seconds": time.process_time() - began}


if __name__ == "__main__":
    chance, newest, near = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    for line in sys.stdin:
        print(json.dumps(replay(json.loads(line), chance, newest, near)), flush=True)
