"""How values are kept, the same on SQLite and PostgreSQL: times, texts, keys and JSON."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# A PostgreSQL B-tree entry holds at most 2,704 bytes; up to three keys share one, a character takes up to 4 bytes.
KEY_LENGTH = 200
DIGEST_LENGTH = 64

# SQLite orders by code point; PostgreSQL does so under the collation C, whatever the locale of the database is.
_TEXT: dict[str, TypeEngine[Any]] = {"postgresql": String(collation="C"), "sqlite": Text()}

Id = BigInteger().with_variant(Integer(), "sqlite")


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 in UTC; ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return (moment - EPOCH) // MICROSECOND


def moment_of(value: int) -> datetime:
    """The moment, in UTC, of microseconds since 1970."""
    return EPOCH + value * MICROSECOND


def clean(text: str) -> str:
    """Text both databases take: NUL and lone surrogates become U+FFFD."""
    text = text.replace("\0", REPLACEMENT)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def fold(text: str) -> str:
    """Text as it is compared when case is ignored, accents and all alphabets included."""
    return clean(unicodedata.normalize("NFC", text).casefold())


def short(text: str) -> str:
    """Text that fits an index: a long one keeps its beginning and a digest of the whole."""
    text = clean(text)
    if len(text) <= KEY_LENGTH:
        return text
    return text[: KEY_LENGTH - DIGEST_LENGTH] + sha256(text.encode()).hexdigest()


class Moment(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970: exact, ordered, and equal on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Into microseconds; ValueError for a time without a zone."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Out of microseconds, in UTC."""
        return None if value is None else moment_of(value)


class Words(TypeDecorator[str]):
    """Text of any length, cleaned on the way in."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text, ordered by code point on both databases."""
        return dialect.type_descriptor(_TEXT[dialect.name])

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Cleaned."""
        return None if value is None else clean(value)


class Key(Words):
    """Text that stands in an index: longer than 200 characters, its end is replaced by a digest."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Cleaned, and cut to fit an index."""
        return None if value is None else short(value)


class Json(TypeDecorator[Any]):
    """JSON as text; ASCII only, so NUL, lone surrogates, NaN and infinities come back as they went."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text, ordered by code point on both databases."""
        return dialect.type_descriptor(_TEXT[dialect.name])

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Into JSON."""
        return json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Out of JSON."""
        return None if value is None else json.loads(value)
