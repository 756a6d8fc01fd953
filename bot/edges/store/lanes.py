"""The lanes of the outbox: one sender a channel at a time, taken by lease, and what may be sent now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from bot.edges.store.columns import EPOCH
from bot.edges.store.posts import post_of
from bot.edges.store.statements import insert_new
from bot.edges.store.tables import lanes, outbox
from bot.facts.messages import Post, PostState

FREE = ""


class Lanes:
    """The part of the outbox that hands out work."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def due(self, now: datetime) -> Sequence[str]:
        """Channels with something to send now whose lane is free: who was sent to longest ago comes first.

        Whatever the others still have waiting, a channel gets its turn.
        """
        free = and_(lanes.c.next_at <= now, or_(lanes.c.holder == FREE, lanes.c.lease_until <= now))
        statement = (
            select(outbox.c.channel)
            .outerjoin(lanes, lanes.c.channel == outbox.c.channel)
            .where(*_sendable(now), or_(lanes.c.channel.is_(None), free))
            .group_by(outbox.c.channel)
            .order_by(func.min(lanes.c.next_at).nulls_first(), func.min(outbox.c.next_at), outbox.c.channel)
        )
        return self.connection.execute(statement).scalars().all()

    def claim(self, channel: str, holder: str, now: datetime, lease_until: datetime) -> Post | None:
        """Take the lane of a channel and the post that has been due for longest, now `sending`.

        A row that another transaction is changing at this moment is passed over: it is found the next time.
        """
        insert_new(
            self.connection,
            lanes,
            {"channel": channel, "holder": FREE, "lease_until": EPOCH, "next_at": EPOCH},
            ("channel",),
        )
        mine = lanes.c.channel == channel
        lane = (
            self.connection.execute(select(lanes).where(mine).with_for_update(skip_locked=True)).mappings().first()
        )
        if lane is None or lane["next_at"] > now:
            return None
        if lane["holder"] not in (FREE, holder) and lane["lease_until"] > now:
            return None
        oldest = (
            select(outbox.c.id)
            .where(outbox.c.channel == channel, *_sendable(now))
            .order_by(outbox.c.next_at, outbox.c.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=outbox)
        )
        post_id = self.connection.scalar(oldest)
        if post_id is None:
            return None
        self.connection.execute(update(lanes).where(mine).values(holder=holder, lease_until=lease_until))
        self.connection.execute(
            update(outbox)
            .where(outbox.c.id == post_id)
            .values(
                state=PostState.SENDING,
                sending_version=outbox.c.version,
                attempt_at=now,
                attempts=outbox.c.attempts + 1,
            )
        )
        return self._post(outbox.c.id == post_id)

    def release(self, channel: str, holder: str, next_at: datetime) -> None:
        """Give a lane back; nothing happens when somebody else has taken it since."""
        mine = (lanes.c.channel == channel, lanes.c.holder == holder)
        self.connection.execute(update(lanes).where(*mine).values(holder=FREE, next_at=next_at))

    def _post(self, *conditions: ColumnElement[bool]) -> Post | None:
        return next(iter(self._posts(*conditions)), None)

    def _posts(self, *conditions: ColumnElement[bool]) -> Sequence[Post]:
        statement = select(outbox).where(*conditions).order_by(outbox.c.id)
        return [post_of(row) for row in self.connection.execute(statement).mappings()]


def _sendable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Pending, due, and with a place to go: a reply to be posted needs a parent that stands in Slack."""
    parent = outbox.alias("parent")
    stands = exists().where(
        parent.c.channel == outbox.c.channel, parent.c.key == outbox.c.thread_key, parent.c.ts != ""
    )
    placed = or_(outbox.c.thread_key == "", outbox.c.ts != "", stands)
    return (outbox.c.state == PostState.PENDING, outbox.c.next_at <= now, placed)
