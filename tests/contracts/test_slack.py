"""What every bot.ports.slack.Slack keeps to; run on the fake here, on the real edge where that is tested.

To run it on another edge, subclass SlackContract and give it a fixture `slack_edge` that answers a
SlackWorld.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pytest

from bot.facts.messages import Picture
from bot.ports.errors import SlackRefused, SlackUnclear
from bot.ports.slack import Slack, SlackUser
from tests.fakes.slack import FakeSlack, Fault

PICTURE = Picture("curves.png", b"\x89PNG\r\n\x1a\n...", "val_auc <of> two & more", "It rises to 0.9.")
BLOCKS = [{"type": "section", "text": {"type": "plain_text", "text": "auc 0.87"}}]


class SlackWorld(Protocol):
    """A Slack and the workspace it speaks to."""

    slack: Slack
    channel: str  # a channel by its name ("#churn") that the bot is a member of
    channel_id: str
    outside: str  # a channel by its name that the bot is no member of
    archived: str  # an archived channel that the bot is a member of
    person: str  # the id of a person

    def texts(self, channel_id: str, thread_ts: str = "") -> Sequence[str]:
        """What people see in a channel (or a thread, without its first message), oldest first."""
        ...

    def pictures(self, channel_id: str, thread_ts: str = "") -> Sequence[Picture]:
        """The pictures people see in a channel (or a thread), oldest first."""
        ...

    def fault(self, method: str, *, error: str = "", retry_after: int | None = None, drop: str = "") -> None:
        """Let the next call of a Web API method fail: an error code, 429 with Retry-After, or a lost
        request (drop="before") or answer (drop="after")."""
        ...


class SlackContract:
    """The promises of the port."""

    def test_a_post_stands_where_it_says(self, slack_edge: SlackWorld) -> None:
        posted = slack_edge.slack.post(slack_edge.channel, "hello", BLOCKS, key="run:1")
        assert posted.channel_id == slack_edge.channel_id
        assert float(posted.ts) > 0
        assert slack_edge.texts(slack_edge.channel_id) == ["hello"]

    def test_a_channel_may_be_named_by_its_id(self, slack_edge: SlackWorld) -> None:
        assert slack_edge.slack.post(slack_edge.channel_id, "hello", [], key="run:1").ts
        assert slack_edge.texts(slack_edge.channel_id) == ["hello"]

    def test_a_post_is_found_by_its_key_alone(self, slack_edge: SlackWorld) -> None:
        posted = slack_edge.slack.post(slack_edge.channel, "hello", BLOCKS, key="run:1")
        oldest = float(posted.ts) - 60
        assert slack_edge.slack.find(slack_edge.channel, "run:1", oldest=oldest) == posted
        assert slack_edge.slack.find(slack_edge.channel_id, "run:1", oldest=oldest) == posted
        assert slack_edge.slack.find(slack_edge.channel, "run:10", oldest=oldest) is None
        assert slack_edge.slack.find(slack_edge.channel, "run:", oldest=oldest) is None

    def test_a_post_from_before_the_moment_asked_for_is_not_found(self, slack_edge: SlackWorld) -> None:
        posted = slack_edge.slack.post(slack_edge.channel, "hello", BLOCKS, key="run:1")
        assert slack_edge.slack.find(slack_edge.channel, "run:1", oldest=float(posted.ts) + 60) is None

    def test_a_reply_stands_and_is_found_in_its_thread(self, slack_edge: SlackWorld) -> None:
        parent = slack_edge.slack.post(slack_edge.channel, "card", BLOCKS, key="run:1")
        reply = slack_edge.slack.post(slack_edge.channel, "failed", [], key="run:1:failed:0", thread_ts=parent.ts)
        oldest = float(parent.ts) - 60
        found = slack_edge.slack.find(slack_edge.channel, "run:1:failed:0", oldest=oldest, thread_ts=parent.ts)
        assert found == reply
        assert slack_edge.slack.find(slack_edge.channel, "run:1:failed:0", oldest=oldest) is None
        assert slack_edge.texts(slack_edge.channel_id) == ["card"]
        assert slack_edge.texts(slack_edge.channel_id, parent.ts) == ["failed"]

    def test_a_broadcast_reply_is_seen_in_the_channel_too(self, slack_edge: SlackWorld) -> None:
        parent = slack_edge.slack.post(slack_edge.channel, "card", BLOCKS, key="run:1")
        slack_edge.slack.post(slack_edge.channel, "loud", [], key="run:1:x", thread_ts=parent.ts, broadcast=True)
        assert slack_edge.texts(slack_edge.channel_id) == ["card", "loud"]

    def test_an_edit_replaces_what_is_shown_and_keeps_the_key(self, slack_edge: SlackWorld) -> None:
        posted = slack_edge.slack.post(slack_edge.channel, "running", BLOCKS, key="run:1")
        slack_edge.slack.edit(posted.channel_id, posted.ts, "finished", BLOCKS, key="run:1")
        assert slack_edge.texts(slack_edge.channel_id) == ["finished"]
        oldest = float(posted.ts) - 60
        assert slack_edge.slack.find(slack_edge.channel, "run:1", oldest=oldest) == posted

    def test_channels_that_cannot_be_posted_to_are_refused_by_name(self, slack_edge: SlackWorld) -> None:
        for channel, error in (
            ("#nowhere", "channel_not_found"),
            (slack_edge.outside, "not_in_channel"),
            (slack_edge.archived, "is_archived"),
        ):
            with pytest.raises(SlackRefused) as refused:
                slack_edge.slack.post(channel, "hello", BLOCKS, key="run:1")
            assert refused.value.error == error
            assert refused.value.permanent

    def test_an_edit_of_a_message_nobody_has_is_refused(self, slack_edge: SlackWorld) -> None:
        with pytest.raises(SlackRefused) as refused:
            slack_edge.slack.edit(slack_edge.channel_id, "1700000000.000100", "x", [], key="run:1")
        assert refused.value.error == "message_not_found"

    @pytest.mark.parametrize(("drop", "shown"), [("before", []), ("after", ["hello"])])
    def test_a_lost_request_or_answer_is_unclear_and_never_tried_twice(
        self, slack_edge: SlackWorld, drop: str, shown: list[str]
    ) -> None:
        slack_edge.fault("chat.postMessage", drop=drop)
        with pytest.raises(SlackUnclear):
            slack_edge.slack.post(slack_edge.channel, "hello", BLOCKS, key="run:1")
        assert list(slack_edge.texts(slack_edge.channel_id)) == shown

    def test_too_many_requests_are_refused_with_the_time_to_wait(self, slack_edge: SlackWorld) -> None:
        slack_edge.fault("chat.postMessage", error="ratelimited", retry_after=7)
        with pytest.raises(SlackRefused) as refused:
            slack_edge.slack.post(slack_edge.channel, "hello", BLOCKS, key="run:1")
        assert (refused.value.error, refused.value.retry_after) == ("ratelimited", 7.0)
        assert not refused.value.permanent
        assert slack_edge.texts(slack_edge.channel_id) == []

    def test_a_refused_token_is_named(self, slack_edge: SlackWorld) -> None:
        slack_edge.fault("chat.postMessage", error="token_revoked")
        with pytest.raises(SlackRefused) as refused:
            slack_edge.slack.post(slack_edge.channel, "hello", BLOCKS, key="run:1")
        assert refused.value.error == "token_revoked"

    def test_a_reaction_may_be_added_twice(self, slack_edge: SlackWorld) -> None:
        posted = slack_edge.slack.post(slack_edge.channel, "hello", BLOCKS, key="run:1")
        slack_edge.slack.react(posted.channel_id, posted.ts, "memo")
        slack_edge.slack.react(posted.channel_id, posted.ts, "memo")

    def test_a_direct_message_is_opened_and_posted_to(self, slack_edge: SlackWorld) -> None:
        direct = slack_edge.slack.open_direct(slack_edge.person)
        assert slack_edge.slack.post(direct, "hello you", [], key="dm:1").channel_id == direct

    def test_people_and_channels_are_known(self, slack_edge: SlackWorld) -> None:
        assert slack_edge.slack.user(slack_edge.person).id == slack_edge.person
        with pytest.raises(SlackRefused) as refused:
            slack_edge.slack.user("U0NOBODY")
        assert refused.value.error == "user_not_found"
        seen = {f"#{one.name}": one.member for one in slack_edge.slack.channels()}
        assert seen[slack_edge.channel] is True
        assert seen[slack_edge.outside] is False

    def test_a_picture_is_seen_with_its_title_and_words(self, slack_edge: SlackWorld) -> None:
        slack_edge.slack.upload(slack_edge.channel_id, PICTURE)
        assert list(slack_edge.pictures(slack_edge.channel_id)) == [PICTURE]

    def test_a_picture_may_stand_in_a_thread_or_a_direct_message(self, slack_edge: SlackWorld) -> None:
        parent = slack_edge.slack.post(slack_edge.channel, "card", BLOCKS, key="run:1")
        slack_edge.slack.upload(slack_edge.channel_id, PICTURE, thread_ts=parent.ts)
        assert list(slack_edge.pictures(slack_edge.channel_id)) == []
        assert list(slack_edge.pictures(slack_edge.channel_id, parent.ts)) == [PICTURE]
        direct = slack_edge.slack.open_direct(slack_edge.person)
        slack_edge.slack.upload(direct, PICTURE)
        assert list(slack_edge.pictures(direct)) == [PICTURE]

    def test_a_picture_is_refused_where_nothing_can_be_posted(self, slack_edge: SlackWorld) -> None:
        (outside,) = (one.id for one in slack_edge.slack.channels() if f"#{one.name}" == slack_edge.outside)
        for channel_id, error in ((outside, "not_in_channel"), ("C0NOWHERE", "channel_not_found")):
            with pytest.raises(SlackRefused) as refused:
                slack_edge.slack.upload(channel_id, PICTURE)
            assert (refused.value.error, refused.value.permanent) == (error, True)

    @pytest.mark.parametrize("drop", ["before", "after"])
    def test_a_picture_that_did_not_arrive_was_seen_by_nobody(self, slack_edge: SlackWorld, drop: str) -> None:
        slack_edge.fault("files.getUploadURLExternal", drop=drop)
        with pytest.raises(SlackRefused) as refused:
            slack_edge.slack.upload(slack_edge.channel_id, PICTURE)
        assert not refused.value.permanent
        assert list(slack_edge.pictures(slack_edge.channel_id)) == []

    @pytest.mark.parametrize(("drop", "shown"), [("before", []), ("after", [PICTURE])])
    def test_a_picture_whose_last_step_was_lost_is_unclear_and_never_shown_twice(
        self, slack_edge: SlackWorld, drop: str, shown: list[Picture]
    ) -> None:
        slack_edge.fault("files.completeUploadExternal", drop=drop)
        with pytest.raises(SlackUnclear):
            slack_edge.slack.upload(slack_edge.channel_id, PICTURE)
        assert list(slack_edge.pictures(slack_edge.channel_id)) == shown

    def test_a_message_has_an_address(self, slack_edge: SlackWorld) -> None:
        posted = slack_edge.slack.post(slack_edge.channel, "hello", BLOCKS, key="run:1")
        assert posted.ts.replace(".", "") in slack_edge.slack.permalink(posted.channel_id, posted.ts)


@dataclass
class FakeWorld:
    """The fake in a workspace of three channels."""

    slack: FakeSlack
    channel: str
    channel_id: str
    outside: str
    archived: str
    person: str

    def texts(self, channel_id: str, thread_ts: str = "") -> Sequence[str]:
        return [message.text for message in self.slack.shown(channel_id, thread_ts=thread_ts)]

    def pictures(self, channel_id: str, thread_ts: str = "") -> Sequence[Picture]:
        shown = self.slack.shown(channel_id, thread_ts=thread_ts)
        return [message.picture for message in shown if message.picture is not None]

    def fault(self, method: str, *, error: str = "", retry_after: int | None = None, drop: str = "") -> None:
        self.slack.fault(method, Fault(error=error, retry_after=retry_after, drop=drop))


class TestFakeSlack(SlackContract):
    """The fake keeps to the port."""

    @pytest.fixture
    def slack_edge(self) -> FakeWorld:
        slack = FakeSlack()
        channel_id = slack.add_channel("#churn")
        slack.add_channel("#outside", member=False)
        slack.add_channel("#archived", archived=True)
        slack.add_person(SlackUser("U1", "Ada"))
        return FakeWorld(slack, "#churn", channel_id, "#outside", "#archived", "U1")
