"""What went silent."""

from bot.facts.messages import Message
from bot.find.rows import Listing
from bot.find.scope import NoExperiment, scope_of
from bot.ports.index import RunQuery
from bot.ports.store import Store
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import Experiment, Page
from handlers.lists import Narrowed, channels, listing, no_experiment

LISTED = Listing("Stalled runs", "No stalled runs")
SIZE = 10


def answer(
    experiment: Experiment = "", *, page: Page = 1, store: Store, settings: Settings, asker: Asker, words: str
) -> Message:
    """Runs that MLflow calls running, but that have been silent for long.

    A process that is killed leaves its run running for ever; how long is long is set in app.yaml.

    Examples:
        stalled
        stalled churn-*
    """
    with store.read() as unit:
        scope = scope_of(unit, settings.subscriptions(), experiment, channels(asker))
        if isinstance(scope, NoExperiment):
            return no_experiment(scope, words)
        narrowed = Narrowed(RunQuery(experiments=scope.globs, stalled=True), ())
        return listing(unit, settings, LISTED, narrowed, scope, words=words, number=page, size=SIZE)
