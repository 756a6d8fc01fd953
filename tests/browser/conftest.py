"""Tests in a real browser: run by `make browser`, left out where there is no Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import pytest

if find_spec("playwright") is None:
    raise pytest.UsageError("the browser's tests need the dependency group `browser`: make browser")

from playwright.sync_api import Browser, Page, expect, sync_playwright

from sandbox.mlflow_server import MlflowServer
from sandbox.server import SandboxServer
from tests.browser.chromium import Watch, chromium, looking, start
from tests.fixtures.bench import SETTINGS, Bench, Team
from tests.servers.mlflow import MlflowHand

# A machine that does other things, too, may take its time; nothing here is a measure of speed.
expect.set_options(timeout=15_000)
ROOMY = SETTINGS.replace("cards: {early_failure: 0s}", "cards: {early_failure: 0s, group_after: 50}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if not chromium():
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium; CHROMIUM=path names one)")
    with sync_playwright() as playwright:
        started = start(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def morning(mlflow_server: MlflowServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A team, the bot, the sandbox and a real MLflow server; seven runs have ended."""
    bench = Bench(tmp_path_factory.mktemp("bench"), mlflow_server.url, settings=ROOMY)
    hand = MlflowHand(mlflow_server.url)
    team = Team(bench, hand)
    bench.follow()
    for number, auc in enumerate((0.912, 0.934, 0.871, 0.953, 0.947, 0.96, 0.958)):
        params = {"alpha": str(0.1 / (number + 1)), "model": "sgd", "seed": str(number)}
        team.train(f"attempt-{number + 1}", auc, params=params, mlflow__user="mira")
    bench.follow()
    yield team
    hand.close()
    bench.close()


@contextmanager
def opened(
    browser: Browser, sandbox: SandboxServer, width: int, theme: str, who: str, place: str = ""
) -> Iterator[tuple[Page, Watch]]:
    """The page as a person sees it, in a place; what it should never do fails the test in the end."""
    with looking(browser, sandbox.url, width, theme) as (page, watch):
        page.goto(f"{sandbox.url}/?as={who}{place}")
        yield page, watch
        assert watch.verdict() == []


def active(page: Page) -> Any:
    """What has the focus: {tag, name, class}."""
    return page.evaluate(
        """() => {
          const node = document.activeElement;
          const heard = node.cloneNode(true);
          heard.querySelectorAll("[aria-hidden=true]").forEach((silent) => silent.remove());
          const words = node.getAttribute("aria-label") || heard.textContent || node.value || "";
          return {tag: node.tagName, name: words.trim(), class: node.className};
        }"""
    )


def visible_focus(page: Page) -> bool:
    """Whether the focused element, or the box around it, shows that it has the focus."""
    return bool(
        page.evaluate(
            """() => {
              let node = document.activeElement;
              for (let deep = 0; node && deep < 3; node = node.parentElement, deep += 1) {
                const style = getComputedStyle(node);
                if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) return true;
                if (deep && style.boxShadow !== "none" && node.matches(":focus-within")) return true;
              }
              return false;
            }"""
        )
    )
