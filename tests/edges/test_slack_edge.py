"""The real Slack edge keeps to the same promises as the fake, over HTTP against the sandbox."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.edges.slack import SlackEdge
from bot.facts.messages import Picture
from bot.ports.errors import SlackRefused, SlackUnclear
from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from sandbox.workspace.seed import CHURN, GENERAL, PEOPLE, REVIEW
from tests.contracts.test_slack import BLOCKS, SlackContract

TIMEOUT_SECONDS = 5.0


@dataclass
class SandboxWorld:
    """The edge in a sandbox."""

    slack: SlackEdge
    workspace: Workspace
    channel: str = "#churn"
    channel_id: str = CHURN
    outside: str = "#general"
    archived: str = "#model-review"
    person: str = PEOPLE[0].id

    def texts(self, channel_id: str, thread_ts: str = "") -> Sequence[str]:
        if thread_ts:
            return [one["text"] for one in self.workspace.thread(channel_id, thread_ts)[1:]]
        return [one["text"] for one in self.workspace.messages(channel_id, self.person)]

    def pictures(self, channel_id: str, thread_ts: str = "") -> Sequence[Picture]:
        told = (
            self.workspace.thread(channel_id, thread_ts)[1:]
            if thread_ts
            else self.workspace.messages(channel_id, self.person)
        )
        return [self._picture(file) for one in told for file in one.get("files") or []]

    def _picture(self, file: Mapping[str, Any]) -> Picture:
        content = httpx.get(file["url_private"], trust_env=False).content
        return Picture(file["name"], content, file["title"], file["alt_txt"])

    def fault(self, method: str, *, error: str = "", retry_after: int | None = None, drop: str = "") -> None:
        if retry_after is not None:
            self.workspace.faults.add(method, status=429, retry_after=retry_after)
        else:
            self.workspace.faults.add(
                method, **{key: value for key, value in (("error", error), ("drop", drop)) if value}
            )


@pytest.fixture
def slack_edge() -> Iterator[SandboxWorld]:
    workspace = Workspace(post_burst=None)
    for channel in (CHURN, REVIEW):
        workspace.join(channel)
    workspace.channel(REVIEW).archived = True
    with SandboxServer(workspace) as server:
        yield SandboxWorld(SlackEdge(workspace.bot_token, f"{server.url}/api/", TIMEOUT_SECONDS), workspace)
    assert workspace.channel(GENERAL).entries == {}, "nothing is posted where the bot is no member"


class TestSlackEdge(SlackContract):
    """The edge keeps to the port."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_server_error_is_unclear(slack_edge: SandboxWorld, when: str) -> None:
    slack_edge.workspace.faults.add("chat.postMessage", status=500, when=when)
    with pytest.raises(SlackUnclear):
        slack_edge.slack.post("#churn", "hello", BLOCKS, key="run:1")
    assert list(slack_edge.texts(CHURN)) == ([] if when == "before" else ["hello"])


@pytest.mark.parametrize("error", ["internal_error", "fatal_error"])
def test_errors_that_may_have_happened_in_part_are_unclear(slack_edge: SandboxWorld, error: str) -> None:
    slack_edge.workspace.faults.add("chat.postMessage", error=error)
    with pytest.raises(SlackUnclear):
        slack_edge.slack.post("#churn", "hello", BLOCKS, key="run:1")


def test_a_closed_port_means_that_nothing_was_sent() -> None:
    with SandboxServer(Workspace()) as server:
        address = f"{server.url}/api/"
    with pytest.raises(SlackRefused) as refused:
        SlackEdge("xoxb-any", address, TIMEOUT_SECONDS).post("#churn", "hello", [], key="run:1")
    assert refused.value.error == "connection_refused"
    assert not refused.value.permanent


def test_refused_blocks_name_their_places(slack_edge: SandboxWorld) -> None:
    with pytest.raises(SlackRefused) as refused:
        slack_edge.slack.post(
            "#churn", "x", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], key="k"
        )
    assert refused.value.error == "invalid_blocks"
    assert any("/blocks/0" in pointer for pointer in refused.value.pointers)


def test_the_scopes_of_the_token_are_told(slack_edge: SandboxWorld) -> None:
    assert "chat:write" in slack_edge.slack.scopes()


def test_a_message_is_looked_for_where_the_last_one_went_before_names_are_listed(
    slack_edge: SandboxWorld,
) -> None:
    posted = slack_edge.slack.post("#churn", "card", BLOCKS, key="run:1")
    assert slack_edge.slack.find("#churn", "run:1", oldest=0) == posted
    assert slack_edge.workspace.log.count("conversations.list") == 0
    slack_edge.workspace.channel("#churn").name = "churn-old"
    slack_edge.workspace.channel("#general").name = "churn"
    slack_edge.workspace.join("#churn")
    assert slack_edge.slack.find("#churn", "run:1", oldest=0) == posted
    assert slack_edge.slack.find("#churn", "run:2", oldest=0) is None
    read = [call.channel for call in slack_edge.workspace.log.calls("conversations.history")]
    assert read[-1] == GENERAL, "a message is missing only where the name leads now"
