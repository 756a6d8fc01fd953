"""What an error may say of a value: never what the environment holds, and what was probably meant."""

from rapidfuzz import fuzz, process, utils


class Interpolated(str):
    """A text that came from the environment; `source` is what app.yaml says, which is safe to show."""

    source: str

    def __new__(cls, value: str, source: str) -> "Interpolated":
        """Keep the value as the text itself."""
        made = super().__new__(cls, value)
        made.source = source
        return made


def shown(value: object) -> str:
    """A value as an error message may show it: what came from the environment is named, never shown."""
    if isinstance(value, Interpolated):
        return f"the value of {value.source}"
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str | bool | int | float) else f"a {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}…"


def near(word: str, choices: list[str] | tuple[str, ...], limit: int = 1, cutoff: float = 70) -> list[str]:
    """The choices that a mistyped word may have meant, best first."""
    scorer = fuzz.ratio if limit == 1 else fuzz.WRatio
    found = process.extract(
        word, choices, scorer=scorer, processor=utils.default_process, limit=limit, score_cutoff=cutoff
    )
    return [choice for choice, score, _ in found if score >= found[0][1] - 5]


def did_you_mean(word: object, choices: list[str] | tuple[str, ...], limit: int = 1, cutoff: float = 70) -> str:
    """`; did you mean X?`, or nothing."""
    if not isinstance(word, str) or isinstance(word, Interpolated):
        return ""
    found = near(word, choices, limit, cutoff)
    return f"; did you mean {' or '.join(found)}?" if found else ""
