"""A process with two doors of the same kind: before Rundown's own Bolt app, and before one that does nothing."""

import asyncio
import json
import os
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from prometheus_client import CollectorRegistry
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.deps import Deps
from bot.settings import load_settings
from bot.wiring import wire
from handlers.register import slack_app
from handlers.web import Health, web_app
from tests.bench.asking import SECRET

SETTINGS = """
app: {mode: http, public_url: "https://rundown.example.com"}
trackers: [{name: main, uri: "http://127.0.0.1:9"}]
experiments:
  "churn-*": {primary: val_auc}
channels:
  "#churn":
    - {experiments: ["churn-*"]}
"""


def _anyone(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Authorizes without asking Slack, which cannot be asked here."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def nothing(deps: Deps) -> App:
    """Bolt as Rundown uses it, with a listener that only acks."""
    app = App(
        client=WebClient(retry_handlers=[]),
        authorize=_anyone,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        token_verification_enabled=False,
    )

    @app.command(deps.settings.app.command)
    def command(ack: Ack) -> None:
        ack()

    return app


async def serve(deps: Deps) -> None:
    """Open both doors, say where they are, and serve until killed."""
    apps = (slack_app(deps), nothing(deps))
    doors = [web_app(deps, app, Health(lambda: "", CollectorRegistry())) for app in apps]
    servers = [uvicorn.Server(uvicorn.Config(door, port=0, log_config=None, access_log=False)) for door in doors]
    serving = [asyncio.create_task(server.serve()) for server in servers]
    while not all(server.started for server in servers):
        await asyncio.sleep(0.01)
    ports: list[Any] = [server.servers[0].sockets[0].getsockname()[1] for server in servers]
    print(json.dumps(ports), flush=True)
    await asyncio.gather(*serving)


def main() -> None:
    """Serve the index at the database address given."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with TemporaryDirectory() as folder:
        config = Path(folder) / "app.yaml"
        config.write_text(SETTINGS)
        environ = {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": SECRET, "DATABASE_URL": sys.argv[1]}
        works = wire(load_settings(config, environ))
    asyncio.run(serve(works.deps))


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
