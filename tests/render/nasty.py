"""Texts that mean harm, and what a block is made of."""

from collections.abc import Iterator
from typing import Any

NASTY = [
    "U12345",
    "C12345",
    "tada",
    "<!channel>",
    "<!here|here>",
    "<@U12345>",
    "<#C123|x>",
    "<!subteam^S1>",
    "<https://evil.example|MLflow>",
    "<!date^0^{time}|x>",
    "*bold* _it_ ~s~ `c`",
    "```x```",
    ":tada:",
    "> quote",
    "&lt;b&gt; &amp;amp;",
    "\"'",
    "</section><actions/>",
    "<b>x</b>",
    "]]>",
    "<![CDATA[x]]>",
    "<!DOCTYPE x>",
    "{{ 7 * 7 }}{% raw %}",
    "&#0;",
    "a\r\nb\rc\n\nd",
    "\x00\x1b[31m\x7f",
    "\ud800",
    "\u202eevil\u2066",
    "שלום مرحبا",
    "漢字かな",
    "👩‍👩‍👧‍👦🇩🇪👍🏽",
    "e\u0301" * 50,
    "\u00a0\u200b\ufeff",
    "x" * 10_000,
    "wörd " * 2_000,
    "\ufffe\uffff",
    "",
    " ",
    "@channel @here #general https://evil.example www.evil.example",
]


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a block."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from parts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from parts(part)
