"""Makes the README's pictures: the demo as it stands after two minutes, in both themes (`make screenshot`)."""

import re
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from sandbox.processes import free_port
from sandbox.workspace.seed import CHURN, PEOPLE
from tests.browser.chromium import looking, start

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs"
STORY_SECONDS = 240
BYTES_AT_MOST = 300_000
WIDTH, SCALE = 1400, 2
COLOURS = 255
REPLIES, LAST_CARD = re.compile("[4-9] replies"), re.compile("more runs of")
IN_SIGHT = """(words) => [...document.querySelectorAll("pre, code, a")]
  .filter((node) => node.textContent.includes(words))
  .some((node) => node.getBoundingClientRect().bottom > 0 && node.getBoundingClientRect().top < innerHeight)"""


def main() -> None:
    """Play the demo, take both pictures, end the demo."""
    port = free_port()
    demo = subprocess.Popen([sys.executable, "-m", "bot", "demo", "--port", str(port)])
    try:
        with sync_playwright() as playwright:
            browser = start(playwright)
            for theme, name in (("light", "sandbox.png"), ("dark", "sandbox-dark.png")):
                _take(browser, f"http://127.0.0.1:{port}", theme, PICTURES / name)
            browser.close()
    finally:
        demo.terminate()
        demo.wait(30)


def _take(browser: Browser, url: str, theme: str, path: Path) -> None:
    who = PEOPLE[0 if theme == "light" else 1].id
    with looking(browser, url, WIDTH, theme, SCALE) as (page, _watch):
        page.add_init_script("localStorage.setItem('rundown-sandbox-welcomed', 'yes')")
        _open(page, f"{url}/?as={who}#{CHURN}")
        card = page.locator("#channel .message", has_text="less-regularised").filter(has_text=REPLIES)
        for awaited in (card, page.locator("#channel .message", has_text=LAST_CARD)):
            awaited.first.wait_for(timeout=STORY_SECONDS * 1000)
        card.first.locator(".thread-line").click()
        page.locator("#thread .message").nth(3).wait_for()
        page.get_by_label("Message #churn").fill("/runs latest")
        page.keyboard.press("Enter")
        page.locator("#channel .ephemeral", has_text="Latest runs").wait_for()
        page.get_by_label("Message #churn").fill("")
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(300)
        if page.evaluate(IN_SIGHT, str(ROOT)):
            raise SystemExit("the picture would show where this folder lies")
        _keep(page.screenshot(), path)


def _open(page: Page, url: str) -> None:
    """Open the page as soon as the demo answers."""
    end = time.monotonic() + STORY_SECONDS
    while True:
        try:
            page.goto(url)
            return
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(1)


def _keep(taken: bytes, path: Path) -> None:
    """Write it with few colours, as small as the README wants it."""
    picture = Image.open(BytesIO(taken)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    if size > BYTES_AT_MOST:
        raise SystemExit(f"{path.name} has {size} bytes, more than {BYTES_AT_MOST}")
    print(f"{path}: {size} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
