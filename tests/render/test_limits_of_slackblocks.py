"""Our limits beside those of slackblocks, read from its registry: every difference is named and explained here."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import slackblocks
from slackblocks._surfaces import _BLOCK_TYPES_BY_SURFACE

from bot.render.limits import _MESSAGE, _VIEWS, totals
from bot.render.limits.blocks import SURFACES
from bot.render.limits.elements import ACCESSORY, CONFIRM, GROUP, IMAGE, INPUT, OPTION, words
from bot.render.limits.rules import Listing, Maybe, Number, OneOf, Rule, Shape, Text

LINE = re.compile(r"^# ([\w.]+)\n[A-Z_]+ = (\d+)$", re.MULTILINE)
BLOCKS = SURFACES["message"].shapes
ROOTS: Mapping[str, Rule] = {
    **INPUT.shapes,
    **ACCESSORY.shapes,
    **BLOCKS,
    "text": words(3000),
    "action_id": ACCESSORY.shapes["button"].fields["action_id"],
    "block_id": BLOCKS["section"].fields["block_id"],
    "confirmation": CONFIRM,
    "option": OPTION,
    "option_group": GROUP,
    "select": OneOf({key: shape for key, shape in ACCESSORY.shapes.items() if key.endswith("_select")}),
    "multi_select": ACCESSORY.shapes["multi_static_select"],
    "email_input": INPUT.shapes["email_text_input"],
    "url_input": INPUT.shapes["url_text_input"],
    "date_picker": ACCESSORY.shapes["datepicker"],
    "time_picker": ACCESSORY.shapes["timepicker"],
    "image_element": IMAGE,
    "dispatch_action_configuration": INPUT.shapes["plain_text_input"].fields["dispatch_action_config"],
    "conversation_filter": ACCESSORY.shapes["conversations_select"].fields["filter"],
    "rich_text_list": BLOCKS["rich_text"].fields["elements"],
    "rich_text_quote": BLOCKS["rich_text"].fields["elements"],
    "rich_text_preformatted": BLOCKS["rich_text"].fields["elements"],
    "message": _MESSAGE,
    "view": _VIEWS,
}
# Where their name of a thing is not the path of our rule.
CALLED = {
    "rich_text_list": "rich_text_list.rich_text_list",
    "rich_text_quote": "rich_text_quote.rich_text_quote",
    "rich_text_preformatted": "rich_text_preformatted.rich_text_preformatted",
    "table.columns": "table.rows.*",
    "data_table.columns": "data_table.rows.*",
    "data_table.cell_text": "data_table.rows.*.raw_text.text",
    "data_visualization.segments": "data_visualization.chart.pie.segments",
    "data_visualization.segment": "data_visualization.chart.pie.segments.*",
    "data_visualization.series": "data_visualization.chart.line.series",
    "data_visualization.series_name": "data_visualization.chart.line.series.*.name",
    "data_visualization.data": "data_visualization.chart.line.series.*.data",
    "data_visualization.point_label": "data_visualization.chart.line.series.*.data.*.label",
    "data_visualization.categories": "data_visualization.chart.line.axis_config.categories",
    "data_visualization.category_label": "data_visualization.chart.line.axis_config.categories.*",
    "data_visualization.axis_label": "data_visualization.chart.line.axis_config.x_label",
}
TOTALS = {
    "message.data_visualizations.max_items": totals.CHARTS,
    "data_table.content.max_length": totals.DATA_TABLE_TOTAL,
    "data_table.total_content.max_length": totals.DATA_TABLE_TOTAL,
    "markdown.total_text.max_length": totals.MARKDOWN_TOTAL,
}

UNKNOWN = "a block or element that no template can make, so nothing of ours is checked against it"
# A difference, by the beginning of their name, and why it stands.
EXPLAINED = {
    "alert.": UNKNOWN,
    "card.": UNKNOWN,
    "carousel.": UNKNOWN,
    "container.": UNKNOWN,
    "context_actions.": UNKNOWN,
    "feedback_button.": UNKNOWN,
    "icon_button.": UNKNOWN,
    "plan.": UNKNOWN,
    "button.agent_prompt.": UNKNOWN,
    "message.channel.": "an argument of chat.postMessage, which is no part of blocks",
    "rich_text_input.min_lines.": UNKNOWN,
    "rich_text_input.max_lines.": UNKNOWN,
    "video.author_name.max_length": "documented as “less than 50 characters”: we keep to the stricter reading",
}
# Limits of ours that slackblocks does not know, by path, and where they come from.
CHOSEN = "what is chosen at first is chosen from a list that is no longer"
OURS_ONLY = {
    "section.accessory.multi_static_select.initial_options": CHOSEN,
    "section.accessory.multi_external_select.initial_options": CHOSEN,
    "section.accessory.checkboxes.initial_options": CHOSEN,
    "section.accessory.datepicker.initial_date": "YYYY-MM-DD is ten characters",
    "section.accessory.timepicker.initial_time": "HH:mm is five characters",
    "section.accessory.datetimepicker.initial_date_time": "documented: a UNIX timestamp of ten digits",
    "section.accessory.checkboxes.options.": "an option is an option, whether its text is mrkdwn or plain",
    "input.element.plain_text_input.initial_value": "max_length is at most 3,000, and the first text is within it",
    "rich_text.elements.*.rich_text_section.elements.*.link.url": "as for every other address",
    "view.home.blocks": "one number for both views, which slackblocks names once",
    "table.rows.*.*.rich_text.block_id": "as for every other block_id",
    "data_visualization.chart.bar.axis_config.y_label": "as for x_label",
}
NOT_MADE = "no template can make one, so nothing of ours is checked against it"
ONLY_SEEN_IN_MESSAGES = "documented for messages when it was made; we keep to what was documented first"
SURFACES_EXPLAINED = {
    **dict.fromkeys(
        (
            *("message.card", "message.carousel", "message.container", "message.context_actions", "message.file"),
            *("message.plan", "message.task_card", "modal.alert", "modal.card"),
            *("home.card", "home.carousel", "home.container"),
        ),
        NOT_MADE,
    ),
    **dict.fromkeys(("home.table", "home.data_table", "home.data_visualization"), ONLY_SEEN_IN_MESSAGES),
}


def theirs() -> dict[str, int]:
    """Their limits by name, as the generated module writes them above each constant."""
    source = (Path(slackblocks.__file__).parent / "_limits.py").read_text(encoding="utf-8")
    found = {name: int(value) for name, value in LINE.findall(source)}
    assert len(found) > 100, "slackblocks writes its limits in another way now"
    return found


def step(rule: Rule, name: str) -> Rule | None:
    """One step down a path of ours: a field, a type, or `*` for what a list holds."""
    match rule:
        case Maybe():
            return step(rule.rule, name)
        case Listing():
            return rule.item if name == "*" else step(rule.item, name)
        case Shape():
            return rule.fields.get(name)
        case OneOf():
            if name in rule.shapes:
                return rule.shapes[name]
            return next((shape.fields[name] for shape in rule.shapes.values() if name in shape.fields), None)
    return None


def ours(thing: str) -> Rule | None:
    """Our rule for a thing by their name of it."""
    beginning = max((one for one in CALLED if thing == one or thing.startswith(one + ".")), key=len, default="")
    path = CALLED[beginning] + thing[len(beginning) :] if beginning else thing
    root, *steps = path.split(".")
    rule = ROOTS.get(root)
    for name in steps:
        rule = step(rule, name) if rule is not None else None
    return rule


def texts(rule: Rule) -> list[Text]:
    """The strings a rule is about: itself, or what its text objects hold."""
    match rule:
        case Text():
            return [rule]
        case OneOf():
            return [text for shape in rule.shapes.values() for text in texts(shape)]
        case Shape() if "text" in rule.fields:
            return texts(rule.fields["text"])
        case Listing():
            return texts(rule.item)
    return []


def bounds(rule: Rule | None, kind: str) -> set[float | None]:
    """What our rule says of one kind of bound; a set, since text objects have two shapes."""
    match kind, rule:
        case (("max_length" | "item_max_length" | "min_length"), found) if found is not None:
            return {text.least if kind == "min_length" else text.most for text in texts(found)}
        case "max_items", Listing():
            return {rule.most}
        case "min_items", Listing():
            return {rule.least}
        case "min", Number():
            return {rule.least}
        case "max", Number():
            return {rule.most}
        case "exclusive_min", Number():
            return {rule.above}
    return set()


def explained(name: str, reasons: Mapping[str, str]) -> bool:
    return any(name == one or (one.endswith(".") and name.startswith(one)) for one in reasons)


def differences() -> dict[str, str]:
    """Their limits that are not ours, each with both values."""
    found = {}
    for name, value in theirs().items():
        thing, _, kind = name.rpartition(".")
        said = {TOTALS[name]} if name in TOTALS else bounds(ours(thing), kind)
        if said != {value}:
            found[name] = f"{name}: theirs {value}, ours {sorted(map(str, said)) or 'none'}"
    return found


def walk(rule: Rule, path: str, seen: set[int]) -> Iterator[tuple[str, Rule]]:
    """Every rule below this one, each once, with a path that leads to it."""
    if id(rule) in seen:
        return
    seen.add(id(rule))
    yield path, rule
    match rule:
        case Maybe():
            yield from walk(rule.rule, path, seen)
        case Listing():
            yield from walk(rule.item, f"{path}.*", seen)
        case Shape():
            for name, below in rule.fields.items():
                yield from walk(below, f"{path}.{name}", seen)
        case OneOf():
            for name, shape in rule.shapes.items():
                yield from walk(shape, f"{path}.{name}", seen)


def limited(rule: Rule) -> bool:
    """Whether a rule has a number in it that is a limit of Slack's."""
    match rule:
        case Text() | Listing():
            return rule.most is not None
        case Number():
            return rule.most is not None or rule.least not in (None, 0)
    return False


