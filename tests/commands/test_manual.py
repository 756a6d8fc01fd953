"""The manual documents every word, and its examples work."""

import os
from pathlib import Path

import pytest

from bot.words.manual import manual
from handlers.commands import FIRST, commands, prepare

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_manual_says_what_the_commands_say() -> None:
    written = manual(commands().values(), "/runs")
    if os.environ.get("RUNDOWN_WRITE_GOLDEN") == "1":
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(written, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == written


@pytest.mark.parametrize("name", commands())
def test_every_word_is_documented_with_its_usage(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert f"\n## {name}\n" in page
    assert f"/runs {commands()[name].usage}\n" in page


@pytest.mark.parametrize("example", [example for one in commands().values() for example in one.examples])
def test_every_example_is_read(example: str) -> None:
    prepared = prepare(example)
    assert prepared.command is not None
    assert isinstance(prepared.arguments, dict), prepared.arguments


def test_the_six_words_that_lead_come_first() -> None:
    assert tuple(commands())[: len(FIRST)] == FIRST
