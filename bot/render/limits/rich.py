"""Limits of rich text, tables and charts.

Numbers from https://docs.slack.dev/reference/block-kit/blocks (rich-text, table, data-table, data-visualization).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.render.limits.problems import Problem
from bot.render.limits.rules import (
    Choice,
    Flag,
    Listing,
    Maybe,
    Number,
    OneOf,
    Rule,
    Shape,
    Text,
    failed,
)

_STYLE = Shape({name: Flag() for name in ("bold", "italic", "strike", "code", "underline")})
_MENTION_STYLE = Shape(
    {name: Flag() for name in ("bold", "italic", "strike", "highlight", "client_highlight", "unlink", "underline")}
)
_INLINE = OneOf(
    {
        "text": Shape({"text": Text(), "style": _STYLE}, ("text",)),
        "link": Shape({"url": Text(3000), "text": Text(), "unsafe": Flag(), "style": _STYLE}, ("url",)),
        "emoji": Shape(
            {"name": Text(), "unicode": Text(), "url": Text(), "skin_tone": Number(), "style": _STYLE}, ("name",)
        ),
        "user": Shape({"user_id": Text(), "style": _MENTION_STYLE}, ("user_id",)),
        "usergroup": Shape({"usergroup_id": Text(), "style": _MENTION_STYLE}, ("usergroup_id",)),
        "channel": Shape({"channel_id": Text(), "style": _MENTION_STYLE}, ("channel_id",)),
        "broadcast": Shape(
            {"range": Choice(("here", "channel", "everyone")), "style": _MENTION_STYLE}, ("range",)
        ),
        "date": Shape(
            {
                "timestamp": Number(),
                "format": Text(),
                "url": Text(),
                "fallback": Text(),
                "style": _STYLE,
            },
            ("timestamp", "format"),
        ),
        "color": Shape({"value": Text(), "style": _STYLE}, ("value",)),
    }
)
_LINE: dict[str, Rule] = {"elements": Listing(_INLINE)}
_SECTION = Shape(_LINE, ("elements",))
_BORDER: dict[str, Rule] = {"border": Number(0, 1)}
_PARTS = OneOf(
    {
        "rich_text_section": _SECTION,
        "rich_text_quote": Shape({**_LINE, **_BORDER}, ("elements",)),
        "rich_text_preformatted": Shape({**_LINE, **_BORDER, "language": Text()}, ("elements",)),
        "rich_text_list": Shape(
            {
                "elements": Listing(OneOf({"rich_text_section": _SECTION})),
                "style": Choice(("bullet", "ordered")),
                "indent": Number(0, 8),
                "offset": Number(0),
                **_BORDER,
            },
            ("elements", "style"),
        ),
    }
)
RICH_TEXT: dict[str, Rule] = {"elements": Listing(_PARTS)}

_RAW = Shape({"text": Text()}, ("text",))
_FIGURE = Shape({"value": Number(whole=False), "text": Text()}, ("value",))
CELL = OneOf(
    {
        "raw_text": _RAW,
        "raw_number": _FIGURE,
        "rich_text": Shape({**RICH_TEXT, "block_id": Text(255)}, ("elements",)),
    }
)
_COLUMN = Shape({"align": Choice(("left", "center", "right")), "is_wrapped": Flag()})
TABLE: dict[str, Rule] = {
    "rows": Listing(Listing(CELL, 20), 100),
    "column_settings": Listing(Maybe(_COLUMN), 20, least=0),
}
DATA_TABLE: dict[str, Rule] = {
    "caption": Text(),
    "rows": Listing(Listing(CELL, 20), 201, least=2),
    "page_size": Number(1, 100),
    "row_header_column_index": Number(0, 19),
}


def equal_rows(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """All rows of a table have as many cells as its first."""
    rows = value.get("rows")
    if not isinstance(rows, list | tuple) or not all(isinstance(row, list | tuple) for row in rows):
        return
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            message = f"must have {len(rows[0])} cells as the first row has"
            yield failed(message, f"{pointer}/rows/{index}", "equal_length", len(rows[0]))


def plain_header(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """The header of a data_table holds no rich text."""
    rows = value.get("rows")
    header = rows[0] if isinstance(rows, list | tuple) and rows else ()
    for index, cell in enumerate(header if isinstance(header, list | tuple) else ()):
        if isinstance(cell, Mapping) and cell.get("type") == "rich_text":
            yield failed(
                "unsupported type: rich_text", f"{pointer}/rows/0/{index}/type", "enum", ["raw_text", "raw_number"]
            )


_POINT = Shape({"label": Text(20), "value": Number(whole=False)}, ("label", "value"))
_SEGMENT = Shape({"label": Text(20), "value": Number(above=0, whole=False)}, ("label", "value"))
_SERIES = Shape({"name": Text(20), "data": Listing(_POINT, 20)}, ("name", "data"))
_AXES = Shape({"categories": Listing(Text(20), 20), "x_label": Text(50), "y_label": Text(50)}, ("categories",))


def _series_fit(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """Series have different names and a point for each category."""
    series, axes = value.get("series"), value.get("axis_config")
    if not isinstance(series, list | tuple) or not isinstance(axes, Mapping):
        return
    categories = axes.get("categories")
    seen: set[str] = set()
    for index, one in enumerate(series):
        if not isinstance(one, Mapping):
            continue
        if str(one.get("name")) in seen:
            yield failed("series names must be unique", f"{pointer}/series/{index}/name", "unique", "name")
        seen.add(str(one.get("name")))
        points = one.get("data")
        if isinstance(points, list | tuple) and isinstance(categories, list | tuple):
            labels = [point.get("label") for point in points if isinstance(point, Mapping)]
            if labels != list(categories):
                where = f"{pointer}/series/{index}/data"
                yield failed("must have one point for each category", where, "categories", list(categories))


_PLOT = Shape({"series": Listing(_SERIES, 12), "axis_config": _AXES}, ("series", "axis_config"), (_series_fit,))
CHART: dict[str, Rule] = {
    "title": Text(50),
    "chart": OneOf(
        {
            "pie": Shape({"segments": Listing(_SEGMENT, 12)}, ("segments",)),
            "bar": _PLOT,
            "line": _PLOT,
            "area": _PLOT,
        }
    ),
}
