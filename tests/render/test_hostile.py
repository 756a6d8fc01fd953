"""Data is only ever text: whatever it says, Slack takes it and shows it, and nothing in it comes to life."""

import json
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.facts.messages import Form, Message, Rendered
from bot.render.limits import validate_blocks, validate_view
from bot.render.reading import read_mrkdwn
from bot.render.text import clean
from tests.render.nasty import NASTY, parts
from tests.render.workshop import Workshop

HARM = st.sampled_from(NASTY)
ANY = st.one_of(HARM, st.text(st.characters(), max_size=80), st.lists(HARM, max_size=2).map("".join))

EVERYWHERE = """
<message>
  <header>{{ x }}</header>
  <section>{{ x }} <b>{{ x }}</b> <code>{{ x }}</code>
    <a href="https://mlflow.example/{{ x }}">{{ x }}</a></section>
  <section>{{ x }}<accessory>
    <button action="turn" value="{{ x }}" confirm="{{ x }}" label="{{ x }}">{{ x }}</button>
  </accessory></section>
  <fields><field label="{{ x }}">{{ x }}</field><field label="a"><b>{{ x }}</b></field></fields>
  <context>{{ x }} <i>{{ x }}</i> <a href="{{ x }}">{{ x }}</a> <date at="2026-11-23T00:00:00+00:00"/></context>
  <quote>{{ x|lines }}</quote>
  <pre>{{ x }}</pre>
  <list><item>{{ x }}</item></list>
  <table><tr><th>{{ x }}</th><th>b</th></tr><tr><td>{{ x }}</td><td><b>{{ x }}</b></td></tr></table>
  <chart title="{{ x }}" across="{{ x }}" up="{{ x }}">
    <series name="{{ x }}"><point label="{{ x }}" value="1"/></series>
    <series name="b"><point label="{{ x }}" value="2"/></series>
  </chart>
  <image url="{{ x }}" alt="{{ x }}"/>
  <actions>
    <button action="ask" value="{{ x }}">{{ x }}</button>
    <button url="{{ x }}">{{ x }}</button>
    <select action="pick" placeholder="{{ x }}"><option value="{{ x }}">{{ x }}</option></select>
  </actions>
  <section><user id="{{ x }}"/> <channel id="{{ x }}"/> <emoji name="{{ x }}"/> <date at="{{ x }}T"/></section>
  <text>{{ x }}</text>
</message>
"""
FORM = """
<modal title="t{{ x }}" submit="s{{ x }}" close="{{ x }}" callback="c">
  <section>{{ x }}</section>
  <input label="{{ x }}" action="a" hint="{{ x }}" placeholder="{{ x }}" initial="{{ x }}"/>
  <input label="{{ x }}" action="b" multiline="yes">{{ x }}</input>
</modal>
"""
ALIVE = re.compile(r"<(?:[!@#]|https?:|mailto:)[^>]*>")


def alive(rendered: Rendered) -> list[str]:
    """Whatever Slack would make more than text of."""
    found = [
        part["type"]
        for part in parts(rendered.blocks)
        if part.get("type") in ("user", "channel", "emoji", "broadcast", "usergroup", "color")
    ]
    mrkdwn = [part["text"] for part in parts(rendered.blocks) if part.get("type") == "mrkdwn"]
    return found + [match for text in mrkdwn for match in ALIVE.findall(text)] + ALIVE.findall(rendered.text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY)
def test_any_text_anywhere_gives_a_valid_message_in_which_it_is_only_text(bench: Workshop, text: str) -> None:
    rendered = bench.render(EVERYWHERE, x=text)
    assert validate_blocks(list(rendered.blocks)) == []
    assert 0 < len(rendered.text) <= 4000
    own = ("<!date^", "<https://mlflow.example/")
    others = [part for part in alive(rendered) if not part.startswith(own)]
    links = [part["url"] for part in parts(rendered.blocks) if part.get("type") == "link"]
    assert all(url.startswith("https://mlflow.example/") for url in links)
    if re.fullmatch(r"[UWCDG][A-Z0-9]{1,20}|[a-z0-9_+'-]{1,100}", clean(text)) is None:
        assert others == []
    json.dumps([dict(block) for block in rendered.blocks]).encode()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY)
def test_any_text_in_a_form_gives_a_valid_form(bench: Workshop, text: str) -> None:
    assert validate_view(bench.view(FORM, x=text)) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY)
def test_what_is_short_enough_is_shown_whole(bench: Workshop, text: str) -> None:
    wanted = " ".join(re.sub("[ \t\n]+", " ", clean(text)).split(" ")).strip(" ")[:140].strip(" ")
    header, section, context = bench.body(
        "<header>h {{ x }}</header><section>s {{ x }}</section><context>c {{ x }} <i>i</i></context>", x=wanted
    )
    assert header["text"]["text"] == f"h {wanted}".strip(" ")
    assert "".join(part["text"] for part in section["elements"][0]["elements"]) == f"s {wanted}".strip(" ")
    shown = " ".join(
        read_mrkdwn(part["text"]) if part["type"] == "mrkdwn" else part["text"] for part in context["elements"]
    )
    assert shown == f"c {wanted} i".replace("  ", " ")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=200).map(str.strip))
def test_what_a_field_starts_with_is_what_was_kept_but_for_line_ends(bench: Workshop, text: str) -> None:
    view = bench.view(FORM, x=text)
    (first, second) = view["blocks"][-2:]
    assert first["element"].get("initial_value", "") == text
    assert second["element"].get("initial_value", "") == text


def test_a_form_and_a_message_hide_nothing_of_their_template_in_facts(bench: Workshop) -> None:
    templates = bench.write("<message><section>{{ x }}</section></message>", "cards/inert")
    rendered = templates.render(Message("cards/inert", {"x": "{{ 7 * 7 }}"}))
    assert rendered.text == "{{ 7 * 7 }}"
    assert Form("x").state == ""
