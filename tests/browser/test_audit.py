"""The audit finds what it is there to find."""

import pytest
from playwright.sync_api import Browser

from tests.browser.audit import audit

SOUND = "<body style='background: #fff; color: #333'><button>Send</button><p>Said</p><ul><li>One</li></ul>"
WRONG = {
    "no name": "<button></button>",
    "no alt": "<img src='data:,'>",
    "cut off": "<div class='card' style='width: 3000px; height: 9px'></div>",
    "the page scrolls sideways": "<p style='width: 3000px'>wide</p>",
    "two elements have the id a": "<p id='a'>a</p><p id='a'>b</p>",
    "aria-describedby names gone": "<button aria-describedby='gone'>Send</button>",
    "not a list item": "<ul><p>One</p></ul>",
    "out of order": "<button tabindex='2'>Send</button>",
    "contrast 2.85": "<p style='color: #999'>faint</p>",
    "contrast 3.79": "<p style='background: #444'><span style='opacity: 0.5; color: #fff'>pale</span></p>",
}


def test_what_is_sound_passes(browser: Browser) -> None:
    with browser.new_page() as page:
        page.set_content(SOUND)
        audit(page)


@pytest.mark.parametrize("told", WRONG)
def test_what_is_wrong_is_told(browser: Browser, told: str) -> None:
    with browser.new_page() as page:
        page.set_content(SOUND + WRONG[told])
        with pytest.raises(AssertionError, match=told):
            audit(page)
