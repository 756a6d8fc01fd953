"""What holds in every state of the page, asked of the page as it is drawn."""

from pathlib import Path

from playwright.sync_api import Page

QUESTIONS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").partition("\n")[2].rstrip().rstrip(";")


def audit(page: Page) -> None:
    """Everything has a name, a place and enough contrast, and nothing is wider than the window."""
    found = page.evaluate(QUESTIONS)
    assert not found, "\n".join(found)
