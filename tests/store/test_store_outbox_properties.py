"""Whatever happens in whatever order, the outbox sends each newest content once and loses nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot.edges.store import SqlStore, open_store
from bot.facts.messages import Post, PostState, Rendered
from tests.servers.postgres import Postgres

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LEASE, SECOND = timedelta(seconds=30), timedelta(seconds=1)
CHANNELS = ("#churn", "#fraud")
KEYS = ("card", "other", "reply")
MODEL = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Sending(RuleBasedStateMachine):
    """Says, claims and settles at random, beside a small model of what must be true."""

    def __init__(self, store: SqlStore, close: Callable[[], None]) -> None:
        super().__init__()
        self.store = store
        self.close = close
        self.now = START
        self.said: dict[tuple[str, str], str] = {}
        self.slack: dict[tuple[str, str], str] = {}
        self.claims: list[tuple[Post, str]] = []
        self.sent_versions: dict[int, int] = {}
        self.held: dict[str, tuple[str, datetime]] = {}
        self.holders = count()

    def teardown(self) -> None:
        self.drain()
        self.close()

    @rule(channel=st.sampled_from(CHANNELS), key=st.sampled_from(KEYS), text=st.sampled_from("abc"))
    def say(self, channel: str, key: str, text: str) -> None:
        thread_key = "card" if key == "reply" else ""
        with self.store.write() as unit:
            unit.outbox.say(channel, key, Rendered(text), self.now, thread_key=thread_key)
        self.said[channel, key] = text

    @rule(channel=st.sampled_from(CHANNELS))
    def claim(self, channel: str) -> None:
        holder = f"holder {next(self.holders)}"
        with self.store.write() as unit:
            due = unit.outbox.due(self.now)
            post = unit.outbox.claim(channel, holder, self.now, self.now + LEASE)
            assert (channel in due) == (post is not None)
        if post is None:
            return
        other, until = self.held.get(channel, ("", START))
        assert until <= self.now, f"{holder} took the lane of {other}"
        self.held[channel] = (holder, self.now + LEASE)
        if post.thread_key and not post.ts:
            assert (channel, post.thread_key) in self.slack, "a reply was taken before its parent stood in Slack"
        assert post.text == self.said[channel, post.key], "an old content was taken"
        self.claims.append((post, holder))

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), release=st.booleans())
    def sent(self, data: st.DataObject, release: bool) -> None:
        post, holder = self.settled(data)
        self.show(post)
        with self.store.write() as unit:
            unit.outbox.sent(post.id, post.version, f"C{post.channel}", f"{post.id}.0")
        self.let_go(post, holder, release)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), wait=st.integers(0, 90))
    def refused(self, data: st.DataObject, wait: int) -> None:
        post, holder = self.settled(data)
        with self.store.write() as unit:
            unit.outbox.refused(post.id, "ratelimited", self.now + wait * SECOND)
        self.let_go(post, holder, True)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), arrived=st.booleans(), release=st.booleans())
    def unclear(self, data: st.DataObject, arrived: bool, release: bool) -> None:
        """Nobody knows; later it is looked for, and found if it had arrived."""
        post, holder = self.settled(data)
        if arrived:
            self.show(post)
        with self.store.write() as unit:
            unit.outbox.unclear(post.id, "timeout")
        self.let_go(post, holder, release)

    @rule()
    def look(self) -> None:
        with self.store.write() as unit:
            underway = {post.id for post, _ in self.claims}
            for post in unit.outbox.unsettled(self.now):
                if post.id in underway:
                    continue
                if (post.channel, post.key) in self.slack and not post.ts:
                    unit.outbox.adopted(post.id, f"C{post.channel}", f"{post.id}.0")
                else:
                    unit.outbox.retry(post.id, self.now)

    @rule(seconds=st.integers(1, 60))
    def let_pass(self, seconds: int) -> None:
        self.now += seconds * SECOND

    @invariant()
    def versions_never_go_back(self) -> None:
        with self.store.read() as unit:
            for channel, key in self.said:
                post = unit.outbox.get(channel, key)
                assert post is not None, "a post was lost"
                assert self.sent_versions.get(post.id, 0) <= post.sent_version <= post.version
                self.sent_versions[post.id] = post.sent_version
                assert (post.state is PostState.SENT) == (bool(post.ts) and post.sent_version == post.version) or (
                    post.state is PostState.SENDING
                )

    def show(self, post: Post) -> None:
        """Slack shows it: as a new message where the post has no place yet, else in its place."""
        place = (post.channel, post.key)
        assert (place in self.slack) == bool(post.ts), "a message was posted twice, or edited before it was posted"
        self.slack[place] = post.text

    def settled(self, data: st.DataObject) -> tuple[Post, str]:
        return self.claims.pop(data.draw(st.integers(0, len(self.claims) - 1)))

    def let_go(self, post: Post, holder: str, release: bool) -> None:
        if not release:
            return
        with self.store.write() as unit:
            unit.outbox.release(post.channel, holder, self.now)
        if self.held.get(post.channel, ("", START))[0] == holder:
            del self.held[post.channel]

    def drain(self) -> None:
        """At rest every content that was said last stands in Slack, replies without a card apart."""
        self.claims.clear()
        for _ in range(40):
            self.now += timedelta(minutes=2)
            self.look()
            with self.store.write() as unit:
                for channel in unit.outbox.due(self.now):
                    post = unit.outbox.claim(channel, "drain", self.now, self.now + LEASE)
                    assert post is not None
                    self.show(post)
                    unit.outbox.sent(post.id, post.version, f"C{channel}", f"{post.id}.0")
                    unit.outbox.release(channel, "drain", self.now)
        expected = {
            (channel, key): text
            for (channel, key), text in self.said.items()
            if key != "reply" or (channel, "card") in self.said
        }
        assert self.slack == expected
        with self.store.read() as unit:
            assert unit.outbox.backlog() == len(self.said) - len(expected)


def on_sqlite() -> Sending:
    folder = TemporaryDirectory()
    store = open_store(f"sqlite:///{Path(folder.name) / 'rundown.db'}")
    store.upgrade()

    def close() -> None:
        store.close()
        folder.cleanup()

    return Sending(store, close)


def test_any_sequence_on_sqlite() -> None:
    run_state_machine_as_test(on_sqlite, settings=MODEL)  # type: ignore[arg-type]


@pytest.mark.servers
def test_any_sequence_on_postgresql(postgres_server: Postgres) -> None:
    def on_postgresql() -> Sending:
        store = open_store(postgres_server.fresh())
        return Sending(store, store.close)

    run_state_machine_as_test(on_postgresql, settings=MODEL)  # type: ignore[arg-type]
