"""People and programs at the bot's door: commands that must be acknowledged, webhooks doubled and forged."""

import hashlib
import hmac
import json
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from sandbox.deliveries import workflow_run
from sandbox.workspace import Workspace
from tests.torture.database import BadDatabase
from tests.torture.lives import Lives

# GitHub waits so long for an answer: https://docs.github.com/en/webhooks
GITHUB_SECONDS = 10.0
MIRA = "U0000MIRA1"


@dataclass
class Delivery:
    """One webhook and how often it was answered, by status."""

    number: int
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    answers: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"workflow w{self.number:02}"


@dataclass
class Door:
    """Knocks at the door of a bot that comes and goes."""

    address: str
    secret: str
    workspace: Workspace
    lives: Lives
    database: BadDatabase
    seed: int
    pipelines: int
    acks: list[float] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    forged: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"door {self.seed}")
        self.deliveries = [Delivery(number) for number in range(self.pipelines)]
        self.client = httpx.Client(timeout=GITHUB_SECONDS, trust_env=False)

    def close(self) -> None:
        self.client.close()

    def ready(self) -> bool:
        """Whether the bot says that it can work."""
        try:
            return self.client.get(f"{self.address}/readyz", timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def ask(self) -> None:
        """Type a command; only an answer that the same life should have given counts."""
        life = self.lives.number
        if not self.ready():
            return
        began = time.monotonic()
        outcome = self.workspace.type(MIRA, "#team0", "/runs latest", quiet=True)
        took = time.monotonic() - began
        if not self.lives.alive or self.lives.number != life:
            return
        if outcome.ok:
            self.acks.append(took)
        elif self.ready() and self.lives.number == life:
            self.late.append(f"{outcome.error} after {took:.1f} s")

    def deliver(self, delivery: Delivery) -> None:
        """Send a webhook once more, with the id it had before."""
        life, began = self.lives.number, time.monotonic()
        try:
            status = self._send(delivery, self.secret)
        except httpx.TransportError:
            if self.lives.alive and self.lives.number == life and time.monotonic() - began >= GITHUB_SECONDS:
                self.late.append(f"a webhook was not answered within {GITHUB_SECONDS:g} s")
            return
        if status < httpx.codes.INTERNAL_SERVER_ERROR or not self.database.full_since(began):
            delivery.answers.append(status)

    def forge(self) -> None:
        """Send what is not signed with the secret."""
        for delivery in (Delivery(90), Delivery(91)):
            try:
                self.forged.append(self._send(delivery, "guessed"))
            except httpx.TransportError:
                continue

    def finish(self, patience: float) -> None:
        """Bring every webhook through, at least twice."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            left = [one for one in self.deliveries if one.answers.count(httpx.codes.OK) < 2]
            if not left:
                return
            for one in left:
                self.deliver(one)
            time.sleep(0.2)

    def _send(self, delivery: Delivery, secret: str) -> int:
        payload = workflow_run(
            f"{delivery.number:040x}", delivery.number, "completed", "failure", "Torture", delivery.at
        )
        payload["workflow_run"]["name"] = delivery.name
        raw = json.dumps(payload).encode()
        headers = {
            "x-github-event": "workflow_run",
            "x-github-delivery": f"delivery-{delivery.number}",
            "x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest(),
        }
        return self.client.post(f"{self.address}/webhooks/github", content=raw, headers=headers).status_code
