"""Bolt behind its own Starlette adapter, as its documentation sets it up: what Rundown's door is compared with."""

from typing import Any

from slack_bolt import Ack, App
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.doors.house import BOT_TOKEN, SIGNING


def authorized(**_context: Any) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=BOT_TOKEN)


def plain_bolt() -> Starlette:
    """One slash command on plain Bolt; nothing is asked of Slack."""
    app = App(client=WebClient(), signing_secret=SIGNING, authorize=authorized)

    @app.command("/runs")
    def runs(ack: Ack) -> None:
        ack("answered")

    handler = SlackRequestHandler(app)

    async def slack(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", slack, methods=["POST"])])
