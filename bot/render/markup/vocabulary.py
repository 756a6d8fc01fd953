"""The elements templates are written in: what each may carry and hold. templates/README.md explains them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FLAG = ("yes", "no")
INLINE = frozenset({"b", "i", "s", "code", "a", "user", "channel", "date", "emoji", "drawn", "br"})
VIEW_BLOCKS = frozenset(
    {
        "header",
        "section",
        "fields",
        "context",
        "divider",
        "image",
        "quote",
        "pre",
        "list",
        "table",
        "chart",
        "actions",
    }
)
FORM_BLOCKS = VIEW_BLOCKS | {"input"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: whether it has to be there, and its values where they are few."""

    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its attributes, the elements it may hold, and whether it holds text."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: bool = False


_MUST = Attribute(required=True)
_MAY = Attribute()
_FLAG = Attribute(values=FLAG)
_BREAK = frozenset({"br"})
_INLINE_TEXT = Element(children=INLINE, text=True)
_CELL = Element({"align": Attribute(values=("left", "center", "right"))}, INLINE, text=True)

ROOTS = ("message", "modal", "home")

ELEMENTS: Mapping[str, Element] = {
    "message": Element({"text": _MAY}, VIEW_BLOCKS | {"text"}),
    "modal": Element({"title": _MUST, "callback": _MUST, "submit": _MAY, "close": _MAY}, FORM_BLOCKS),
    "home": Element({"callback": _MAY}, FORM_BLOCKS),
    "text": _INLINE_TEXT,
    "header": Element(children=frozenset({"emoji", "date", "br"}), text=True),
    "section": Element(children=INLINE | {"accessory"}, text=True),
    "accessory": Element(children=frozenset({"button", "select", "image"})),
    "fields": Element(children=frozenset({"field"})),
    "field": Element({"label": _MAY}, INLINE, text=True),
    "context": _INLINE_TEXT,
    "divider": Element(),
    "image": Element({"url": _MUST, "alt": _MUST, "title": _MAY}),
    "quote": _INLINE_TEXT,
    "pre": Element(children=_BREAK, text=True),
    "list": Element({"ordered": _FLAG}, frozenset({"item"})),
    "item": _INLINE_TEXT,
    "table": Element(children=frozenset({"tr"})),
    "tr": Element(children=frozenset({"th", "td"})),
    "th": _CELL,
    "td": _CELL,
    "chart": Element(
        {"title": _MUST, "kind": Attribute(values=("line", "bar", "area")), "across": _MAY, "up": _MAY},
        frozenset({"series"}),
    ),
    "series": Element({"name": _MUST}, frozenset({"point"})),
    "point": Element({"label": _MUST, "value": _MUST}),
    "actions": Element(children=frozenset({"button", "select"})),
    "button": Element(
        {
            "action": _MAY,
            "value": _MAY,
            "url": _MAY,
            "style": Attribute(values=("", "primary", "danger")),
            "confirm": _MAY,
            "label": _MAY,
        },
        frozenset({"emoji", "br"}),
        text=True,
    ),
    "select": Element({"action": _MUST, "placeholder": _MUST, "confirm": _MAY}, frozenset({"option"})),
    "option": Element({"value": _MUST, "selected": _FLAG}, _BREAK, text=True),
    "input": Element(
        {
            "label": _MUST,
            "action": _MUST,
            "optional": _FLAG,
            "hint": _MAY,
            "multiline": _FLAG,
            "placeholder": _MAY,
            "initial": _MAY,
            "max": _MAY,
        },
        frozenset({"option", "br"}),
        text=True,
    ),
    "b": _INLINE_TEXT,
    "i": _INLINE_TEXT,
    "s": _INLINE_TEXT,
    "code": Element(children=_BREAK, text=True),
    "a": Element({"href": _MUST}, frozenset({"b", "i", "s", "code", "br"}), text=True),
    "user": Element({"id": _MUST}),
    "channel": Element({"id": _MUST}),
    "date": Element({"at": _MUST, "format": Attribute(values=("short", "long", "day", "time", "ago"))}),
    "emoji": Element({"name": _MUST}),
    "drawn": Element(text=True),
    "br": Element(),
}
