"""Runs the whole conformance check and says what deviates; the exit code is 1 if anything does."""

import argparse
import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sandbox
from sandbox.server import SandboxServer
from sandbox.web_api import WebApi
from sandbox.workspace import Workspace
from tests.sandbox.apps import Clock
from tests.sandbox.conformance import contracts as contract_files
from tests.sandbox.conformance.arriving import arriving
from tests.sandbox.conformance.declarations import declared, held, needed, scoped
from tests.sandbox.conformance.looking import filing, looking, viewing
from tests.sandbox.conformance.probe import Probe
from tests.sandbox.conformance.talking import talking

# What people and response_urls are told, which is no error of a method.
ELSEWHERE = frozenset(
    """dispatch_failed expired_url invalid_command_response not_found not_reactable unknown_action unknown_option
    url_verification_failed used_url""".split()  # noqa: SIM905 - a list of words
)


def main() -> int:
    """Everything in one go."""
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox.conformance", description=__doc__)
    parser.add_argument(
        "--contracts", type=Path, required=True, help="a folder with methods, responses and payloads"
    )
    contracts = contract_files.read(parser.parse_args().contracts)
    probes: list[Probe] = []

    @contextmanager
    def probing(clock: Clock, **how: Any) -> Iterator[tuple[Probe, WebApi]]:
        workspace = Workspace(now=clock, **how)
        workspace.join("#churn")
        with SandboxServer(workspace, clock=clock) as server:
            probe = Probe(contracts, workspace, server)
            probes.append(probe)
            yield probe, WebApi(workspace, lambda: "wss://sandbox")
            probe.http.close()

    clock = Clock()
    with probing(clock, post_burst=None, unfurl_domains=["mlflow.example"]) as (probe, api):
        declared(probe, api)
        needed(probe, api)
        talking(probe)
        looking(probe)
        filing(probe)
        viewing(probe, clock)
    with probing(Clock(), post_burst=None, unfurl_domains=["mlflow.example"]) as (probe, _):
        arriving(probe)
    with probing(Clock(), post_burst=None, scopes=["nothing"]) as (probe, api):
        scoped(probe, api)
    with probing(Clock()) as (probe, api):
        held(probe, api)
    return _told(probes, api)


def _told(probes: list[Probe], api: WebApi) -> int:
    deviations = [one for probe in probes for one in probe.deviations]
    succeeded = {name for probe in probes for name in probe.seen["succeeded"]}
    fields = {field for probe in probes for field in probe.seen["fields"]}
    errors = {error for probe in probes for error in probe.seen["errors"]}
    deviations += [f"{name}: never succeeded" for name in sorted(set(api.methods) - succeeded)]
    deviations += [
        f"error {code} was never met" for code in sorted(_codes() - {code for _, code in errors} - ELSEWHERE)
    ]
    say = sys.stdout.write
    for one in deviations:
        say(f"DEVIATES {one}\n")
    payloads = len(succeeded - set(api.methods))
    say(
        f"{len(api.methods)} methods, {payloads} payloads, {len(fields)} fields, {len(errors)} errors of methods"
        f" ({len({code for _, code in errors})} codes): {len(deviations)} deviations.\n"
    )
    return 1 if deviations else 0


def _codes() -> set[str]:
    """Every error code that stands in the sandbox's source as the argument of a Refusal."""
    found = set()
    for file in Path(str(sandbox.__path__[0])).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal" and node.args:
                first = node.args[0]
                parts = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                found |= {str(one.value) for one in parts if isinstance(one, ast.Constant)}
    return found


if __name__ == "__main__":
    sys.exit(main())
