"""The validator: what Slack takes passes, and each limit is told where and as blocks.validate tells it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.limits import Problem, validate_blocks, validate_message, validate_view

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), "action_id": "a", **more}


def option(value: str = "v") -> Json:
    return {"text": plain(), "value": value}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def raw(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def chart(**more: Any) -> Json:
    series = [{"name": "auc", "data": [{"label": "1", "value": 0.5}]}]
    plot = {"type": "line", "series": series, "axis_config": {"categories": ["1"], "x_label": "step"}}
    return {"type": "data_visualization", "title": "AUC", "chart": {**plot, **more}}


FINE: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}},
    {"type": "section", "fields": [plain("x" * 1200)] * 9 + [plain()], "block_id": "b"},
    {"type": "section", "text": plain(), "accessory": button(value="v" * 2000, style="primary")},
    {
        "type": "section",
        "text": plain(),
        "accessory": {"type": "image", "image_url": "https://x/y", "alt_text": "z"},
    },
    {
        "type": "section",
        "text": plain(),
        "accessory": {"type": "overflow", "action_id": "a", "options": [option()]},
    },
    {"type": "header", "text": plain("x" * 150)},
    {"type": "context", "elements": [plain()] * 10},
    {"type": "actions", "elements": [button(action_id=str(n)) for n in range(25)]},
    {"type": "actions", "elements": [{"type": "static_select", "action_id": "s", "options": [option()] * 100}]},
    {
        "type": "actions",
        "elements": [{"type": "users_select", "action_id": "s"}, {"type": "datepicker", "action_id": "d"}],
    },
    {"type": "divider"},
    {"type": "image", "image_url": "https://x/y.png", "alt_text": "z", "title": plain()},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "z"},
    {
        "type": "input",
        "label": plain(),
        "element": {"type": "plain_text_input", "action_id": "a", "multiline": True},
    },
    {"type": "input", "label": plain(), "element": {"type": "number_input", "is_decimal_allowed": True}},
    rich({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "link", "url": "https://x"}),
    rich(
        {"type": "user", "user_id": "U1"}, {"type": "broadcast", "range": "here"}, {"type": "emoji", "name": "x"}
    ),
    rich({"type": "date", "timestamp": 1, "format": "{time}", "fallback": "x"}),
    {
        "type": "table",
        "rows": [[raw(), rich({"type": "text", "text": "x"})]] * 100,
        "column_settings": [None, {"align": "right"}],
    },
    {"type": "table", "rows": [[{"type": "raw_number", "value": 1.5}]]},
    {"type": "markdown", "text": "x" * 12_000},
    {
        "type": "data_table",
        "caption": "c",
        "rows": [[raw()], [rich({"type": "text", "text": "x"})]] * 1,
        "page_size": 100,
    },
    chart(),
    {
        "type": "data_visualization",
        "title": "t",
        "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
    },
    {"type": "video", "alt_text": "a", "title": plain(), "thumbnail_url": "https://x", "video_url": "https://x"},
]


@pytest.mark.parametrize("block", FINE, ids=lambda block: block["type"])
def test_every_current_block_passes(block: Json) -> None:
    assert validate_blocks([block]) == []
    assert validate_message({"blocks": [block]}) == []


BROKEN: list[tuple[Json, str, str]] = [
    (
        {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}},
        "/text/text",
        "must be less than 3001 characters",
    ),
    ({"type": "section", "text": plain("")}, "/text/text", "must be more than 0 characters"),
    ({"type": "section"}, "", "must define either `text` or `fields`"),
    ({"type": "section", "text": plain(), "colour": "red"}, "", "invalid additional property: colour"),
    ({"type": "section", "text": {"type": "invalid", "text": "x"}}, "/text/type", "unsupported type: invalid"),
    ({"type": "section", "text": {"text": "x"}}, "/text", "missing required field: type"),
    ({"type": "section", "text": "x"}, "/text", "must provide an object"),
    ({"type": "section", "text": plain(), "block_id": 1}, "/block_id", "must provide a string"),
    ({"type": "section", "text": plain(), "expand": "yes"}, "/expand", "must provide a boolean"),
    ({"type": "section", "fields": plain()}, "/fields", "must provide an array"),
    ({"type": "section", "fields": [plain("x" * 2001)]}, "/fields/0/text", "must be less than 2001 characters"),
    ({"type": "section", "fields": [plain()] * 11}, "/fields", "no more than 10 items allowed"),
    ({"type": "section", "text": plain(), "block_id": "x" * 256}, "/block_id", "must be less than 256 characters"),
    ({"type": "header", "text": plain("x" * 151)}, "/text/text", "must be less than 151 characters"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "/text/type", "unsupported type: mrkdwn"),
    ({"type": "header"}, "", "missing required field: text"),
    ({"type": "context", "elements": []}, "/elements", "no fewer than 1 items allowed"),
    ({"type": "context", "elements": [plain()] * 11}, "/elements", "no more than 10 items allowed"),
    ({"type": "context", "elements": [button()]}, "/elements/0/type", "unsupported type: button"),
    (
        {"type": "actions", "elements": [button(action_id=str(n)) for n in range(26)]},
        "/elements",
        "no more than 25 items",
    ),
    (
        {"type": "actions", "elements": [button(), button()]},
        "/elements/1/action_id",
        "already exists in this block",
    ),
    (
        {"type": "actions", "elements": [button(value="v" * 2001)]},
        "/elements/0/value",
        "must be less than 2001 characters",
    ),
    (
        {"type": "actions", "elements": [button(text=plain("x" * 76))]},
        "/elements/0/text/text",
        "less than 76 characters",
    ),
    (
        {"type": "actions", "elements": [button(url="x" * 3001)]},
        "/elements/0/url",
        "must be less than 3001 characters",
    ),
    ({"type": "actions", "elements": [button(style="pink")]}, "/elements/0/style", "unsupported value: pink"),
    (
        {"type": "actions", "elements": [button(confirm={"title": plain()})]},
        "/elements/0/confirm",
        "missing required field: text",
    ),
    (
        {"type": "actions", "elements": [{"type": "static_select", "options": [option()] * 101}]},
        "/elements/0/options",
        "no more than 100 items allowed",
    ),
    (
        {"type": "actions", "elements": [{"type": "static_select", "options": [option("v" * 151)]}]},
        "/elements/0/options/0/value",
        "must be less than 151 characters",
    ),
    (
        {
            "type": "actions",
            "elements": [{"type": "static_select", "options": [option()], "initial_option": option("w")}],
        },
        "/elements/0/initial_option",
        "initial_option must be one of the options",
    ),
    ({"type": "image", "alt_text": "x"}, "", "must define either `image_url` or `slack_file`"),
    ({"type": "image", "image_url": "file:x", "alt_text": "x"}, "/image_url", "must be a valid url"),
    ({"type": "image", "image_url": "https://x"}, "", "missing required field: alt_text"),
    ({"type": "input", "label": plain()}, "", "missing required field: element"),
    (
        {
            "type": "input",
            "label": plain(),
            "element": {"type": "plain_text_input", "max_length": 2, "initial_value": "abc"},
        },
        "/element/initial_value",
        "must be less than 3 characters",
    ),
    ({"type": "rich_text", "elements": [{"type": "section"}]}, "/elements/0/type", "unsupported type: section"),
    (rich({"type": "text", "text": ""}), "/elements/0/elements/0/text", "must be more than 0 characters"),
    (rich({"type": "broadcast", "range": "all"}), "/elements/0/elements/0/range", "unsupported value: all"),
    (
        {
            "type": "data_visualization",
            "title": "t",
            "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]},
        },
        "/chart/segments/0/value",
        "must be more than 0",
    ),
    ({"type": "table", "rows": [[raw()]] * 101}, "/rows", "no more than 100 items allowed"),
    ({"type": "table", "rows": [[raw()] * 21]}, "/rows/0", "no more than 20 items allowed"),
    ({"type": "table", "rows": [[raw(), raw()], [raw()]]}, "/rows/1", "must have 2 cells"),
    ({"type": "table", "rows": [[raw("")]]}, "/rows/0/0/text", "must be more than 0 characters"),
    ({"type": "table", "rows": [[plain()]]}, "/rows/0/0/type", "unsupported type: plain_text"),
    ({"type": "markdown", "text": "x" * 12_001}, "/text", "must be less than 12001 characters"),
    ({"type": "data_table", "caption": "c", "rows": [[raw()]]}, "/rows", "no fewer than 2 items allowed"),
    (
        {"type": "data_table", "caption": "c", "rows": [[rich({"type": "text", "text": "x"})], [raw()]]},
        "/rows/0/0/type",
        "unsupported type: rich_text",
    ),
    (chart(series=[]), "/chart/series", "no fewer than 1 items allowed"),
    (
        chart(axis_config={"categories": ["1", "2"]}),
        "/chart/series/0/data",
        "must have one point for each category",
    ),
    ({**chart(), "title": "x" * 51}, "/title", "must be less than 51 characters"),
    ({"type": "alarm"}, "/type", "unsupported type: alarm"),
    ({"type": ["section"]}, "/type", "unsupported type: ['section']"),
]


@pytest.mark.parametrize(
    ("block", "pointer", "says"), BROKEN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_limit_is_told_where_it_is_broken(block: Json, pointer: str, says: str) -> None:
    problems = validate_blocks([{"type": "divider"}, block])
    assert [problem.pointer for problem in problems] == [f"/1{pointer}"]
    assert says in problems[0].message
    assert [problem.pointer for problem in validate_message({"blocks": [{"type": "divider"}, block]})] == [
        f"/blocks/1{pointer}"
    ]


def test_a_problem_reads_as_slack_writes_it() -> None:
    (problem,) = validate_blocks([{"type": "section", "text": {"type": "invalid", "text": "x"}}])
    assert problem.as_json() == {
        "code": "failed_constraint",
        "message": "unsupported type: invalid",
        "pointer": "/0/text/type",
        "constraint": {"type": "enum", "expected": ["mrkdwn", "plain_text"]},
    }
    assert problem.as_line("/blocks") == "[ERROR] unsupported type: invalid [json-pointer:/blocks/0/text/type]"
    assert Problem("a", "b", "/c").as_json() == {"code": "a", "message": "b", "pointer": "/c"}


TABLE: Json = {"type": "table", "rows": [[raw("x" * 100)] * 20] * 5}


@pytest.mark.parametrize(
    ("blocks", "pointer", "says"),
    [
        ([{"type": "divider"}] * 51, "", "no more than 50 items allowed"),
        ([{"type": "divider", "block_id": "a"}] * 2, "/1/block_id", "`block_id` 'a' already exists"),
        ([TABLE | {"rows": [[raw()]]}] * 2, "/1", "only_one_table_allowed"),
        ([chart()] * 3, "/2", "no more than 2 data_visualization blocks allowed"),
        (
            [{"type": "markdown", "text": "x" * 7000}] * 2,
            "",
            "markdown text of all blocks must be less than 12001",
        ),
        ([TABLE | {"rows": [[raw("x" * 101)] * 20] * 5}], "", "table cells must be less than 10001 characters"),
        ([{"type": "section", "text": plain("x" * 2900)}] * 5, "", "msg_blocks_too_long"),
        (
            [{"type": "data_table", "caption": "c", "rows": [[raw("x" * 7000)]] * 3}],
            "",
            "data_table cells must be less",
        ),
    ],
)
def test_what_only_the_whole_message_breaks(blocks: list[Json], pointer: str, says: str) -> None:
    (problem,) = validate_blocks(blocks)
    assert (problem.pointer, says in problem.message) == (pointer, True)


def test_exactly_at_the_totals_all_is_well() -> None:
    assert validate_blocks([TABLE]) == []
    assert validate_blocks([{"type": "divider"}] * 50) == []


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": [{"type": "divider"}], **more}


@pytest.mark.parametrize(
    ("view", "pointer", "says"),
    [
        (modal(title=plain("x" * 25)), "/title/text", "must be less than 25 characters"),
        (modal(private_metadata="x" * 3001), "/private_metadata", "must be less than 3001 characters"),
        (modal(blocks=[{"type": "divider"}] * 101), "/blocks", "no more than 100 items allowed"),
        (modal(blocks=[{"type": "table", "rows": [[raw()]]}]), "/blocks/0/type", "unsupported type: table"),
        (modal(blocks=[{"type": "input", "label": plain(), "element": {"type": "users_select"}}]), "", "submit"),
        ({"type": "modal", "blocks": []}, "", "missing required field: title"),
        ({"type": "home", "blocks": [], "title": plain()}, "", "invalid additional property: title"),
        ({"type": "workflow_step", "blocks": []}, "/type", "unsupported type: workflow_step"),
        ([], "", "must provide an object"),
    ],
)
def test_limits_of_views(view: object, pointer: str, says: str) -> None:
    (problem,) = validate_view(view)
    assert (problem.pointer, says in problem.message) == (pointer, True)


def test_views_that_are_fine() -> None:
    assert validate_view(modal(submit=plain(), close=plain(), callback_id="c", private_metadata="")) == []
    assert validate_view({"type": "home", "blocks": [{"type": "divider"}] * 100}) == []


def test_a_message_has_blocks_and_attachments_only() -> None:
    fine = {"attachments": [{"color": "#fff", "text": "x", "blocks": [{"type": "divider"}]}]}
    assert validate_message(fine) == []
    (text,) = validate_message({"text": "x"})
    assert text.message == "invalid additional property: text"
    (inside,) = validate_message({"attachments": [{"blocks": [{"type": "x"}]}]})
    assert inside.pointer == "/attachments/0/blocks/0/type"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(["section", "table", "text"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "blocks", "rows", "block_id", "a/b~"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("validate", [validate_blocks, validate_message, validate_view])
@given(value=JSON)
def test_whatever_people_send_gets_an_answer_that_points_into_it(
    validate: Callable[[object], list[Problem]], value: object
) -> None:
    for problem in validate(value):
        assert json.dumps(problem.as_json())
        target: Any = value
        for part in problem.pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            target = target[int(name)] if isinstance(target, list) else target[name]
