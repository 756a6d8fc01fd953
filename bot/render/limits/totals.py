"""What holds among the blocks of one message or view: counts, totals, ids used twice."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.render.limits.problems import Problem
from bot.render.limits.rules import failed
from bot.render.limits.sizes import size_of

# Documented at the blocks themselves, but for the last two: https://github.com/slackapi/bolt-js/issues/2509.
MARKDOWN_TOTAL = 12_000
DATA_TABLE_TOTAL = 20_000
TABLES = 1
CHARTS = 2
TABLE_TOTAL = 10_000
MESSAGE_TOTAL = 12_000
_OWN_TOTAL = ("markdown", "data_table", "data_visualization")

Block = Mapping[str, Any]


def of_message(blocks: Sequence[object], pointer: str) -> Iterator[Problem]:
    """What Slack refuses of a message as a whole."""
    found = [(block.get("type"), _size(block)) for block in blocks if isinstance(block, Mapping)]
    for kind, most, what in (("table", TABLES, "only_one_table_allowed"), ("data_visualization", CHARTS, "")):
        places = [i for i, block in enumerate(blocks) if isinstance(block, Mapping) and block.get("type") == kind]
        for place in places[most:]:
            message = what or f"no more than {most} {kind} blocks allowed"
            yield failed(message, f"{pointer}/{place}", "max_blocks", most)
    totals = (
        ("markdown", MARKDOWN_TOTAL, "markdown text of all blocks"),
        ("data_table", DATA_TABLE_TOTAL, "data_table cells"),
        ("table", TABLE_TOTAL, "table cells"),
    )
    for kind, most, what in totals:
        sizes = [size for type_, size in found if type_ == kind]
        alone = kind == "markdown" and len(sizes) == 1
        if sum(sizes) > most and not alone:
            yield failed(f"{what} must be less than {most + 1} characters", pointer, "max_total_length", most)
    total = sum(size for type_, size in found if type_ not in _OWN_TOTAL)
    if total > MESSAGE_TOTAL:
        yield failed("msg_blocks_too_long", pointer, "max_total_length", MESSAGE_TOTAL)


def _size(block: Block) -> int:
    """What counts of a block: of a data table its cells only."""
    return size_of(block.get("rows") if block.get("type") == "data_table" else block)


def twice(blocks: Sequence[object], pointer: str) -> Iterator[Problem]:
    """Block ids used twice in a message or view, action ids used twice in a block."""
    places: dict[str, list[str]] = defaultdict(list)
    for index, block in enumerate(blocks):
        if not isinstance(block, Mapping):
            continue
        if isinstance(block.get("block_id"), str):
            places[block["block_id"]].append(f"{pointer}/{index}/block_id")
        yield from _actions_twice(block, f"{pointer}/{index}")
    for block_id, pointers in places.items():
        for place in pointers[1:]:
            yield failed(f"`block_id` {block_id!r} already exists", place, "unique", "block_id")


def _actions_twice(block: Block, pointer: str) -> Iterator[Problem]:
    elements = block.get("elements")
    if block.get("type") != "actions" or not isinstance(elements, list | tuple):
        return
    seen: set[str] = set()
    for index, element in enumerate(elements):
        action = element.get("action_id") if isinstance(element, Mapping) else None
        if isinstance(action, str) and action in seen:
            place = f"{pointer}/elements/{index}/action_id"
            yield failed(f"`action_id` {action!r} already exists in this block", place, "unique", "action_id")
        if isinstance(action, str):
            seen.add(action)
