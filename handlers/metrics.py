"""What /metrics tells Prometheus, read from the database when it is asked."""

from collections.abc import Callable, Iterable
from datetime import datetime

import structlog
from prometheus_client import CollectorRegistry, Counter, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.ports.store import Store

log = structlog.get_logger("metrics")


class StoreCollector(Collector):
    """Gauges of the outbox, the trackers and the troubles that are open."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        """`now` dates the ages."""
        self.store = store
        self.now = now

    def collect(self) -> Iterable[Metric]:
        """One look at the database; where it does not answer, that is what is told."""
        now = self.now()
        try:
            with self.store.read() as unit:
                states, backlog, notices = unit.trackers.all(), unit.outbox.backlog(), unit.notices.open()
        except Exception:
            log.exception("metrics_unreadable")
            yield _database(0)
            return
        yield _database(1)
        up = GaugeMetricFamily("rundown_tracker_up", "Whether a tracker answers.", labels=["tracker"])
        age = GaugeMetricFamily(
            "rundown_tracker_age_seconds", "Seconds since a tracker last answered.", labels=["tracker"]
        )
        for state in states:
            up.add_metric([state.name], 0 if state.error else 1)
            if state.last_success is not None:
                age.add_metric([state.name], (now - state.last_success).total_seconds())
        yield up
        yield age
        yield GaugeMetricFamily("rundown_outbox_backlog", "Messages that wait for Slack.", value=backlog)
        yield GaugeMetricFamily("rundown_troubles", "Troubles that are open.", value=len(notices))


def _database(up: int) -> Metric:
    return GaugeMetricFamily("rundown_database_up", "Whether the database answers.", value=up)


def registry(store: Store, now: Callable[[], datetime]) -> CollectorRegistry:
    """Everything /metrics shows."""
    all_of_it = CollectorRegistry()
    all_of_it.register(StoreCollector(store, now))
    ProcessCollector(registry=all_of_it)
    PlatformCollector(registry=all_of_it)
    return all_of_it


def webhook_deliveries(registry: CollectorRegistry) -> Counter:
    """A count of what came to the webhooks' doors, by provider and HTTP answer; 202 is an event nobody follows."""
    return Counter("rundown_webhooks", "Webhook deliveries.", ["provider", "answer"], registry=registry)
