"""What came of sending a post, kept: sent, refused in one of five ways, unclear, or broken."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.facts.messages import Post, Rendered
from bot.notify.notices import tell_ops
from bot.notify.refusals import Refusal, kind, mend
from bot.ports.errors import SlackRefused
from bot.ports.slack import Posted
from bot.ports.store import Unit
from bot.render.plainer import plainer

log = structlog.get_logger("delivery")

POST, EDIT, HISTORY = "chat.postMessage", "chat.update", "conversations.history"
RETRY_AFTER = timedelta(seconds=30)
CREDENTIALS_RETRY = timedelta(minutes=1)
BACKOFF_AT_MOST = timedelta(minutes=5)
CRASHES_AT_MOST = 5
CREDENTIALS = "slack:credentials"


@dataclass(frozen=True, slots=True)
class Claim:
    """A post that is about to be sent, the lane it was taken from, and the thread it belongs in."""

    post: Post
    holder: str
    thread_ts: str

    @property
    def method(self) -> str:
        """The method of Slack that will send it."""
        return EDIT if self.post.ts else POST


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Keeps outcomes in the transaction that ends an attempt; `settle` is how long an unclear edit rests."""

    settle: timedelta
    ops_channel: str
    name: str

    def sent(self, unit: Unit, post: Post, posted: Posted) -> None:
        """It stands in Slack: troubles of its channel and of the token are over."""
        unit.outbox.sent(post.id, post.version, posted.channel_id, posted.ts)
        unit.notices.clear(f"channel:{post.channel}")
        unit.notices.clear(CREDENTIALS)

    def unclear(self, unit: Unit, claim: Claim, error: str, now: datetime) -> None:
        """Nobody knows: a post stays `sending` until it was looked for, an edit is made again."""
        if claim.method == EDIT:  # the same edit twice shows the same card
            unit.outbox.refused(claim.post.id, error, now + self.settle)
        else:
            unit.outbox.unclear(claim.post.id, error)

    def crashed(self, unit: Unit, claim: Claim, error: str, now: datetime) -> None:
        """Sending broke in this program: unclear, and given up when it breaks again and again."""
        again = claim.post.error.partition(":")[0] == error.partition(":")[0]
        if claim.post.attempts < CRASHES_AT_MOST or not again:
            self.unclear(unit, claim, error, now)
        else:
            self._give_up(unit, claim.post, "crash", f"A message for {claim.post.channel} broke me: {error}", now)

    def refused(self, unit: Unit, claim: Claim, refused: SlackRefused, now: datetime) -> None:
        """Slack did not do it: wait, hold everything, say it plainer, let it be, or give up and tell."""
        post, error = claim.post, refused.error
        match kind(error):
            case Refusal.WAIT:
                until = now + wait(refused, post.attempts)
                if refused.retry_after is not None or error.endswith("limited"):
                    unit.outbox.hold(claim.method, post.channel, until)
                unit.outbox.refused(post.id, error, until)
            case Refusal.CREDENTIALS:
                for method in (POST, EDIT):
                    unit.outbox.hold(method, "", now + CREDENTIALS_RETRY)
                unit.outbox.retry(post.id, now + CREDENTIALS_RETRY)
                tell_ops(
                    unit, "", CREDENTIALS, f"Slack refuses the bot's token: {error}. Run `rundown check`.", now
                )
            case Refusal.CONTENT:
                self._plainer(unit, post, refused, now)
            case Refusal.GONE:
                log.info("message_gone", key=post.key, channel=post.channel, error=error)
                unit.outbox.refused(post.id, error, None)
            case Refusal.CHANNEL:
                self._give_up(unit, post, error, mend(error, post.channel, self.name), now)

    def _plainer(self, unit: Unit, post: Post, refused: SlackRefused, now: datetime) -> None:
        log.warning("content_refused", key=post.key, error=refused.error, pointers=list(refused.pointers))
        simpler = plainer(Rendered(post.text, post.blocks))
        if simpler is not None:
            unit.outbox.degraded(post.id, post.version, simpler)
        else:
            text = f"Slack takes the message {post.key} for {post.channel} in no form: {refused.error}."
            self._give_up(unit, post, refused.error, text, now, about=f"content:{post.channel}")

    def _give_up(self, unit: Unit, post: Post, error: str, text: str, now: datetime, *, about: str = "") -> None:
        """The post is dead; whoever configured its channel is told once, elsewhere than in that channel."""
        unit.outbox.refused(post.id, error, None)
        log.error("post_given_up", key=post.key, channel=post.channel, error=error)
        ops_channel = self.ops_channel if post.channel != self.ops_channel else ""
        tell_ops(unit, ops_channel, about or f"channel:{post.channel}", text, now)


def wait(refused: SlackRefused, attempts: int) -> timedelta:
    """How long to wait: what Slack asked for, else longer each time."""
    if refused.retry_after is not None:
        return timedelta(seconds=refused.retry_after)
    if refused.error.endswith("limited"):
        return RETRY_AFTER
    return min(timedelta(seconds=2 ** min(attempts, 12)), BACKOFF_AT_MOST)
