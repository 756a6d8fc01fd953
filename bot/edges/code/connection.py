"""One HTTP client to one host of code: its own address only, with limits of time and size, and what a no means."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.ports.errors import CodeDown, CodeLimited, CodeRefused

WAIT_SECONDS = 10.0
WHOLE_SECONDS = 20.0
# A comparison holds the patches of up to 300 files.
JSON_BYTES = 8 * 1024 * 1024
PAUSE = timedelta(minutes=1)
# Hosts count requests by the hour.
LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Got:
    """A good answer; `unchanged` (HTTP 304) has no body, nor has one that only says at which `location` it is."""

    body: bytes = b""
    etag: str = ""
    unchanged: bool = False
    location: str = ""

    def json(self, host: str) -> Mapping[str, Any]:
        """The body as an object; CodeDown where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise CodeDown(f"{host} answered something that is not JSON") from error
        if not isinstance(found, dict):
            raise CodeDown(f"{host} answered something else than its API")
        return found


class NotFound(CodeRefused):
    """HTTP 404: it is not there, or not for this token; `body` is what the host said."""

    def __init__(self, said: str, body: bytes) -> None:
        super().__init__(said)
        self.body = body


class Connection:
    """Asks one host. Safe to use from several threads."""

    def __init__(self, base: str, headers: Mapping[str, str], now: Callable[[], datetime]) -> None:
        """`base` is the address of the host's API, `headers` carry the token; `now` answers the time in UTC."""
        self.host, self.scheme = urlsplit(base).hostname or base, urlsplit(base).scheme
        self._base = base
        self._now = now
        self._limited: datetime | None = None
        self._client = httpx.Client(
            headers={"user-agent": "rundown", **headers},
            timeout=WAIT_SECONDS,
            limits=httpx.Limits(max_connections=2),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def get(
        self,
        path: str,
        parameters: Mapping[str, str] | None = None,
        *,
        accept: str,
        most: int = JSON_BYTES,
        etag: str = "",
        moved: bool = False,
    ) -> Got:
        """Ask; raises CodeDown, CodeLimited, NotFound or CodeRefused.

        While the host's limit is used up it is not asked. An answer of more than `most` bytes is refused. No
        redirect is followed: where one may be the answer, `moved`, its location is what is got.
        """
        if self._limited is not None and self._now() < self._limited:
            raise CodeLimited(f"{self.host} answers no more questions", self._limited)
        headers = {"accept": accept, **({"if-none-match": etag} if etag else {})}
        try:
            with self._client.stream(
                "GET", self._base + path, headers=headers, params=parameters or None
            ) as response:
                body = self._body(response, most)
        except httpx.TimeoutException as error:
            raise CodeDown(f"{self.host} did not answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CodeDown(f"{self.host} cannot be reached") from error
        if response.status_code == httpx.codes.NOT_MODIFIED and etag:
            return Got(etag=etag, unchanged=True)
        if moved and response.has_redirect_location:
            return Got(location=response.headers["location"])
        self._check(response, body)
        return Got(body, response.headers.get("etag", ""))

    def _body(self, response: httpx.Response, most: int) -> bytes:
        """The whole body; of an error no more than its beginning."""
        until = time.monotonic() + WHOLE_SECONDS
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > most:
                if response.is_success:
                    raise CodeRefused(f"{self.host} answered with more than {_size(most)}")
                break
            if time.monotonic() > until:
                raise CodeDown(f"{self.host} did not answer in time")
        return bytes(body)

    def _check(self, response: httpx.Response, body: bytes) -> None:
        status = response.status_code
        if response.is_success:
            return
        until = limited_until(response, body, self._now())
        if until is not None:
            self._limited = until
            raise CodeLimited(f"{self.host} answers no more questions", until)
        if status == 404:
            raise NotFound(f"{self.host} knows no such repository, or the token may not see it", body)
        if status == 401:
            raise CodeRefused(f"{self.host} wants another token")
        if status == 403:
            raise CodeRefused(f"{self.host} does not let the token read the repository")
        if response.is_redirect:
            raise CodeRefused(f"{self.host} says that the repository has moved, and is known here by its old name")
        if status >= 500:
            raise CodeDown(f"{self.host} has trouble of its own")
        raise CodeRefused(f"{self.host} refused the question with HTTP {status}")


def limited_until(response: httpx.Response, body: bytes, now: datetime) -> datetime | None:
    """Until when a host wants to be left alone; nothing where its limit is not the matter.

    GitHub answers 403 or 429 with Retry-After, or with X-RateLimit-Remaining 0 and X-RateLimit-Reset
    (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api); GitLab 429 with Retry-After and
    RateLimit-Reset (https://docs.gitlab.com/security/rate_limits). A wait is in seconds, a reset since 1970.
    """
    headers = response.headers
    used_up = headers.get("x-ratelimit-remaining") == "0" or b"rate limit" in body.lower()
    if response.status_code != 429 and not (response.status_code == 403 and (used_up or "retry-after" in headers)):
        return None
    wait, reset = (
        headers.get("retry-after", ""),
        headers.get("x-ratelimit-reset") or headers.get("ratelimit-reset", ""),
    )
    if wait.isdecimal():
        told = now + timedelta(seconds=min(int(wait), LONGEST.total_seconds()))
    elif reset.isdecimal():
        told = datetime.fromtimestamp(min(int(reset), (now + LONGEST).timestamp()), UTC)
    else:
        told = now + PAUSE
    return max(told, now + timedelta(seconds=1))


def _size(count: int) -> str:
    return f"{count // 2**20} MB" if count >= 2**20 else f"{count // 1024} KB"
