"""What a person presses and fills in, found by its words and read as Slack's clients read it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.workspace.refusal import Refusal
from sandbox.workspace.talk import elements

Element = tuple[dict[str, Any], dict[str, Any]]
TYPED = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
REQUIRED = "Please fill this in."


def find(blocks: Iterable[Mapping[str, Any]], wanted: str, block_id: str = "") -> Element:
    """The block and element with this action_id, label or option text; refused with unknown_action."""
    for block in blocks:
        if block_id and block.get("block_id") != block_id:
            continue
        for element in elements(block):
            if wanted == element.get("action_id") or wanted == _words(element.get("text")):
                return dict(block), element
            if any(wanted == _words(option.get("text")) for option in element.get("options") or []):
                return dict(block), element
    raise Refusal("unknown_action")


def action(block: Mapping[str, Any], element: Mapping[str, Any], chosen: Any) -> dict[str, Any]:
    """The entry of `actions` for one press; `chosen` is an option, its value or text, or {"selected_…": …}."""
    made = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "button":
        return made | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    made |= {key: element[key] for key in ("placeholder",) if key in element}
    if isinstance(chosen, Mapping) and any(key.startswith("selected_") for key in chosen):
        return made | dict(chosen)
    return made | _chosen(element, chosen)


def state(view: Mapping[str, Any], filled: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """`state.values` of a form, and the inputs that must not stay empty.

    `filled` maps block ids to {action_id: {"value": …}} or, for tests, block ids, action ids or labels to a plain
    text. What is not named keeps its initial value.
    """
    values: dict[str, Any] = {}
    missing: dict[str, str] = {}
    for block in view.get("blocks") or []:
        if block.get("type") != "input":
            continue
        element = block["element"]
        given = _given(block, element, filled)
        values.setdefault(block["block_id"], {})[element["action_id"]] = given
        if not block.get("optional") and not any(value for key, value in given.items() if key != "type"):
            missing[block["block_id"]] = REQUIRED
    return values, missing


def _given(block: Mapping[str, Any], element: Mapping[str, Any], filled: Mapping[str, Any]) -> dict[str, Any]:
    for name in (block["block_id"], element["action_id"], _words(block.get("label"))):
        if name not in filled:
            continue
        said = filled[name]
        if isinstance(said, Mapping):
            said = said.get(element["action_id"], said)
        if isinstance(said, Mapping):
            return {"type": element["type"], **said}
        return {"type": element["type"], **_chosen(element, said)}
    initial = {key.removeprefix("initial_"): value for key, value in element.items() if key.startswith("initial_")}
    if element["type"] in TYPED:
        return {"type": element["type"], "value": initial.get("value")}
    selected = {f"selected_{key}": value for key, value in initial.items()}
    return {"type": element["type"], **(selected or _chosen(element, None))}


def _chosen(element: Mapping[str, Any], said: Any) -> dict[str, Any]:
    kind = str(element["type"])
    if kind in TYPED:
        return {"value": said}
    if kind in ("checkboxes", "multi_static_select"):
        wanted = said if isinstance(said, list) else [] if said is None else [said]
        return {"selected_options": [_option(element, one) for one in wanted]}
    if kind in ("static_select", "radio_buttons", "overflow"):
        return {"selected_option": None if said is None else _option(element, said)}
    what = {"datepicker": "date", "timepicker": "time"}.get(kind) or kind.removesuffix("_select").rstrip("s")
    return {f"selected_{what}": said}


def _option(element: Mapping[str, Any], said: Any) -> dict[str, Any]:
    groups = [*(element.get("option_groups") or []), {"options": element.get("options") or []}]
    for option in [option for group in groups for option in group["options"]]:
        value = said.get("value") if isinstance(said, Mapping) else said
        if value in (option.get("value"), _words(option.get("text"))):
            return dict(option)
    raise Refusal("unknown_option")


def _words(text: Any) -> str:
    return str(text.get("text", "")) if isinstance(text, Mapping) else ""
