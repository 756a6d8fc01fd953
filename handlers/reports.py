"""Test reports that a pipeline posts: `POST /ci/report`; the script that does it is served at `/ci/report.py`."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from bot.ci import posted, report
from bot.ci.archives import files
from bot.ci.arrival import Unreadable, Unsigned
from bot.ci.junit import read_cases
from bot.ci.limits import Allowance, Limits, TooLarge
from bot.deps import Deps
from bot.facts.reports import Report
from bot.follow import test_runs
from handlers.doors import Turned

SIGNATURE = posted.SIGNATURE
REPORT_BYTES = 20_000_000
XML, PACKED = ("application/xml", "text/xml"), ("application/zip", "application/gzip")


def script() -> bytes:
    """The script that sends reports, for pipelines to download."""
    return Path(report.__file__).read_bytes()


def secret(deps: Deps) -> str:
    """What reports are signed with; raises Turned (404) where nothing is set."""
    found = deps.settings.ci.reports.secret
    if found is None:
        raise Turned(HTTPStatus.NOT_FOUND, "no secret is set for reports: set REPORT_SECRET")
    return found.get_secret_value()


def admit(secret: str, headers: Mapping[str, str], query: str, now: float) -> str:
    """Look at a report's envelope before its body is read; returns the digest that the body must have.

    `now` is Unix seconds. Raises Turned (401, 415).
    """
    try:
        digest = posted.verify(secret, headers, query, now)
    except Unsigned as problem:
        raise Turned(HTTPStatus.UNAUTHORIZED, str(problem)) from None
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if kind not in (*XML, *PACKED):
        raise Turned(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "the content type is not application/xml, application/gzip or application/zip",
        )
    if encoding not in ("identity", "gzip"):
        raise Turned(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the content encoding is not gzip")
    return digest


def take(deps: Deps, headers: Mapping[str, str], query: str, digest: str, raw: bytes) -> str:
    """Keep a report; returns what is answered. Raises Turned (401, 409, 413, 422) for one that is not kept."""
    now = deps.now()
    try:
        posted.check_body(digest, raw)
        origin = posted.read_origin(query, headers.get(posted.IDENTITY, ""), now)
        cases = read_cases(files(raw, "the report"), Allowance(Limits()))
    except Unsigned as problem:
        raise Turned(HTTPStatus.UNAUTHORIZED, str(problem)) from None
    except TooLarge as problem:
        raise Turned(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(problem)) from None
    except Unreadable as problem:
        raise Turned(HTTPStatus.UNPROCESSABLE_ENTITY, str(problem)) from None
    found = Report(origin, cases)
    with deps.store.write() as unit:
        if not unit.arrivals.first(origin.source, origin.id, now) or not unit.reports.put(found):
            raise Turned(HTTPStatus.CONFLICT, "this report was taken before")
        test_runs.plan(unit, origin, now)
    deps.queue.wake()
    counts = found.counts
    return f"taken: {counts.total} test cases, {counts.broken} failed"
