"""templates/README.md and the code know the same words."""

import re
from pathlib import Path

from bot.render.environment import PLAIN_FILTERS
from bot.render.filters import FILTERS
from bot.render.markup.vocabulary import ELEMENTS

README = (Path(__file__).parents[2] / "templates" / "README.md").read_text(encoding="utf-8")
NAME = re.compile(r"`([\w-]+)")


def section(title: str) -> str:
    match = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert match is not None
    return match[1]


def rows(title: str) -> list[list[str]]:
    """The cells of a section's table, without its heading."""
    table = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table[2:]]


def test_every_element_with_its_attributes_is_documented_and_every_documented_one_exists() -> None:
    documented = {
        element: set(NAME.findall(row[1]))
        for title in ("Roots", "Blocks", "In a line")
        for row in rows(title)
        for element in NAME.findall(row[0])
    }
    assert documented == {name: set(element.attributes) for name, element in ELEMENTS.items()}


def test_every_value_of_an_attribute_is_documented() -> None:
    values = {
        value
        for element in ELEMENTS.values()
        for rule in element.attributes.values()
        for value in rule.values
        if value
    }
    assert {value for value in values if f"`{value}`" not in README} == set()


def test_every_filter_is_documented_and_every_documented_one_exists() -> None:
    assert {NAME.findall(row[0])[0] for row in rows("Filters")} == set(FILTERS)
    kept = section("Filters").split("Of Jinja's own filters there are:")[1].split(". Those that")[0]
    assert set(NAME.findall(kept)) == PLAIN_FILTERS
