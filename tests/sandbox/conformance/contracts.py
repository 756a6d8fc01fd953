"""Slack's contracts as read from a folder: what each method takes, and which fields and errors are documented."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Fields = dict[str, set[str]]

# What an app made is passed through; names below these are nobody's contract.
OPAQUE = frozenset({"args", "attachments", "blocks", "event_payload", "values"})
TIERS = {"t1": 1, "t2": 2, "t3": 3, "t4": 4, "t5": 5, None: 0}
# Which objects are the same thing wherever they stand: every sample of one adds to what is documented of all.
POOLS = {
    "message": "message",
    "messages[]": "message",
    "root": "message",
    "previous_message": "message",
    "channel": "channel",
    "channels[]": "channel",
    "user": "user",
    "members[]": "user",
    "view": "view",
    "file": "file",
    "files[]": "file",
}
MESSAGE_EVENTS = ("Message", "AppMention", "MessageChanged", "MessageDeleted")


@dataclass(frozen=True)
class Contract:
    """One method as documented."""

    scopes: frozenset[str]
    takes: frozenset[str]
    needs: frozenset[str]
    tier: int
    json: bool
    errors: frozenset[str]
    always: frozenset[str]


@dataclass
class Contracts:
    """All of them; `fields` are those of each answer or payload, `pooled` those of each thing."""

    methods: dict[str, Contract] = field(default_factory=dict)
    fields: dict[str, Fields] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    pooled: dict[str, Fields] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))

    def documented(self, name: str, path: str) -> set[str]:
        """The kinds a field has in the samples, empty if no sample has it."""
        kinds = set(self.fields[name].get(path, ())) | set(self.fields["*"].get(path, ()))
        things = [*_pools(path)]
        if name in MESSAGE_EVENTS and path.startswith("event."):
            things.append(("message", path.removeprefix("event.")))
        for pool, rest in things:
            kinds |= self.pooled[pool].get(rest, set())
        return kinds


def read(folder: Path) -> Contracts:
    """Read a folder; raises OSError if there is none."""
    contracts = Contracts()
    for file in sorted((folder / "methods").iterdir()):
        name, said = file.stem, json.loads(file.read_text())
        contracts.methods[name] = _contract(said)
        for example in (said.get("examples") or {}).values():
            _learn(contracts, name, example.get("example"))
        output = said.get("output") or {}
        for key, schema in (output.get("properties") or {}).items():
            contracts.fields[name][key].add(str(schema.get("type") or "any"))
    for file in sorted((folder / "responses").iterdir()):
        _learn(contracts, file.stem, json.loads(file.read_text()))
    for file in sorted((folder / "payloads").iterdir()):
        _learn_payload(contracts, file.stem.removesuffix("Payload"), json.loads(file.read_text()))
    return contracts


def walk(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every field of a JSON value, as a path and the kind of what stands there."""
    if path:
        yield path, kind(value)
    if isinstance(value, Mapping):
        for key, part in value.items():
            below = f"{path}.{key}" if path else str(key)
            if key in OPAQUE:
                yield below, kind(part)
            else:
                yield from walk(part, below)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part, f"{path}[]")


def kind(value: Any) -> str:
    """JSON's name for what a value is."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return {str: "string", list: "array"}.get(type(value), "object")


def _contract(said: Mapping[str, Any]) -> Contract:
    arguments = said.get("args") or {}
    scope = said.get("scope")
    output = said.get("output") or {}
    return Contract(
        scopes=frozenset((scope.get("bot") or ()) if isinstance(scope, dict) else ()),
        takes=frozenset(arguments.get("properties") or ()) - {"token"},
        needs=frozenset(arguments.get("required") or ()) - {"token"},
        tier=TIERS[said.get("rate_limits")],
        json=bool(said.get("json_input_supported")),
        errors=frozenset(said.get("errors") or ()) | frozenset(said.get("warnings") or ()),
        always=frozenset(output.get("required") or ()),
    )


def _learn(contracts: Contracts, name: str, sample: Any) -> None:
    for path, what in walk(sample):
        contracts.fields[name][path].add(what)
        for pool, rest in _pools(path):
            contracts.pooled[pool][rest].add(what)


def _learn_payload(contracts: Contracts, name: str, sample: Any) -> None:
    _learn(contracts, name, sample)
    if name in MESSAGE_EVENTS:
        for path, what in walk(sample.get("event")):
            contracts.pooled["message"][path].add(what)
    for path, what in walk({key: value for key, value in sample.items() if key != "event"}):
        contracts.fields["*envelope" if "event" in sample else name][path].add(what)


def _pools(path: str) -> Iterator[tuple[str, str]]:
    """The things a path leads through, each with the rest of the path inside it."""
    parts = path.split(".")
    for place in range(1, len(parts)):
        pool = POOLS.get(parts[place - 1])
        if pool:
            yield pool, ".".join(parts[place:])
