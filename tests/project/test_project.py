"""The project's own files keep the promises they make about each other."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted(
    path
    for room in ("bot", "handlers", "sandbox", "integrations")
    for path in (ROOT / room).rglob("*.py")
    if "versions" not in path.parts
)
pytestmark = pytest.mark.documented


def test_the_lock_names_public_hosts_only() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text()))
    assert hosts <= {"pypi.org", "files.pythonhosted.org"}


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_says_what_it_is_for_and_keeps_to_its_room(path: Path) -> None:
    source = path.read_text()
    first = (ast.get_docstring(ast.parse(source)) or "").split("\n")[0]
    assert first.endswith((".", "?", "!", ":")), "the first line is a sentence"
    assert source.count("\n") <= 250, "a file that outgrows its room becomes a folder"


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_function_is_longer_than_a_page(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


def test_the_readme_names_every_command_of_the_command_line() -> None:
    source = (ROOT / "bot" / "__main__.py").read_text()
    commands = re.findall(r"@cli\.command\((?:name=\"(\w+)\")?\)\ndef (\w+)", source)
    readme = (ROOT / "README.md").read_text()
    assert commands
    for renamed, function in commands:
        name = renamed or function
        assert f"`rundown {name}`" in readme, name


def test_every_make_target_that_is_promised_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in ("README.md", ".ci/run"):
        promised = set(re.findall(r"(?:^|`)make ([a-z]+)", (ROOT / document).read_text(), re.MULTILINE))
        assert promised
        assert promised <= targets, document


def test_the_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text()):
        assert (ROOT / target).exists(), target
