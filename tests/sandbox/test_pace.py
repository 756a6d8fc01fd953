"""How fast messages are let through, whatever the app tries."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.web_api.pace import Pace
from tests.sandbox.apps import Clock


@given(st.lists(st.floats(min_value=0, max_value=4), max_size=60), st.integers(min_value=1, max_value=6))
def test_never_more_pass_than_the_burst_and_one_a_second(waits: list[float], burst: int) -> None:
    clock = Clock(0.0)
    pace = Pace(clock, burst)
    passed = 0
    for wait in waits:
        clock.advance(wait)
        passed += not pace.wait("C1")
        assert passed <= burst + clock.at + 1e-6


@given(st.lists(st.floats(min_value=0, max_value=0.4), max_size=40))
def test_who_waits_as_told_passes(waits: list[float]) -> None:
    clock = Clock(0.0)
    pace = Pace(clock, 2)
    for wait in waits:
        clock.advance(wait)
        if held := pace.wait("C1"):
            clock.advance(held)
            assert pace.wait("C1") == 0


def test_channels_do_not_hold_each_other() -> None:
    pace = Pace(Clock(), 1)
    assert [pace.wait(channel) for channel in ("C1", "C2", "C1")] == [0, 0, 1]


def test_without_a_burst_everything_passes() -> None:
    pace = Pace(Clock(), None)
    assert not any(pace.wait("C1") for _ in range(100))
