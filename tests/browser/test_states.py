"""Every state of the page: names for all that can be pressed, nothing wider than the window, no silence."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from slack_sdk import WebClient
from slack_sdk.socket_mode.request import SocketModeRequest

from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from sandbox.workspace.seed import CHURN, GENERAL
from tests.browser.audit import audit
from tests.browser.chromium import shots
from tests.browser.conftest import active, opened
from tests.browser.showcase import ARABIC, JONAS, LONG, MIRA, fill, form
from tests.sandbox.apps import SocketApp

LOOKS = [(390, "dark"), (600, "light"), (900, "dark"), (1400, "light"), (1400, "dark")]


class Stage:
    """A sandbox whose app answers every press with a form, and says nothing else."""

    def __init__(self) -> None:
        self.workspace = Workspace(post_burst=None, ack_limit=2.0, retry_after=())
        self.workspace.join(CHURN)
        self.sandbox = SandboxServer(self.workspace).start()
        self.client = WebClient(self.workspace.bot_token, f"{self.sandbox.url}/api/", retry_handlers=[])
        self.app = SocketApp(self.workspace, self.sandbox.url)
        self.app.answers = self._answer
        self.app.client.connect()
        assert self.workspace.wait_for(lambda: self.workspace.connections > 0, 5)
        fill(self.workspace, self.client)

    def _answer(self, request: SocketModeRequest) -> Any:
        if request.payload.get("type") == "block_actions":
            self.client.views_open(trigger_id=request.payload["trigger_id"], view=form())
        if request.payload.get("type") == "view_submission":
            return {"response_action": "errors", "errors": {"next": "Say what comes next."}}
        return None

    def close(self) -> None:
        self.app.close(self.sandbox)
        self.sandbox.stop()


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_a_channel_with_everything_in_it(browser: Browser, stage: Stage, width: int, theme: str) -> None:
    with opened(browser, stage.sandbox, width, theme, MIRA, f"#{CHURN}") as (page, _watch):
        shot = shots(page)
        expect(page.locator("#channel .ephemeral")).to_be_visible()
        expect(page.get_by_text("(edited)")).to_be_visible()
        audit(page)
        shot(f"all-{width}-{theme}-0-end")
        for number, words in enumerate(
            ("finished after 2 min", ARABIC, LONG[:40], "Leaderboard", "val_auc by epoch")
        ):
            page.locator("#channel").get_by_text(words).first.scroll_into_view_if_needed()
            page.evaluate("document.querySelector('#channel .feed').scrollBy(0, 300)")
            shot(f"all-{width}-{theme}-{number + 1}")
        page.locator("#channel .thread-line").click()
        expect(page.locator("#thread .message")).to_have_count(2)
        audit(page)
        shot(f"all-{width}-{theme}-7-thread")


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_a_form_takes_the_focus_says_what_is_wrong_and_gives_it_back(
    browser: Browser, stage: Stage, width: int, theme: str
) -> None:
    with opened(browser, stage.sandbox, width, theme, MIRA, f"#{CHURN}") as (page, _watch):
        page.locator("#channel .message", has_text="attempt-6").first.get_by_role("button", name="Document").press(
            "Enter"
        )
        dialog = page.get_by_role("dialog", name="Document attempt-6")
        expect(dialog).to_be_visible()
        expect(dialog.get_by_label("What was tried?")).to_be_focused()
        audit(page)
        shots(page)(f"form-{width}-{theme}-1")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(dialog.get_by_label("What was tried?")).to_be_focused()
        expect(dialog.get_by_text("Please fill this in.").first).to_be_visible()
        page.keyboard.type("A larger batch")
        dialog.get_by_label("It helped").check()
        dialog.get_by_role("button", name="Save").press("Enter")
        expect(dialog.get_by_text("Say what comes next.")).to_be_visible()
        shots(page)(f"form-{width}-{theme}-2-errors")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        assert active(page)["name"] == "Document"


def test_a_message_is_reacted_to_edited_and_deleted_with_the_keyboard(browser: Browser, stage: Stage) -> None:
    with opened(browser, stage.sandbox, 1400, "light", MIRA, f"#{CHURN}") as (page, _watch):
        page.get_by_label("Message #churn").fill("Trained with `alpha = 0.1` & :tada:")
        page.keyboard.press("Enter")
        mine = page.locator("#channel .message", has_text="Trained with")
        expect(mine.locator("code")).to_have_text("alpha = 0.1")
        expect(mine.get_by_role("img", name="tada")).to_be_visible()
        mine.focus()
        audit(page)
        mine.get_by_role("button", name="React").press("Enter")
        expect(page.get_by_label("Find an emoji")).to_be_focused()
        for key in ("ArrowDown", "ArrowRight", "Enter"):
            page.keyboard.press(key)
        expect(mine.locator(".reaction")).to_have_attribute("aria-pressed", "true")
        mine.focus()
        mine.get_by_role("button", name="Edit").press("Enter")
        expect(page.get_by_label("Edit your message")).to_have_value("Trained with `alpha = 0.1` & :tada:")
        page.keyboard.type(" Twice.")
        shots(page)("edit-1400-light")
        page.keyboard.press("Enter")
        expect(mine).to_contain_text("Twice. (edited)")
        mine.focus()
        mine.get_by_role("button", name="Delete").press("Enter")
        page.get_by_role("dialog", name="Delete this message?").get_by_role("button", name="Delete").press("Enter")
        expect(mine).to_have_count(0)
        assert "message" in active(page)["class"].split(), "the focus went with the message"


@pytest.mark.parametrize(("width", "theme"), LOOKS[:2])
def test_a_picture_opens_large_and_esc_closes_it(browser: Browser, stage: Stage, width: int, theme: str) -> None:
    with opened(browser, stage.sandbox, width, theme, MIRA, f"#{CHURN}") as (page, _watch):
        page.get_by_role("button", name="Enlarge: A ROC curve").press("Enter")
        expect(page.get_by_role("dialog", name="ROC of attempt-6")).to_be_visible()
        audit(page)
        shots(page)(f"picture-{width}-{theme}")
        page.keyboard.press("Escape")
        assert active(page)["name"] == "Enlarge: A ROC curve"
        expect(page.get_by_role("link", name="predictions.csv")).to_have_attribute("download", "predictions.csv")


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1400, "dark")])
def test_what_is_unread_is_counted_shown_and_gone_once_seen(
    browser: Browser, stage: Stage, width: int, theme: str
) -> None:
    with opened(browser, stage.sandbox, width, theme, JONAS, f"#{GENERAL}") as (page, _watch):
        churn = page.locator("#sidebar .place", has_text="churn").first
        expect(page.get_by_role("heading", name="#general").last).to_be_visible()
        before = page.title()
        stage.workspace.type(MIRA, CHURN, "Did anybody see the new run?")
        expect(churn).to_contain_text("unread message")
        expect(page).to_have_title(re.compile(r"^\(\d+\) general"))
        expect(page).not_to_have_title(before)
        if width < 720:
            page.get_by_role("button", name="Show the list of channels").click()
        audit(page)
        shots(page)(f"unread-{width}-{theme}-1")
        churn.click()
        expect(page.locator("#channel h2")).to_have_text("#churn")
        expect(page.locator("#channel .new-line")).to_be_visible()
        expect(churn.locator(".badge")).to_have_count(0)
        shots(page)(f"unread-{width}-{theme}-2")


def test_an_app_that_does_not_answer_is_told_to_the_person_alone(browser: Browser, stage: Stage) -> None:
    stage.app.silent = True
    with opened(browser, stage.sandbox, 1400, "light", MIRA, f"#{CHURN}") as (page, _watch):
        page.get_by_label("Message #churn").fill("/runs latest")
        page.keyboard.press("Enter")
        expect(page.locator("#channel .local")).to_contain_text("did not respond")
        audit(page)
        shots(page)("silent-1400-light")
    stage.app.silent = False


def test_an_app_that_is_not_there_is_shown_and_told(browser: Browser) -> None:
    with SandboxServer(Workspace()) as sandbox, opened(browser, sandbox, 600, "dark", MIRA) as (page, _watch):
        page.get_by_label("Message #churn").fill("/runs latest")
        page.keyboard.press("Enter")
        expect(page.locator("#channel .local")).to_contain_text("The app is not connected, so nobody heard this.")
        page.get_by_role("button", name="Show the list of channels").press("Enter")
        expect(page.get_by_text("Rundown is not connected")).to_be_visible()
        audit(page)
        shots(page)("absent-600-dark")
        page.keyboard.press("Escape")
        assert active(page)["name"] == "Show the list of channels"


def test_the_keyboard_changes_who_one_speaks_as(browser: Browser, stage: Stage) -> None:
    with opened(browser, stage.sandbox, 1400, "light", MIRA, f"#{CHURN}") as (page, _watch):
        expect(page.locator("#channel .ephemeral")).to_have_count(1)
        page.get_by_role("radio", name="Mira Lindqvist").press("ArrowRight")
        expect(page.get_by_role("radio", name="Jonas Adeyemi")).to_be_checked()
        expect(page.locator("#channel .message").last).to_be_visible()
        expect(page.locator("#channel .ephemeral")).to_have_count(0)
        expect(page.get_by_role("radio", name="Jonas Adeyemi")).to_be_focused()
        assert f"as={JONAS}" in page.url


def test_a_lost_connection_is_said_and_forgotten_when_it_is_back(browser: Browser, stage: Stage) -> None:
    with opened(browser, stage.sandbox, 600, "dark", MIRA, f"#{CHURN}") as (page, watch):
        watch.expected.append("ERR_")
        expect(page.locator("#channel .message").last).to_be_visible()
        page.context.set_offline(True)
        stage.sandbox.call(_end_streams(stage.sandbox))
        expect(page.get_by_role("status").first).to_contain_text("connection to the sandbox is lost")
        audit(page)
        shots(page)("offline-600-dark")
        stage.workspace.type(JONAS, CHURN, "Said while nobody listened")
        page.context.set_offline(False)
        page.get_by_role("button", name="Try now").click()
        expect(page.locator("#banner")).to_be_empty()
        expect(page.locator("#channel .message", has_text="Said while nobody listened")).to_be_visible()


async def _end_streams(sandbox: SandboxServer) -> None:
    sandbox.page_api.end()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_switch_of_the_theme_is_remembered(browser: Browser, stage: Stage, theme: str) -> None:
    other = "dark" if theme == "light" else "light"
    with opened(browser, stage.sandbox, 1400, theme, MIRA, f"#{GENERAL}") as (page, _watch):
        ground = "getComputedStyle(document.body).backgroundColor"
        before = page.evaluate(ground)
        page.get_by_role("button", name=f"Switch to {other}").press("Enter")
        assert active(page)["name"] == f"Switch to {theme}"
        after = page.evaluate(ground)
        assert before != after
        page.reload()
        assert page.evaluate(ground) == after


def test_an_empty_channel_says_where_it_starts_and_what_to_try(browser: Browser, stage: Stage) -> None:
    with opened(browser, stage.sandbox, 1400, "dark", MIRA, "#C000REVIEW") as (page, _watch):
        expect(page.get_by_text("This is where model-review starts.")).to_be_visible()
        audit(page)
        shots(page)("empty-1400-dark")
        page.locator(".beginning .chip").click()
        expect(page.get_by_label("Message model-review")).to_have_value("/runs latest")
        page.get_by_role("button", name="Dismiss the welcome").click()
        expect(page.locator(".welcome")).to_have_count(0)
        page.reload()
        expect(page.get_by_text("This is where model-review starts.")).to_be_visible()
        expect(page.locator(".welcome")).to_have_count(0)
