"""What each element becomes."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.facts.messages import Message
from tests.render.workshop import Workshop

MOMENT = datetime(2026, 11, 23, 22, 47, tzinfo=UTC)


def line(workshop: Workshop, inline: str, **facts: Any) -> list[dict[str, Any]]:
    (block,) = workshop.body(f"<section>{inline}</section>", **facts)
    (section,) = block["elements"]
    assert section["type"] == "rich_text_section"
    elements: list[dict[str, Any]] = section["elements"]
    return elements


def test_a_section_is_rich_text_with_spaces_collapsed(workshop: Workshop) -> None:
    assert line(workshop, "\n  one\n  <b>two </b> three\n") == [
        {"type": "text", "text": "one "},
        {"type": "text", "text": "two ", "style": {"bold": True}},
        {"type": "text", "text": "three"},
    ]


def test_styles_nest(workshop: Workshop) -> None:
    assert line(workshop, "<b>a<i>b<s>c</s></i></b><code>d</code>") == [
        {"type": "text", "text": "a", "style": {"bold": True}},
        {"type": "text", "text": "b", "style": {"bold": True, "italic": True}},
        {"type": "text", "text": "c", "style": {"bold": True, "italic": True, "strike": True}},
        {"type": "text", "text": "d", "style": {"code": True}},
    ]


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "", "mlflow", "http://", "https://x/" + "y" * 3000, "http://[x"],
)
def test_what_is_no_web_address_is_shown_without_a_link(workshop: Workshop, address: str) -> None:
    assert line(workshop, '<a href="{{ url }}">run</a>', url=address) == [{"type": "text", "text": "run"}]


def test_an_address_with_spaces_and_umlauts_is_encoded(workshop: Workshop) -> None:
    (link,) = line(workshop, '<a href="{{ url }}">run</a>', url="https://mlflow/#/runs/ä b|c>")
    assert link["url"] == "https://mlflow/#/runs/%C3%A4%20b%7Cc%3E"


def test_people_channels_emoji_and_dates(workshop: Workshop) -> None:
    inline = '<user id="U12"/><channel id="C34"/><emoji name="tada"/><date at="{{ at }}" format="{{ form }}"/>'
    expected = {"type": "date", "timestamp": 1795474020, "format": "{time}", "fallback": "22:47 UTC"}
    assert line(workshop, inline, at=MOMENT, form="time") == [
        {"type": "user", "user_id": "U12"},
        {"type": "channel", "channel_id": "C34"},
        {"type": "emoji", "name": "tada"},
        expected,
    ]


@pytest.mark.parametrize("form", ["short", "long", "day", "time", "ago"])
def test_every_date_format_reads_well_where_slack_cannot_convert_it(workshop: Workshop, form: str) -> None:
    rendered = workshop.render(
        '<message><section><date at="{{ at }}" format="{{ form }}"/></section></message>', at=MOMENT, form=form
    )
    assert rendered.text in ("23 Nov 2026, 22:47 UTC", "23 Nov 2026", "22:47 UTC")


def test_a_plain_date_is_shown_as_it_is(workshop: Workshop) -> None:
    body = workshop.body('<header>Digest of <date at="{{ day }}" format="day"/></header>', day=date(2026, 11, 23))
    assert body[0]["text"]["text"] == "Digest of 23 Nov 2026"


@pytest.mark.parametrize("name", ["ada", "U1> <!channel", "u12", "", "C12"])
def test_what_is_no_slack_id_is_text(workshop: Workshop, name: str) -> None:
    kinds = {element["type"] for element in line(workshop, 'by <user id="{{ name }}"/>', name=name)}
    assert kinds == {"text"}


def test_header_divider_quote_and_pre(workshop: Workshop) -> None:
    body = workshop.body("<header> A  <emoji name='x'/> </header><divider/><quote>q</quote><pre>\na\n  b\n</pre>")
    assert body == [
        {"type": "header", "text": {"type": "plain_text", "text": "A :x:", "emoji": True}},
        {"type": "divider"},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": "q"}]}],
        },
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a\n  b"}]}],
        },
    ]


def test_lists(workshop: Workshop) -> None:
    (block,) = workshop.body('<list ordered="yes"><item>a</item><item/><item><b>b</b></item></list>')
    (part,) = block["elements"]
    assert (part["type"], part["style"], len(part["elements"])) == ("rich_text_list", "ordered", 2)


def test_fields_have_bold_labels_and_go_on_in_another_block_after_ten(workshop: Workshop) -> None:
    body = workshop.body(
        "<fields>{% for n in range(11) %}<field label='m{{ n }}'>{{ n }}</field>{% endfor %}</fields>"
    )
    assert [len(block["fields"]) for block in body] == [10, 1]
    assert body[0]["fields"][0] == {"type": "mrkdwn", "text": "*m0*\n0", "verbatim": True}


@pytest.mark.parametrize("label", ["a*b", "~x~", "`x`", "_x_", "x_", ":tada:", "> x"])
def test_a_field_whose_text_mrkdwn_would_format_is_plain_text(workshop: Workshop, label: str) -> None:
    (block,) = workshop.body("<fields><field label='{{ label }}'>1</field></fields>", label=label)
    assert block["fields"][0]["type"] == "plain_text"


@pytest.mark.parametrize("label", ["val_auc", "system/cpu_0", "f1@10", "a-b", "12:30:45", "a > b"])
def test_names_of_metrics_are_bold(workshop: Workshop, label: str) -> None:
    (block,) = workshop.body("<fields><field label='{{ label }}'>1</field></fields>", label=label)
    escaped = label.replace(">", "&gt;")
    assert block["fields"][0]["text"] == f"*{escaped}*\n1"


def test_a_context_of_text_is_plain(workshop: Workshop) -> None:
    (block,) = workshop.body("<context>{{ name }} · 3 min</context>", name="*x*")
    assert block["elements"] == [{"type": "plain_text", "text": "*x* · 3 min", "emoji": False}]


def test_a_context_with_a_link_keeps_what_looks_like_formatting_apart(workshop: Workshop) -> None:
    (block,) = workshop.body(
        '<context>{{ name }} · <a href="https://x.y/?a=1&amp;b=2">run & more</a></context>'.replace(
            " & ", " &amp; "
        ),
        name="*x*",
    )
    assert block["elements"] == [
        {"type": "plain_text", "text": "*x* ·", "emoji": False},
        {"type": "mrkdwn", "text": "<https://x.y/?a=1&amp;b=2|run &amp; more>", "verbatim": True},
    ]


def test_a_context_has_at_most_ten_elements(workshop: Workshop) -> None:
    parts = "{% for n in range(20) %}*{{ n }} <b>x</b> {% endfor %}"
    (block,) = workshop.body(f"<context>{parts}</context>")
    assert len(block["elements"]) == 10
    assert block["elements"][-1]["text"].endswith("*19 x")


def test_styles_inside_a_word_are_left_out_of_mrkdwn(workshop: Workshop) -> None:
    (block,) = workshop.body("<context>a<b>b</b> <b>c</b>, <code>d</code></context>")
    assert block["elements"][0]["text"] == "ab *c*, `d`"


def test_the_fallback_text_is_every_line_that_can_be_read(workshop: Workshop) -> None:
    rendered = workshop.render(
        "<message><header>H</header><section>a <user id='U1'/> <a href='https://x.y'>l</a></section>"
        "<fields><field label='auc'>1</field></fields><list><item>i</item></list><divider/>"
        "<table><tr><td>x</td><td>y</td></tr></table><actions><button action='a'>B</button></actions>"
        "<text>also {{ odd }}</text></message>",
        odd="<&>",
    )
    assert rendered.text == "H\na <@U1> l\nauc: 1\n• i\nx · y\nalso &lt;&amp;&gt;"


def test_a_fallback_text_of_its_own(workshop: Workshop) -> None:
    assert workshop.render("<message text='{{ t }}'><section>a</section></message>", t="x < y").text == "x &lt; y"


def test_empty_blocks_are_left_out(workshop: Workshop) -> None:
    empty = "<header/><section> </section><fields/><context/><quote/><pre> </pre><list/><table/><actions/>"
    assert [block["type"] for block in workshop.body(f"{empty}<section>x</section>")] == ["rich_text"]


def test_nothing_known_yes_and_no(workshop: Workshop) -> None:
    assert line(workshop, "{{ a }} {{ b }} {{ c }}", a=None, b=True, c=False)[0]["text"] == "– yes no"


def test_lines_keeps_the_line_ends_of_data(workshop: Workshop) -> None:
    assert (
        workshop.render("<message><quote>{{ note|lines }}</quote></message>", note="a\r\nb <b>").text
        == "a\nb &lt;b&gt;"
    )


def test_rendering_twice_gives_the_same_bytes(workshop: Workshop) -> None:
    markup = "<message><section>{{ x }}</section><actions><button action='a'>B</button></actions></message>"
    first, second = (workshop.render(markup, x="y") for _ in range(2))
    assert json.dumps(first.blocks) == json.dumps(second.blocks)


def test_a_template_of_the_team_comes_before_rundowns_own(workshop: Workshop) -> None:
    templates = workshop.write("<message><section>Ours: {{ text }}</section></message>", "plain/notice")
    assert templates.render(Message("plain/notice", {"text": "hi"})).text == "Ours: hi"


@pytest.mark.parametrize(
    ("inline", "text"),
    [
        ("<code>/runs search *</code>", "`/runs search *`"),
        ("<b><code>a_</code></b>", "*`a_`*"),
        ("x <a href='https://x.y'><code>abc</code></a>", "x <https://x.y|abc>"),
        ("<i>a</i>, <s>b</s>", "_a_, ~b~"),
    ],
)
def test_styles_as_mrkdwn(workshop: Workshop, inline: str, text: str) -> None:
    (block,) = workshop.body(f"<context>{inline}</context>")
    assert [element["text"] for element in block["elements"]] == [text]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a`b*", "plain_text"), ("a\nb*", "mrkdwn"), ("a*", "mrkdwn"), ("a` *b* `", "plain_text")],
)
def test_code_that_would_break_out_of_its_marks_is_plain(workshop: Workshop, text: str, shown: str) -> None:
    (block,) = workshop.body("<context>x <code>{{ text|lines }}</code></context>", text=text)
    assert block["elements"][-1]["type"] == shown


def test_line_ends_of_data_are_taken_wherever_text_is(workshop: Workshop) -> None:
    x = "{{ x|lines }}"
    body = workshop.body(
        f"<header>{x}</header><section>{x}<a href='https://x.y'>{x}</a><code>{x}</code></section><pre>{x}</pre>"
        f"<table><tr><td>{x}</td></tr></table><actions><button action='a'>{x}</button>"
        f"<select action='b' placeholder='p'><option value='v'>{x}</option></select></actions>",
        x="a\nb",
    )
    header, _, pre, table, actions = body
    assert header["text"]["text"] == "a b"
    assert (
        pre["elements"][0]["elements"][0]["text"]
        == table["rows"][0][0]["elements"][0]["elements"][0]["text"]
        == "a\nb"
    )
    assert [element.get("text", {}).get("text") for element in actions["elements"]] == ["a b", None]


def test_what_is_drawn_is_shown_but_not_read_aloud(workshop: Workshop) -> None:
    context = "<context>auc <drawn>▁▅ {{ x }}</drawn> up</context>"
    section = "<section><drawn>▁▅</drawn> up</section>"
    made = workshop.render(f"<message>{context}{section}</message>", x="*b* <@U1>")
    assert made.text == "auc up\nup"
    small, large = made.blocks
    assert small["elements"] == [{"type": "plain_text", "text": "auc ▁▅ *b* <@U1> up", "emoji": False}]
    assert large["elements"][0]["elements"] == [{"type": "text", "text": "▁▅ up"}]


def test_what_is_drawn_never_turns_into_formatting(workshop: Workshop) -> None:
    made = workshop.render("<message><context><b>auc</b> <drawn>{{ x }}</drawn></context></message>", x="*b*")
    assert [part["type"] for part in made.blocks[0]["elements"]] == ["mrkdwn", "plain_text"]
