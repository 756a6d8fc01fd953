"""MLflow's filter grammar for runs, read into conditions and written back.

The grammar is that of mlflow.search_runs (https://mlflow.org/docs/latest/ml/search/search-runs/): comparisons of
metrics, params, tags and attributes, joined by AND. Somewhat more is understood than MLflow does: params and tags
compare with unquoted values too, and times with `7d`, `yesterday` or a date.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from math import isfinite

from bot.facts.runs import Status
from bot.facts.spans import parse_since
from bot.find.tokens import FilterError, Kind, Token, tokens
from bot.ports.index import Condition, Field

_FIELDS = {
    **dict.fromkeys(("metric", "metrics"), Field.METRIC),
    **dict.fromkeys(("param", "params", "parameter", "parameters"), Field.PARAM),
    **dict.fromkeys(("tag", "tags"), Field.TAG),
    **dict.fromkeys(("attribute", "attributes", "attr", "run"), Field.ATTRIBUTE),
}
_ATTRIBUTES = {
    **{name: name for name in ("run_id", "run_name", "status", "start_time", "end_time", "user_id", "experiment")},
    "created": "start_time",
    "run name": "run_name",
    "name": "run_name",
    "user": "user_id",
}
_TIMES = ("start_time", "end_time")
_ORDER = ("=", "!=", "<", "<=", ">", ">=")
_TEXT = ("=", "!=", "LIKE", "ILIKE")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_BARE_KEY = re.compile(r"[\w./-]+", re.ASCII)
_SIGNS = re.compile(r"[=<>]|!=|\b(?:i?like|in|is)\b\s*['\"(n]|^\s*\w+\.['\"`\w]+\s*$", re.IGNORECASE)
_MOST = 20


def looks_like_filter(text: str) -> bool:
    """Whether a search is meant as a filter, not as plain words."""
    known = re.match(r"\s*(\w+)\s*\.", text)
    return bool(_SIGNS.search(text)) if known is None or known[1].lower() not in _FIELDS else True


def parse_filter(text: str, now: datetime, timezone: str = "UTC") -> tuple[Condition, ...]:
    """Read a filter; times without a date are relative to `now` (UTC), days begin at midnight in `timezone`.

    Raises FilterError with the place and a sentence for everything that cannot be read.
    """
    return _Parser(text, now, timezone).filter()


def as_filter(conditions: Sequence[Condition]) -> str:
    """Conditions as a filter that reads back to the same; a text with both kinds of quotes is a ValueError."""
    return " and ".join(_written(condition) for condition in conditions)


class _Parser:
    """A walk over the tokens: each method reads one part of the grammar and stands behind it afterwards."""

    def __init__(self, text: str, now: datetime, timezone: str) -> None:
        self.text, self.now, self.timezone = text, now, timezone
        self.tokens = tokens(text)
        self.place = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.here
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    def wrong(self, token: Token, sentence: str) -> FilterError:
        return FilterError(self.text, token.start, sentence)

    def filter(self) -> tuple[Condition, ...]:
        conditions = list(self.comparison())
        while self.here.kind is not Kind.END:
            if self.here.says("OR"):
                raise self.wrong(self.here, "MLflow’s filters have no OR; search twice instead")
            if not self.here.says("AND"):
                raise self.wrong(self.here, "and is missing before this")
            self.take()
            conditions.extend(self.comparison())
            if len(conditions) > _MOST:
                raise self.wrong(self.here, f"that is more than {_MOST} comparisons")
        return tuple(conditions)

    def comparison(self) -> tuple[Condition, ...]:
        field, key = self.identifier()
        sign = self.here
        operator = self.operator()
        self.check_operator(sign, operator, field, key)
        if operator == "IS NULL":
            return (Condition(field, key, operator),)
        if operator == "IS NOT NULL":
            return (Condition(field, key, "LIKE", "%"),)
        if operator == "IN":
            return (Condition(field, key, operator, self.values()),)
        if operator == "NOT IN":
            return tuple(Condition(field, key, "!=", value) for value in self.values())
        return (Condition(field, key, operator, self.value(field, key, operator)),)

    def identifier(self) -> tuple[Field, str]:
        token = self.take()
        if token.says("NOT"):
            raise self.wrong(token, "MLflow’s filters have no NOT; != and IS NULL may say it")
        if token.kind is Kind.BRACKET:
            raise self.wrong(token, "brackets are for lists only, as in run_id IN ('…', '…')")
        if token.kind not in (Kind.WORD, Kind.QUOTED) or token.says("AND", "OR"):
            raise self.wrong(token, "a name such as metrics.auc is missing here")
        prefix, dot, key = token.text.partition(".")
        field = _FIELDS.get(prefix.lower()) if dot and not token.quote else None
        if prefix.lower() in ("dataset", "datasets") and dot:
            raise self.wrong(token, "datasets cannot be searched here")
        if field is None:
            return Field.ATTRIBUTE, self.attribute(token, token.text)
        if not key and self.here.kind is Kind.QUOTED and self.here.start == token.end:
            key = self.take().text
        if not key:
            raise FilterError(self.text, token.end, f"a name is missing here, as in {prefix}.name")
        return field, self.attribute(token, key) if field is Field.ATTRIBUTE else key

    def attribute(self, token: Token, name: str) -> str:
        known = _ATTRIBUTES.get(name.lower())
        if known is None:
            wanted = f"write metrics.{name}, params.{name} or tags.{name}"
            raise self.wrong(token, f"{name} is no attribute of a run; {wanted}")
        return known

    def operator(self) -> str:
        token = self.take()
        if token.kind is Kind.OPERATOR:
            return {"==": "=", "<>": "!="}.get(token.text, token.text)
        if token.says("LIKE", "ILIKE", "IN"):
            return token.text.upper()
        if token.says("NOT") and self.here.says("IN"):
            self.take()
            return "NOT IN"
        if token.says("IS"):
            negated = self.here.says("NOT")
            if negated:
                self.take()
            if self.take().says("NULL"):
                return "IS NOT NULL" if negated else "IS NULL"
            raise self.wrong(token, "after IS comes NULL or NOT NULL")
        raise self.wrong(token, "a comparison such as > 0.9 or = 'text' is missing here")

    def check_operator(self, sign: Token, operator: str, field: Field, key: str) -> None:
        if field is Field.METRIC or (field is Field.ATTRIBUTE and key in _TIMES):
            allowed: tuple[str, ...] = _ORDER
        elif field is Field.ATTRIBUTE:
            allowed = (*_TEXT, "IN", "NOT IN") if key == "run_id" else _TEXT
        else:
            allowed = (*_TEXT, "IS NULL", "IS NOT NULL")
        if operator not in allowed:
            name = key if field is Field.ATTRIBUTE else field.value
            raise self.wrong(sign, f"{operator} does not work with {name}; it takes {', '.join(allowed)}")

    def values(self) -> tuple[str, ...]:
        opening = self.take()
        if opening.text != "(" or opening.quote:
            raise self.wrong(opening, "a list such as ('…', '…') is missing here")
        found = []
        while True:
            token = self.take()
            if token.kind not in (Kind.QUOTED, Kind.WORD):
                raise self.wrong(token, "a run id in quotes is missing here")
            found.append(token.text)
            behind = self.take()
            if behind.text == ")" and not behind.quote:
                return tuple(found)
            if behind.kind is not Kind.COMMA:
                raise self.wrong(behind, "a comma or the closing bracket is missing here")

    def value(self, field: Field, key: str, operator: str) -> str | float | datetime:
        token = self.take()
        wants_number = field is Field.METRIC
        if token.kind not in (Kind.QUOTED, Kind.WORD) or token.says("AND", "OR"):
            raise self.wrong(token, f"a {'number' if wants_number else 'value'} is missing here")
        if wants_number:
            return self.number(token)
        if key in _TIMES and field is Field.ATTRIBUTE:
            return self.time(token)
        if key == "status" and field is Field.ATTRIBUTE and operator in ("=", "!="):
            if token.text.upper() not in set(Status):
                raise self.wrong(token, f"{token.text} is no status; it is one of {', '.join(Status)}")
            return token.text.upper()
        return token.text

    def number(self, token: Token) -> float:
        if token.quote:
            raise self.wrong(token, "metrics compare with a number, without quotes")
        if not _NUMBER.fullmatch(token.text) or not isfinite(float(token.text)):
            raise self.wrong(token, f"{token.text} is not a number")
        return float(token.text)

    def time(self, token: Token) -> datetime:
        since = parse_since(token.text)
        if since is not None:
            return since.moment(self.now, self.timezone)
        # MLflow's own filters give times in milliseconds since 1970.
        if re.fullmatch(r"\d{1,14}", token.text, re.ASCII):
            return datetime.fromtimestamp(int(token.text) // 1000, UTC)
        raise self.wrong(token, f"{token.text} is not a time; write 7d, yesterday or 2026-11-01")


def _written(condition: Condition) -> str:
    name = condition.key
    if condition.field is not Field.ATTRIBUTE:
        key = condition.key if _BARE_KEY.fullmatch(condition.key) else _quoted(condition.key, '`"')
        name = f"{condition.field.value}.{key}"
    value = condition.value
    if value is None:
        return f"{name} {condition.operator}"
    if isinstance(value, tuple):
        return f"{name} {condition.operator} ({', '.join(_quoted(one) for one in value)})"
    if isinstance(value, datetime):
        return f"{name} {condition.operator} {int(value.timestamp()) * 1000}"
    if isinstance(value, str):
        return f"{name} {condition.operator} {_quoted(value)}"
    return f"{name} {condition.operator} {value!r}"


def _quoted(text: str, quotes: str = "'\"") -> str:
    for quote in quotes:
        if quote not in text:
            return f"{quote}{text}{quote}"
    raise ValueError(f"no quote is left for {text!r}")
