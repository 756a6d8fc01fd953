"""What keyboards and Slack do to typed text, undone: curly quotes, dashes, odd spaces, escapes."""

import re

_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u1680\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n\v\f", " "),
        **dict.fromkeys("\u200b\u200c\u2060\ufeff\u00ad", None),
    }
)
# Slack escapes these three, and no more: https://docs.slack.dev/messaging/formatting-message-text
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
# <https://host/path|host/path>: an address as Slack hands it to a command whose text is escaped
_LINK = re.compile(r"<((?:https?|mailto):[^<>|\s]+)(?:\|[^<>]*)?>")


def straightened(text: str) -> str:
    """Typed text with plain quotes, hyphens and spaces, and without characters nobody can see."""
    return text.translate(_LOOKALIKES).strip()


def folded(text: str) -> str:
    """A name as it is compared: typed alike means equal, upper and lower case aside."""
    return " ".join(straightened(text).casefold().split())


def as_typed(text: str) -> str:
    """A command's text as its writer saw it: addresses bare, Slack's escapes undone, mentions kept as they are.

    Mentions of people and channels stay `<@U1|jo>` and `<#C1|churn>`: only the reader of a word knows what to
    do with them.
    """
    text = _LINK.sub(r"\1", text)
    for escaped, plain in _ESCAPES:
        text = text.replace(escaped, plain)
    return straightened(text)
