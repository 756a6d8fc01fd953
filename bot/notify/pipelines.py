"""A pipeline is told in the channels that want it, and in the threads of the runs trained from its commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.facts.messages import Message
from bot.facts.pipelines import News, Outcome, Pipeline
from bot.facts.runs import Run
from bot.notify.grouping import RUN, kind_of
from bot.notify.posting import say
from bot.notify.routing import route_pipeline
from bot.ports.store import Unit
from bot.render.messages import Templates
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Pipelines:
    """Says pipelines; every call belongs to the caller's transaction."""

    settings: Settings
    templates: Templates

    def take(self, unit: Unit, news: Sequence[News], now: datetime) -> None:
        """Keep what a delivery tells of, in any order, and say what it changes."""
        for one in news:
            if isinstance(one, Pipeline):
                self.tell(unit, one, now)

    def tell(self, unit: Unit, pipeline: Pipeline, now: datetime) -> bool:
        """Keep a pipeline's state and say it where it belongs; False when a newer state is known."""
        if not unit.pipelines.put(pipeline):
            return False
        previous = unit.pipelines.previous(pipeline)
        before = previous.outcome if previous else None
        decisions = route_pipeline(pipeline, before, self.settings.subscriptions())
        unit.changes.decide(f"{pipeline.subject}:{pipeline.attempt}:{pipeline.outcome}", None, decisions, now)
        message = Message("cards/pipeline", {"pipeline": pipeline, "fixed": _fixed(pipeline, before)})
        for decision in decisions:
            has_card = unit.outbox.get(decision.channel, pipeline.subject) is not None
            if decision.no is None or has_card:
                self._say(unit, decision.channel, pipeline.subject, message, now, subject=pipeline.subject)
        for run in unit.runs.by_commit(pipeline.commit):
            self._reply(unit, run, pipeline, now)
        return True

    def join(self, unit: Unit, run: Run, now: datetime) -> None:
        """A run has got a card: say the newest pipelines of its commit, over before it or not, in its thread."""
        if run.commit:
            newest: dict[tuple[str, str, str], Pipeline] = {}
            for pipeline in unit.pipelines.by_commit(run.commit):
                newest.setdefault((pipeline.provider, pipeline.repository, pipeline.name), pipeline)
            for pipeline in newest.values():
                self._reply(unit, run, pipeline, now)

    def _reply(self, unit: Unit, run: Run, pipeline: Pipeline, now: datetime) -> None:
        """One reply a card and pipeline, said once the pipeline is over and kept current after."""
        for row in unit.cards.of_run(run.ref):
            key = f"{row.card_key}:{pipeline.subject}"
            if pipeline.outcome.ended or unit.outbox.get(row.channel, key) is not None:
                own = kind_of(row.card_key) == RUN
                message = Message("cards/pipeline_reply", {"pipeline": pipeline, "own": own})
                self._say(unit, row.channel, key, message, now, thread_key=row.card_key)

    def _say(
        self,
        unit: Unit,
        channel: str,
        key: str,
        message: Message,
        now: datetime,
        *,
        thread_key: str = "",
        subject: str = "",
    ) -> None:
        ops = self.settings.app.ops_channel
        say(
            unit,
            self.templates,
            channel,
            key,
            message,
            now,
            thread_key=thread_key,
            subject=subject,
            ops_channel=ops or "",
        )


def _fixed(pipeline: Pipeline, before: Outcome | None) -> bool:
    return pipeline.outcome is Outcome.PASSED and before is Outcome.FAILED
