"""What a test run changed is worked out on the queue: for 100,000 cases that takes a second, and no CI waits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.facts.reports import Origin
from bot.facts.suites import suite_diff
from bot.notify.ci.behaviour import behaviour
from bot.notify.ci.pipelines import Pipelines
from bot.ports.store import Store, Unit

TASK = "test_run"


def plan(unit: Unit, origin: Origin, now: datetime) -> None:
    """A report was kept: have the test run looked at that it is a part of."""
    unit.tasks.put(TASK, {"test_run": origin.test_run}, now)


def look(store: Store, pipelines: Pipelines, asked: Mapping[str, Any], now: datetime) -> None:
    """Put a test run beside its base and say what it changed, with all of its parts that came until now."""
    with store.read() as unit:
        filed = unit.reports.find(test_run=asked["test_run"], limit=1)
        diff = behaviour(unit, filed[0].origin) if filed else None
    if diff is not None:
        with store.write() as unit:
            pipelines.tested(unit, suite_diff(diff), now)
