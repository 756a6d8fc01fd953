"""The page's colours can be read: text has a contrast of 4.5 or more on what it stands on, in both themes."""

import re
from itertools import product

import pytest

from sandbox.server import PAGE

TOKENS = (PAGE / "styles" / "tokens.css").read_text(encoding="utf-8")
PAIRS = dict(re.findall(r"--([a-z0-9-]+): (light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\));", TOKENS))
GROUNDS = ("ground", "panel", "raised", "sunken", "whisper", "accent-wash")
INKS = ("ink", "ink-soft", "ink-faint", "link", "code")
# Colours that stand on a wash of their own.
OWN = [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent-strong", "accent-wash"),
    ("accent-strong", "panel"),
    ("mention", "mention-wash"),
    ("danger", "panel"),
    ("danger", "danger-wash"),
    ("danger", "whisper"),
    ("warn", "warn-wash"),
    ("alarm", "alarm-wash"),
    ("ink", "danger-wash"),
    ("ink", "info-wash"),
    ("ink", "good-wash"),
    ("ink", "warn-wash"),
]
# What is not text needs 3: rings of the focus, lines of charts. WCAG 2.2, 1.4.11.
SHAPES = [
    (shape, ground) for shape in ("focus", "accent", *(f"chart-{n}" for n in range(6))) for ground in GROUNDS[:3]
]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def colour(token: str, theme: str) -> str:
    """A token's colour in a theme."""
    light, dark = re.findall(r"#[0-9a-f]{6}", PAIRS[token])
    return light if theme == "light" else dark


def too_faint(pairs: "list[tuple[str, str]]", theme: str, least: float) -> list[str]:
    """The pairs that have less contrast than they need."""
    found = [(one, other, contrast(colour(one, theme), colour(other, theme))) for one, other in pairs]
    return [f"{one} on {other}: {value:.2f}" for one, other, value in found if value < least]


def test_the_measure_is_the_standards() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(theme: str) -> None:
    assert too_faint([*product(INKS, GROUNDS), *OWN], theme, 4.5) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_rings_and_lines_can_be_seen(theme: str) -> None:
    assert too_faint(SHAPES, theme, 3.0) == []
