"""The system's Chromium, started so that it asks nobody outside; what a page says and asks is written down."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OWN_SCHEMES = ("data", "blob", "about")


def chromium() -> str:
    """The path of a Chromium on this machine, or "" where there is none; CHROMIUM names another one."""
    named = os.environ.get("CHROMIUM", "")
    return named or next((found for name in NAMES if (found := shutil.which(name))), "")


def start(playwright: Playwright) -> Browser:
    """Start it, with a profile of its own that goes when it ends."""
    return playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))


class Watch:
    """What a page should never do: complain in its console, break its policy, or ask another host."""

    def __init__(self, page: Page, host: str) -> None:
        self.host = host
        self.complaints: list[str] = []
        self.expected: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda problem: self.complaints.append(f"uncaught: {problem}"))
        page.on("request", lambda request: self._asked(request.url))

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not any(words in text for words in self.expected):
            self.complaints.append(f"{kind}: {text}")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in OWN_SCHEMES:
            self.hosts.add(parts.netloc)

    def verdict(self) -> list[str]:
        """Everything that should not have been."""
        return self.complaints + [f"asked {host}" for host in sorted(self.hosts - {self.host})]


@contextmanager
def looking(browser: Browser, url: str, width: int, theme: str, scale: float = 1) -> Iterator[tuple[Page, Watch]]:
    """A page in a fresh profile, `width` pixels wide, light or dark; nothing is opened yet."""
    height = 844 if width < 480 else 900
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        device_scale_factor=scale,
        reduced_motion="reduce",
        locale="en-GB",
    )
    try:
        page = context.new_page()
        page.set_default_timeout(15_000)
        yield page, Watch(page, urlsplit(url).netloc)
    finally:
        context.close()


def shots(page: Page) -> Callable[[str], None]:
    """Keeps pictures in the folder that BROWSER_SHOTS names, for those who want to look; else does nothing."""
    folder = os.environ.get("BROWSER_SHOTS", "")

    def shot(name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png")

    return shot
