"""A report that any CI posts: how it is signed and what its address says, as docs/ci-reports.md specifies both."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from bot.ci.arrival import Unreadable, Unsigned
from bot.facts.reports import Origin

TIMESTAMP, IDENTITY = "x-rundown-timestamp", "x-rundown-id"
DIGEST, SIGNATURE = "x-rundown-digest", "x-rundown-signature"
SECONDS = 300
IDENTITIES = re.compile(r"[A-Za-z0-9._-]{8,100}")
QUERY_BYTES, FIELDS = 8_000, 40


def signature(secret: str, timestamp: str, identity: str, query: str, digest: str) -> str:
    """What a report is signed with: the digest is the body's SHA-256 in hexadecimal, the query stands as sent."""
    signed = f"v1:{timestamp}:{identity}:{query}:{digest}"
    return "v1=" + hmac.new(secret.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def verify(secret: str, headers: Mapping[str, str], query: str, now: float) -> str:
    """Check what a report says of itself before its body is read; returns the digest that the body must have.

    `now` is Unix seconds. Raises Unsigned.
    """
    timestamp, identity = headers.get(TIMESTAMP, ""), headers.get(IDENTITY, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Unsigned(f"{TIMESTAMP} is not a Unix time")
    if abs(now - int(timestamp)) > SECONDS:
        raise Unsigned(f"{TIMESTAMP} is more than five minutes off; is the clock of the CI's machine right?")
    if not IDENTITIES.fullmatch(identity):
        raise Unsigned(f"{IDENTITY} is not 8 to 100 letters, digits, dots, dashes or underscores")
    digest = headers.get(DIGEST, "")
    wanted = signature(secret, timestamp, identity, query, digest)
    if not hmac.compare_digest(headers.get(SIGNATURE, "").encode("utf-8", "replace"), wanted.encode()):
        raise Unsigned(f"{SIGNATURE} is missing or does not fit; is REPORT_SECRET the same on both sides?")
    return digest


def check_body(digest: str, raw: bytes) -> None:
    """Raises Unsigned for a body other than the signed one."""
    if not hmac.compare_digest(digest.encode("utf-8", "replace"), hashlib.sha256(raw).hexdigest().encode()):
        raise Unsigned(f"{DIGEST} does not fit the body; was it changed or cut on its way?")


Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Told(BaseModel):
    """What the address of a report may say; all of it is optional, but one of commit, run and model."""

    model_config = ConfigDict(extra="forbid")

    name: Word = "tests"
    repository: Word = ""
    branch: Word = ""
    target: Word = ""
    commit: Annotated[str, StringConstraints(pattern=r"^([0-9a-fA-F]{7,64})?$")] = ""
    url: Annotated[str, StringConstraints(max_length=1000, pattern=r"^(https?://[^\s\x00-\x1f\x7f]+)?$")] = ""
    provider: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,40}$")] = ""
    pipeline: Word = ""
    attempt: Annotated[int, Field(ge=1, le=10_000)] = 1
    shard: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$")] = "1/1"
    partial: bool = False
    run: Word = ""
    model: Word = ""

    @model_validator(mode="after")
    def _joined(self) -> Self:
        if not (self.commit or self.run or self.model):
            raise ValueError("it names no commit, no run and no model, so it belongs to nothing")
        number, of = self.part
        if number > of:
            raise ValueError(f"shard: there is no shard {number} of {of}")
        return self

    @property
    def part(self) -> tuple[int, int]:
        """(the shard, how many there are)."""
        number, _, of = self.shard.partition("/")
        return int(number), int(of)


def read_origin(query: str, identity: str, now: datetime) -> Origin:
    """Where a report comes from, as its address says; raises Unreadable."""
    try:
        told = Told.model_validate(_fields(query))
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            names = ", ".join(Told.model_fields)
            raise Unreadable(f"the address has a field that is not one of {names}") from None
        raise Unreadable(
            f"{place}: {first['msg']}" if place else first["msg"].removeprefix("Value error, ")
        ) from None
    shard, shards = told.part
    return Origin(
        "report",
        identity,
        now,
        told.name or "tests",
        told.repository,
        told.branch,
        "" if told.target == told.branch else told.target,
        told.commit.lower(),
        told.url,
        told.provider,
        told.pipeline,
        told.attempt,
        shard,
        shards,
        told.partial,
        told.run,
        told.model,
    )


def _fields(query: str) -> dict[str, str]:
    if len(query) > QUERY_BYTES:
        raise Unreadable(f"the address is longer than {QUERY_BYTES} bytes")
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, max_num_fields=FIELDS, strict_parsing=bool(query), errors="strict"
        )
    except ValueError:
        raise Unreadable("the address is not written as name=value&name=value") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Unreadable("the address says one thing twice")
    return fields
