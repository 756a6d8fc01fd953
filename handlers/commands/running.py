"""What is going on."""

from bot.facts.messages import Message
from bot.facts.runs import Status
from bot.find.rows import Listing
from bot.find.scope import NoExperiment, scope_of
from bot.ports.index import RunQuery
from bot.ports.store import Store
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import Experiment, Page
from handlers.lists import Narrowed, channels, listing, no_experiment

LISTED = Listing("Running now", "Nothing is running")
SIZE = 10


def answer(
    experiment: Experiment = "", *, page: Page = 1, store: Store, settings: Settings, asker: Asker, words: str
) -> Message:
    """Runs that are going on, with their newest metrics.

    A run that has been silent for long is marked as stalled: its process may be gone.

    Examples:
        running
        running churn-*
    """
    with store.read() as unit:
        scope = scope_of(unit, settings.subscriptions(), experiment, channels(asker))
        if isinstance(scope, NoExperiment):
            return no_experiment(scope, words)
        statuses = frozenset({Status.RUNNING, Status.SCHEDULED})
        narrowed = Narrowed(RunQuery(experiments=scope.globs, statuses=statuses), ())
        return listing(unit, settings, LISTED, narrowed, scope, words=words, number=page, size=SIZE)
