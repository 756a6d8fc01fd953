"""A command's text cut into words: quotes, `key:value`, mentions."""

import re
from collections.abc import Collection
from dataclasses import dataclass

# A quote only counts where a word or a value begins, so that it's is a word like any other.
_WORD = re.compile(
    r"""(?:(?P<key>[A-Za-z_]\w*)(?P<mark>[:=]))?
        (?:"(?P<double>[^"]*)"(?=\s|$) | '(?P<single>[^']*)'(?=\s|$) | (?P<mention><[^<>]*>)(?=\s|$))
      | (?P<plain>\S+)""",
    re.VERBOSE | re.ASCII,
)
_OPTION = re.compile(r"(?P<key>[A-Za-z_]\w*)[:=](?P<value>(?!//).+)", re.DOTALL | re.ASCII)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its text without quotes, and the key where it reads `key:value`."""

    text: str
    key: str = ""
    quoted: bool = False

    @property
    def whole(self) -> str:
        """The word with its key, for readers to whom the key means nothing."""
        return f"{self.key}:{self.text}" if self.key else self.text


def split(text: str) -> tuple[Word, ...]:
    """Cut a text into words; a quote that is never closed is a character like any other."""
    return tuple(_word(match) for match in _WORD.finditer(text))


def _word(match: re.Match[str]) -> Word:
    plain = match["plain"]
    if plain is None:
        quoted = next((match[kind] for kind in ("double", "single") if match[kind] is not None), None)
        value = quoted if quoted is not None else match["mention"]
        return Word(value, (match["key"] or "").lower(), quoted is not None)
    if re.fullmatch(r"[A-Za-z_]\w*:", plain, re.ASCII):
        return Word("", plain[:-1].lower())
    option = _OPTION.fullmatch(plain)
    if option is None:
        return Word(plain)
    return Word(option["value"], option["key"].lower())


def split_tail(text: str, known: Collection[str]) -> tuple[str, tuple[Word, ...]]:
    """A text taken as it is, and the known `key:value` options that stand at its end."""
    found: list[Word] = []
    keys = "|".join(map(re.escape, known)) or "(?!)"
    tail = re.compile(rf"(?:^|\s)({keys}):(?:\"([^\"]*)\"|([^\s'\"`()]+))\s*$", re.IGNORECASE)
    while match := tail.search(text):
        quoted = match[2] is not None
        found.append(Word(match[2] if quoted else match[3], match[1].lower(), quoted))
        text = text[: match.start()]
    return text.strip(), tuple(reversed(found))
