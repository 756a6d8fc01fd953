"""What people wrote in the threads of posts."""

from collections.abc import Sequence

from sqlalchemy import Connection, or_, select

from bot.edges.store.columns import clean
from bot.edges.store.statements import insert, was_kept
from bot.edges.store.tables import replies
from bot.facts.messages import Reply


class SqlDiscussion:
    """bot.ports.cards.Discussion."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, reply: Reply) -> bool:
        """Keep a reply or its newer wording; False when nothing changed.

        A deleted reply stays deleted and an edited one edited, whatever arrives late.
        """
        row = {
            "channel_id": reply.channel_id,
            "ts": reply.ts,
            "thread_ts": reply.thread_ts,
            "user": reply.user,
            "at": reply.at,
            "edited": reply.edited,
            "deleted": reply.deleted,
            "text": clean(reply.text),
        }
        statement = insert(self.connection, replies).values(**row)
        new = statement.excluded
        words = (replies.c.edited.is_(False) | new.edited.is_(True), replies.c.text != new.text)
        marks = or_(replies.c.edited.is_(False) & new.edited.is_(True), new.deleted.is_(True), words[0] & words[1])
        statement = statement.on_conflict_do_update(
            index_elements=["channel_id", "ts"],
            set_={"text": new.text, "edited": new.edited, "deleted": new.deleted, "at": new.at},
            where=replies.c.deleted.is_(False) & marks,
        )
        return was_kept(self.connection, statement.returning(replies.c.ts))

    def of_thread(self, channel_id: str, thread_ts: str) -> Sequence[Reply]:
        """A thread's replies that were not deleted, oldest first."""
        mine = (replies.c.channel_id == channel_id, replies.c.thread_ts == thread_ts, replies.c.deleted.is_(False))
        rows = self.connection.execute(select(replies).where(*mine).order_by(replies.c.ts))
        return [Reply(**row) for row in rows.mappings()]
