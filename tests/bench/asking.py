"""What Slack's side does: signed requests, one after the other or many at once."""

import http.client
import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from sandbox.arrivals.signed_http import signed

SECRET = "signing-secret-of-the-bench"
FORM = "application/x-www-form-urlencoded"
_numbers = itertools.count(1)


class Asking:
    """Somebody who asks at a door: over a new connection each time, as Slack's many servers do, or a kept one."""

    def __init__(self, port: int, text: str = "latest", channel: str = "general", *, kept: bool = False) -> None:
        self.kept = kept
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.fields = {
            "command": "/runs",
            "text": text,
            "team_id": "T1",
            "user_id": "U1",
            "user_name": "mira",
            "channel_id": "C1",
            "channel_name": channel,
            "response_url": "https://hooks.slack.example.com/commands/1",
        }

    def once(self) -> tuple[float, bytes]:
        """Ask; the seconds from connecting to the last byte received, and the answer."""
        body = urlencode({**self.fields, "trigger_id": f"1.{next(_numbers)}"}).encode()
        headers = {"Content-Type": FORM, **signed(SECRET, body, int(time.time()))}
        began = time.perf_counter()
        self.connection.request("POST", "/slack/events", body, headers)
        response = self.connection.getresponse()
        answer = response.read()
        took = time.perf_counter() - began
        if not self.kept:
            self.connection.close()
        assert response.status == 200, (response.status, answer)
        return took, answer

    def anew(self, count: int, text: str) -> list[float]:
        """Ask so often, each time for another page than before."""
        seconds = []
        for page in range(1, count + 1):
            self.fields["text"] = f"{text} page:{page}"
            seconds.append(self.once()[0])
        return seconds

    def times(self, count: int) -> list[float]:
        """Ask so often, one after the other."""
        return [self.once()[0] for _ in range(count)]


def at_once(port: int, callers: int, count: int, text: str = "latest") -> list[float]:
    """Many callers, each asking so often."""
    with ThreadPoolExecutor(callers) as pool:
        asked = list(pool.map(lambda _: Asking(port, text).times(count), range(callers)))
    return [seconds for one in asked for seconds in one]
