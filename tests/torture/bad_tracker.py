"""A proxy between the bot and a real MLflow server that is down, slow, broken, or turns its pages early."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Said = tuple[int, dict[str, str], bytes]

# The bot waits three seconds for an answer.
SLOW = 4.0
# Pages as small as this shift while runs come and go.
PAGE = 17
PASSED = ("accept", "content-type")
FAULTS = (
    (0.010, "down"),
    (0.005, "slow"),
    (0.010, "500"),
    (0.005, "garbage"),
    (0.005, "cut off"),
)


class BadTracker:
    """Serves at `url` what the server at `target` answers, but for faults by dice; `outage` is one for a while."""

    def __init__(self, target: str, seed: int) -> None:
        self.target = urlsplit(target)
        self.dice = random.Random(f"tracker {seed}")
        self.over = False
        self.outage = ""
        self.struck: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def roll(self) -> str:
        """The fault of one request."""
        with self.lock:
            fault = "" if self.over else self.outage or self._dice()
            self.struck.update([fault] if fault else [])
        return fault

    def _dice(self) -> str:
        roll = self.dice.random()
        for share, name in FAULTS:
            if roll < share:
                return name
            roll -= share
        return ""

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """What the real server says; searches for runs get small pages."""
        if path.endswith("/runs/search") and not self.over:
            body, shrunk = smaller(body)
            with self.lock:
                self.struck.update(["small pages"] if shrunk else [])
        connection = http.client.HTTPConnection(str(self.target.hostname), self.target.port, timeout=60)
        try:
            connection.request(method, path, body or None, {**headers, "content-length": str(len(body))})
            answer = connection.getresponse()
            kept = {key: value for key, value in answer.getheaders() if key.lower() in ("content-type", "date")}
            return answer.status, kept, answer.read()
        finally:
            connection.close()


def smaller(body: bytes) -> tuple[bytes, bool]:
    """The same question for a small page."""
    question: dict[str, Any] = json.loads(body or b"{}")
    if int(question.get("max_results", 0)) <= PAGE:
        return body, False
    return json.dumps({**question, "max_results": PAGE}).encode(), True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A bot that was killed is no error here."""


def _handler(proxy: BadTracker) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            fault = proxy.roll()
            if fault == "down":
                self.close_connection = True
                return
            if fault == "slow":
                time.sleep(SLOW)
            passed = {
                key: value for key, value in self.headers.items() if key.lower() in ("content-type", "accept")
            }
            status, headers, said = proxy.ask(self.command, self.path, passed, body)
            if fault == "500":
                # Error pages of some proxies repeat the request, credentials included.
                status, said = 500, f"<pre>{self.headers}</pre>".encode()
            if fault == "garbage":
                said = b"<html>Please sign in \xff\xfe"
            self.answer(status, headers, said, cut=fault == "cut off")

        def answer(self, status: int, headers: dict[str, str], said: bytes, *, cut: bool) -> None:
            self.send_response_only(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said[: len(said) // 2] if cut else said)
            self.close_connection = self.close_connection or cut

        do_GET = do_POST = handle_one

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
