"""A filter's text cut into words, quoted texts, comparisons and brackets, each with its place."""

import re
from dataclasses import dataclass
from enum import StrEnum

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"[^"]*"|'[^']*'|`[^`]*`)
      | (?P<operator>==|!=|<>|<=|>=|=|<|>)
      | (?P<bracket>[()])
      | (?P<comma>,)
      | (?P<word>[^\s"'`=<>!(),]+)
    )""",
    re.VERBOSE,
)


class Kind(StrEnum):
    """What a token is."""

    QUOTED = "quoted"
    OPERATOR = "operator"
    BRACKET = "bracket"
    COMMA = "comma"
    WORD = "word"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `text` is without its quotes, `start` and `end` are places in the filter."""

    kind: Kind
    text: str
    start: int
    end: int
    quote: str = ""

    def says(self, *words: str) -> bool:
        """Whether it is one of these words, upper and lower case aside."""
        return self.kind is Kind.WORD and self.text.upper() in words


class FilterError(Exception):
    """A filter that cannot be read: `sentence` says why, `position` counts characters from the start of `text`."""

    def __init__(self, text: str, position: int, sentence: str) -> None:
        """Keep the filter, the place in it, and what is wrong there."""
        super().__init__(sentence)
        self.text = text
        self.position = position
        self.sentence = sentence

    @property
    def pointer(self) -> str:
        """Two lines for a fixed-width font: the filter around the place, and a ^ under it."""
        start = max(0, self.position - 40)
        lead = "…" if start else ""
        return f"{lead}{self.text[start : self.position + 40]}\n{' ' * (len(lead) + self.position - start)}^"


def tokens(text: str) -> tuple[Token, ...]:
    """Cut a filter up; the last token is the END. Raises FilterError for a quote that is never closed."""
    found: list[Token] = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise _unreadable(text, place)
        kind = Kind(match.lastgroup or "")
        start, end = match.span(kind.value)
        quote = text[start] if kind is Kind.QUOTED else ""
        found.append(Token(kind, text[start + len(quote) : end - len(quote)], start, end, quote))
        place = end
    end = len(text.rstrip())
    found.append(Token(Kind.END, "", end, end))
    return tuple(found)


def _unreadable(text: str, place: int) -> FilterError:
    start = place + len(text[place:]) - len(text[place:].lstrip())
    if text[start] in "\"'`":
        return FilterError(text, start, f"the quote {text[start]} that opens here is never closed")
    return FilterError(text, start, f"{text[start]} means nothing here; comparisons are = != < <= > >=")
