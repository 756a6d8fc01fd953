"""What was rendered last is not rendered again for the very same facts."""

from bot.facts.messages import Message
from bot.render.messages import Templates


def said(templates: Templates, text: str) -> str:
    return templates.render(Message("plain/notice", {"text": text, "details": ""})).text


def test_other_facts_are_rendered_anew_and_the_same_ones_alike() -> None:
    templates = Templates()
    assert [said(templates, text) for text in ("one", "one", "two", "one")] == ["one", "one", "two", "one"]


def test_the_very_same_facts_are_rendered_once() -> None:
    templates = Templates()
    facts = {"text": "one", "details": ""}
    assert templates.render(Message("plain/notice", facts)) is templates.render(Message("plain/notice", {**facts}))
