"""The tree of a template, block by block, as Block Kit and as fallback text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.render.markup.charts import CHARTS, drawn
from bot.render.markup.inline import (
    PLAIN,
    Block,
    Piece,
    fallback,
    flatten,
    plain,
    rich_elements,
)
from bot.render.markup.mrkdwn import mrkdwn_safe, safe_at
from bot.render.markup.objects import (
    ALT_TEXT,
    image_element,
    input_block,
    interactive,
    plain_text,
    text_object,
    text_of,
)
from bot.render.markup.tables import aligned_lines, cell_texts, cells, table_block
from bot.render.markup.tree import Node
from bot.render.text import escape_mrkdwn, one_line, shorten_end

HEADER = 150
FIELD = 2000
FIELDS = 10
CONTEXT_ELEMENTS = 10
CONTEXT_TEXT = 2000
SECTION = 3000


@dataclass(frozen=True, slots=True)
class Part:
    """What one element became: blocks, and its line or lines of fallback text (mrkdwn)."""

    blocks: tuple[Block, ...] = ()
    text: str = ""


def compile_parts(root: Node) -> Iterator[Part]:
    """Every block-level element of a message, modal or home tab in order; `<text>` only adds to the fallback."""
    tables, charts = (1, CHARTS) if root.name == "message" else (0, 0)
    for node in root.elements():
        if node.name == "table":
            yield _table(node, native=tables > 0)
            tables -= 1
        elif node.name == "chart":
            yield _chart(node, native=charts > 0)
            charts -= 1
        else:
            yield _COMPILERS[node.name](node)


def _rich(kind: str, elements: Sequence[Block], **more: object) -> Block:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements), **more}]}


def _header(node: Node) -> Part:
    text, emoji = text_of(node)
    if not text:
        return Part()
    block = {"type": "header", "text": plain_text(text, HEADER, emoji=emoji)}
    return Part((block,), escape_mrkdwn(text))


def _section(node: Node) -> Part:
    pieces = flatten(node, skip=("accessory",))
    elements = [element for holder in node.elements("accessory") for element in interactive(holder.elements())]
    if len(elements) > 1:
        raise node.wrong("has more than one accessory")
    if not pieces:
        return Part(_beside(elements))
    line = fallback(pieces)
    if not elements:
        return Part((_rich("rich_text_section", rich_elements(pieces)),), line)
    if mrkdwn_safe(pieces):
        return Part(({"type": "section", "text": text_object(pieces, SECTION), "accessory": elements[0]},), line)
    return Part((_rich("rich_text_section", rich_elements(pieces)), *_beside(elements)), line)


def _beside(elements: Sequence[Block]) -> tuple[Block, ...]:
    """What cannot stand beside its text stands below it."""
    if not elements:
        return ()
    if elements[0]["type"] == "image":
        return (dict(elements[0]),)
    return ({"type": "actions", "elements": list(elements)},)


def _fields(node: Node) -> Part:
    fields: list[Block] = []
    lines: list[str] = []
    for child in node.elements("field"):
        pieces, label = flatten(child), one_line(child.get("label"))
        if not pieces and not label:
            continue
        pieces = pieces or [Piece("text", "–")]
        fields.append(_field(label, pieces))
        lines.append(f"{escape_mrkdwn(label)}: {fallback(pieces)}" if label else fallback(pieces))
    groups = [fields[start : start + FIELDS] for start in range(0, len(fields), FIELDS)]
    return Part(tuple({"type": "section", "fields": group} for group in groups), "\n".join(lines))


def _field(label: str, pieces: Sequence[Piece]) -> Block:
    if not label:
        return text_object(pieces, FIELD)
    title = Piece("text", label, frozenset({"bold"}))
    return text_object([title, Piece("break", "\n"), *pieces], FIELD)


def _context(node: Node) -> Part:
    pieces = flatten(node)
    if not pieces:
        return Part()
    groups = _context_groups(pieces)
    if len(groups) > CONTEXT_ELEMENTS:
        rest = [piece for group in groups[CONTEXT_ELEMENTS - 1 :] for piece in group]
        groups = [*groups[: CONTEXT_ELEMENTS - 1], [Piece("text", plain(rest))]]
    elements = [text_object(group, CONTEXT_TEXT) for group in map(_trimmed, groups) if group]
    return Part(({"type": "context", "elements": elements},), fallback(pieces))


def _context_groups(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Stretches that are either all fit for mrkdwn or all to be plain text."""
    if all(piece.kind in PLAIN and not piece.styles for piece in pieces):
        return [list(pieces)]
    groups: list[list[Piece]] = []
    was_safe: bool | None = None
    for index, piece in enumerate(pieces):
        safe = safe_at(pieces, index)
        if safe != was_safe:
            groups.append([])
        groups[-1].append(piece)
        was_safe = safe
    return groups


