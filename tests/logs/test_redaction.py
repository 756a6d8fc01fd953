"""Secrets never reach a log line, wherever they stand in it."""

import pytest

from bot.logs import redact

CANARIES = [
    "xoxb-12345678901-abcdefABCDEF",
    "xapp-1-A0123-456-deadbeef",
    "ghp_" + "a1B2" * 9,
    "github_pat_11ABCDEFG0" + "x" * 30,
    "glpat-abcdefghij1234567890",
    "https://hooks.slack.com/commands/T0/123/abcdef",
    "postgresql+psycopg://rundown:hunter2@db.example.com/rundown",
    "Authorization: Bearer eyJhbGciOi.J9",
]
SECRETS = ["abcdefABCDEF", "deadbeef", "a1B2", "11ABCDEFG0", "abcdefghij", "123/abcdef", "hunter2", "eyJhbGciOi"]


@pytest.mark.parametrize(("line", "secret"), list(zip(CANARIES, SECRETS, strict=True)))
def test_a_secret_is_taken_out_of_text_and_of_what_holds_text(line: str, secret: str) -> None:
    for value in (line, f"before {line} after", {"why": [line]}, ({"deep": {"er": line}},)):
        assert secret in str(value)
        assert secret not in str(redact(value))


def test_what_is_no_secret_stays() -> None:
    event = {"event": "posted", "channel": "#churn", "at": 3.5, "url": "http://mlflow.example.com/#/experiments/1"}
    assert redact(event) == event
