"""A bot's door without a tracker: its HTTP application, a real socket before it, and what its database holds."""

import hashlib
import hmac
import json
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette

from bot.edges.store.tables import metadata
from bot.facts.messages import Rendered
from bot.settings import load_settings
from bot.wiring import wire
from handlers.metrics import registry
from handlers.register import slack_app
from handlers.serving import Serving
from handlers.web import Health, web_app
from tests.ci.payloads import pipeline as gitlab_pipeline
from tests.fixtures.bench import Listening

SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
GITHUB = "secret-of-the-github-webhook"
GITLAB = "secret-token-of-the-gitlab-webhook"
BOT_TOKEN = "xoxb-token-of-the-doors"
REPORTS = "secret-of-the-test-reports"
SECRETS = (SIGNING, GITHUB, REPORTS, GITLAB, BOT_TOKEN)
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
SETTINGS = """
app: {mode: http, public_url: "https://rundown.example.com", ops_channel: "#ops"}
trackers: [{name: main, uri: "http://127.0.0.1:9"}]
channels: {"#churn": [{experiments: ["*"], post: [pipelines, pull_requests]}]}
"""


class House:
    """One bot on one SQLite file; `start_again` is another process on the same file."""

    thread_ts = "1700000000.000100"

    def __init__(self, folder: Path, body_seconds: float = 10.0) -> None:
        self.folder = folder
        self.body_seconds = body_seconds
        self.database = folder / "rundown.db"
        self.offset = timedelta(0)
        (folder / "app.yaml").write_text(SETTINGS)
        environ = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING,
            "GITHUB_WEBHOOK_SECRET": GITHUB,
            "REPORT_SECRET": REPORTS,
            "GITLAB_WEBHOOK_TOKEN": GITLAB,
            "DATABASE_URL": f"sqlite:///{self.database}",
            **self.more_environment(),
        }
        self.settings = load_settings(folder / "app.yaml", environ)
        self.start_again()

    def more_environment(self) -> Mapping[str, str]:
        """What another kind of house has in its environment."""
        return {}

    def start_again(self) -> None:
        """A new process: nothing is remembered but what the database holds."""
        if hasattr(self, "works"):
            self.works.close()
        self.works = wire(self.settings, self.now)
        self.web = self._application()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def close(self) -> None:
        self.works.close()

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the database holds, by table."""
        with self.works.store.engine.connect() as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }

    def slack(self, raw: bytes, kind: str = FORM) -> dict[str, str]:
        """The headers of a request that Slack signed just now."""
        timestamp = str(int(self.now().timestamp()))
        return {"content-type": kind, **slack_headers(raw, timestamp)}

    def thread(self) -> str:
        """A card of the bot stands in #churn, so that its thread is ours."""
        now = self.now()
        with self.works.store.write() as unit:
            unit.outbox.say("C1", "card", Rendered("a card"), now)
            post = unit.outbox.claim("C1", "me", now, now + timedelta(minutes=1))
            assert post is not None
            unit.outbox.sent(post.id, post.version, "C1", self.thread_ts)
            unit.outbox.release("C1", "me", now)
        return self.thread_ts

    @contextmanager
    def broken(self, table: str = "arrivals") -> Iterator[None]:
        """Something is wrong with the database: a table is not where it should be."""
        with self._changed(f"ALTER TABLE {table} RENAME TO lost"):
            yield
        with self._changed(f"ALTER TABLE lost RENAME TO {table}"):
            pass

    @contextmanager
    def _changed(self, statement: str) -> Iterator[None]:
        with closing(sqlite3.connect(self.database, isolation_level=None)) as connection:
            connection.execute(statement)
            yield

    @contextmanager
    def listening(self) -> Iterator[httpx.Client]:
        """The door on a real socket, and a client for it."""
        door = Listening(uvicorn.Config(self.web, port=0, log_config=None, access_log=False))
        thread = threading.Thread(target=door.run, daemon=True)
        thread.start()
        assert door.listens.wait(10)
        port = door.servers[0].sockets[0].getsockname()[1]
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as client:
                yield client
        finally:
            door.should_exit = True
            thread.join(10)

    def _application(self) -> Starlette:
        ready = Serving(self.works).not_ready
        health = Health(ready, registry(self.works.store, self.now))
        return web_app(self.works.deps, slack_app(self.works.deps), health, body_seconds=self.body_seconds)


