"""Over-long messages shortened where that reads best, so that Slack takes them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bot.render.limits.sizes import size_of
from bot.render.reading import read_cell, read_object
from bot.render.text import ELLIPSIS, shorten_end, shorten_middle

Block = dict[str, Any]

BLOCKS = 50
# Slack refuses a message of somewhere between 12,000 and 13,200 characters (msg_blocks_too_long,
# https://github.com/slackapi/bolt-js/issues/2509); nobody reads that much either.
MESSAGE = 10_000
TEXT = 4000
RICH_TEXT = 3000
ROWS = 100
COLUMNS = 20
CELL = 200
ACTIONS = 25
_LEAST = 40
_TORN = re.compile(r"\s*(&[a-z]{0,3}|<[^<>]*)…$")


def fit_text(texts: Iterable[str], most: int = TEXT) -> str:
    """Lines of fallback text (mrkdwn) as one, with no escape or mention torn apart."""
    return _TORN.sub(ELLIPSIS, shorten_end("\n".join(texts), most))


def fit_blocks(blocks: Iterable[Mapping[str, Any]], most: int = BLOCKS, budget: int = MESSAGE) -> list[Block]:
    """At most `most` blocks with at most `budget` characters, each within its own limits."""
    fitted = _fewer([_own_limits(dict(block)) for block in blocks], most)
    sizes = [size_of(block) for block in fitted]
    return fitted if sum(sizes) <= budget else _within(_evened(fitted, sizes, budget), budget)


def _evened(blocks: list[Block], sizes: Sequence[int], budget: int) -> list[Block]:
    """The largest blocks cut to the same size, so that together all keep the budget."""
    cap = _share(blocks, sizes, budget)
    return [_shrunk(block, cap) if size > cap else block for block, size in zip(blocks, sizes, strict=True)]


def _within(blocks: list[Block], budget: int) -> list[Block]:
    """The first blocks that keep the budget, where cutting each was not enough."""
    if size_of(blocks) <= budget:
        return blocks
    kept = list(blocks)
    while len(kept) > 1 and size_of(kept) > budget - _LEAST:
        kept.pop()
    return [*kept, _more(len(blocks) - len(kept))]


def _own_limits(block: Block) -> Block:
    match block["type"]:
        case "rich_text":
            return _shrunk(block, RICH_TEXT) if size_of(block) > RICH_TEXT else block
        case "table":
            return _table(_narrow(block), MESSAGE)
        case "actions":
            return {**block, "elements": block["elements"][:ACTIONS]}
        case _:
            return block


def _more(count: int) -> Block:
    text = {"type": "plain_text", "text": f"… {count} more not shown", "emoji": False}
    return {"type": "context", "elements": [text]}


def _fewer(blocks: list[Block], most: int) -> list[Block]:
    """The first blocks, a note of how many are missing, and the last if it holds the buttons."""
    if len(blocks) <= most:
        return blocks
    last = blocks[-1:] if blocks[-1]["type"] == "actions" else []
    kept = most - 1 - len(last)
    return [*blocks[:kept], _more(len(blocks) - kept - len(last)), *last]


def _share(blocks: Sequence[Block], sizes: Sequence[int], budget: int) -> int:
    """The size to which every larger block is cut so that together they keep the budget."""
    able = sorted(size for block, size in zip(blocks, sizes, strict=True) if block["type"] in _SHRINKERS)
    left = budget - (sum(sizes) - sum(able))
    for index, size in enumerate(able):
        share = max(left, 0) // (len(able) - index)
        if size > share:
            return max(share, _LEAST)
        left -= size
    return budget


def _shrunk(block: Block, limit: int) -> Block:
    shrink = _SHRINKERS.get(block["type"])
    return shrink(block, limit) if shrink else block


def _rich_text(block: Block, limit: int) -> Block:
    parts: list[Block] = []
    for part in block["elements"]:
        room = limit - size_of(parts)
        if room <= 0:
            break
        parts.append(_rich_part(part, room) if size_of(part) > room else part)
    return {**block, "elements": parts}


def _rich_part(part: Block, limit: int) -> Block:
    if part["type"] == "rich_text_list":
        return {**part, "elements": _items(part["elements"], limit)}
    if part["type"] == "rich_text_preformatted":
        text = "".join(str(element.get("text", "")) for element in part["elements"])
        return {**part, "elements": [{"type": "text", "text": shorten_middle(text, limit)}]}
    return {**part, "elements": cut_line(part["elements"], limit)}


def _items(items: Sequence[Block], limit: int) -> list[Block]:
    kept: list[Block] = []
    room = limit - _LEAST
    for item in items:
        room -= size_of(item)
        if room < 0:
            break
        kept.append(item)
    if not kept:
        kept = [{**items[0], "elements": cut_line(items[0]["elements"], max(limit - _LEAST, 1))}]
    missing = len(items) - len(kept)
    note = {"type": "rich_text_section", "elements": [{"type": "text", "text": f"… {missing} more"}]}
    return [*kept, note] if missing else kept


def cut_line(elements: Sequence[Block], limit: int) -> list[Block]:
    """The elements of a line within `limit` characters: prose loses its end, code its middle."""
    kept: list[Block] = []
    room = limit
    for element in elements:
        size = size_of(element)
        if size < room or (size == room and element is elements[-1]):
            kept.append(element)
            room -= size
            continue
        text, fixed = str(element.get("text", "")), size - len(str(element.get("text", "")))
        if text and room > fixed:
            cut = shorten_middle if element.get("style", {}).get("code") else shorten_end
            kept.append({**element, "text": cut(text, room - fixed)})
        if not kept or ELLIPSIS not in str(kept[-1].get("text", "")):
            kept.append({"type": "text", "text": ELLIPSIS})
        break
    return kept


def _narrow(table: Block) -> Block:
    """At most 20 columns and 100 rows, no cell too long to read."""
    rows = [[_cell(cell, CELL) for cell in row] for row in table["rows"]]
    width = len(rows[0])
    if width > COLUMNS:
        note = f"… {width - COLUMNS + 1} more"
        rows = [[*row[: COLUMNS - 1], _raw(note if row is rows[0] else ELLIPSIS)] for row in rows]
    narrow: Block = {**table, "rows": rows}
    if "column_settings" in table:
        narrow["column_settings"] = table["column_settings"][:COLUMNS]
    return narrow


def _raw(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def _cell(cell: Block, limit: int) -> Block:
    if size_of(cell) <= limit or (len(read_cell(cell)) <= limit and limit == CELL):
        return cell
    if cell["type"] == "raw_text":
        return {**cell, "text": shorten_middle(cell["text"], limit)}
    section = cell["elements"][0]
    line = cut_line(section["elements"], max(limit, 1))
    return {**cell, "elements": [{**section, "elements": line}]}


def _table(table: Block, limit: int) -> Block:
    """The first rows that fit and a row that says how many more there are."""
    rows = table["rows"]
    if len(rows) <= ROWS and size_of(rows) <= limit:
        return table
    width = len(rows[0])
    room = limit - _LEAST - 2 * width
    kept: list[list[Block]] = []
    for row in rows[: ROWS - 1]:
        room -= size_of(row)
        if room < 0 and kept:
            break
        kept.append(row if room >= 0 else [_cell(cell, max(limit // (2 * width), 1)) for cell in row])
    missing = len(rows) - len(kept)
    if missing:
        note = _raw(f"… {missing:,} more")
        kept.append([note, *([_raw(ELLIPSIS)] * (width - 1))])
    return {**table, "rows": kept}


def _section(block: Block, limit: int) -> Block:
    if "text" in block:
        return {**block, "text": _words(block["text"], limit)}
    each = max(limit // len(block["fields"]), _LEAST)
    return {**block, "fields": [_words(field, each) for field in block["fields"]]}


def _context(block: Block, limit: int) -> Block:
    each = max(limit // len(block["elements"]), _LEAST)
    return {**block, "elements": [_words(part, each) for part in block["elements"]]}


def _actions(block: Block, limit: int) -> Block:
    """The first elements that fit, at least one."""
    elements = block["elements"]
    count = len(elements)
    while count > 1 and size_of(elements[:count]) > limit:
        count -= 1
    return {**block, "elements": elements[:count]}


def _words(text: Block, limit: int) -> Block:
    if size_of(text) <= limit or text["type"] not in ("plain_text", "mrkdwn"):
        return text
    return {"type": "plain_text", "text": shorten_end(read_object(text), limit), "emoji": False}


_SHRINKERS: Mapping[str, Callable[[Block, int], Block]] = MappingProxyType(
    {"rich_text": _rich_text, "table": _table, "section": _section, "context": _context, "actions": _actions}
)
