"""Structured logs, one JSON object a line, with what looks like a secret taken out."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|gh[pousr]_\w{20,}|github_pat_\w+|glpat-[\w-]+|(?<=://)[^/@\s:]+:[^/@\s]+(?=@)"
    r"|hooks\.slack\.com/\S+|(?<=Bearer )\S+"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bhf_\w{20,}|\bsk-[\w-]{20,}|\bAIza[\w-]{30,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+",
)
# What is assigned to a name that says so; a bare "token" is a word of a language to those who train models.
ASSIGNED = re.compile(
    r"((?:passw(?:or)?d|secret|api_?key|access_?key|(?:auth|access|api|secret)_?token)"
    r"[\"']?\s*(?:=\s*[\"']?|:\s*[\"']))[^\s\"'&,;)]+",
    re.IGNORECASE,
)


def redact(value: Any) -> Any:
    """The same value, with tokens, passwords in addresses and response URLs replaced."""
    if isinstance(value, str):
        return ASSIGNED.sub(r"\1[secret]", SECRET.sub("[secret]", value))
    if isinstance(value, Mapping):
        return {key: redact(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [redact(one) for one in value]
    return value


def _redacted(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: redact(value) for key, value in event.items()}


def configure(*, plain: bool) -> None:
    """Log to standard error: JSON for machines, or `plain` lines for a person at a terminal."""
    shared: list[Any] = [
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redacted,
    ]
    last = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if plain else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("apscheduler", "httpx", "uvicorn.access", "alembic", "slack_bolt", "slack_sdk"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