def house(folder: Path, template: Path, kind: type[House] = House, **more: Any) -> House:
    """A house in a folder, on a copy of a migrated database."""
    shutil.copy(template, folder / "rundown.db")
    return kind(folder, **more)


def slack_headers(raw: bytes, timestamp: str, secret: str = SIGNING) -> dict[str, str]:
    """Slack's signature over a body, with any timestamp."""
    base = b"v0:" + timestamp.encode("utf-8", "surrogatepass") + b":" + raw
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature}


def github_headers(raw: bytes, delivery: str = "", secret: str = GITHUB) -> dict[str, str]:
    """The headers of a GitHub delivery."""
    return {
        "content-type": JSON,
        "x-github-event": "workflow_run",
        "x-github-delivery": delivery or str(uuid.uuid4()),
        "x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest(),
    }


def gitlab_headers(delivery: str = "", secret: str = GITLAB) -> dict[str, str]:
    """The headers of a GitLab delivery."""
    return {
        "content-type": JSON,
        "x-gitlab-event": "Pipeline Hook",
        "idempotency-key": delivery or str(uuid.uuid4()),
        "x-gitlab-token": secret,
    }


def command(text: str = "latest", **more: str) -> bytes:
    """What Slack sends for a slash command."""
    fields = {
        "command": "/runs",
        "text": text,
        "user_id": "U1",
        "user_name": "mira",
        "channel_id": "C1",
        "channel_name": "churn",
        "response_url": "https://hooks.slack.com/commands/T1/1/secretpath",
        "trigger_id": f"1.{uuid.uuid4().hex}",
        **more,
    }
    return urlencode(fields).encode()


def button(value: str = "latest", **more: Any) -> bytes:
    """What Slack sends for a button of a message."""
    press = {
        "type": "block_actions",
        "user": {"id": "U1", "name": "mira"},
        "channel": {"id": "C1", "name": "churn"},
        "container": {"type": "message", "is_ephemeral": False},
        "trigger_id": f"1.{uuid.uuid4().hex}",
        "response_url": "https://hooks.slack.com/actions/T1/1/secretpath",
        "actions": [{"type": "button", "action_id": "ask", "block_id": "b", "value": value}],
        **more,
    }
    return urlencode({"payload": json.dumps(press)}).encode()


def event(**inner: Any) -> bytes:
    """What Slack sends when somebody wrote in a thread."""
    message = {"type": "message", "channel": "C1", "user": "U1", "ts": "1700000001.000100", "text": "words"}
    envelope = {
        "type": "event_callback",
        "event_id": f"Ev{uuid.uuid4().hex[:10]}",
        "team_id": "T1",
        "api_app_id": "A1",
        "event": {**message, "thread_ts": "1700000000.000100", **inner},
    }
    return json.dumps(envelope).encode()


def workflow_run(**run: Any) -> bytes:
    """A GitHub delivery about a workflow that failed."""
    content: Mapping[str, Any] = {
        "action": "completed",
        "workflow_run": {
            "id": 1,
            "name": "tests",
            "head_branch": "main",
            "head_sha": "acb5820ced9479c074f688cc328bf03f341a511d",
            "status": "completed",
            "conclusion": "failure",
            "html_url": "https://github.example/acme/churn/actions/runs/1",
            "updated_at": "2026-11-23T11:59:00Z",
            **run,
        },
        "repository": {"full_name": "acme/churn", "default_branch": "main"},
    }
    return json.dumps(content).encode()


def pipeline(**state: Any) -> bytes:
    """A GitLab delivery about a pipeline that failed."""
    return json.dumps(gitlab_pipeline(**state)).encode()
