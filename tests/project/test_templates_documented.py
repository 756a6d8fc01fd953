"""Every template is in docs/templates.md, with the very facts it reads."""

import re
from pathlib import Path

import pytest
from jinja2 import meta

from bot.examples import Kind, examples
from bot.render.environment import open_environment

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
# Jinja calls a name undeclared that is only set in one branch.
SET_BY_THEMSELVES = {"own_buttons"}
pytestmark = pytest.mark.documented


def documented_facts() -> dict[str, set[str]]:
    rows = re.findall(
        r"^\| `([\w/]+)` \| [^|]+ \| ([^|]*) \|$", (ROOT / "docs/templates.md").read_text(), re.MULTILINE
    )
    return {name: set(re.findall(r"`(\w+)`", facts)) for name, facts in rows}


def test_every_template_is_documented_with_its_facts() -> None:
    environment = open_environment(TEMPLATES)
    there = {}
    for path in TEMPLATES.rglob("*.xml.j2"):
        name = str(path.relative_to(TEMPLATES)).removesuffix(".xml.j2")
        if not any(part.startswith("_") for part in name.split("/")):
            parsed = environment.parse(path.read_text(encoding="utf-8"))
            there[name] = meta.find_undeclared_variables(parsed) - SET_BY_THEMSELVES
    assert documented_facts() == there


def test_every_documented_fact_is_one_that_examples_hand_over() -> None:
    for name, facts in documented_facts().items():
        for example in examples(name, Kind.ORDINARY):
            assert facts <= set(example.facts), name