def test_every_limit_of_slackblocks_is_ours_or_explained() -> None:
    found = differences()
    assert [said for name, said in found.items() if not explained(name, EXPLAINED)] == []
    idle = [one for one in EXPLAINED if not any(explained(name, {one: ""}) for name in found)]
    assert idle == [], "explained, but no difference any more"


def test_every_limit_of_ours_is_theirs_or_explained() -> None:
    theirs_too: set[int] = set()
    for name in theirs():
        rule = ours(name.rpartition(".")[0])
        if rule is not None:
            theirs_too |= {id(rule), *map(id, texts(rule))}
    seen: set[int] = set()
    alone = [
        path
        for root in ("modal", "message")
        for path, rule in (*walk(SURFACES[root], "", seen), *walk(ROOTS["view"], "view", seen))
        if limited(rule) and id(rule) not in theirs_too
    ]
    paths = [path.strip(".") for path in alone]
    assert [path for path in paths if not explained(path, OURS_ONLY)] == []
    assert [one for one in OURS_ONLY if not any(explained(path, {one: ""}) for path in paths)] == []


def test_blocks_stand_on_the_surfaces_that_slackblocks_knows() -> None:
    found = {
        f"{surface}.{block}"
        for surface, blocks in _BLOCK_TYPES_BY_SURFACE.items()
        for block in blocks ^ set(SURFACES[surface].shapes)
    }
    assert found == set(SURFACES_EXPLAINED)
