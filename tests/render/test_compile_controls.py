"""Markup becomes what can be pressed, chosen and filled in, pictures and tables."""

import pytest

from tests.render.workshop import Workshop


def test_a_section_with_a_button_beside_it(workshop: Workshop) -> None:
    button = "<accessory><button action='turn' value='show x'>Show</button></accessory>"
    markup = f"<section>{{{{ name }}}} <b>!</b>{button}</section>"
    (block,) = workshop.body(markup, name="run")
    assert (block["type"], block["text"]["text"], block["accessory"]["action_id"]) == (
        "section",
        "run *!*",
        "turn",
    )
    text, actions = workshop.body(markup, name="*run*")
    assert (text["type"], actions["type"]) == ("rich_text", "actions")


def test_repeated_actions_are_numbered_within_their_block(workshop: Workshop) -> None:
    buttons = "<button action='turn' value='a'>A</button><button action='turn' value='b'>B</button>"
    body = workshop.body(
        f"<actions>{buttons}<button action='ask' value='c'>C</button></actions><actions>{buttons}</actions>"
    )
    assert [[element["action_id"] for element in block["elements"]] for block in body] == [
        ["turn:1", "turn:2", "ask"],
        ["turn:1", "turn:2"],
    ]


def test_a_button_with_everything(workshop: Workshop) -> None:
    (block,) = workshop.body(
        "<actions><button action='go' value='v' style='danger' confirm='Really?' label='Delete the run'>"
        "Delete</button></actions>"
    )
    assert block["elements"] == [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": "Delete", "emoji": False},
            "action_id": "go",
            "value": "v",
            "style": "danger",
            "accessibility_label": "Delete the run",
            "confirm": {
                "title": {"type": "plain_text", "text": "Delete", "emoji": False},
                "text": {"type": "plain_text", "text": "Really?", "emoji": False},
                "confirm": {"type": "plain_text", "text": "Delete", "emoji": False},
                "deny": {"type": "plain_text", "text": "Cancel", "emoji": False},
            },
        }
    ]


@pytest.mark.parametrize("attributes", ["url='ftp://x'", "action='a' value='{{ \"v\" * 2001 }}'", "url=''"])
def test_a_button_that_could_not_work_is_left_out(workshop: Workshop, attributes: str) -> None:
    body = workshop.body(f"<section>x</section><actions><button {attributes}>B</button></actions>")
    assert [block["type"] for block in body] == ["rich_text"]


def test_a_select_with_a_choice_made(workshop: Workshop) -> None:
    (block,) = workshop.body(
        "<actions><select action='pick' placeholder='Which?'>"
        "<option value='a'>A</option><option value='b' selected='yes'>B</option></select></actions>"
    )
    (select,) = block["elements"]
    assert select["initial_option"] == select["options"][1]


def test_a_picture_and_one_without_an_address(workshop: Workshop) -> None:
    picture, words = workshop.body(
        "<image url='https://x/y.png' alt='Curve' title='AUC'/><image url='x' alt='Curve'/>"
    )
    assert picture["image_url"] == "https://x/y.png"
    assert words["elements"][0]["text"] == "Curve"


def test_a_table(workshop: Workshop) -> None:
    second = "<tr><td>auc</td><td align='right'>{{ value }}</td></tr>"
    (block,) = workshop.body(f"<table><tr><th>m</th><th>v</th><th/></tr>{second}</table>", value=0.1 + 0.2)
    assert block["column_settings"] == [{"align": "left"}, {"align": "right"}, {"align": "left"}]
    assert [len(row) for row in block["rows"]] == [3, 3]
    assert block["rows"][1] == [
        {"type": "raw_text", "text": "auc"},
        {"type": "raw_text", "text": "0.3"},
        {"type": "raw_text", "text": "–"},
    ]


def test_a_second_table_becomes_aligned_lines(workshop: Workshop) -> None:
    table = "<table><tr><th>metric</th><th>v</th></tr><tr><td>a</td><td>1</td></tr></table>"
    first, second = workshop.body(table + table)
    assert first["type"] == "table"
    assert second["elements"][0]["elements"][0]["text"] == "metric  v\na       1"


def test_a_form_carries_its_state_and_its_fields(workshop: Workshop) -> None:
    view = workshop.view(
        "<modal title='Document {{ name }}' submit='Save' callback='document'>"
        "<input label='What was tried?' action='tried' multiline='yes' hint='Two lines' "
        "initial='{{ before }}' max='500'/>"
        "<input label='Outcome' action='outcome' optional='yes' placeholder='Choose'>"
        "<option value='good'>Good</option></input></modal>",
        state='{"run": "abc"}',
        name="a run with a long name",
        before="first\nsecond",
    )
    assert (view["type"], view["callback_id"], view["private_metadata"]) == ("modal", "document", '{"run": "abc"}')
    assert view["title"]["text"] == "Document a run with a…"
    tried, outcome = view["blocks"]
    assert tried["block_id"] == tried["element"]["action_id"] == "tried"
    assert tried["element"]["initial_value"] == "first\nsecond"
    assert (outcome["optional"], outcome["element"]["type"]) == (True, "static_select")


def test_a_home_tab(workshop: Workshop) -> None:
    view = workshop.view("<home><section>Hello</section><table><tr><td>a</td></tr></table></home>")
    assert (view["type"], [block["type"] for block in view["blocks"]]) == ("home", ["rich_text", "rich_text"])
