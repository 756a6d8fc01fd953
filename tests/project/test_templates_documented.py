"""Every template is in docs/templates.md, with the very facts it reads."""

import re
from pathlib import Path

import pytest
from jinja2 import meta

from bot.render.environment import open_environment

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
pytestmark = pytest.mark.documented


def test_every_template_is_documented_with_its_facts() -> None:
    environment = open_environment(TEMPLATES)
    there = {}
    for path in TEMPLATES.rglob("*.xml.j2"):
        name = str(path.relative_to(TEMPLATES)).removesuffix(".xml.j2")
        if not any(part.startswith("_") for part in name.split("/")):
            parsed = environment.parse(path.read_text(encoding="utf-8"))
            there[name] = meta.find_undeclared_variables(parsed)
    rows = re.findall(
        r"^\| `([\w/]+)` \| [^|]+ \| ([^|]*) \|$", (ROOT / "docs/templates.md").read_text(), re.MULTILINE
    )
    documented = {name: set(re.findall(r"`(\w+)`", facts)) for name, facts in rows}
    assert documented == there
