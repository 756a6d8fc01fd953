"""What the sandbox's methods declare, held against the contracts, and what follows: scopes, needs, rates."""

import itertools

from sandbox.web_api import WebApi
from sandbox.web_api.pace import PER_MINUTE, POST
from tests.sandbox.conformance.probe import Probe


def declared(probe: Probe, api: WebApi) -> None:
    """Scopes, arguments, what is needed, tiers and JSON bodies are those of the contract."""
    for name, method in api.methods.items():
        contract = probe.contracts.methods.get(name)
        if contract is None:
            probe.deviate(name, "the method has no contract")
            continue
        pairs = (
            ("scopes", set(method.scopes), contract.scopes),
            ("arguments", set(method.takes), contract.takes),
            ("required arguments", set(method.needs), contract.needs),
            ("tier", method.tier, contract.tier),
        )
        for what, mine, theirs in pairs:
            if mine != theirs:
                probe.deviate(name, f"{what}: {_sorted(mine)} instead of {_sorted(theirs)}")
        if method.json and not contract.json:
            probe.deviate(name, "reads JSON bodies, which is not documented")


def needed(probe: Probe, api: WebApi) -> None:
    """Every argument that must be there is missed."""
    for name, method in api.methods.items():
        token = probe.workspace.app_token if method.caller == "app" else probe.workspace.bot_token
        for absent in method.needs:
            args = {one: "x" for one in method.needs if one != absent}
            probe.ask(name, args, method.missing.get(absent, "invalid_arguments"), token=token)


def scoped(probe: Probe, api: WebApi) -> None:
    """Without its scopes no method does anything; the workspace of this probe has none."""
    for name, method in api.methods.items():
        if method.scopes:
            probe.ask(name, {}, "missing_scope")
        if method.caller:
            probe.ask(name, {}, "not_authed", token="")
            probe.ask(name, {}, "invalid_auth", token="xoxb-of-somebody-else")
            other = probe.workspace.bot_token if method.caller == "app" else probe.workspace.app_token
            probe.ask(name, {}, "not_allowed_token_type", token=other)


def held(probe: Probe, api: WebApi) -> None:
    """Every method with a tier is held once its minute is used up; the clock of this probe stands still."""
    for name, method in api.methods.items():
        if not method.tier:
            continue
        token = probe.workspace.app_token if method.caller == "app" else probe.workspace.bot_token
        for number in itertools.count(1):
            answer = probe.http.post(name, headers={"Authorization": f"Bearer {token}"})
            if answer.status_code == 429:
                break
            if number > PER_MINUTE[method.tier]:
                probe.deviate(name, f"is called {number} times a minute")
                break
        probe.check(name, answer.json())
        if name != POST and number != PER_MINUTE[method.tier] + 1:
            probe.deviate(name, f"is held after {number - 1} calls a minute")
        if not answer.headers.get("Retry-After", "").isdigit():
            probe.deviate(name, "is held without Retry-After")


def _sorted(value: object) -> object:
    return sorted(value) if isinstance(value, set | frozenset) else value
