"""The HTTP door: Slack's requests, webhooks, health and metrics, on Starlette."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from slack_bolt import App
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.ci.arrival import Provider
from bot.deps import Deps
from handlers import doors, reports, webhooks
from handlers.metrics import webhook_deliveries
from handlers.register import dispatch, only_reads

log = structlog.get_logger("door")

Endpoint = Callable[[Request], Awaitable[Response]]

# Threads for what only reads the index, for what may wait to write, and for health: none can use up another's. All
# together they are fewer than the 40 that Starlette has. More readers than two wait for Python's lock, not for the
# database: with 20 of them the slowest of 16 askers waits three times as long (`make bench ONLY=latest`).
READING, WRITING, WATCHING = 2, 16, 2
# Reading a large report takes a second of one processor.
REPORTING = 1
# A report may be twenty times as large as what else arrives.
REPORT_TIMES_AS_LONG = 6


class Threads:
    """The threads that answer one kind of request: at most so many at the same time."""

    def __init__(self, most: int) -> None:
        """Allow `most`."""
        self._free = asyncio.Semaphore(most)

    async def do(self, work: Callable[..., Any], *given: Any) -> Any:
        """What `work` returns."""
        async with self._free:
            return await run_in_threadpool(work, *given)


@dataclass(frozen=True, slots=True)
class Health:
    """Questions the door is asked about the rest: each answers a reason, or nothing when all is well."""

    ready: Callable[[], str]
    metrics: CollectorRegistry


def web_app(deps: Deps, slack: App, health: Health, body_seconds: float = doors.BODY_SECONDS) -> Starlette:
    """Every address Rundown answers; /slack/events only where a signing secret is set.

    A body that has not ended after `body_seconds` is not waited for.
    """
    watching, writing = Threads(WATCHING), Threads(WRITING)
    routes = [
        Route("/healthz", _healthz),
        Route("/readyz", _readyz(health, watching)),
        Route("/metrics", _metrics(health, watching)),
    ]
    deliveries = webhook_deliveries(health.metrics)
    for name, provider in webhooks.find_providers().items():
        endpoint = _counted(_webhook(deps, name, provider, writing, body_seconds), name, deliveries)
        routes.append(Route(f"/webhooks/{name}", endpoint, methods=["POST"]))
    endpoint = _counted(_report(deps, body_seconds * REPORT_TIMES_AS_LONG), "report", deliveries)
    routes.append(Route("/ci/report", endpoint, methods=["POST"]))
    routes.append(Route("/ci/report.py", _script))
    if deps.settings.slack.signing_secret is not None:
        secret = deps.settings.slack.signing_secret.get_secret_value()
        endpoint = _slack(deps, slack, secret, writing, body_seconds)
        routes.append(Route("/slack/events", endpoint, methods=["POST"]))
    web = Starlette(routes=routes, exception_handlers={doors.Turned: _turned})
    # A redirect would be built from the Host header, which is whatever the sender says.
    web.router.redirect_slashes = False
    return web


def _slack(deps: Deps, app: App, secret: str, writing: Threads, body_seconds: float) -> Endpoint:
    replays, reading = doors.Replays(), Threads(READING)

    async def slack(request: Request) -> Response:
        raw = await doors.read_body(request, doors.SLACK_BODY_BYTES, body_seconds)
        now = deps.now().timestamp()
        signature = doors.verify_slack(secret, request.headers, raw, now)
        if not replays.first(signature, now):
            raise doors.Turned(HTTPStatus.CONFLICT, "this very request was taken before")
        body = doors.parse_slack(raw, request.headers.get("content-type", ""))
        headers = {name: value for name, value in request.headers.items() if name.startswith("x-slack-retry")}
        threads = reading if only_reads(body) else writing
        answer = await threads.do(dispatch, app, body, headers)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            replays.forget(signature)
        return Response(answer.body, answer.status, headers=answer.first_headers())

    return slack


def _webhook(deps: Deps, name: str, provider: Provider, writing: Threads, body_seconds: float) -> Endpoint:
    async def webhook(request: Request) -> Response:
        webhooks.opened(deps, name, provider)
        raw = await doors.read_body(request, doors.WEBHOOK_BODY_BYTES, body_seconds)
        status, text = await writing.do(webhooks.deliver, deps, name, provider, request.headers, raw)
        return PlainTextResponse(text + "\n", status)

    return webhook


def _report(deps: Deps, body_seconds: float) -> Endpoint:
    replays, reporting = doors.Replays(), Threads(REPORTING)

    async def report(request: Request) -> Response:
        query = request.scope["query_string"].decode("latin-1")
        now = deps.now().timestamp()
        digest = reports.admit(reports.secret(deps), request.headers, query, now)
        signature = request.headers[reports.SIGNATURE]
        if not replays.first(signature, now):
            raise doors.Turned(HTTPStatus.CONFLICT, "this report was taken before")
        try:
            raw = await doors.read_body(request, reports.REPORT_BYTES, body_seconds)
            text = await reporting.do(reports.take, deps, request.headers, query, digest, raw)
        except BaseException:
            replays.forget(signature)
            raise
        return PlainTextResponse(text + "\n")

    return report


async def _script(_request: Request) -> Response:
    return Response(reports.script(), media_type="text/x-python")


def _counted(endpoint: Endpoint, name: str, deliveries: Counter) -> Endpoint:
    """The endpoint, whose answers are counted."""

    async def counted(request: Request) -> Response:
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        try:
            response = await endpoint(request)
            status = HTTPStatus(response.status_code)
        except doors.Turned as problem:
            status = problem.status
            raise
        finally:
            deliveries.labels(name, int(status)).inc()
        return response

    return counted


async def _healthz(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


def _readyz(health: Health, watching: Threads) -> Endpoint:
    async def readyz(_request: Request) -> Response:
        reason = await watching.do(health.ready)
        if reason:
            return PlainTextResponse(f"not ready: {reason}\n", HTTPStatus.SERVICE_UNAVAILABLE)
        return PlainTextResponse("ready\n")

    return readyz


def _metrics(health: Health, watching: Threads) -> Endpoint:
    async def metrics(_request: Request) -> Response:
        page = await watching.do(generate_latest, health.metrics)
        return Response(page, headers={"content-type": CONTENT_TYPE_LATEST})

    return metrics


async def _turned(request: Request, problem: Exception) -> Response:
    """Say why something was not let in; what it carried is neither stored nor logged, and the rest is not read."""
    assert isinstance(problem, doors.Turned)
    log.info("turned_away", path=request.scope["path"], status=int(problem.status), why=problem.why)
    return PlainTextResponse(problem.why + "\n", problem.status, {"connection": "close"})
