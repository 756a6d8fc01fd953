"""What CI tells becomes cards, in any order, and is said to the runs it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.facts.checks import Check
from bot.facts.courses import Course
from bot.facts.messages import Message, PostState
from bot.facts.pipelines import JobChange, News, Pipeline, pull_request_subject
from bot.facts.suites import SuiteDiff
from bot.notify.announce import Announcer
from bot.notify.ci.cards import check_card, flaky_reply, pull_request_card, suites_reply, turn_reply
from bot.notify.ci.checks import on_default_branch, pull_requests_of, read_check, subject_of
from bot.notify.ci.runs import RunChecks
from bot.notify.ci.turns import FLAKY, Turn, route_check
from bot.notify.posting import say
from bot.ports.store import Unit
from bot.render.messages import Templates
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Pipelines:
    """Says what CI tells; every call belongs to the caller's transaction."""

    settings: Settings
    templates: Templates

    def take(self, unit: Unit, news: Sequence[News], now: datetime) -> None:
        """Keep all of it, then say what it changes: of much old news only what still holds is said."""
        before = {one.subject: self._loud(unit, one.subject, now) for one in news if isinstance(one, Pipeline)}
        subjects = {subject: None for one in news for subject in self._keep(unit, one)}
        checks = [check for subject in subjects if (check := read_check(unit, subject)) is not None]
        for check in sorted(checks, key=lambda one: (one.began, one.subject)):
            self._tell(unit, check, now, before.get(check.subject))

    def tested(self, unit: Unit, diff: SuiteDiff, now: datetime) -> None:
        """Keep what a test run changed and say it, unless more of its parts were looked at before."""
        known = unit.suites.get([diff.origin.test_run]).get(diff.origin.test_run)
        if known is not None and known.origin.at > diff.origin.at:
            return
        subject = subject_of(diff.origin)
        before = self._loud(unit, subject, now)
        unit.suites.put(diff)
        check = read_check(unit, subject)
        if check is not None:
            self._tell(unit, check, now, before)

    def _keep(self, unit: Unit, one: News) -> Iterable[str]:
        """Keep it; the subjects of the pipelines whose cards it may change."""
        if isinstance(one, Pipeline):
            return [one.subject] if unit.pipelines.put(one) else []
        if isinstance(one, JobChange):
            return [one.subject] if unit.pipelines.put_job(one) else []
        if not unit.pull_requests.put(one):
            return []
        return [course.now.subject for course in unit.pipelines.by_commit(one.head_commit)]

    def _loud(self, unit: Unit, subject: str, now: datetime) -> frozenset[str]:
        """What was to be noticed of a check before."""
        check = read_check(unit, subject)
        return self._turn(unit, check, now).loud if check is not None else frozenset()

    def _tell(self, unit: Unit, check: Check, now: datetime, before: frozenset[str] | None = None) -> None:
        """Say a check; `before` is what was to be noticed of it until now, where that may have changed."""
        turn = self._turn(unit, check, now)
        wishes = (*self.settings.subscriptions(), *(one for _, one in unit.subscriptions.all()))
        decisions = route_check(turn, wishes)
        unit.changes.decide(_decided(check), None, decisions, now)
        for decision in decisions:
            if decision.no is None or unit.outbox.get(decision.channel, check.subject) is not None:
                new = turn.loud - before if before is not None else frozenset()
                broadcast = decision.subscription is not None and decision.subscription.threads
                self._card(unit, decision.channel, turn, now, new=new, broadcast=broadcast)
        again = Announcer(self.settings, self.templates).again
        for run in RunChecks(self.settings, self.templates).tell(unit, check, now):
            again(unit, run.ref, now)

    def _turn(self, unit: Unit, check: Check, now: datetime) -> Turn:
        course, pipeline = check.course, check.pipeline
        previous = unit.pipelines.previous(course) if course is not None else None
        return Turn(
            check,
            on_default_branch(unit, check),
            previous.outcome if previous else None,
            course is not None and unit.pipelines.followed(course),
            pull_requests_of(unit, pipeline) if pipeline is not None else (),
            check.at < now - self.settings.following.old_news,
        )

    def _card(
        self, unit: Unit, channel: str, turn: Turn, now: datetime, *, new: frozenset[str], broadcast: bool
    ) -> None:
        """The check's own card, in the thread of its pull request's where it checks one.

        A card that people have seen does not tell them that it changed: of what is `new` a reply does.
        """
        pipeline, subject = turn.check.pipeline, turn.check.subject
        before = unit.outbox.get(channel, subject)
        thread = before.thread_key if before is not None else ""
        if before is None and turn.pull_requests and pipeline is not None:
            thread = pull_request_subject(pipeline.provider, pipeline.repository, turn.pull_requests[0])
        if thread and pipeline is not None:
            self._pull_request(unit, channel, thread, pipeline, now)
        self._say(unit, channel, subject, check_card(turn), now, thread_key=thread, subject=subject)
        seen = before is not None and (bool(before.ts) or before.state is PostState.SENDING)
        if turn.word in new and pipeline is not None and (thread or seen):
            key = f"{subject}:{pipeline.attempt}:{turn.word}"
            self._say(unit, channel, key, turn_reply(turn), now, thread_key=thread or subject, broadcast=broadcast)
        if FLAKY in new and (thread or seen):
            key, message = f"{subject}:flaky", flaky_reply(turn.check)
            self._say(unit, channel, key, message, now, thread_key=thread or subject, broadcast=broadcast)
        if turn.check.over and any(one.changed for one in turn.check.tested):
            message = suites_reply(turn.check, self.settings.app.command)
            self._say(unit, channel, f"{subject}:tests", message, now, thread_key=thread or subject)

    def _pull_request(self, unit: Unit, channel: str, subject: str, pipeline: Pipeline, now: datetime) -> None:
        known = unit.pull_requests.get(subject)
        commit = known.head_commit if known is not None else pipeline.commit
        checks = newest_of_each(unit.pipelines.by_commit(commit), pipeline.repository)
        message = pull_request_card(subject, known, checks or [pipeline])
        self._say(unit, channel, subject, message, now, subject=subject)

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
        broadcast: bool = False,
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
            broadcast=broadcast,
            ops_channel=ops,
        )


def newest_of_each(courses: Iterable[Course], repository: str) -> Sequence[Pipeline]:
    """Of the pipelines of a commit those of a repository, the newest of each name, in the order of their names."""
    newest: dict[str, Pipeline] = {}
    for course in sorted(courses, key=lambda one: one.began):
        if course.now.repository == repository:
            newest[course.now.name] = course.now
    return [newest[name] for name in sorted(newest)]


def _decided(check: Check) -> str:
    """What a decision is about."""
    pipeline = check.pipeline
    return check.subject if pipeline is None else f"{check.subject}:{pipeline.attempt}:{pipeline.outcome}"
