"""One HTTP client to one tracking server: time limits, a size limit, credentials, and the server's clock."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.edges.mlflow.answers import check_answer, read_answer
from bot.edges.mlflow.ending import Ending
from bot.ports.errors import TrackerDown, TrackerRefused
from bot.settings import TrackerSettings

API = "/api/2.0/mlflow/"
SMALL = ("GET", "experiments/search", {"max_results": "1"})
# uvicorn closes a connection that was idle for 5 s; a request sent at that moment is lost.
IDLE = 3.0
# The last lines of a log are a courtesy: nobody waits for a slow artifact store.
END_SECONDS = 10.0


class TooLarge(TrackerDown):
    """An answer was over the size limit; asking for less may help."""


class Connection:
    """Asks one server. Safe to use from several threads."""

    def __init__(self, access: TrackerSettings, max_bytes: int) -> None:
        """Raises TrackerRefused where the address is none that REST can reach."""
        _check_address(access)
        self.name = access.name
        self._deadline = access.timeout.total_seconds()
        self._max_bytes = max_bytes
        self._base = access.uri.rstrip("/")
        self._client = httpx.Client(
            auth=_auth(access),
            headers=_headers(access),
            timeout=self._deadline,
            limits=httpx.Limits(max_connections=4, keepalive_expiry=IDLE),
            follow_redirects=False,
            trust_env=False,
        )
        self._manner: Mapping[str, str] | None = None
        self._time: datetime | None = None

    @property
    def time(self) -> datetime | None:
        """The server's clock (UTC, whole seconds) in its newest answer."""
        return self._time

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """Read something; a connection lost on the way is tried once more."""
        return self._read("GET", path, params=dict(parameters or {}))

    def search(self, path: str, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Read by a POST that changes nothing; a connection lost on the way is tried once more."""
        return self._read("POST", path, json=dict(question))

    def write(self, path: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change something, asked once."""
        return self._asked("POST", path, self._chosen(), json=dict(content))

    def end(self, path: str, parameters: Mapping[str, str], most: int) -> bytes:
        """The last bytes of a file, at most `most`, without the rest where the server can do that."""
        ending = Ending(self.name, most, min(self._deadline, END_SECONDS))
        for manner in (ending.ranged, ending.plain):
            headers = {**self._chosen(), **manner}
            response, body = self._sent(
                "GET", path, headers, ending.read, params=dict(parameters), timeout=ending.seconds
            )
            if response.status_code != httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                check_answer(self.name, response, body)
                return body
        raise TrackerDown(f"{self.name} cannot send a whole file.")

    def version(self) -> str:
        """MLflow's version where the server tells it, else empty."""
        response, body = self._sent("GET", "/version", self._chosen(), self._body)
        words = body.decode("utf-8", "replace").strip()
        return words if response.is_success and words[:1].isdigit() and len(words) < 40 else ""

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _read(self, method: str, path: str, **content: Any) -> Mapping[str, Any]:
        manner = self._chosen()
        try:
            return self._asked(method, path, manner, **content)
        except TrackerDown as error:
            if not isinstance(error.__cause__, httpx.RemoteProtocolError):
                raise
        return self._asked(method, path, manner, **content)

    def _chosen(self) -> Mapping[str, str]:
        """Headers that keep the connection, or close it, whichever this server answers sooner.

        MLflow's default of four workers leaves TCP_NODELAY unset, so each request on a kept connection
        waits 40 ms (https://github.com/Kludex/uvicorn/issues/3149); over TLS a new connection costs more.
        """
        if self._manner is None:
            keep: dict[str, str] = {}
            close = {"connection": "close"}
            self._took(keep)
            kept = min(self._took(keep), self._took(keep))
            closed = min(self._took(close), self._took(close))
            self._manner = keep if kept <= 1.5 * closed else close
        return self._manner

    def _took(self, manner: Mapping[str, str]) -> float:
        method, path, parameters = SMALL
        began = time.perf_counter()
        self._asked(method, path, manner, params=parameters)
        return time.perf_counter() - began

    def _asked(self, method: str, path: str, manner: Mapping[str, str], **content: Any) -> Mapping[str, Any]:
        response, body = self._sent(method, path, manner, self._body, **content)
        answer = read_answer(self.name, response, body)
        self._note_time(response)
        return answer

    def _sent(
        self,
        method: str,
        path: str,
        manner: Mapping[str, str],
        read: Callable[[httpx.Response], bytes],
        **content: Any,
    ) -> tuple[httpx.Response, bytes]:
        url = self._base + (path if path.startswith("/") else API + path)
        try:
            with self._client.stream(method, url, headers=manner, **content) as response:
                return response, read(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._manner = None
            raise TrackerDown(_trouble(self.name, error)) from error

    def _body(self, response: httpx.Response) -> bytes:
        """The whole body; a server that drips it cannot hold the caller longer than twice the time limit."""
        until = time.monotonic() + self._deadline
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self._max_bytes:
                raise TooLarge(f"{self.name} sent an answer of more than {self._max_bytes // 2**20} MB.")
            if time.monotonic() > until:
                raise TrackerDown(f"{self.name} took longer than {self._deadline:g} s to send its answer.")
        return bytes(body)

    def _note_time(self, response: httpx.Response) -> None:
        with suppress(ValueError):
            moment = parsedate_to_datetime(response.headers.get("date", ""))
            self._time = moment.astimezone(UTC)


def _check_address(access: TrackerSettings) -> None:
    scheme = access.uri.partition(":")[0]
    if scheme not in ("http", "https"):
        raise TrackerRefused(
            f"Tracker {access.name}: Rundown follows MLflow servers by http:// or https://; its uri is neither "
            f"({scheme}). Put an MLflow server before that store and name its address."
        )


def _auth(access: TrackerSettings) -> httpx.Auth | None:
    if access.username:
        return httpx.BasicAuth(access.username, access.password.get_secret_value() if access.password else "")
    return None


def _headers(access: TrackerSettings) -> dict[str, str]:
    headers = {"accept": "application/json", "user-agent": "rundown"}
    if access.token and not access.username:
        headers["authorization"] = f"Bearer {access.token.get_secret_value()}"
    if access.workspace:
        headers["x-mlflow-workspace"] = access.workspace
    return headers


def _trouble(name: str, error: Exception) -> str:
    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError):
        return f"{name} cannot be reached ({_cause(error)})."
    if isinstance(error, httpx.TimeoutException):
        return f"{name} did not answer in time."
    return f"{name} broke off its answer ({_cause(error)})."


def _cause(error: Exception) -> str:
    return str(error).strip() or type(error).__name__
