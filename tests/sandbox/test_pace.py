"""How fast calls are let through, whatever the app tries."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.web_api.pace import PER_MINUTE, POST, SPECIAL, Pace
from sandbox.workspace.seed import CHURN
from tests.sandbox.apps import Clock


@given(st.lists(st.floats(min_value=0, max_value=4), max_size=60), st.integers(min_value=1, max_value=6))
def test_never_more_pass_than_the_burst_and_one_a_second(waits: list[float], burst: int) -> None:
    clock = Clock(0.0)
    pace = Pace(clock, burst)
    passed = 0
    for wait in waits:
        clock.advance(wait)
        passed += not pace.wait(POST, SPECIAL, "C1")
        assert passed <= burst + clock.at + 1e-6


@given(
    st.lists(st.tuples(st.floats(min_value=0, max_value=0.4), st.sampled_from(["C1", "C2"])), max_size=40),
    st.sampled_from([(POST, SPECIAL), ("users.list", 2)]),
)
def test_who_waits_as_told_passes(calls: list[tuple[float, str]], method: tuple[str, int]) -> None:
    clock = Clock(0.0)
    pace = Pace(clock, 2)
    for wait, channel in calls:
        clock.advance(wait)
        if held := pace.wait(*method, channel):
            clock.advance(held)
            assert pace.wait(*method, channel) == 0


def test_channels_do_not_hold_each_other() -> None:
    pace = Pace(Clock(), 1)
    assert [pace.wait(POST, SPECIAL, channel) for channel in ("C1", "C2", "C1")] == [0, 0, 1]


def test_all_channels_together_take_what_a_workspace_takes() -> None:
    clock = Clock(0.0)
    pace = Pace(clock, 1)
    passed = [not pace.wait(POST, SPECIAL, f"C{number}") for number in range(400)]
    assert sum(passed) == PER_MINUTE[SPECIAL]
    clock.advance(60)
    assert pace.wait(POST, SPECIAL, "C399") == 0


@pytest.mark.parametrize("tier", sorted(PER_MINUTE))
def test_a_method_is_called_as_often_as_its_tier_says(tier: int) -> None:
    clock = Clock(0.0)
    pace = Pace(clock, 5)
    while not (wait := pace.wait("users.list", tier)):
        pass
    assert wait == math.ceil(60 / PER_MINUTE[tier])
    assert pace.wait("users.info", tier) == 0
    clock.advance(wait)
    assert pace.wait("users.list", tier) == 0


def test_without_a_burst_everything_passes() -> None:
    pace = Pace(Clock(), None)
    assert not any(pace.wait(POST, SPECIAL, "C1") or pace.wait("users.list", 2) for _ in range(400))


def test_an_edit_too_many_is_held_for_as_long_as_it_says(client: WebClient, clock: Clock) -> None:
    ts = client.chat_postMessage(channel=CHURN, text="card")["ts"]
    for number in range(PER_MINUTE[3]):
        client.chat_update(channel=CHURN, ts=ts, text=f"edit {number}")
    with pytest.raises(SlackApiError) as held:
        client.chat_update(channel=CHURN, ts=ts, text="one too many")
    assert (held.value.response.status_code, held.value.response["error"]) == (429, "ratelimited")
    clock.advance(int(held.value.response.headers["Retry-After"]))
    assert client.chat_update(channel=CHURN, ts=ts, text="now")["ok"]
