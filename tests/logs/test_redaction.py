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
    "botocore: AKIAIOSFODNN7EXAMPLE was refused",
    "hf_" + "aBcD" * 8,
    "sk-proj-" + "e5F6" * 6,
    "cookie eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "connect(host='db', password='hunter3', port=5432)",
    '{"api_key": "k-12345", "n": 1}',
    "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI python train.py",
]
SECRETS = [
    "abcdefABCDEF", "deadbeef", "a1B2", "11ABCDEFG0", "abcdefghij", "123/abcdef", "hunter2", "eyJhbGciOi",
    "AKIAIOSF", "aBcD", "e5F6", "c2lnbm", "hunter3", "k-12345", "wJalr",
]  # fmt: skip


@pytest.mark.parametrize(("line", "secret"), list(zip(CANARIES, SECRETS, strict=True)))
def test_a_secret_is_taken_out_of_text_and_of_what_holds_text(line: str, secret: str) -> None:
    for value in (line, f"before {line} after", {"why": [line]}, ({"deep": {"er": line}},)):
        assert secret in str(value)
        assert secret not in str(redact(value))


def test_what_is_no_secret_stays() -> None:
    event = {"event": "posted", "channel": "#churn", "at": 3.5, "url": "http://mlflow.example.com/#/experiments/1"}
    assert redact(event) == event


@pytest.mark.parametrize(
    "line",
    [
        "tokenizer(text, pad_token=tokenizer.eos_token)",
        "json.decoder.JSONDecodeError: Unexpected token: '}'",
        "slack.signing_secret: is missing",
        "ValueError: task-sk-learn has no key: 'auc'",
    ],
)
def test_words_that_only_sound_like_secrets_stay(line: str) -> None:
    assert redact(line) == line
