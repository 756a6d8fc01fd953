"""The MLflow users a person in Slack is."""

from collections.abc import Sequence

from bot.ports.store import Unit
from bot.settings import PersonSettings


def mlflow_users(unit: Unit, people: Sequence[PersonSettings], slack_id: str) -> tuple[str, ...]:
    """What app.yaml says and what people linked; empty where nobody knows."""
    named = [person.mlflow for person in people if person.slack == slack_id]
    linked = [person.mlflow_user for person in unit.people.by_slack(slack_id)]
    return tuple(dict.fromkeys([*named, *linked]))
