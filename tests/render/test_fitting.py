"""Over-long messages are shortened where it reads best, and stay messages Slack takes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render.fitting import fit_blocks, fit_text
from bot.render.limits import validate_blocks
from bot.render.limits.sizes import size_of
from bot.render.reading import read_block
from tests.render.workshop import Workshop

WORDS = "word " * 3000


def read(block: Any) -> str:
    return read_block(block)


@pytest.mark.parametrize(
    ("markup", "ends"),
    [
        ("<header>{{ x }}</header>", "word…"),
        ("<section>{{ x }}</section>", "word…"),
        ("<quote>{{ x }}</quote>", "word…"),
        ("<fields><field label='a'>{{ x }}</field></fields>", "word…"),
        ("<context>{{ x }}</context>", "word…"),
        ("<list>{% for n in range(900) %}<item>word {{ n }}</item>{% endfor %}</list>", "• … 517 more"),
        ("<pre>{{ x }}the end</pre>", "the end"),
        ("<section><code>{{ 'x' * 9000 }}the end</code></section>", "the end"),
        (
            "<table>{% for n in range(300) %}<tr><td>{{ n }}</td><td>v</td></tr>{% endfor %}</table>",
            "… 201 more · …",
        ),
        ("<table><tr><td>{{ 'x' * 300 }}/end</td></tr></table>", "x/end"),
    ],
)
def test_each_kind_of_block_is_cut_where_it_reads_best(workshop: Workshop, markup: str, ends: str) -> None:
    (block,) = workshop.body(markup, x=WORDS)
    assert read(block).endswith(ends)
    assert "…" in read(block)


def test_a_table_too_wide_says_how_many_columns_are_missing(workshop: Workshop) -> None:
    cells = "{% for n in range(30) %}<td>{{ n }}</td>{% endfor %}"
    (block,) = workshop.body(f"<table><tr>{cells}</tr><tr>{cells}</tr></table>")
    assert [row[-1]["text"] for row in block["rows"]] == ["… 11 more", "…"]
    assert len(block["rows"][0]) == 20


def test_a_table_with_too_much_text_keeps_its_first_rows(workshop: Workshop) -> None:
    (block,) = workshop.body(
        "<table>{% for n in range(90) %}<tr><td>{{ n }}{{ 'x' * 190 }}</td></tr>{% endfor %}</table>"
    )
    assert read(block).endswith(f"… {90 - len(block['rows']) + 1} more")
    assert 9000 < size_of(block) <= 10_000


def test_more_blocks_than_slack_takes_keep_their_buttons(workshop: Workshop) -> None:
    body = workshop.body(
        "{% for n in range(60) %}<section>{{ n }}</section>{% endfor %}"
        "<actions><button action='a'>B</button></actions>"
    )
    assert len(body) == 50
    assert body[-1]["type"] == "actions"
    assert read(body[-2]) == "… 12 more not shown"


def test_the_largest_blocks_are_cut_first(workshop: Workshop) -> None:
    body = workshop.body(
        "<section>small</section>{% for n in range(6) %}<section>{{ x }}</section>{% endfor %}", x=WORDS
    )
    sizes = [size_of(block) for block in body]
    assert sizes[0] == 5
    assert 9000 < sum(sizes) <= 10_000
    assert max(sizes[1:]) - min(sizes[1:]) < 20


def test_the_state_of_inputs_is_not_cut_in_a_long_form(workshop: Workshop) -> None:
    inputs = "".join(f"<input label='l' action='a{n}' initial='{{{{ x }}}}'/>" for n in range(6))
    view = workshop.view(f"<modal title='t' callback='c' submit='s'>{inputs}</modal>", x="x" * 3000)
    assert [len(block["element"]["initial_value"]) for block in view["blocks"]] == [3000] * 6


def test_what_fits_stays_as_it_is() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}, {"type": "divider"}]
    assert fit_blocks(blocks) == blocks


def test_fallback_text_tears_no_escape_and_no_mention() -> None:
    assert fit_text(["x" * 3996 + "&amp;"]) == "x" * 3996 + "…"
    assert fit_text(["x" * 3996 + "<@U123456>"]) == "x" * 3996 + "…"
    assert fit_text(["a", "b"]) == "a\nb"


MANY = "{% for n in range(40) %}"
PIECE = st.sampled_from(
    [
        "<section>{{ x }}</section>",
        "<header>{{ x }}</header>",
        "<pre>{{ x }}</pre>",
        "<context>{{ x }} <b>b</b></context>",
        "<fields>{% for n in range(12) %}<field label='{{ x }}'>{{ x }}</field>{% endfor %}</fields>",
        "<list>{% for n in range(40) %}<item><code>{{ x }}</code></item>{% endfor %}</list>",
        f"<table>{MANY}<tr><td>{{{{ x }}}}</td>"
        "<td><a href='https://x.y/{{ x }}'>l</a></td></tr>{% endfor %}</table>",
        f"<actions>{MANY}<button url='https://x.y/{{{{ x }}}}'>{{{{ x }}}}</button>{{% endfor %}}</actions>",
        "<image url='https://x.y/{{ x }}' alt='{{ x }}' title='{{ x }}'/>",
        "<chart title='{{ x }}'>{% for s in range(3) %}<series name='{{ x }}{{ s }}'>{% for n in range(8) %}"
        "<point label='{{ x }}{{ n }}' value='{{ n }}'/>{% endfor %}</series>{% endfor %}</chart>",
    ]
)


@settings(max_examples=40, deadline=None)
@given(
    pieces=st.lists(PIECE, min_size=1, max_size=25),
    text=st.sampled_from(["x", "word " * 30, "x" * 400, "é👍🏽 " * 100]),
)
def test_any_message_however_long_becomes_one_slack_takes(bench: Workshop, pieces: list[str], text: str) -> None:
    body = bench.body("".join(pieces) + "<section>end</section>", x=text)
    assert validate_blocks(body) == []
    assert size_of(body) <= 10_000
