"""Bursts: how many cards stand alone, and where the other runs go."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.notify.grouping import kind_of, place_for, root_of
from bot.ports.cards import CardRow
from bot.settings import CardSettings
from tests.notify.examples import NOON, a_run

CARDS = CardSettings(group_after=3, window=timedelta(hours=1))
minutes = st.lists(st.integers(0, 300), max_size=40).map(sorted)


def placed(moments: list[int]) -> list[CardRow]:
    """Runs of one experiment that come at these minutes, placed one after the other."""
    rows: list[CardRow] = []
    for number, minute in enumerate(moments):
        now = NOON + timedelta(minutes=minute)
        recent = [row for row in rows if row.at >= now - CARDS.window]
        rows.append(place_for("#churn", a_run(f"{number:032x}"), recent, CARDS, now))
    return rows


@given(minutes)
def test_no_hour_has_more_cards_that_stand_alone_than_settings_say(moments: list[int]) -> None:
    alone = [row for row in placed(moments) if not row.grouped]
    for row in alone:
        within = [other for other in alone if row.at <= other.at <= row.at + CARDS.window]
        assert len(within) <= CARDS.group_after


@given(minutes)
def test_a_card_that_stands_alone_is_about_its_run_and_a_shared_one_is_a_group(moments: list[int]) -> None:
    for row in placed(moments):
        assert kind_of(row.card_key) == ("group" if row.grouped else "run")
        assert row.grouped or root_of(row.card_key) == row.run


def test_a_burst_shares_one_group_however_long_it_lasts() -> None:
    rows = placed(list(range(0, 60, 2)))
    assert len({row.card_key for row in rows if row.grouped}) == 1


def test_a_quiet_hour_later_a_new_group_begins() -> None:
    rows = placed([0, 1, 2, 3, 200, 201, 202, 203])
    assert len({row.card_key for row in rows if row.grouped}) == 2
