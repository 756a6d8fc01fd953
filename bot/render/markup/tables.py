"""Tables: Slack's table block, and the same as aligned lines where there can be none."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.render.markup.inline import Block, Piece, flatten, plain, rich_elements
from bot.render.markup.tree import Node
from bot.render.text import shorten_middle

EMPTY = "–"
_WIDEST = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; a `head` is bold."""

    line: Sequence[Piece]
    head: bool
    align: str


def cells(node: Node) -> list[list[Cell]]:
    """The cells of a table, row by row; rows without any are left out."""
    rows = [row.elements() for row in node.elements("tr")]
    return [[Cell(flatten(one), one.name == "th", one.get("align")) for one in row] for row in rows if row]


def table_block(rows: Sequence[Sequence[Cell]]) -> Block:
    """The table block of at least one row, its rows filled up to the same length."""
    width = max(len(row) for row in rows)
    block: Block = {"type": "table", "rows": [_row(row, width) for row in rows]}
    settings = [_setting(column) for column in zip_longest(*rows)]
    if any(setting != {"align": "left"} for setting in settings):
        block["column_settings"] = settings
    return block


def _row(cells: Sequence[Cell], width: int) -> list[Block]:
    return [_cell(cell) for cell in cells] + [{"type": "raw_text", "text": EMPTY}] * (width - len(cells))


def _cell(cell: Cell) -> Block:
    pieces = cell.line
    if not pieces:
        return {"type": "raw_text", "text": EMPTY}
    if not cell.head and all(piece.kind == "text" and not piece.styles for piece in pieces):
        return {"type": "raw_text", "text": plain(pieces)}
    if cell.head:
        pieces = [_bold(piece) for piece in pieces]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": rich_elements(pieces)}]}


def _bold(piece: Piece) -> Piece:
    return Piece(piece.kind, piece.text, piece.styles | {"bold"}, piece.target, piece.moment)


def _setting(column: Sequence[Cell | None]) -> Block:
    aligned = [cell.align for cell in column if cell is not None and cell.align]
    return {"align": aligned[0] if aligned else "left"}


def cell_texts(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """What stands in each cell, row by row."""
    return [[plain(cell.line) for cell in row] for row in rows]


def aligned_lines(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as lines of a fixed-width text, a column under the other."""
    short = [[shorten_middle(cell.replace("\n", " "), _WIDEST) or EMPTY for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip_longest(*short, fillvalue="")]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=False)).rstrip() for row in short)
