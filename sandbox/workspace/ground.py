"""The ground of a workspace: its clock, its ids, who is in it, and who is told when it changes."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from sandbox.faults import Faults
from sandbox.log import CallLog
from sandbox.workspace import seed
from sandbox.workspace.nouns import Ack, Arrival, Channel, Command, Entry, User
from sandbox.workspace.refusal import Refusal

Found = TypeVar("Found")
Told = dict[str, Any]
BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Ground:
    """State shared by threads under one lock; every change notifies `wait_for` and the listeners.

    `now` gives Unix seconds. `post_burst` is how many messages a channel takes at once before it is held to one
    a second; None lifts that and the tier of every method. `ack_limit` is how long the app has to acknowledge, in
    real seconds, `retry_after` the waits before each new try at delivering an event, by `now`.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        scopes: Iterable[str] = seed.SCOPES,
        commands: Iterable[Command] = seed.COMMANDS,
        events: Iterable[str] = seed.EVENTS,
        unfurl_domains: Iterable[str] = (),
        post_burst: int | None = 5,
        ack_limit: float = 3.0,
        retry_after: tuple[float, ...] = (0.0, 60.0, 300.0),
    ) -> None:
        self.now = now
        self.post_burst, self.ack_limit, self.retry_after = post_burst, ack_limit, retry_after
        self.team, self.bot = seed.TEAM, seed.BOT
        self.app = seed.app(frozenset(scopes), tuple(commands), frozenset(events), tuple(unfurl_domains))
        self.bot_token, self.app_token = seed.BOT_TOKEN, seed.APP_TOKEN
        self.signing_secret = seed.SIGNING_SECRET
        self.users: dict[str, User] = {person.id: person for person in (*seed.PEOPLE, self.bot)}
        self.channels: dict[str, Channel] = {one.id: one for one in seed.channels(int(now()))}
        self.base_url = "http://127.0.0.1"
        self.faults = Faults()
        self.log = CallLog()
        self.connections = 0
        self.events_sent: deque[Told] = deque(maxlen=10_000)
        self.outbound: Callable[[Arrival], Future[Ack]] | None = None
        self.changed = threading.Condition(threading.RLock())
        self._counts: Counter[str] = Counter()
        self._last_ts = 0
        self._listeners: dict[int, tuple[str, Callable[[Told], None]]] = {}

    def user(self, who: str) -> User:
        """A person by id, name or @name; refused with user_not_found."""
        name = who.removeprefix("@")
        for person in self.users.values():
            if who == person.id or name == person.name:
                return person
        raise Refusal("user_not_found")

    def channel(self, which: str) -> Channel:
        """A channel by id, name or #name; refused with channel_not_found."""
        if which in self.channels:
            return self.channels[which]
        name = which.removeprefix("#")
        for one in self.channels.values():
            if name and one.name == name:
                return one
        raise Refusal("channel_not_found")

    def direct(self, *people: str) -> Channel:
        """The direct message between two people, opened if need be."""
        wanted = sorted(self.user(one).id for one in people)
        with self.changed:
            for one in self.channels.values():
                if one.direct and sorted(one.members) == wanted:
                    return one
            made = Channel(self.new_id("D"), "", wanted, direct=True, created=int(self.now()))
            self.channels[made.id] = made
            return made

    def sees(self, user: str, channel: Channel) -> bool:
        """May this person look into the channel?"""
        if user in channel.members:
            return True
        return not channel.private and not channel.direct and not self.users[user].guest

    def new_id(self, prefix: str) -> str:
        """The next id with Slack's prefix: F0000000A1, V…, Ev…"""
        with self.changed:
            self._counts[prefix] += 1
            return f"{prefix}{_base36(self._counts[prefix] + 36**4):0>9}"

    def new_ts(self) -> str:
        """A timestamp as Slack writes it, later than every other of this workspace."""
        with self.changed:
            self._last_ts = max(round(self.now() * 1_000_000), self._last_ts + 1)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def listen(self, user: str, hear: Callable[[Told], None]) -> Callable[[], None]:
        """Call `hear` (quickly, under the lock) with all that this person would see; returns how to stop."""
        with self.changed:
            self._counts["listener"] += 1
            number = self._counts["listener"]
            self._listeners[number] = (user, hear)

        def stop() -> None:
            with self.changed:
                self._listeners.pop(number, None)

        return stop

    def tell(self, told: Mapping[str, Any], *, channel: Channel | None = None, only: str = "") -> None:
        """Say to every listener who may see it that something changed."""
        with self.changed:
            for user, hear in list(self._listeners.values()):
                if (not only or user == only) and (channel is None or self.sees(user, channel)):
                    hear(dict(told))
            self.changed.notify_all()

    def connected(self, connections: int) -> None:
        """The app opened or lost a connection."""
        with self.changed:
            self.connections = connections
            self.tell({"type": "presence", "connected": connections > 0, "connections": connections})

    def wait_for(self, predicate: Callable[[], Found], timeout: float = 5.0) -> Found:
        """Wait until `predicate`, looked at after each change, gives something true, and return that."""
        found: list[Found] = []

        def look() -> bool:
            found[:] = [predicate()]
            return bool(found[0])

        with self.changed:
            if not self.changed.wait_for(look, timeout):
                raise TimeoutError(f"nothing within {timeout} s; last seen: {found[0] if found else None!r}")
            return found[0]

    def entry(self, channel: Channel, ts: str) -> Entry:
        """A message of a channel; refused with message_not_found."""
        found = channel.entries.get(ts)
        if found is None:
            raise Refusal("message_not_found")
        return found


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = BASE36[digit] + digits
    return digits
