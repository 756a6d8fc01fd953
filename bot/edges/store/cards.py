"""Which run stands on which card of which channel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from bot.edges.store.statements import insert_new
from bot.edges.store.tables import cards
from bot.facts.runs import RunRef
from bot.ports.cards import CardRow


class SqlCards:
    """bot.ports.cards.Cards."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def place(self, row: CardRow) -> CardRow:
        """Give a run its place; where it has one already, that one is returned and kept."""
        values = {
            "channel": row.channel,
            "tracker": row.run.tracker,
            "run_id": row.run.run_id,
            "card_key": row.card_key,
            "experiment": row.experiment,
            "at": row.at,
            "grouped": row.grouped,
        }
        insert_new(self.connection, cards, values, ("tracker", "run_id", "channel"))
        return self._rows(*_of(row.run), cards.c.channel == row.channel)[0]

    def of_run(self, run: RunRef) -> Sequence[CardRow]:
        """A run's places, oldest first."""
        return self._rows(*_of(run))

    def rows(self, channel: str, card_key: str) -> Sequence[CardRow]:
        """All runs on one card, oldest first."""
        return self._rows(cards.c.channel == channel, cards.c.card_key == card_key)

    def since(self, channel: str, experiment: str, moment: datetime) -> Sequence[CardRow]:
        """Places given in a channel to runs of one experiment since a moment, oldest first."""
        mine = (cards.c.channel == channel, cards.c.experiment == experiment)
        return self._rows(*mine, cards.c.at >= moment)

    def _rows(self, *conditions: ColumnElement[bool]) -> Sequence[CardRow]:
        rows = self.connection.execute(select(cards).where(*conditions).order_by(cards.c.at, cards.c.id))
        return [_card(row) for row in rows]


def _of(run: RunRef) -> tuple[ColumnElement[bool], ...]:
    return cards.c.tracker == run.tracker, cards.c.run_id == run.run_id


def _card(row: Any) -> CardRow:
    return CardRow(row.channel, RunRef(row.tracker, row.run_id), row.card_key, row.experiment, row.at, row.grouped)
