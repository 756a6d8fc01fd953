"""Every template has a golden file, and every golden file a template."""

import json
from pathlib import Path

import pytest

from bot.facts.messages import Message
from bot.render.limits import validate_blocks, validate_view
from bot.render.messages import Templates
from tests.golden_files import GOLDEN, check_golden


def golden_files() -> list[Path]:
    return sorted(GOLDEN.rglob("*.json"))


def test_every_template_has_a_golden_file() -> None:
    covered = {str(path.relative_to(GOLDEN)).split(".")[0] for path in golden_files()}
    missing = [name for name in Templates().names() if name not in covered]
    assert not missing, f"templates without a file in tests/golden/: {', '.join(missing)}"


def test_every_golden_file_has_a_template() -> None:
    names = set(Templates().names())
    lost = [
        str(path.relative_to(GOLDEN))
        for path in golden_files()
        if str(path.relative_to(GOLDEN)).split(".")[0] not in names
    ]
    assert not lost, f"golden files of no template: {', '.join(lost)}"


@pytest.mark.parametrize("path", golden_files(), ids=lambda path: str(path.relative_to(GOLDEN)))
def test_what_a_golden_file_shows_is_taken_by_slack(path: Path) -> None:
    shown = json.loads(path.read_text(encoding="utf-8"))
    assert (validate_blocks(shown["blocks"]) if "text" in shown else validate_view(shown)) == []


def test_every_template_can_be_read() -> None:
    assert Templates().check() == ()


def test_a_golden_file_that_is_missing_or_reads_differently_is_told() -> None:
    message = Message("plain/notice", {"text": "Done."})
    with pytest.raises(AssertionError, match=r"there is no plain/notice\.nowhere\.json yet"):
        check_golden(Templates(), message, case="nowhere", write=False)
    with pytest.raises(AssertionError, match="reads differently now"):
        check_golden(Templates(), message, write=False)


@pytest.mark.parametrize(
    ("case", "facts"),
    [
        ("ordinary", {"text": "No run is called “bset”.", "details": "Did you mean best?"}),
        ("hostile", {"text": "<!channel> *x* <@U1>\nsecond line\x00", "details": "_x_ ~y~ `z` <b>"}),
        ("bare", {"text": "Nothing is running."}),
    ],
)
def test_a_notice(case: str, facts: dict[str, str]) -> None:
    check_golden(Templates(), Message("plain/notice", facts), case)
