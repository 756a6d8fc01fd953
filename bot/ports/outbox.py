"""The outbox as the core sees it: the only way to Slack for cards, reminders and digests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.facts.messages import Post, Rendered


class Outbox(Protocol):
    """The only way to Slack for cards, reminders and digests; see bot/notify/delivery.py."""

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
        """Keep what a message should show; the same content again changes nothing, other content is a new version.

        A dead post whose content changes becomes pending again only if it has been in Slack (has a ts).
        """
        ...

    def get(self, channel: str, key: str) -> Post | None:
        """One post."""
        ...

    def by_ts(self, channel_id: str, ts: str) -> Post | None:
        """The post that stands at this place in Slack."""
        ...

    def by_subject(self, subject: str) -> Sequence[Post]:
        """All posts about a subject, oldest first."""
        ...

    def due(self, now: datetime) -> Sequence[str]:
        """Channels with something to send now whose lane is free: who was sent to longest ago comes first."""
        ...

    def claim(self, channel: str, holder: str, now: datetime, lease_until: datetime) -> Post | None:
        """Take the lane of a channel and its oldest due post, now `sending`, with `attempt_at` = now.

        Nothing when another holder has the lane, the lane must wait, or nothing is due. A post in a thread
        waits until its parent has a ts. An edit waits behind no post of another channel.
        """
        ...

    def release(self, channel: str, holder: str, next_at: datetime) -> None:
        """Give a lane back; it may be claimed again at `next_at`."""
        ...

    def sent(self, post_id: int, version: int, channel_id: str, ts: str) -> None:
        """It stands in Slack in this version; a newer version makes the post pending again."""
        ...

    def refused(self, post_id: int, error: str, retry_at: datetime | None) -> None:
        """It was definitely not done: try again at `retry_at`, or dead when there is none."""
        ...

    def degraded(self, post_id: int, version: int, rendered: Rendered) -> None:
        """Replace what a post shows by something plainer, and make it pending; nothing if it moved on."""
        ...

    def unclear(self, post_id: int, error: str) -> None:
        """Nobody knows whether it was done: it stays `sending` until it was looked for."""
        ...

    def unsettled(self, attempted_before: datetime, limit: int = 50) -> Sequence[Post]:
        """Posts that have been `sending` since before this moment."""
        ...

    def adopted(self, post_id: int, channel_id: str, ts: str) -> None:
        """It was found in Slack: the version that was being sent is the one that stands there."""
        ...

    def retry(self, post_id: int, at: datetime) -> None:
        """It was looked for and is not in Slack: pending again, at the earliest at `at`."""
        ...

    def hold(self, method: str, channel: str, until: datetime) -> None:
        """Slack said 429: keep this method from this channel (empty: all channels) until then."""
        ...

    def held_until(self, method: str, channel: str) -> datetime | None:
        """Until when a method is kept from a channel, if it is."""
        ...

    def cancel(self, channel: str, key: str) -> bool:
        """Take back a post that was never tried; False when it is too late."""
        ...

    def dead(self, since: datetime) -> Sequence[Post]:
        """Posts given up since this moment."""
        ...

    def backlog(self) -> int:
        """How many posts wait or are being sent."""
        ...