def _trimmed(pieces: Sequence[Piece]) -> list[Piece]:
    """Without space at either end, which Slack's own gap between context elements replaces."""
    trimmed = list(pieces)
    for index, strip in ((0, str.lstrip), (-1, str.rstrip)):
        while trimmed and trimmed[index].kind in ("text", "break"):
            text = strip(trimmed[index].text, " \n")
            if text:
                trimmed[index] = replace(trimmed[index], text=text)
                break
            trimmed.pop(index)
    return trimmed


def _divider(node: Node) -> Part:
    return Part(({"type": "divider"},))


def _image(node: Node) -> Part:
    element, alt = image_element(node), one_line(node.get("alt"))
    if element is None:
        return (
            Part(({"type": "context", "elements": [plain_text(alt, ALT_TEXT)]},), escape_mrkdwn(alt))
            if alt
            else Part()
        )
    title = one_line(node.get("title"))
    if title:
        element["title"] = plain_text(title, ALT_TEXT)
    return Part((element,), escape_mrkdwn(alt))


def _quote(node: Node) -> Part:
    pieces = flatten(node)
    return Part((_rich("rich_text_quote", rich_elements(pieces)),), fallback(pieces)) if pieces else Part()


def _pre(node: Node) -> Part:
    return _fixed(node.raw().strip("\n").rstrip())


def _fixed(text: str) -> Part:
    if not text.strip():
        return Part()
    block = _rich("rich_text_preformatted", [{"type": "text", "text": text}])
    return Part((block,), escape_mrkdwn(text))


def _list(node: Node) -> Part:
    items = [pieces for item in node.elements("item") if (pieces := flatten(item))]
    if not items:
        return Part()
    ordered = node.flag("ordered")
    sections = [{"type": "rich_text_section", "elements": rich_elements(pieces)} for pieces in items]
    marks = [f"{number}." if ordered else "•" for number in range(1, len(items) + 1)]
    lines = [f"{mark} {fallback(pieces)}" for mark, pieces in zip(marks, items, strict=True)]
    block = _rich("rich_text_list", sections, style="ordered" if ordered else "bullet")
    return Part((block,), "\n".join(lines))


def _table(node: Node, *, native: bool) -> Part:
    found = cells(node)
    if not found:
        return Part()
    rows = cell_texts(found)
    if not native:
        return _fixed(aligned_lines(rows))
    return Part(
        (table_block(found),), "\n".join(escape_mrkdwn(" · ".join(cell for cell in row if cell)) for row in rows)
    )


def _chart(node: Node, *, native: bool) -> Part:
    block, lines, words = drawn(node, native=native)
    part = _fixed(lines) if block is None else Part((block,))
    return replace(part, text=escape_mrkdwn(words))


def _actions(node: Node) -> Part:
    elements = interactive(node.elements())
    return Part(({"type": "actions", "elements": elements},) if elements else ())


def _input(node: Node) -> Part:
    return Part((input_block(node),), escape_mrkdwn(shorten_end(one_line(node.get("label")), FIELD)))


def _text(node: Node) -> Part:
    return Part((), fallback(flatten(node)))


_COMPILERS: Mapping[str, Callable[[Node], Part]] = MappingProxyType(
    {
        "header": _header,
        "section": _section,
        "fields": _fields,
        "context": _context,
        "divider": _divider,
        "image": _image,
        "quote": _quote,
        "pre": _pre,
        "list": _list,
        "actions": _actions,
        "input": _input,
        "text": _text,
    }
)
