"""What an HTTP answer of a tracking server means: JSON, a no, a missing run, or trouble."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.ports.errors import RunMissing, TrackerDown, TrackerRefused

HOST_CHECK = "Invalid Host header"
NOT_FOUND = "RESOURCE_DOES_NOT_EXIST"


def check_answer(tracker: str, response: httpx.Response, body: bytes) -> None:
    """Raises TrackerDown, TrackerRefused or RunMissing where an answer is none that was hoped for."""
    if response.is_redirect:
        raise TrackerRefused(_redirected(tracker, response))
    if response.status_code >= 400:
        raise _error(tracker, response, body)


def read_answer(tracker: str, response: httpx.Response, body: bytes) -> Mapping[str, Any]:
    """The JSON object of a good answer; raises TrackerDown, TrackerRefused or RunMissing for all others."""
    check_answer(tracker, response, body)
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise TrackerDown(_garbage(tracker, response, body)) from error
    if not isinstance(answer, dict):
        raise TrackerDown(f"{tracker} answered {type(answer).__name__} where MLflow answers a JSON object.")
    return answer


def _error(tracker: str, response: httpx.Response, body: bytes) -> TrackerDown | TrackerRefused | RunMissing:
    status = response.status_code
    code, message = _reason(body)
    said = f" It said: {message}" if message else ""
    if status == 401:
        return TrackerRefused(
            f"{tracker} wants other credentials (HTTP 401). "
            f"Set username and password, or token, of this tracker to an account that may read.{said}"
        )
    if status == 403:
        return TrackerRefused(_forbidden(tracker, response, message, said))
    if status == 404:
        return _missing(tracker, response, code, message, said)
    if status == 429 or status >= 500:
        return TrackerDown(f"{tracker} has trouble of its own (HTTP {status}).{said}")
    return TrackerRefused(f"{tracker} refused the question (HTTP {status}).{said}")


def _forbidden(tracker: str, response: httpx.Response, message: str, said: str) -> str:
    if HOST_CHECK in message:
        host = response.request.url.netloc.decode("ascii")
        return (
            f"{tracker} does not answer to the name {host} (its host check, HTTP 403). "
            f"Start that MLflow server with --allowed-hosts {host}"
        )
    needed = "EDIT" if response.request.url.path.endswith("/set-tag") else "READ"
    return f"{tracker} does not let this account do that (HTTP 403). Give it {needed} on the experiments.{said}"


def _missing(
    tracker: str, response: httpx.Response, code: str, message: str, said: str
) -> TrackerRefused | RunMissing:
    if "workspace" in message.lower():
        return TrackerRefused(f"{tracker} does not know this workspace (HTTP 404). Correct its workspace.{said}")
    if code == NOT_FOUND:
        return RunMissing(f"{tracker} does not know it.{said}")
    address = _address(response)
    return TrackerRefused(f"There is no MLflow API at {address} (HTTP 404). Correct the uri of tracker {tracker}.")


def _redirected(tracker: str, response: httpx.Response) -> str:
    target = urlsplit(response.headers.get("location", ""))
    place = f"{target.scheme}://{target.hostname}" if target.hostname else "another page"
    return (
        f"{tracker} sends everyone on to {place} (HTTP {response.status_code}). "
        "Put the server's own address into its uri; if that is a sign-in page, it needs a token."
    )


def _garbage(tracker: str, response: httpx.Response, body: bytes) -> str:
    if "html" in response.headers.get("content-type", "") or body.lstrip()[:1] == b"<":
        return (
            f"{tracker} answered {_address(response)} with a web page instead of MLflow's API. Is its uri right?"
        )
    return f"{tracker} answered something that is not JSON, or only half of it."


def _address(response: httpx.Response) -> str:
    url = response.request.url
    return f"{url.scheme}://{url.netloc.decode('ascii')}{url.path}"


def _reason(body: bytes) -> tuple[str, str]:
    """MLflow's error_code and message, or the first words of an answer that has none."""
    try:
        answer = json.loads(body)
    except ValueError:
        return "", _first_words(body.decode("utf-8", "replace"))
    if not isinstance(answer, dict):
        return "", ""
    return str(answer.get("error_code", "")), _first_words(str(answer.get("message", "")))


def _first_words(text: str) -> str:
    if text.lstrip().startswith("<"):
        return ""
    words = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())
    return words if len(words) <= 200 else words[:199] + "…"
