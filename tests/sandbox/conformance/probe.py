"""Calls the sandbox and holds every answer and payload against the contracts."""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import httpx

from sandbox.server import SandboxServer
from sandbox.workspace import Ack, Arrival, Workspace
from tests.sandbox.conformance.contracts import Contracts, walk

# Errors that every method may answer: https://docs.slack.dev/apis/web-api and the common errors of each method.
GENERAL = frozenset(
    """access_denied accesslimited account_inactive deprecated_endpoint ekm_access_denied enterprise_is_restricted
    fatal_error internal_error invalid_arg_name invalid_arguments invalid_array_arg invalid_auth invalid_charset
    invalid_form_data invalid_json invalid_post_type json_not_object method_deprecated missing_post_type
    missing_scope no_permission not_allowed_token_type not_authed org_login_required ratelimited request_timeout
    service_unavailable team_access_not_granted team_added_to_org token_expired token_revoked
    two_factor_setup_required unknown_method""".split()  # noqa: SIM905 - a list of words
)
# Errors that Slack gives though its reference of the method does not say so, and who met them.
REPORTED = {
    ("chat.postMessage", "thread_not_found"): "https://github.com/slackapi/bolt-js/issues/2307",
}
# What Slack's pages describe and the samples leave out: https://docs.slack.dev/reference/interaction-payloads.
# A slash command is a form, in which everything is text.
DESCRIBED = {
    ("BlockAction", "state.values"): "object",
    ("ViewSubmission", "response_urls"): "array",
    ("SlashCommand", "is_enterprise_install"): "string",
}
ANSWER = {
    "ok": "boolean",
    "error": "string",
    "warning": "string",
    "needed": "string",
    "provided": "string",
    "req_method": "string",
    "errors": "array",
    "errors[]": "string",
    "response_metadata": "object",
    "response_metadata.messages": "array",
    "response_metadata.messages[]": "string",
    "response_metadata.warnings": "array",
    "response_metadata.warnings[]": "string",
    "response_metadata.next_cursor": "string",
}
SAME = {"integer": "number"}


class Probe:
    """Calls methods and keeps what is wrong in `deviations`; what was looked at is counted in `seen`."""

    def __init__(self, contracts: Contracts, workspace: Workspace, server: SandboxServer) -> None:
        self.contracts, self.workspace, self.server = contracts, workspace, server
        self.deviations: list[str] = []
        self.seen: dict[str, Counter[Any]] = {"succeeded": Counter(), "fields": Counter(), "errors": Counter()}
        self.arrivals: list[Arrival] = []
        self.http = httpx.Client(base_url=f"{server.url}/api/", trust_env=False, timeout=10)
        workspace.outbound = self._take

    def ask(
        self, method: str, args: Mapping[str, Any] | None = None, error: str = "", **how: Any
    ) -> dict[str, Any]:
        """Call a method with a form, expecting an error or none; the answer is checked either way."""
        token = how.pop("token", self.workspace.bot_token)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer: dict[str, Any] = self.http.post(
            method, data=dict(args or {}), headers=headers | how.pop("headers", {}), **how
        ).json()
        said = str(answer.get("error", ""))
        if said != error:
            self.deviate(method, f"answered {said or 'ok'!r} for {error or 'ok'!r}: {args} {answer}"[:400])
        self.check(method, answer)
        return answer

    def check(self, method: str, answer: Mapping[str, Any]) -> None:
        """Error code and fields of one answer."""
        contract = self.contracts.methods.get(method)
        error = str(answer.get("error", ""))
        if error:
            self.seen["errors"][method, error] += 1
            known = GENERAL | (contract.errors if contract else frozenset())
            if error not in known and (method, error) not in REPORTED:
                self.deviate(method, f"error {error} is not documented")
        elif contract:
            self.seen["succeeded"][method] += 1
            for name in sorted(contract.always - answer.keys()):
                self.deviate(method, f"{name} is missing in the answer")
        self.fields(method, answer, ANSWER)

    def fields(self, name: str, value: Mapping[str, Any], known: Mapping[str, str]) -> None:
        """Every field is documented for this answer or payload, and of the documented kind."""
        for path, what in walk(value):
            documented = self.contracts.documented(name, path) | {known.get(path, "")}
            documented |= {DESCRIBED.get((name, path), "")}
            kinds = {SAME.get(one, one) for one in documented if one}
            self.seen["fields"][name, path] += 1
            if not kinds:
                self.deviate(name, f"field {path} is not documented")
            elif what != "null" and not kinds & {what, "any", "null"}:
                self.deviate(name, f"field {path} is {what}, documented as {', '.join(sorted(kinds))}")

    def deviate(self, where: str, what: str) -> None:
        """Keep one deviation, once."""
        told = f"{where}: {what}"
        if told not in self.deviations:
            self.deviations.append(told)

    def _take(self, arrival: Arrival) -> "Future[Ack]":
        self.arrivals.append(arrival)
        done: Future[Ack] = Future()
        done.set_result(Ack())
        return done
