"""The outbox: what is said, what became of it, and what Slack asked to hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, select, update

from bot.edges.store.lanes import Lanes
from bot.edges.store.posts import content_of, fingerprint_of, post_of
from bot.edges.store.statements import insert, insert_new
from bot.edges.store.tables import holds, outbox
from bot.facts.messages import Post, PostState, Rendered

NO_PARENT = "parent was not posted"


class SqlOutbox(Lanes):
    """bot.ports.outbox.Outbox.

    A reply whose parent is given up, or taken back, before it stood in Slack is dead with the error "parent
    was not posted": it could never be sent and must not wait for ever.
    """

    def say(
        self,
        channel: str,
        key: str,
        rendered: Rendered,
        now: datetime,
        *,
        thread_key: str = "",
        broadcast: bool = False,
        subject: str = "",
        not_before: datetime | None = None,
    ) -> Post:
        """Keep what a message should show.

        While a post waits, newer content takes the place of the older and the moment it may be sent stays;
        its thread and subject are those of the first time.
        """
        fingerprint = fingerprint_of(rendered)
        row = {
            "channel": channel,
            "key": key,
            "state": PostState.PENDING.value,
            "version": 1,
            "sent_version": 0,
            "sending_version": 0,
            "created_at": now,
            "next_at": not_before or now,
            "attempts": 0,
            "ts": "",
            "channel_id": "",
            "thread_key": thread_key,
            "broadcast": broadcast,
            "subject": subject,
            "fingerprint": fingerprint,
            "error": "",
            **content_of(rendered),
        }
        if insert_new(self.connection, outbox, row, ("channel", "key")):
            post = self._locked(outbox.c.channel == channel, outbox.c.key == key)
            if thread_key and self._is_lost(channel, thread_key):
                self._die(post, NO_PARENT, now)
        else:
            post = self._locked(outbox.c.channel == channel, outbox.c.key == key)
            if post["fingerprint"] != fingerprint:
                self._reword(post, rendered, fingerprint, not_before or now)
        return self._posts(outbox.c.id == post["id"])[0]

    def _reword(self, post: RowMapping, rendered: Rendered, fingerprint: str, at: datetime) -> None:
        values = {"version": post["version"] + 1, "fingerprint": fingerprint, **content_of(rendered)}
        dead_in_slack = post["state"] == PostState.DEAD and post["ts"]
        if post["state"] == PostState.SENT or dead_in_slack:
            values |= {"state": PostState.PENDING, "next_at": at, "attempts": 0, "died_at": None, "error": ""}
        self._set(post, **values)

    def get(self, channel: str, key: str) -> Post | None:
        """One post."""
        return self._post(outbox.c.channel == channel, outbox.c.key == key)

    def by_ts(self, channel_id: str, ts: str) -> Post | None:
        """The post that stands at this place in Slack."""
        return self._post(outbox.c.channel_id == channel_id, outbox.c.ts == ts) if ts else None

    def by_subject(self, subject: str) -> Sequence[Post]:
        """All posts about a subject, oldest first."""
        return self._posts(outbox.c.subject == subject)

    def sent(self, post_id: int, version: int, channel_id: str, ts: str) -> None:
        """It stands in Slack in this version, whatever was believed of it before."""
        post = self._locked(outbox.c.id == post_id)
        self._stands(post, max(version, post["sent_version"]), channel_id, ts)

    def adopted(self, post_id: int, channel_id: str, ts: str) -> None:
        """It was found in Slack: the version that was being sent is the one that stands there."""
        post = self._locked(outbox.c.id == post_id)
        self._stands(post, max(post["sending_version"], post["sent_version"]), channel_id, ts)

    def _stands(self, post: RowMapping, sent_version: int, channel_id: str, ts: str) -> None:
        more = post["version"] > sent_version
        self._set(
            post,
            state=PostState.PENDING if more else PostState.SENT,
            sent_version=sent_version,
            channel_id=post["channel_id"] or channel_id,
            ts=post["ts"] or ts,
            attempts=0,
            error="",
            died_at=None,
        )

    def refused(self, post_id: int, error: str, retry_at: datetime | None) -> None:
        """It was definitely not done: try again at `retry_at`, or dead when there is none.

        An edit given up while something newer was said is tried again with that.
        """
        post = self._locked(outbox.c.id == post_id)
        if post["state"] != PostState.SENDING:
            return
        if retry_at is not None:
            self._set(post, state=PostState.PENDING, next_at=retry_at, error=error)
        elif post["ts"] and post["version"] > post["sending_version"]:
            self._set(post, state=PostState.PENDING, error=error, attempts=0)
        else:
            self._die(post, error, post["attempt_at"])

    def degraded(self, post_id: int, version: int, rendered: Rendered) -> None:
        """Show something plainer instead; a post that moved on is tried with what was said since."""
        post = self._locked(outbox.c.id == post_id)
        if post["state"] not in (PostState.SENDING, PostState.PENDING):
            return
        plainer = content_of(rendered) if post["version"] == version else {}
        self._set(post, state=PostState.PENDING, **plainer)

    def unclear(self, post_id: int, error: str) -> None:
        """Nobody knows whether it was done: it stays `sending` until it was looked for."""
        post = self._locked(outbox.c.id == post_id)
        self._set(post, error=error)

    def unsettled(self, attempted_before: datetime, limit: int = 50) -> Sequence[Post]:
        """Posts that have been `sending` since before this moment, oldest attempt first."""
        sending = (outbox.c.state == PostState.SENDING, outbox.c.attempt_at < attempted_before)
        statement = select(outbox).where(*sending).order_by(outbox.c.attempt_at, outbox.c.id).limit(limit)
        return [post_of(row) for row in self.connection.execute(statement).mappings()]

    def retry(self, post_id: int, at: datetime) -> None:
        """It was looked for and is not in Slack: pending again, at the earliest at `at`."""
        post = self._locked(outbox.c.id == post_id)
        if post["state"] == PostState.SENDING:
            self._set(post, state=PostState.PENDING, next_at=at)

    def hold(self, method: str, channel: str, until: datetime) -> None:
        """Keep a method from a channel (empty: all channels); a longer hold is not made shorter."""
        statement = insert(self.connection, holds).values(method=method, channel=channel, until=until)
        statement = statement.on_conflict_do_update(
            index_elements=["method", "channel"],
            set_={"until": statement.excluded.until},
            where=holds.c.until < statement.excluded.until,
        )
        self.connection.execute(statement)

    def held_until(self, method: str, channel: str) -> datetime | None:
        """Until when a method is kept from a channel, by a hold of its own or one of all channels."""
        mine = (holds.c.method == method, holds.c.channel.in_({channel, ""}))
        until: datetime | None = self.connection.scalar(select(func.max(holds.c.until)).where(*mine))
        return until

    def cancel(self, channel: str, key: str) -> bool:
        """Take back a post that was never tried; False when it is too late or there is none."""
        untouched = (outbox.c.state == PostState.PENDING, outbox.c.attempt_at.is_(None), outbox.c.ts == "")
        mine = (outbox.c.channel == channel, outbox.c.key == key)
        taken_back = delete(outbox).where(*mine, *untouched).returning(outbox.c.created_at)
        created_at = self.connection.execute(taken_back).scalar_one_or_none()
        if created_at is None:
            return False
        self._lose_replies(channel, key, created_at)
        return True

    def dead(self, since: datetime) -> Sequence[Post]:
        """Posts given up since this moment, oldest first."""
        return self._posts(outbox.c.state == PostState.DEAD, outbox.c.died_at >= since)

    def backlog(self) -> int:
        """How many posts wait or are being sent."""
        waiting = outbox.c.state.in_((PostState.PENDING, PostState.SENDING))
        return self.connection.scalar(select(func.count()).where(waiting)) or 0

    def _is_lost(self, channel: str, key: str) -> bool:
        parent = select(outbox).where(outbox.c.channel == channel, outbox.c.key == key).with_for_update(read=True)
        row = self.connection.execute(parent).mappings().first()
        return row is not None and row["state"] == PostState.DEAD and not row["ts"]

    def _die(self, post: RowMapping, error: str, at: datetime) -> None:
        self._set(post, state=PostState.DEAD, error=error, died_at=at)
        if not post["ts"]:
            self._lose_replies(post["channel"], post["key"], at)

    def _lose_replies(self, channel: str, key: str, at: datetime) -> None:
        mine = (outbox.c.channel == channel, outbox.c.thread_key == key, outbox.c.key != key)
        waiting = (outbox.c.state == PostState.PENDING, outbox.c.ts == "")
        replies = self.connection.execute(select(outbox).where(*mine, *waiting).with_for_update()).mappings()
        for reply in replies.all():
            self._die(reply, NO_PARENT, at)

    def _set(self, post: RowMapping, **values: Any) -> None:
        self.connection.execute(update(outbox).where(outbox.c.id == post["id"]).values(**values))

    def _locked(self, *conditions: Any) -> RowMapping:
        return self.connection.execute(select(outbox).where(*conditions).with_for_update()).mappings().one()
