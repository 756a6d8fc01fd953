"""What is still said when Slack refuses the blocks."""

from bot.facts.messages import Rendered
from bot.render.limits import validate_blocks
from bot.render.plainer import plainer
from tests.render.workshop import Workshop

MARKUP = """
<message>
  <header>H</header>
  <section>by <user id="U1"/> <emoji name="x"/> <a href="https://x.y">run</a>
    <date at="2026-11-23T10:00:00+00:00"/></section>
  <fields><field label="auc">0.9</field><field label="*">1 &lt; 2</field></fields>
  <context>in <b>{{ x }}</b> on <channel id="C1"/></context>
  <list><item>a</item></list>
  <table><tr><th>k</th><th>v</th></tr><tr><td>a</td><td>1</td></tr></table>
  <image url="https://x.y/z" alt="Curve"/>
  <actions><button action="a">B</button></actions>
</message>
"""


def test_blocks_become_plain_sections_then_text_then_nothing(workshop: Workshop) -> None:
    rendered = workshop.render(MARKUP, x="a & b")
    first = plainer(rendered)
    assert first is not None
    assert validate_blocks(list(first.blocks)) == []
    (section,) = first.blocks
    assert section["text"]["text"].split("\n\n") == [
        "H",
        "by @U1 :x: run 23 Nov 2026, 10:00 UTC",
        "auc\n0.9\n*\n1 < 2",
        "in a & b on #C1",
        "• a",
        "k · v\na · 1",
        "Curve",
    ]
    second = plainer(first)
    assert second == Rendered(rendered.text)
    assert plainer(second) is None


def test_a_message_of_buttons_alone_becomes_text(workshop: Workshop) -> None:
    rendered = workshop.render("<message><actions><button action='a'>B</button></actions></message>")
    assert plainer(rendered) == Rendered("B")


def test_long_messages_become_several_sections(workshop: Workshop) -> None:
    rendered = workshop.render("<message>" + "<section>{{ x }}</section>" * 3 + "</message>", x="word " * 1000)
    first = plainer(rendered)
    assert first is not None
    assert validate_blocks(list(first.blocks)) == []
    assert len(first.blocks) > 2


def test_blocks_of_a_kind_unknown_here_are_left_out() -> None:
    rendered = Rendered("text", ({"type": "hologram"}, {"type": "markdown", "text": "**m**"}))
    first = plainer(rendered)
    assert first is not None
    assert [block["text"]["text"] for block in first.blocks] == ["**m**"]


def test_code_keeps_its_own_marks(workshop: Workshop) -> None:
    markup = "<message><context>Type <code>latest churn-*</code> <b>now</b></context></message>"
    simpler = plainer(workshop.render(markup))
    assert simpler is not None
    assert simpler.blocks[0]["text"]["text"] == "Type latest churn-* now"
