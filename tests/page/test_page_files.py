"""The sandbox's page keeps to its own address and never lets data become markup."""

import re
from pathlib import Path

import pytest

from sandbox.server import PAGE

SCRIPTS = sorted(PAGE.rglob("*.js"))
STYLES = sorted(PAGE.rglob("*.css"))
INDEX = (PAGE / "index.html").read_text(encoding="utf-8")
NAMESPACE = "http://www.w3.org/2000/svg"
MARKUP_FROM_TEXT = (
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "eval(",
    "new Function",
    "srcdoc",
)


def relative(path: Path) -> str:
    return path.relative_to(PAGE).as_posix()


def test_the_page_has_scripts_and_styles() -> None:
    assert len(SCRIPTS) > 20
    assert len(STYLES) > 5


@pytest.mark.parametrize("script", SCRIPTS, ids=relative)
def test_no_script_makes_markup_from_text(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert [word for word in MARKUP_FROM_TEXT if word in text] == []


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES, PAGE / "index.html"], ids=relative)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(NAMESPACE, "")
    assert re.findall(r"""(?:from|import|src=|href=|url\()\s*\(?["']?(?:https?:)?//[^\s"')]+""", text) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=relative)
def test_every_import_names_a_file_of_the_page(script: Path) -> None:
    wanted = re.findall(r"""^import .*?from "([^"]+)";""", script.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in wanted if not (script.parent / name).is_file()] == []


def test_the_frame_names_files_that_exist_and_every_style_is_named() -> None:
    named = re.findall(r'(?:href|src)="page/([^"]+)"', INDEX)
    assert [name for name in named if not (PAGE / name).is_file()] == []
    assert sorted(name for name in named if name.endswith(".css")) == [relative(style) for style in STYLES]


def test_the_frame_has_no_inline_script_style_or_listener() -> None:
    assert re.findall(r"<script(?![^>]* src=)[^>]*>|<style|\sstyle=|\son[a-z]+=", INDEX) == []


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES], ids=relative)
def test_a_file_is_short_and_says_what_it_is_for(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 250
    assert re.fullmatch(r"/\*\*? [A-Z].*[.;] ?\*/", lines[0]), lines[0]
