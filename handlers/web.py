"""The HTTP door: Slack's requests, webhooks, health and metrics, on Starlette."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from slack_bolt import App
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.ci.arrival import Provider
from bot.deps import Deps
from handlers import doors, webhooks
from handlers.register import dispatch

log = structlog.get_logger("door")

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Health:
    """Questions the door is asked about the rest: each answers a reason, or nothing when all is well."""

    ready: Callable[[], str]
    metrics: CollectorRegistry


def web_app(deps: Deps, slack: App, health: Health) -> Starlette:
    """Every address Rundown answers; /slack/events only where a signing secret is set."""
    routes = [
        Route("/healthz", _healthz),
        Route("/readyz", _readyz(health)),
        Route("/metrics", _metrics(health)),
    ]
    for name, provider in webhooks.find_providers().items():
        routes.append(Route(f"/webhooks/{name}", _webhook(deps, name, provider), methods=["POST"]))
    if deps.settings.slack.signing_secret is not None:
        secret = deps.settings.slack.signing_secret.get_secret_value()
        routes.append(Route("/slack/events", _slack(deps, slack, secret), methods=["POST"]))
    return Starlette(routes=routes, exception_handlers={doors.Turned: _turned})


def _slack(deps: Deps, app: App, secret: str) -> Endpoint:
    replays = doors.Replays()

    async def slack(request: Request) -> Response:
        raw = await doors.read_body(request, doors.SLACK_BODY_BYTES)
        now = deps.now().timestamp()
        signature = doors.verify_slack(secret, request.headers, raw, now)
        if not replays.first(signature, now):
            raise doors.Turned(HTTPStatus.CONFLICT, "this very request was taken before")
        body = doors.parse_slack(raw, request.headers.get("content-type", ""))
        headers = {name: value for name, value in request.headers.items() if name.startswith("x-slack-retry")}
        answer = await run_in_threadpool(dispatch, app, body, headers)
        return Response(answer.body, answer.status, headers=answer.first_headers())

    return slack


def _webhook(deps: Deps, name: str, provider: Provider) -> Endpoint:
    async def webhook(request: Request) -> Response:
        raw = await doors.read_body(request, doors.WEBHOOK_BODY_BYTES)
        status, text = await run_in_threadpool(webhooks.deliver, deps, name, provider, request.headers, raw)
        return PlainTextResponse(text + "\n", status)

    return webhook


async def _healthz(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


def _readyz(health: Health) -> Endpoint:
    async def readyz(_request: Request) -> Response:
        reason = await run_in_threadpool(health.ready)
        if reason:
            return PlainTextResponse(f"not ready: {reason}\n", HTTPStatus.SERVICE_UNAVAILABLE)
        return PlainTextResponse("ready\n")

    return readyz


def _metrics(health: Health) -> Endpoint:
    async def metrics(_request: Request) -> Response:
        page = await run_in_threadpool(generate_latest, health.metrics)
        return Response(page, headers={"content-type": CONTENT_TYPE_LATEST})

    return metrics


async def _turned(request: Request, problem: Exception) -> Response:
    """Say why something was not let in; what it carried is neither stored nor logged."""
    assert isinstance(problem, doors.Turned)
    log.info("turned_away", path=request.url.path, status=int(problem.status), why=problem.why)
    return PlainTextResponse(problem.why + "\n", problem.status)
