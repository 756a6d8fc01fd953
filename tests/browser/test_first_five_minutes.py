"""A newcomer's first five minutes, as README.md tells them, with the keyboard alone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.workspace.seed import CHURN, PEOPLE
from tests.browser.audit import audit
from tests.browser.chromium import shots
from tests.browser.conftest import active, opened, visible_focus
from tests.fixtures.bench import Team

# Who looks, how wide, in which theme: each person sees only their own answers.
LOOKS = [
    pytest.param(PEOPLE[number].id, width, theme, id=f"{width}-{theme}")
    for number, (width, theme) in enumerate([(600, "light"), (600, "dark"), (1400, "light"), (1400, "dark")])
]
NARROW = 720
TABS_AT_MOST = 60
TRIES = 300


class Newcomer:
    """Somebody at a keyboard; there is no mouse."""

    def __init__(self, page: Page, team: Team) -> None:
        self.page, self.team = page, team
        self.messages = page.locator("#channel .message")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, name: str, key: str = "Tab") -> None:
        """Press Tab (or Shift+Tab) until what has the focus is called so; all on the way show their focus."""
        for _ in range(TABS_AT_MOST):
            self.press(key)
            here = active(self.page)
            if re.search(name, here["name"]):
                assert visible_focus(self.page), f"{name} does not show its focus"
                return
        raise AssertionError(f"{name} is not reached by {key}; the focus is at {active(self.page)}")

    def wait(self, newest_says: str, count: int = 0, *, but_not: str = "") -> None:
        """Wait for more messages than `count`, the newest of which says so; the bot's queue works meanwhile."""
        for _ in range(TRIES):
            self.team.bench.work()
            said = self.messages.last.inner_text() if self.messages.count() > count else ""
            if newest_says in said and not (but_not and but_not in said):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the newest message does not say {newest_says!r}: {self.messages.last.inner_text()}")

    def ask(self, text: str, says: str) -> None:
        """Type and send; the newest message says so, for this person only."""
        count = self.messages.count()
        self.page.keyboard.type(text)
        self.press("Enter")
        self.wait(says, count)
        newest = self.messages.last
        expect(newest).to_contain_text("Only visible to you")
        expect(newest).to_be_in_viewport()
        assert active(self.page)["name"].startswith("Message #churn")


@pytest.mark.parametrize(("who", "width", "theme"), LOOKS)
def test_the_first_five_minutes(browser: Browser, morning: Team, who: str, width: int, theme: str) -> None:
    with opened(browser, morning.bench.sandbox, width, theme, who) as (page, _watch):
        shot = shots(page)
        newcomer = Newcomer(page, morning)
        expect(page.locator("#channel h2")).to_have_text("#churn")
        shot(f"five-{width}-{theme}-1-open")
        _watches_a_run_become_a_card(newcomer, f"try-{width}-{theme}")
        shot(f"five-{width}-{theme}-2-card")
        _reads_its_thread(newcomer)
        shot(f"five-{width}-{theme}-3-back")
        _asks(newcomer, f"five-{width}-{theme}-4")
        _presses(newcomer)
        shot(f"five-{width}-{theme}-5-shared")
        _looks_elsewhere(newcomer, narrow=width < NARROW)
        shot(f"five-{width}-{theme}-6-elsewhere")


def _watches_a_run_become_a_card(newcomer: Newcomer, name: str) -> None:
    newcomer.team.train(name, 0.97, params={"alpha": "0.01"}, mlflow__user="mira")
    newcomer.team.bench.follow()
    card = newcomer.messages.filter(has_text=name)
    expect(card).to_have_count(1)
    expect(card).to_be_in_viewport()
    expect(card).to_contain_text("val_auc")
    expect(newcomer.page.locator("#announcer")).to_contain_text(name)


def _reads_its_thread(newcomer: Newcomer) -> None:
    page = newcomer.page
    newcomer.press("Tab")
    assert active(page)["name"] == "Skip to the message box"
    assert visible_focus(page)
    newcomer.press("Enter")
    assert active(page)["name"] == "Message #churn"
    _up_to_the_newest(newcomer)
    newcomer.press("Enter")
    thread = page.locator("#thread")
    expect(thread).to_be_visible()
    expect(page.get_by_role("complementary", name="Thread")).to_be_visible()
    assert active(page)["name"].startswith("Reply")
    page.keyboard.type("Is that one seed?")
    newcomer.press("Enter")
    expect(thread.locator(".message").last).to_contain_text("Is that one seed?")
    newcomer.press("Escape")
    expect(thread).to_be_hidden()
    assert "message" in active(page)["class"], "the focus is back at the card"
    expect(newcomer.messages.last).to_contain_text("1 reply")


def _up_to_the_newest(newcomer: Newcomer) -> None:
    """From the message box back to the newest message of the list."""
    for _ in range(TABS_AT_MOST):
        newcomer.press("Shift+Tab")
        if "message" in active(newcomer.page)["class"].split():
            return
    raise AssertionError("no message is reached")


def _asks(newcomer: Newcomer, name: str) -> None:
    page, shot = newcomer.page, shots(newcomer.page)
    newcomer.tab_to("^Message #churn")
    page.keyboard.type("/ru")
    suggestions = page.get_by_role("listbox", name="Suggestions")
    expect(suggestions.get_by_role("option").first).to_contain_text("/runs")
    newcomer.press("Tab")
    expect(suggestions.get_by_role("option", name="/runs compare")).to_be_visible()
    audit(page)
    shot(f"{name}-completion")
    newcomer.press("Escape")
    expect(suggestions).to_be_hidden()
    newcomer.press("Control+a", "Delete")
    newcomer.ask("/runs", "What would you like to know?")
    newcomer.ask("/runs latest", "Latest runs")
    newcomer.ask("/runs compare latest previous", "against")
    newcomer.ask("/runs search metrics.val_auc > 0.9", "Runs that fit")
    shot(f"{name}-search")
    newcomer.ask("/runs latset", "Did you mean")
    newcomer.ask("/runs help", "What you can ask")
    audit(page)
    shot(f"{name}-help")


def _presses(newcomer: Newcomer) -> None:
    page = newcomer.page
    newcomer.ask("/runs latest", "1–5 of")
    newcomer.tab_to("^Older$", "Shift+Tab")
    newcomer.press("Enter")
    newcomer.wait("6–")
    assert active(page)["name"] != "", "the focus is not lost when an answer is replaced"
    newcomer.tab_to("^Message #churn")
    newcomer.tab_to("^Share$", "Shift+Tab")
    newcomer.press("Enter")
    newcomer.wait("Latest runs", but_not="Only visible to you")


def _looks_elsewhere(newcomer: Newcomer, *, narrow: bool) -> None:
    """The sidebar is one stop; arrows go from channel to channel."""
    page = newcomer.page
    newcomer.tab_to("^Message #churn")
    if narrow:
        newcomer.tab_to("^Show the list of channels", "Shift+Tab")
        newcomer.press("Enter")
    else:
        newcomer.tab_to("^churn", "Shift+Tab")
    assert active(page)["name"].startswith("churn")
    newcomer.press("ArrowDown")
    assert active(page)["name"].startswith("general")
    newcomer.press("ArrowDown", "ArrowUp", "Enter")
    expect(page.locator("#channel h2")).to_have_text("#general")
    assert CHURN not in page.url
