"""Every block: its fields, and on which surfaces it may stand.

From https://docs.slack.dev/reference/block-kit/blocks.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.render.limits.elements import ACCESSORY, ACTIONS, CONTEXT, IMAGE, INPUT, WEB, plain, words
from bot.render.limits.rich import CHART, DATA_TABLE, RICH_TEXT, TABLE, equal_rows, plain_header
from bot.render.limits.rules import Flag, Listing, OneOf, Rule, Shape, Text, at_least_one, exactly_one

_ID: dict[str, Rule] = {"block_id": Text(255)}

_EVERYWHERE: Mapping[str, Shape] = {
    "section": Shape(
        {**_ID, "text": words(3000), "fields": Listing(words(2000), 10), "accessory": ACCESSORY, "expand": Flag()},
        (),
        (at_least_one("text", "fields"),),
    ),
    "header": Shape({**_ID, "text": plain(150)}, ("text",)),
    "context": Shape({**_ID, "elements": Listing(CONTEXT, 10)}, ("elements",)),
    "actions": Shape({**_ID, "elements": Listing(ACTIONS, 25)}, ("elements",)),
    "divider": Shape(_ID),
    "image": Shape(
        {**_ID, **IMAGE.fields, "title": plain(2000)}, ("alt_text",), (exactly_one("image_url", "slack_file"),)
    ),
    "input": Shape(
        {
            **_ID,
            "label": plain(2000),
            "element": INPUT,
            "dispatch_action": Flag(),
            "hint": plain(2000),
            "optional": Flag(),
        },
        ("label", "element"),
    ),
    "rich_text": Shape({**_ID, **RICH_TEXT}, ("elements",)),
    "video": Shape(
        {
            **_ID,
            "alt_text": Text(2000),
            "author_name": Text(49),
            "description": plain(200),
            "provider_icon_url": Text(2000, starts=WEB),
            "provider_name": Text(50),
            "title": plain(200),
            "title_url": Text(2000, starts=("https://",)),
            "thumbnail_url": Text(3000, starts=WEB),
            "video_url": Text(3000, starts=("https://",)),
        },
        ("alt_text", "title", "thumbnail_url", "video_url"),
    ),
}
_MESSAGES: Mapping[str, Shape] = {
    "markdown": Shape({**_ID, "text": Text(12_000)}, ("text",)),
    "table": Shape({**_ID, **TABLE}, ("rows",), (equal_rows,)),
    "data_table": Shape({**_ID, **DATA_TABLE}, ("caption", "rows"), (equal_rows, plain_header)),
    "data_visualization": Shape({**_ID, **CHART}, ("title", "chart")),
}

SURFACES: Mapping[str, OneOf] = MappingProxyType(
    {"message": OneOf({**_EVERYWHERE, **_MESSAGES}), "modal": OneOf(_EVERYWHERE), "home": OneOf(_EVERYWHERE)}
)
