"""What CI tells becomes cards, in any order, and replies in the threads of the runs trained from its commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.facts.courses import Course
from bot.facts.messages import Message, PostState
from bot.facts.pipelines import JobChange, News, Pipeline, pull_request_subject
from bot.facts.routes import Subscription
from bot.facts.runs import Run
from bot.notify.ci_cards import pipeline_card, pipeline_reply, pull_request_card, turn_reply
from bot.notify.grouping import RUN, kind_of
from bot.notify.posting import say
from bot.notify.turns import Turn, route_pipeline
from bot.ports.store import Unit
from bot.render.messages import Templates
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Pipelines:
    """Says pipelines; every call belongs to the caller's transaction."""

    settings: Settings
    templates: Templates

    def take(self, unit: Unit, news: Sequence[News], now: datetime) -> None:
        """Keep all of it, then say what it changes: of much old news only what still holds is said."""
        subjects = {subject: None for one in news for subject in self._keep(unit, one)}
        courses = [course for subject in subjects if (course := unit.pipelines.course(subject)) is not None]
        for course in sorted(courses, key=lambda one: (one.began, one.now.subject)):
            self._tell(unit, course, now)

    def join(self, unit: Unit, run: Run, now: datetime) -> None:
        """A run has got a card: say the newest pipelines of its commit, over before it or not, in its thread."""
        if run.commit:
            for pipeline in newest_of_each(unit.pipelines.by_commit(run.commit)):
                self._reply(unit, run, pipeline, now)

    def _keep(self, unit: Unit, one: News) -> Iterable[str]:
        """Keep it; the subjects of the pipelines whose cards it may change."""
        if isinstance(one, Pipeline):
            return [one.subject] if unit.pipelines.put(one) else []
        if isinstance(one, JobChange):
            return [one.subject] if unit.pipelines.put_job(one) else []
        if not unit.pull_requests.put(one):
            return []
        return [course.now.subject for course in unit.pipelines.by_commit(one.head_commit)]

    def _tell(self, unit: Unit, course: Course, now: datetime) -> None:
        pipeline = course.now
        turn = self._turn(unit, course, now)
        decisions = route_pipeline(turn, self._wishes(unit))
        unit.changes.decide(f"{pipeline.subject}:{pipeline.attempt}:{pipeline.outcome}", None, decisions, now)
        for decision in decisions:
            if decision.no is None or unit.outbox.get(decision.channel, pipeline.subject) is not None:
                self._card(unit, decision.channel, turn, now)
        for run in unit.runs.by_commit(pipeline.commit):
            self._reply(unit, run, pipeline, now)

    def _turn(self, unit: Unit, course: Course, now: datetime) -> Turn:
        pipeline = course.now
        previous = unit.pipelines.previous(course)
        heads = unit.pull_requests.by_head(pipeline.provider, pipeline.repository, pipeline.commit)
        numbers = {*pipeline.pull_requests, *(one.number for one in heads)} if not pipeline.default_branch else ()
        return Turn(
            course,
            previous.outcome if previous else None,
            unit.pipelines.followed(course),
            tuple(sorted(numbers)),
            pipeline.updated < now - self.settings.following.old_news,
        )

    def _card(self, unit: Unit, channel: str, turn: Turn, now: datetime) -> None:
        """The pipeline's own card, in the thread of its pull request's where it checks one."""
        pipeline = turn.course.now
        before = unit.outbox.get(channel, pipeline.subject)
        thread = before.thread_key if before is not None else ""
        if before is None and turn.pull_requests:
            thread = pull_request_subject(pipeline.provider, pipeline.repository, turn.pull_requests[0])
        if thread:
            self._pull_request(unit, channel, thread, pipeline, now)
        subject = pipeline.subject
        self._say(unit, channel, subject, pipeline_card(turn), now, thread_key=thread, subject=subject)
        # A card that nobody has seen yet says it itself; in a pull request's thread, cards are not seen.
        if turn.word and (thread or (before is not None and (before.ts or before.state is PostState.SENDING))):
            key = f"{subject}:{pipeline.attempt}:{turn.word}"
            self._say(unit, channel, key, turn_reply(turn), now, thread_key=thread or subject)

    def _pull_request(self, unit: Unit, channel: str, subject: str, pipeline: Pipeline, now: datetime) -> None:
        known = unit.pull_requests.get(subject)
        commit = known.head_commit if known is not None else pipeline.commit
        checks = newest_of_each(unit.pipelines.by_commit(commit), pipeline.repository)
        message = pull_request_card(subject, known, checks or [pipeline])
        self._say(unit, channel, subject, message, now, subject=subject)

    def _reply(self, unit: Unit, run: Run, pipeline: Pipeline, now: datetime) -> None:
        """One reply a card and pipeline, said once the pipeline is over and kept current after."""
        for row in unit.cards.of_run(run.ref):
            key = f"{row.card_key}:{pipeline.subject}"
            if pipeline.outcome.ended or unit.outbox.get(row.channel, key) is not None:
                message = pipeline_reply(pipeline, own=kind_of(row.card_key) == RUN)
                self._say(unit, row.channel, key, message, now, thread_key=row.card_key)

    def _wishes(self, unit: Unit) -> Sequence[Subscription]:
        return (*self.settings.subscriptions(), *(one for _, one in unit.subscriptions.all()))

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
            ops_channel=ops,
        )


def newest_of_each(courses: Iterable[Course], repository: str = "") -> Sequence[Pipeline]:
    """Of the pipelines of a commit, newest first, the newest of each name; of one repository if it is given."""
    newest: dict[tuple[str, str, str], Pipeline] = {}
    for course in sorted(courses, key=lambda one: one.began, reverse=True):
        pipeline = course.now
        if repository in ("", pipeline.repository):
            newest.setdefault((pipeline.provider, pipeline.repository, pipeline.name), pipeline)
    return list(newest.values())
