"""Runs by what they measured, were given or are called."""

from dataclasses import replace
from datetime import datetime

from bot.facts.messages import Message
from bot.find.filters import looks_like_filter, parse_filter
from bot.find.rows import Listing
from bot.find.scope import Scope
from bot.find.tokens import FilterError
from bot.ports.index import RunQuery
from bot.ports.store import Store
from bot.settings import Settings
from bot.words import Asker, split
from bot.words.kinds import Filter, Owner, Page, Span
from handlers.lists import listing, narrow

FITS = Listing("Runs that fit", "No run fits")
PLAIN = Listing(
    "Runs about", "No run is about", "Words are looked for in names, experiments, notes, params and tags."
)
SIZE = 10


def answer(
    filter: Filter,
    *,
    by: Owner | None = None,
    since: Span | None = None,
    page: Page = 1,
    store: Store,
    settings: Settings,
    asker: Asker,
    now: datetime,
    words: str,
) -> Message:
    """Runs by MLflow's filter grammar, or by plain words.

    A filter compares metrics, params, tags and attributes and joins them with and. Plain words must each
    occur in a run's name, experiment, note, params or tags. It looks into all experiments.

    Examples:
        search metrics.auc > 0.9 and params.lr = '0.1'
        search status = 'FAILED' and start_time > '7d'
        search tags.team = 'nlp' by:@me
        search bert large
    """
    try:
        if looks_like_filter(filter):
            listed, query = FITS, RunQuery(conditions=parse_filter(filter, now, asker.timezone))
        else:
            listed, query = PLAIN, RunQuery(words=tuple(word.whole for word in split(filter)))
    except FilterError as error:
        return Message("commands/filter_error", {"error": error})
    with store.read() as unit:
        narrowed = narrow(unit, settings, asker, now, query, by=by, since=since)
        if isinstance(narrowed, Message):
            return narrowed
        listed = replace(listed, asked=filter)
        return listing(unit, settings, listed, narrowed, Scope(), words=words, number=page, size=SIZE)
