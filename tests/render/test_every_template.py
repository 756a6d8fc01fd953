"""Every template with ordinary, empty, huge and hostile facts: taken by Slack, inert, and good to read."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.examples import EXAMPLES, HOSTILE, Example, Kind, Samples, examples
from bot.facts.messages import Form, Message, Rendered
from bot.render.limits import validate_message, validate_view
from bot.render.messages import TEMPLATES as BUILT_IN
from bot.render.messages import Templates
from bot.render.reading import read_block
from bot.render.text import escape_mrkdwn
from tests.render.nasty import NASTY, parts
from tests.render.workshop import Workshop

TEMPLATES = Templates()
# What templates write themselves: anything else that looks like this was made from data.
SOURCES = "".join(path.read_text(encoding="utf-8") for path in BUILT_IN.rglob("*.j2"))
HARMFUL = (HOSTILE, "https://evil.example/x", *NASTY)
OWN_PLACES = ("https://mlflow.example.com", "https://github.com/acme/churn", "https://acme.slack.com")
ALIVE = re.compile(r"<([!@#][^>]*|(?:https?|mailto|javascript):[^>|]*)[^>]*>")
UNEXPLAINED = re.compile(r"\bNone\b|\bnan\b|\binf\b|\bTrue\b|\bFalse\b|undefined|<bound|datetime\.|\[\]|\{\}")
ILL_SET = re.compile(
    r" [,.;](?:\s|$)|,\s*[,.:]|(?<!…)\.\.|: ?[.,]|(?<!\w)\(\s*\)|“”|\b(?:in|by|of|on|vs|at) ?(?:[,.·)]|:\s|$)",
    re.MULTILINE,
)
UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
ONE_OF_MANY = re.compile(r"(?<![\d.,:]|#)\b1 (?:runs|experiments|metrics|params|tags|datasets|finished runs)\b")


def rendered(example: Example) -> Rendered:
    """A message, or a form as if it were one."""
    if isinstance(example, Form):
        view = TEMPLATES.view(example)
        assert validate_view(view) == []
        return Rendered(escape_mrkdwn(read(Rendered("", tuple(view["blocks"])))), tuple(view["blocks"]))
    made = TEMPLATES.render(example)
    assert validate_message({"blocks": list(made.blocks)}) == []
    return made


def read(made: Rendered) -> str:
    return "\n".join(filter(None, (read_block(block) for block in made.blocks)))


def alive(made: Rendered) -> Iterator[str]:
    """Whatever Slack would make more than text of: mentions, links, emoji, and what has marks in mrkdwn."""
    for part in parts(made.blocks):
        match part.get("type"):
            case "user" | "channel" | "broadcast" | "usergroup" | "color":
                yield str(part)
            case "link":
                yield str(part["url"])
            case "emoji":
                yield f":{part['name']}:"
            case "mrkdwn":
                assert part.get("verbatim") is True, "Slack would look for addresses in it"
                yield from (found for found in ALIVE.findall(part["text"]) if not found.startswith("!date^"))
            case "button":
                yield f"button {part['action_id'].partition(':')[0]}"
            case "plain_text":
                if part.get("emoji"):
                    yield from re.findall(r":[a-z0-9_+-]+:", part["text"])
    yield from (found for found in ALIVE.findall(made.text) if not found.startswith("!date^"))


def own(found: str, harmless: frozenset[str]) -> bool:
    """Whether a template wrote it itself: emoji by their names, links to where the facts say a thing stands."""
    written = found.strip(":") in SOURCES if found.startswith(":") else found.startswith(OWN_PLACES)
    return written or found in harmless


def test_every_template_has_examples_of_all_four_kinds() -> None:
    names = set(TEMPLATES.names())
    assert names == set(EXAMPLES), "a template needs facts in bot/examples, and facts a template"
    for name in names:
        for kind in Kind:
            made = examples(name, kind)
            assert made or (name, kind) == ("cards/failures", Kind.EMPTY), f"no {kind} facts of {name}"
            assert {one.template for one in made} <= {name, name.removeprefix("forms/")}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_template_is_taken_by_slack_and_reads_well(name: str, kind: Kind) -> None:
    for example in examples(name, kind):
        made = rendered(example)
        assert 0 < len(made.text) <= 4000
        text = read(made)
        if kind is not Kind.HOSTILE:
            assert UNEXPLAINED.findall(text) + UNEXPLAINED.findall(made.text) == [], text
            assert ONE_OF_MANY.findall(text) == [], text
            assert ILL_SET.findall(text) == [], text
            assert "  " not in re.sub(r"(?m)^ +", "", text), text


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_long_name_leaves_room_for_the_rest(name: str) -> None:
    for example in examples(name, Kind.HUGE):
        for block in rendered(example).blocks:
            if "rich_text_preformatted" not in str(block) and "rich_text_quote" not in str(block):
                lines = [line for line in read_block(block).splitlines() if len(line) > 700]
                assert lines == [], f"a line of {name} nobody reads"


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_nothing_in_hostile_facts_comes_alive(name: str) -> None:
    build = EXAMPLES[name]
    harmless = frozenset(
        found
        for kind in (Kind.ORDINARY, Kind.EMPTY, Kind.HUGE)
        for example in examples(name, kind)
        for found in alive(rendered(example))
    )
    for text in HARMFUL:
        for example in build(Samples(Kind.HOSTILE, text)):
            made = rendered(example)
            assert [found for found in alive(made) if not own(found, harmless)] == []
            assert not UNSHOWN.search(str_of(made.blocks))


@pytest.mark.parametrize(
    "line",
    [
        '<user id="{{ run.owner }}"/>',
        '<channel id="{{ run.name }}"/>',
        '<emoji name="{{ run.owner }}"/>',
        '<a href="{{ run.name }}">x</a>',
        '<date at="2026-11-23T10:00:00+00:00"/> <a href="{{ run.owner }}">{{ run.owner }}</a>',
    ],
)
def test_a_template_that_lets_facts_come_alive_is_found(workshop: Workshop, line: str) -> None:
    templates = workshop.write(f"<message><section>Hi {line}</section></message>", "reminders/documented")
    for text in HARMFUL:
        for example in EXAMPLES["reminders/documented"](Samples(Kind.HOSTILE, text)):
            assert isinstance(example, Message)
            if any(not own(found, frozenset()) for found in alive(templates.render(example))):
                return
    raise AssertionError("nothing came alive")


def str_of(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(str_of(part) for part in value.values())
    return "".join(map(str_of, value)) if isinstance(value, list | tuple) else str(value)
