"""Settings become the things the bot works with: the only module that knows the edges."""

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.deps import Deps
from bot.document.reminders import Reminders
from bot.edges.ci import GithubActions, GitlabPipelines
from bot.edges.code import HttpCodeHosts
from bot.edges.mlflow import RestTracker
from bot.edges.queue import ThreadQueue
from bot.edges.slack import SlackEdge
from bot.edges.slack_validation import SlackValidator
from bot.edges.store import SqlStore, open_store
from bot.facts.runs import Change
from bot.follow.evidence import Evidences
from bot.follow.gathering import Gatherer
from bot.follow.lost_pipelines import LostPipelines
from bot.follow.models import Models
from bot.follow.record import Announce
from bot.follow.traces import Traces
from bot.follow.tracker import Follower
from bot.notify.announce import Announcer
from bot.notify.ci.pipelines import Pipelines
from bot.notify.delivery import Delivery
from bot.ports.ci_hosts import CiHost
from bot.ports.store import Unit
from bot.render.messages import Templates
from bot.settings import Settings, TrackerSettings


@dataclass(frozen=True, slots=True)
class Works:
    """Everything that runs: what handlers reach for, and what the clock sets going."""

    deps: Deps
    store: SqlStore
    queue: ThreadQueue
    followers: Sequence[Follower]
    reminders: Reminders
    delivery: Delivery
    models: Models
    lost_pipelines: LostPipelines

    def close(self) -> None:
        """Let go of connections."""
        self.lost_pipelines.close()
        self.store.close()


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def wire(
    settings: Settings, now: Callable[[], datetime] = utc_now, step: Callable[[str], None] = lambda _: None
) -> Works:
    """Build everything from settings; nothing is asked of the outside yet.

    `step` is told of every point of following and delivering that a process could die at.
    """
    store = open_store(settings.database)
    templates = Templates(settings.templates)
    holder = f"{socket.gethostname()}:{os.getpid()}"
    queue = ThreadQueue(store, now, holder)
    token = settings.slack.bot_token.get_secret_value() if settings.slack.bot_token else ""
    slack = SlackEdge(token, settings.slack.api_base_url, settings.delivery.timeout.total_seconds())
    trackers = {one.name: tracker(one) for one in settings.trackers}
    reminders = Reminders(settings, templates, store, trackers)
    announcer = Announcer(settings, templates)
    code = HttpCodeHosts(settings.ci, store, now)
    evidence = Evidences(announcer, store, Gatherer(code, trackers, settings.ci), now)
    traces = Traces(announcer, store, trackers, now)
    announce = announcing(announcer, reminders, traces, evidence)
    hosts = ci_hosts(settings, now)
    told: dict[str, Any] = {"ops_channel": settings.app.ops_channel, "step": step}
    return Works(
        deps=Deps(settings, store, trackers, slack, code, queue, templates, now, ci_hosts=hosts),
        store=store,
        queue=queue,
        followers=[
            Follower(trackers[one.name], store, announce, now, settings.following, one.poll, **told)
            for one in settings.trackers
        ],
        reminders=reminders,
        delivery=Delivery(
            store,
            slack,
            now,
            settings=settings.delivery,
            holder=holder,
            name=settings.app.name,
            **told,
        ),
        models=Models(settings, announcer, store, trackers),
        lost_pipelines=LostPipelines(hosts, store, Pipelines(settings, templates)),
    )


def announcing(announcer: Announcer, reminders: Reminders, traces: Traces, evidence: Evidences) -> Announce:
    """Who hears of what changed in a tracker, in their order."""

    def announce(unit: Unit, changes: Sequence[Change], moment: datetime) -> None:
        traces.drop(unit, changes)
        announcer(unit, changes, moment)
        reminders.plan(unit, changes, moment)
        traces.plan(unit, changes, moment)
        evidence.plan(unit, changes, moment)

    return announce


def tracker(settings: TrackerSettings) -> RestTracker:
    """A tracker's edge."""
    return RestTracker(settings)


def ci_hosts(settings: Settings, now: Callable[[], datetime] = utc_now) -> dict[str, CiHost]:
    """The CI providers that may be asked: those with a token."""
    hosts: dict[str, CiHost] = {}
    if settings.ci.github.token is not None:
        hosts["github"] = GithubActions(settings.ci.github, now)
    if settings.ci.gitlab.token is not None:
        hosts["gitlab"] = GitlabPipelines(settings.ci.gitlab, now)
    return hosts


def validator(settings: Settings) -> SlackValidator:
    """Slack's own opinion of blocks, for which it needs no token."""
    return SlackValidator(settings.slack.api_base_url, settings.delivery.timeout.total_seconds())
