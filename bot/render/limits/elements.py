"""Limits of text objects and of everything that can be pressed, chosen or filled in.

Numbers from https://docs.slack.dev/reference/block-kit/block-elements and …/composition-objects.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.render.limits.problems import Problem
from bot.render.limits.rules import (
    Anything,
    Choice,
    Flag,
    Listing,
    Number,
    OneOf,
    Rule,
    Shape,
    Text,
    exactly_one,
    failed,
)

WEB = ("http://", "https://")
ID = Text(255)
URL = Text(3000)


def plain(most: int, least: int = 1) -> OneOf:
    """A plain_text object of at most so many characters."""
    return OneOf({"plain_text": Shape({"text": Text(most, least), "emoji": Flag()}, ("text",))})


def words(most: int) -> OneOf:
    """A plain_text or mrkdwn object of at most so many characters."""
    mrkdwn = Shape({"text": Text(most), "verbatim": Flag()}, ("text",))
    return OneOf({**plain(most).shapes, "mrkdwn": mrkdwn})


CONFIRM = Shape(
    {
        "title": plain(100),
        "text": words(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": Choice(("primary", "danger")),
    },
    ("title", "text"),
)


def _option(text: Rule, value: int = 150) -> Shape:
    return Shape({"text": text, "value": Text(value), "description": plain(75), "url": URL}, ("text", "value"))


OPTION = _option(plain(75))
MARKED_OPTION = _option(words(75))
GROUP = Shape({"label": plain(75), "options": Listing(OPTION, 100)}, ("label", "options"))
_SLACK_FILE = Shape({"id": Text(), "url": Text()}, (), (exactly_one("id", "url"),))
_DISPATCH = Shape({"trigger_actions_on": Listing(Choice(("on_enter_pressed", "on_character_entered")), 2)})
_FILTER = Shape(
    {
        "include": Listing(Choice(("im", "mpim", "private", "public"))),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    }
)


def _initial_among_options(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    options = value.get("options")
    initial = value.get("initial_option")
    if isinstance(options, list | tuple) and initial is not None and initial not in options:
        yield failed("initial_option must be one of the options", f"{pointer}/initial_option", "enum", "options")


def _length_bounds(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    initial, most = value.get("initial_value"), value.get("max_length")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        yield failed(f"must be less than {most + 1} characters", f"{pointer}/initial_value", "max_length", most)


_ACTION: dict[str, Rule] = {"action_id": ID}
_CHOOSER: dict[str, Rule] = {**_ACTION, "placeholder": plain(150), "confirm": CONFIRM, "focus_on_load": Flag()}
_MANY: dict[str, Rule] = {**_CHOOSER, "max_selected_items": Number(1)}
_LISTED: dict[str, Rule] = {"options": Listing(OPTION, 100), "option_groups": Listing(GROUP, 100)}
_TYPED: dict[str, Rule] = {
    **_ACTION,
    "placeholder": plain(150),
    "focus_on_load": Flag(),
    "dispatch_action_config": _DISPATCH,
}
_CONVERSATIONS: dict[str, Rule] = {"default_to_current_conversation": Flag(), "filter": _FILTER}
_RESPONDS: dict[str, Rule] = {"response_url_enabled": Flag()}

_BUTTON = Shape(
    {
        **_ACTION,
        "text": plain(75),
        "url": URL,
        "value": Text(2000),
        "style": Choice(("primary", "danger")),
        "confirm": CONFIRM,
        "accessibility_label": Text(75),
    },
    ("text",),
)
IMAGE = Shape(
    {"image_url": Text(3000, starts=WEB), "slack_file": _SLACK_FILE, "alt_text": Text(2000)},
    ("alt_text",),
    (exactly_one("image_url", "slack_file"),),
)
_CHOICES: dict[str, Rule] = {
    **_ACTION,
    "options": Listing(MARKED_OPTION, 10),
    "confirm": CONFIRM,
    "focus_on_load": Flag(),
}
_SELECTS: dict[str, Shape] = {
    "static_select": Shape(
        {**_CHOOSER, **_LISTED, "initial_option": OPTION},
        (),
        (exactly_one("options", "option_groups"), _initial_among_options),
    ),
    "multi_static_select": Shape(
        {**_MANY, **_LISTED, "initial_options": Listing(OPTION, 100)},
        (),
        (exactly_one("options", "option_groups"),),
    ),
    "external_select": Shape({**_CHOOSER, "initial_option": OPTION, "min_query_length": Number(0)}),
    "multi_external_select": Shape(
        {**_MANY, "initial_options": Listing(OPTION, 100), "min_query_length": Number(0)}
    ),
    "users_select": Shape({**_CHOOSER, "initial_user": Text()}),
    "multi_users_select": Shape({**_MANY, "initial_users": Listing(Text())}),
    "conversations_select": Shape({**_CHOOSER, **_CONVERSATIONS, **_RESPONDS, "initial_conversation": Text()}),
    "multi_conversations_select": Shape({**_MANY, **_CONVERSATIONS, "initial_conversations": Listing(Text())}),
    "channels_select": Shape({**_CHOOSER, **_RESPONDS, "initial_channel": Text()}),
    "multi_channels_select": Shape({**_MANY, "initial_channels": Listing(Text())}),
    "datepicker": Shape({**_CHOOSER, "initial_date": Text(10, 10)}),
    "timepicker": Shape({**_CHOOSER, "initial_time": Text(5, 5), "timezone": Text()}),
    "datetimepicker": Shape(
        {**_ACTION, "confirm": CONFIRM, "focus_on_load": Flag(), "initial_date_time": Number(1e9, 1e10 - 1)}
    ),
    "checkboxes": Shape({**_CHOICES, "initial_options": Listing(MARKED_OPTION, 10)}, ("options",)),
    "radio_buttons": Shape({**_CHOICES, "initial_option": MARKED_OPTION}, ("options",), (_initial_among_options,)),
}
_PRESSED: dict[str, Shape] = {
    "button": _BUTTON,
    "overflow": Shape({**_ACTION, "options": Listing(OPTION, 5), "confirm": CONFIRM}, ("options",)),
    "workflow_button": Shape(
        {
            **_ACTION,
            "text": plain(75),
            "workflow": Anything(),
            "style": Choice(("primary", "danger")),
            "accessibility_label": Text(75),
        },
        ("text", "workflow"),
    ),
}
_INPUTS: dict[str, Shape] = {
    "plain_text_input": Shape(
        {
            **_TYPED,
            "initial_value": Text(3000),
            "multiline": Flag(),
            "min_length": Number(0, 3000),
            "max_length": Number(1, 3000),
        },
        (),
        (_length_bounds,),
    ),
    "email_text_input": Shape({**_TYPED, "initial_value": Text()}),
    "url_text_input": Shape({**_TYPED, "initial_value": Text()}),
    "number_input": Shape(
        {
            **_TYPED,
            "is_decimal_allowed": Flag(),
            "initial_value": Text(),
            "min_value": Text(),
            "max_value": Text(),
        },
        ("is_decimal_allowed",),
    ),
    "rich_text_input": Shape({**_TYPED, "initial_value": Anything()}),
    "file_input": Shape({**_ACTION, "filetypes": Listing(Text()), "max_files": Number(1, 10)}),
}

ACTIONS = OneOf({**_PRESSED, **_SELECTS})
ACCESSORY = OneOf({**_PRESSED, **_SELECTS, "image": IMAGE})
INPUT = OneOf({**_INPUTS, **_SELECTS})
CONTEXT = OneOf({**words(3000).shapes, "image": IMAGE})
