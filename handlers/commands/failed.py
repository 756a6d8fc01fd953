"""What went wrong."""

from dataclasses import replace
from datetime import datetime

from bot.facts.messages import Message
from bot.facts.runs import Status
from bot.find.rows import Listing
from bot.find.scope import NoExperiment, scope_of
from bot.ports.index import RunQuery
from bot.ports.store import Store
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import Experiment, Page, Span
from handlers.lists import Narrowed, channels, listing, no_experiment

LISTED = Listing("Failed runs", "No failed runs")
SIZE = 10


def answer(
    since: Span | None = None,
    experiment: Experiment = "",
    *,
    page: Page = 1,
    store: Store,
    settings: Settings,
    asker: Asker,
    now: datetime,
    words: str,
) -> Message:
    """Runs that failed or were killed, the newest first.

    With a time, those that ended since.

    Examples:
        failed
        failed 7d
        failed yesterday churn-*
    """
    with store.read() as unit:
        scope = scope_of(unit, settings.subscriptions(), experiment, channels(asker))
        if isinstance(scope, NoExperiment):
            return no_experiment(scope, words)
        query = RunQuery(experiments=scope.globs, statuses=frozenset({Status.FAILED, Status.KILLED}))
        narrowed = Narrowed(query, ())
        if since is not None:
            moment = since.moment(now, asker.timezone)
            narrowed = Narrowed(replace(query, ended_since=moment), (f"since {since.typed}",))
        return listing(unit, settings, LISTED, narrowed, scope, words=words, number=page, size=SIZE)
