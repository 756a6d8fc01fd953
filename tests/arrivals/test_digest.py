"""Each channel gets its digest once a local date, with what happened since the one before."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digest import slot
from bot.settings import DigestSettings
from tests.fixtures.bench import Bench, Team, said

BERLIN = ZoneInfo("Europe/Berlin")
WITH_DIGEST = pytest.mark.parametrize(
    "bench", [{"digest": '{at: "09:30", days: daily, timezone: Europe/Berlin}'}], indirect=True, ids=["daily"]
)
WEEKDAYS = frozenset({"mon", "tue", "wed", "thu", "fri"})


def to_next(bench: Bench, at: time) -> None:
    """Let time pass until it is `at` in Berlin, and a little more."""
    local = bench.now().astimezone(BERLIN)
    target = datetime.combine(local.date(), at, tzinfo=BERLIN)
    if target <= local:
        target = datetime.combine(local.date() + timedelta(days=1), at, tzinfo=BERLIN)
    bench.let_pass(target.astimezone(UTC) - bench.now() + timedelta(seconds=5))


@WITH_DIGEST
def test_the_digest_comes_once_and_tells_of_yesterday(bench: Bench, team: Team) -> None:
    team.train("calm-owl", auc=0.91)
    team.train("broke", status="FAILED")
    bench.follow()
    to_next(bench, time(9, 30))
    for _ in range(3):
        bench.follow()
        bench.let_pass(timedelta(minutes=20))
    digests = [card for card in bench.cards() if "Digest" in said(card)]
    assert len(digests) == 1
    story = said(digests[0])
    assert "1 run finished" in story
    assert "broke" in story
    assert "calm-owl" in story


@WITH_DIGEST
def test_a_quiet_day_is_one_line(bench: Bench, team: Team) -> None:
    to_next(bench, time(9, 30))
    bench.let_pass(timedelta(days=1))
    bench.follow()
    assert "quiet" in said(bench.cards()[-1])


@pytest.mark.parametrize(
    ("sentence", "now", "day", "since"),
    [
        ("a minute after", "2026-11-24T08:31", "2026-11-24", "2026-11-23T08:30"),
        ("Monday covers the weekend", "2026-11-23T08:30", "2026-11-23", "2026-11-20T08:30"),
        ("late, but on the same day", "2026-11-24T20:00", "2026-11-24", "2026-11-23T08:30"),
        ("in summer time", "2026-07-01T07:30", "2026-07-01", "2026-06-30T07:30"),
        ("after the clocks went back", "2026-10-26T08:30", "2026-10-26", "2026-10-23T07:30"),
    ],
)
def test_which_digest_is_due(sentence: str, now: str, day: str, since: str) -> None:
    rule = DigestSettings(at=time(9, 30), days=WEEKDAYS, timezone="Europe/Berlin")
    due = slot(rule, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert due is not None, sentence
    assert due.day.isoformat() == day, sentence
    assert due.since == datetime.fromisoformat(since).replace(tzinfo=UTC), sentence


def test_a_digest_more_than_twelve_hours_late_is_not_said() -> None:
    rule = DigestSettings(at=time(9, 30), days=WEEKDAYS, timezone="Europe/Berlin")
    assert slot(rule, datetime(2026, 11, 24, 20, 31, tzinfo=UTC)) is None
    assert slot(rule, datetime(2026, 11, 24, 8, 29, tzinfo=UTC)) is None


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_a_year_of_quarter_hours_fires_each_local_date_once(zone: str) -> None:
    rule = DigestSettings(at=time(1, 30), days=frozenset({*WEEKDAYS, "sat", "sun"}), timezone=zone)
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    days = []
    while moment < datetime(2027, 1, 2, tzinfo=UTC):
        due = slot(rule, moment)
        if due is not None:
            days.append(due.day)
            assert due.at <= moment
        moment += timedelta(minutes=15)
    assert len(set(days)) in (365, 366)
    assert days == sorted(days), "a date never comes back, not even when the clocks do"
