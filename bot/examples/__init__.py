"""Facts for every template, from ordinary to hostile: what `rundown check` and the tests render."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from bot.examples.answers import ANSWERS
from bot.examples.baselines import BASELINES
from bot.examples.cards import CARDS
from bot.examples.causes import CAUSES
from bot.examples.checks import CHECKS
from bot.examples.lists import LISTS
from bot.examples.samples import HOSTILE, Kind, Samples
from bot.examples.telling import TELLING
from bot.examples.verdicts import FORMS
from bot.facts.messages import Form, Message

__all__ = ["EXAMPLES", "HOSTILE", "Example", "Kind", "Samples", "examples"]

Example = Message | Form
# A template that stands in templates/ needs facts here; a test names one that has none.
EXAMPLES: Mapping[str, Callable[[Samples], Iterator[Example]]] = MappingProxyType(
    {**BASELINES, **CARDS, **CAUSES, **CHECKS, **LISTS, **ANSWERS, **TELLING, **FORMS}
)


def examples(template: str, kind: Kind) -> tuple[Example, ...]:
    """What one template is handed, in every state it knows; nothing where it is no built-in one."""
    build = EXAMPLES.get(template)
    return tuple(build(Samples(kind))) if build is not None else ()
