"""The newest runs."""

from datetime import datetime

from bot.facts.messages import Message
from bot.find.rows import Listing
from bot.find.scope import NoExperiment, scope_of
from bot.ports.index import RunQuery
from bot.ports.store import Store
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import Count, Experiment, Owner, Page, Span, StatusWord
from handlers.lists import channels, listing, narrow, no_experiment

LISTED = Listing("Latest runs", "No runs")


def answer(
    experiment: Experiment = "",
    count: Count = 5,
    *,
    by: Owner | None = None,
    status: StatusWord | None = None,
    since: Span | None = None,
    page: Page = 1,
    store: Store,
    settings: Settings,
    asker: Asker,
    now: datetime,
    words: str,
) -> Message:
    """The newest runs, with what they measured.

    Without an experiment it takes those this channel subscribes to; * stands for all. Runs of a sweep are
    left out, their parent is there.

    Examples:
        latest
        latest churn-* 10
        latest by:@me status:failed since:7d
    """
    with store.read() as unit:
        scope = scope_of(unit, settings.subscriptions(), experiment, channels(asker))
        if isinstance(scope, NoExperiment):
            return no_experiment(scope, words)
        query = RunQuery(experiments=scope.globs, top_level=True)
        narrowed = narrow(unit, settings, asker, now, query, by=by, status=status, since=since)
        if isinstance(narrowed, Message):
            return narrowed
        return listing(unit, settings, LISTED, narrowed, scope, words=words, number=page, size=count)
