"""A template's mistake is told with its file, its line and its element."""

import pytest

from bot.facts.messages import Message
from bot.render.messages import TemplateError, Templates
from tests.render.workshop import Workshop

FORM = "<modal title='t' callback='c' submit='s'>"


@pytest.mark.parametrize(
    ("markup", "line", "says"),
    [
        ("<message>\n<sectoin>x</sectoin></message>", 2, "<sectoin> is no element; did you mean 'section'?"),
        ("<message>\n<button\n actoin='x'>y</button></message>", 2, "<button> cannot stand in <message>"),
        ("<message><actions>\n\n<button actoin='x'>y</button></actions></message>", 3, "did you mean 'action'?"),
        ("<message><actions>\n<button>y</button></actions></message>", 2, "<button> needs the attribute 'action'"),
        ("<message><section>\n<a>y</a></section></message>", 2, "<a> needs the attribute 'href'"),
        ("<message><list>\ntext</list></message>", 1, "<list> holds no text, but has 'text'"),
        (
            "<message><actions>\n<button action='a' style='pink'>y</button></actions></message>",
            2,
            "not one of primary, danger",
        ),
        (
            "<message><section>\n<date at='2026-11-23T10:00'/></section></message>",
            2,
            "<date> needs a time with its zone",
        ),
        ("<message>\n<section>x</sectio></message>", 2, "is not well-formed XML"),
        ("<message>\n<section>x</section>", 2, "is not well-formed XML"),
        ("<message><section>\n{{ missing }}</section></message>", 2, "'missing' is undefined"),
        ("<message><section>\n{{ 1|safe }}</section></message>", 2, "No filter named 'safe'"),
        ("<message><section>\n{{ '<b>'|urlize }}</section></message>", 2, "No filter named 'urlize'"),
        ("<message>{% if %}\n</message>", 1, "Expected an expression"),
        ("<message>\n{% autoescape false %}x{% endautoescape %}</message>", 2, "autoescape cannot be switched"),
        ("<message>\n<section>{{ (1).__class__ }}</section></message>", 2, "access to attribute '__class__'"),
        ("<message>\n<section>{{ 1 / 0 }}</section></message>", 2, "ZeroDivisionError"),
        ("<message><divider/></message>", 0, "says nothing"),
        ("<note/>", 0, "the root has to be one of <message>, <modal>, <home>"),
        ("text only", 0, "is not well-formed XML"),
        ("<!DOCTYPE message><message><section>x</section></message>", 0, "declarations are refused"),
        (
            "<!DOCTYPE m [<!ENTITY a 'aaaa'>]><message><section>&a;</section></message>",
            0,
            "declarations are refused",
        ),
        ("<message><section>&nbsp;</section></message>", 1, "undefined entity"),
        ("<modal title='t' callback='c'><section>x</section></modal>", 1, "<modal> is no <message>"),
        (
            "<message><section>x<accessory>\n<button action='a:b'>x</button></accessory></section></message>",
            2,
            "colon",
        ),
    ],
)
def test_a_mistake_is_named(workshop: Workshop, markup: str, line: int, says: str) -> None:
    with pytest.raises(TemplateError) as caught:
        workshop.render(markup)
    assert says in str(caught.value)
    assert str(caught.value).startswith(f"cards/test.xml.j2:{line}: " if line else "cards/test.xml.j2: ")
    assert caught.value.permanent


def test_a_mistake_in_an_imported_part_names_that_part(workshop: Workshop) -> None:
    workshop.write("{% macro m(x) %}\n<b><sectoin>{{ x }}</sectoin></b>{% endmacro %}", "_parts/mine")
    with pytest.raises(TemplateError) as caught:
        workshop.render(
            '{% from "_parts/mine.xml.j2" import m %}\n<message><section>{{ m(1) }}</section></message>'
        )
    assert (caught.value.template, caught.value.line) == ("_parts/mine.xml.j2", 2)
    assert caught.value.element == "sectoin"


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        ("<modal title='' callback='c'/>", "has an empty title"),
        ("<modal title='t' callback='c'><input label='l' action='a'/></modal>", "needs the attribute 'submit'"),
        (
            "<modal title='t' callback='c' submit='s'><input label='l' action='a' max='0'/></modal>",
            "not a number from 1",
        ),
        (
            f"{FORM}<input label='l' action='a'><option value=''>x</option></input></modal>",
            "no option",
        ),
        ("<message><section>x</section></message>", "it has to be <modal> or <home>"),
        (
            f"{FORM}<input label='l' action='a'/><input label='l' action='a'/></modal>",
            "already exists",
        ),
    ],
)
def test_a_mistake_in_a_form_is_named(workshop: Workshop, markup: str, says: str) -> None:
    with pytest.raises(TemplateError, match=r"forms/test\.xml\.j2") as caught:
        workshop.view(markup)
    assert says in str(caught.value)


def test_a_state_too_long_to_come_back_is_refused(workshop: Workshop) -> None:
    with pytest.raises(TemplateError, match="state of 3,001 characters"):
        workshop.view("<modal title='t' callback='c'><section>x</section></modal>", state="x" * 3001)


def test_a_template_that_is_not_there_is_named() -> None:
    with pytest.raises(TemplateError, match=r"cards/nothing\.xml\.j2: there is no such template"):
        Templates().render(Message("cards/nothing"))


def test_check_finds_what_cannot_be_read_and_names_list_what_can(workshop: Workshop) -> None:
    workshop.write("<message>{{ x|nofilter }}</message>", "cards/broken")
    templates = workshop.write("<message><section>x</section></message>", "cards/fine")
    assert [error.template for error in templates.check()] == ["cards/broken.xml.j2"]
    assert {"cards/broken", "cards/fine", "plain/notice"} <= set(templates.names())
