"""From the outbox to Slack: intent, post, commit; what is unclear is looked for before it is tried again."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.facts.messages import Post, PostState
from bot.notify.notices import tell_ops
from bot.notify.outcomes import CREDENTIALS_RETRY, EDIT, HISTORY, POST, Claim, Outcomes, wait
from bot.notify.pace import Pace
from bot.notify.refusals import NO_TOKEN, Refusal, kind
from bot.ports.errors import SlackRefused, SlackUnclear
from bot.ports.slack import Posted, Slack
from bot.ports.store import Store, Unit
from bot.settings import DeliverySettings

log = structlog.get_logger("delivery")

# Slack takes about one message a second a channel: https://docs.slack.dev/apis/web-api/rate-limits
LANE = timedelta(seconds=1)
# A claim older than this is not acted on: somebody may be looking for its message already.
FRESH = timedelta(seconds=2)
# How far Slack's clock and ours may be apart: a message looked for too late in history would be posted twice.
SKEW = timedelta(days=1)
LOOKED_FOR_AT_MOST = 10


class Delivery:
    """Sends what the outbox holds; safe to call from several threads and processes at once.

    A post is `sending` in the database before Slack is called, without retries. A clear answer settles it.
    Anything else leaves it `sending` until `settle` has looked for its key in Slack, after the time-out and
    a settle time. `step` is told of every point a process could die at.
    """

    def __init__(
        self,
        store: Store,
        slack: Slack,
        now: Callable[[], datetime],
        *,
        settings: DeliverySettings,
        holder: str,
        ops_channel: str = "",
        name: str = "Rundown",
        step: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.store = store
        self.slack = slack
        self.now = now
        self.settings = settings
        self.ops_channel = ops_channel
        self.outcomes = Outcomes(settings.settle, ops_channel, name)
        self.step = step
        self.pace = Pace(settings.per_minute)
        self.lease = 2 * settings.timeout + FRESH
        self._holders = (f"{holder}:{count}" for count in itertools.count(1))

    def run_once(self) -> bool:
        """Send one post of the channel that waited longest; False when nothing can be sent now."""
        now = self.now()
        if not self.pace.free(now):
            return False
        with self.store.read() as unit:
            if all(_held(unit, method, "", now) for method in (POST, EDIT)):
                return False
            channels = list(unit.outbox.due(now))
        for channel in channels:
            claim = self._claim(channel)
            if claim is not None:
                self._deliver(claim)
                return True
        return False

    def settle(self) -> int:
        """Look in Slack for the posts nobody knows about; returns how many are known about now."""
        now = self.now()
        with self.store.read() as unit:
            if _held(unit, HISTORY, "", now):
                return 0
            before = now - self.settings.timeout - self.settings.settle - FRESH
            unsettled = [
                (post, _thread_ts(unit, post)) for post in unit.outbox.unsettled(before, LOOKED_FOR_AT_MOST)
            ]
        settled = 0
        for post, thread_ts in unsettled:
            known = self._look_for(post, thread_ts)
            if known is None:
                break
            settled += known
        return settled

    def _claim(self, channel: str) -> Claim | None:
        now = self.now()
        holder = next(self._holders)
        with self.store.write() as unit:
            post = unit.outbox.claim(channel, holder, now, now + self.lease)
            if post is None:
                return None
            claim = Claim(post, holder, _thread_ts(unit, post))
            until = _held(unit, claim.method, channel, now)
            if until is not None:
                unit.outbox.retry(post.id, until)
                unit.outbox.release(channel, holder, now)
                return None
        self.step("claimed")
        return claim

    def _deliver(self, claim: Claim) -> None:
        record = self._attempt(claim)
        self.step("called")
        now = self.now()
        with self.store.write() as unit:
            if _same_attempt(unit, claim.post):
                record(unit, now)
            else:
                log.error("claim_lost", key=claim.post.key, channel=claim.post.channel)
            unit.outbox.release(claim.post.channel, claim.holder, now + LANE)
            self.step("recording")
        self.step("recorded")

    def _attempt(self, claim: Claim) -> Callable[[Unit, datetime], None]:
        """Call Slack; returns how to keep what came of it."""
        post = claim.post
        began = self.now()
        if post.attempt_at is not None and began - post.attempt_at > FRESH:
            return lambda unit, now: unit.outbox.retry(post.id, now)
        self.pace.take(began)
        self.step("calling")
        try:
            posted = self._call(claim)
        except SlackRefused as refused:
            problem = refused
            return lambda unit, now: self.outcomes.refused(unit, claim, problem, now)
        except SlackUnclear as unclear:
            error = str(unclear)
            return lambda unit, now: self.outcomes.unclear(unit, claim, error, now)
        except Exception as crash:  # a poison message may break what sends it; the others must go on
            log.exception("sending_failed", key=post.key, channel=post.channel)
            name = f"{type(crash).__name__}: {crash}"
            return lambda unit, now: self.outcomes.crashed(unit, claim, name, now)
        return lambda unit, now: self.outcomes.sent(unit, post, posted)

    def _call(self, claim: Claim) -> Posted:
        post = claim.post
        if post.ts:
            self.slack.edit(post.channel_id, post.ts, post.text, post.blocks, key=post.key)
            return Posted(post.channel_id, post.ts)
        return self.slack.post(
            post.channel,
            post.text,
            post.blocks,
            key=post.key,
            thread_ts=claim.thread_ts,
            broadcast=post.broadcast,
        )

    def _look_for(self, post: Post, thread_ts: str) -> bool | None:
        """Whether it is known now what became of a post; nothing when Slack shows no history for a while."""
        found: Posted | None = None
        if not post.ts:
            try:
                oldest = (post.created_at - SKEW).timestamp()
                found = self.slack.find(post.channel, post.key, oldest=oldest, thread_ts=thread_ts)
            except SlackUnclear:
                self._look_later(self.settings.settle)
                return None
            except SlackRefused as refused:
                if kind(refused.error) is Refusal.WAIT:
                    self._look_later(wait(refused, 0))
                    return None
                if refused.error in NO_TOKEN:  # with the next token the message can be looked for
                    self._look_later(CREDENTIALS_RETRY)
                    return None
                if kind(refused.error) is not Refusal.GONE:
                    self._unreadable(post, refused)
            except Exception:  # what breaks the search for one message may not stop the search for others
                log.exception("looking_failed", key=post.key, channel=post.channel)
                return False
        self.step("looked")
        with self.store.write() as unit:
            if not _same_attempt(unit, post):
                return False
            if found is not None:
                unit.outbox.adopted(post.id, found.channel_id, found.ts)
            else:
                unit.outbox.retry(post.id, self.now())
        self.step("settled")
        return True

    def _look_later(self, wait: timedelta) -> None:
        with self.store.write() as unit:
            unit.outbox.hold(HISTORY, "", self.now() + wait)

    def _unreadable(self, post: Post, refused: SlackRefused) -> None:
        """A history that cannot be read is no reason to lose a message: it is posted again, perhaps twice."""
        log.warning("history_unreadable", key=post.key, channel=post.channel, error=refused.error)
        text = (
            f"I cannot read {post.channel} ({refused.error}), so a message whose sending was interrupted "
            "may appear there twice. `rundown check` says which scope or membership is missing."
        )
        with self.store.write() as unit:
            tell_ops(unit, self.ops_channel, f"history:{post.channel}", text, self.now())


def _held(unit: Unit, method: str, channel: str, now: datetime) -> datetime | None:
    """Until when a method is kept from a channel, nothing when it is free."""
    until = unit.outbox.held_until(method, channel)
    return until if until is not None and until > now else None


def _thread_ts(unit: Unit, post: Post) -> str:
    parent = unit.outbox.get(post.channel, post.thread_key) if post.thread_key else None
    return parent.ts if parent is not None else ""


def _same_attempt(unit: Unit, post: Post) -> bool:
    """Whether nobody settled the attempt meanwhile."""
    current = unit.outbox.get(post.channel, post.key)
    return (
        current is not None
        and current.state is PostState.SENDING
        and (current.attempts, current.attempt_at) == (post.attempts, post.attempt_at)
    )
