"""One digest: what a channel's experiments did since the last one; the order of sections is the order here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.document.rules import documented
from bot.document.working_hours import WEEK
from bot.facts.messages import Message
from bot.facts.runs import Run, Status
from bot.judge.direction import better
from bot.judge.metrics import primary_metrics
from bot.notify.posting import say
from bot.notify.rules import RunRules, rules_in
from bot.ports.index import RunQuery
from bot.ports.store import Store, Unit
from bot.render.messages import Templates
from bot.settings import DigestSettings, Settings, SubscriptionSettings

LATE_AT_MOST = timedelta(hours=12)
NAMED_AT_MOST = 5
EXPERIMENTS_AT_MOST = 5
READ_AT_MOST = 2000
DAILY = "digest/daily"


@dataclass(frozen=True, slots=True)
class Slot:
    """One digest that is due: its local date, its moment, and the moment its story begins (UTC)."""

    day: date
    at: datetime
    since: datetime


def slot(rule: DigestSettings, now: datetime) -> Slot | None:
    """The newest digest whose moment has come, unless it is more than twelve hours ago.

    The date is the local one, so a day of 25 hours has one digest; the story begins at the digest before,
    so Monday's covers the weekend.
    """
    zone = ZoneInfo(rule.timezone)
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(15)]
    past = [day for day in days if WEEK[day.weekday()] in rule.days and _moment(day, rule.at, zone) <= now]
    if not past or now - _moment(past[0], rule.at, zone) > LATE_AT_MOST:
        return None
    earlier = past[1] if len(past) > 1 else past[0] - timedelta(days=1)
    return Slot(past[0], _moment(past[0], rule.at, zone), _moment(earlier, rule.at, zone))


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Digests:
    """Says each channel's digest, once a channel and local date, however many processes try."""

    settings: Settings
    templates: Templates
    store: Store

    def digest(self, now: datetime) -> int:
        """Say what is due; the firing and the message are one transaction. Returns how many were said."""
        said = 0
        for channel, subscriptions in self.settings.channels.items():
            rules = [one.digest for one in subscriptions if one.digest is not None]
            due = slot(rules[0], now) if rules else None
            if due is None:
                continue
            with self.store.write() as unit:
                if not self._installed_before(unit, due.at):
                    continue
                if not unit.fires.fire(f"digest:{channel}", due.day.isoformat(), now):
                    continue
                message = compose(unit, self.settings, subscriptions, due)
                ops, key = self.settings.app.ops_channel, f"digest:{due.day.isoformat()}"
                say(unit, self.templates, channel, key, message, now, ops_channel=ops)
                said += 1
        return said

    def _installed_before(self, unit: Unit, moment: datetime) -> bool:
        """A digest from before Rundown met its first tracker would tell nothing."""
        met = [state.followed_from for state in unit.trackers.all() if state.followed_from is not None]
        return bool(met) and min(met) <= moment


def compose(unit: Unit, settings: Settings, subscriptions: Sequence[SubscriptionSettings], due: Slot) -> Message:
    """The digest of a channel for one slot."""
    globs = tuple(dict.fromkeys(glob for one in subscriptions for glob in one.experiments))
    ended = unit.runs.find(
        RunQuery(experiments=globs, ended_since=due.since, ended_until=due.at, top_level=True, limit=READ_AT_MOST)
    )
    open_now = RunQuery(experiments=globs, statuses=frozenset({Status.RUNNING}), top_level=True)
    stalled = unit.runs.find(RunQuery(experiments=globs, stalled=True, limit=NAMED_AT_MOST))
    finished = [run for run in ended if run.status is Status.FINISHED]
    failed = [run for run in ended if run.status in (Status.FAILED, Status.KILLED)]
    return Message(
        DAILY,
        {
            "command": settings.app.command,
            "day": due.day,
            "since": due.since,
            "finished": len(finished),
            "failed": failed[:NAMED_AT_MOST],
            "failures": len(failed),
            "running": unit.runs.count(open_now, READ_AT_MOST),
            "stalled": list(stalled),
            "best": best_runs(rules_in(unit, settings, finished), finished),
            "undocumented": sum(not documented(run) for run in finished),
        },
    )


@dataclass(frozen=True, slots=True)
class Best:
    """The best finished run of an experiment by its primary metric."""

    experiment: str
    metric: str
    value: float
    run: Run
    among: int


def best_runs(rules_of: RunRules, finished: Sequence[Run]) -> list[Best]:
    """The best run of each experiment whose primary metric has a known direction, busiest experiments first."""
    by_experiment: dict[str, list[Run]] = {}
    for run in finished:
        by_experiment.setdefault(run.experiment, []).append(run)
    found: list[Best] = []
    for experiment, runs in sorted(by_experiment.items(), key=lambda item: (-len(item[1]), item[0])):
        telling = max(runs, key=lambda run: len(run.metrics))
        rules = rules_of(telling)
        for metric in primary_metrics(telling, rules, 1):
            direction = better(metric, rules)
            scored = [run for run in runs if metric in run.metrics and _finite(run.metrics[metric].value)]
            if direction is None or not scored:
                continue
            pick = max if direction == "higher" else min
            top = pick(scored, key=lambda run, metric=metric: run.metrics[metric].value)  # type: ignore[misc]
            found.append(Best(experiment, metric, top.metrics[metric].value, top, len(scored)))
    return found[:EXPERIMENTS_AT_MOST]


def _finite(value: float) -> bool:
    return value - value == 0
