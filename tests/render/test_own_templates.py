"""A team's own templates stay within bounds, and Rundown's own stand in for those that fail."""

from pathlib import Path

import pytest

from bot.examples import EXAMPLES, Kind, examples
from bot.facts.messages import Form, Message
from bot.render.bounded import Budget, TooMuch
from bot.render.messages import TEMPLATES, TemplateError, Templates
from tests.render.workshop import Workshop

DOUBLED = (
    "{% set all = namespace(x='x' * 100) %}{% for _ in range(40) %}{% set all.x = all.x OP all.x %}{% endfor %}"
)
ENDLESS = {
    "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}": "more than 20,000 times",
    "{% for a in range(10**6) %}{% endfor %}": "a range has more than 10,000",
    "{% for a in 'ab' recursive %}{{ loop('ab') }}{% endfor %}": "RecursionError",
    "{% macro twice(n) %}{{ twice(n) }}{{ twice(n) }}{% endmacro %}{{ twice(1) }}": "RecursionError",
    "{% include 'cards/run.xml.j2' %}": "RecursionError",
    "{% for a in range(9999) %}" + "so much " * 99 + "{% endfor %}": "says more than 1,000,000 characters",
    "{{ 'x' * 10**9 }}": "multiplies a text or list",
    "{{ [0] * 10**9 }}": "multiplies a text or list",
    "{{ 9**9**9 }}": "a number that is too large",
    "{% set n = namespace(x=9) %}{% for _ in range(60) %}{% set n.x = n.x * n.x %}{% endfor %}": "is too large",
    DOUBLED.replace("OP", "~"): "a text of more than 1,000,000 characters",
    DOUBLED.replace("OP", "+"): "a text of more than 1,000,000 characters",
    "{{ '%1000000000d' % 1 }}": "% takes numbers only",
    "{{ '{:1000000000}'.format(1) }}": "format is not for templates",
    "{{ 'a'.ljust(10**9) }}": "'ljust' of 'str' object is unsafe",
    "{{ [1] | batch(10**9, 'x') | list }}": "the filter batch is asked for more",
    "{{ ('a' * 100000) | replace('a', 'b' * 1000) }}": "the filter replace makes too long",
    "{{ range(9999) | join('x' * 100000) }}": "the filter join makes too long",
    "{{ [[1], [2]] | sum(start=[]) }}": "adds numbers only",
    "{{ run.params.clear() }}": "SecurityError",
    "{{ run.__class__.__mro__ }}": "SecurityError",
    "{{ secret.get_secret_value() }}": "'get_secret_value' of 'Secret' object is unsafe",
}


class Secret:
    def get_secret_value(self) -> str:
        return "hunter2"


@pytest.mark.parametrize("markup", ENDLESS)
def test_what_would_not_end_is_refused_with_its_line(workshop: Workshop, markup: str) -> None:
    facts = {**examples("cards/run", Kind.ORDINARY)[0].facts, "secret": Secret()}
    templates = workshop.write(f"<message>\n<section>{markup}</section></message>", "cards/run")
    with pytest.raises(TemplateError, match=r"^cards/run\.xml\.j2:2: ") as caught:
        templates.render(Message("cards/run", facts))
    assert ENDLESS[markup] in str(caught.value)


def test_what_takes_too_long_is_refused() -> None:
    with pytest.raises(TooMuch, match="it takes longer than 2 s"):
        Budget(until=0.0).step()


def test_every_built_in_template_stays_within_the_bounds(tmp_path: Path) -> None:
    for path in TEMPLATES.rglob("*.xml.j2"):
        copy = tmp_path / path.relative_to(TEMPLATES)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    own, built_in = Templates(tmp_path), Templates()
    for name in EXAMPLES:
        for kind in (Kind.ORDINARY, Kind.HUGE):
            for example in examples(name, kind):
                assert own.own(name)
                if isinstance(example, Form):
                    assert own.view(example) == built_in.view(example)
                else:
                    assert own.render(example) == built_in.render(example)


def test_the_built_in_template_stands_in_for_one_that_fails(workshop: Workshop) -> None:
    message = examples("cards/run", Kind.ORDINARY)[0]
    assert isinstance(message, Message)
    templates = workshop.write("<message>\n\n<section>{{ run.title }}</section></message>", "cards/run")
    rendered, wrong = templates.say(message)
    assert rendered == Templates().render(message)
    assert str(wrong) == (
        "cards/run.xml.j2:3: UndefinedError: 'bot.facts.runs.Run object' has no attribute 'title'"
    )
    assert not templates.well("cards/run")
    assert templates.well("cards/reply")


def test_a_part_that_fails_is_replaced_in_every_template_that_uses_it(workshop: Workshop) -> None:
    message = examples("cards/reply", Kind.ORDINARY)[0]
    assert isinstance(message, Message)
    templates = workshop.write("{% macro link(run, most=80) %}\n{{ 1 / 0 }}{% endmacro %}", "cards/_runs")
    rendered, wrong = templates.say(message)
    assert rendered == Templates().render(message)
    assert "cards/_runs.xml.j2:2: ZeroDivisionError" in str(wrong)
    assert not templates.own("plain/notice"), "what uses no file of the team's runs without bounds"


def test_a_template_of_the_team_s_alone_has_nothing_to_stand_in_for_it(workshop: Workshop) -> None:
    templates = workshop.write("<message><section>{{ 1 / 0 }}</section></message>", "cards/theirs")
    with pytest.raises(TemplateError, match="there is no such template"):
        templates.say(Message("cards/theirs"))


def test_a_form_that_works_is_the_team_s(workshop: Workshop) -> None:
    templates = workshop.write('<modal title="t" callback="c"><section>Hi</section></modal>', "forms/ask")
    view, wrong = templates.show(Form("ask"))
    assert (view["title"]["text"], wrong) == ("t", None)
