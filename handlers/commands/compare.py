"""Runs side by side."""

from bot.facts.messages import Message
from bot.find.paging import with_option, with_page
from bot.find.reference import BASELINE
from bot.find.sheet import Sheet, sheet
from bot.judge.side_by_side import side_by_side
from bot.notify.rules import rules_of
from bot.ports.store import Store
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import MoreRuns, RunWord
from bot.words.kinds import Page as PageNumber
from handlers.lists import quoted, standing
from handlers.together import named_runs


def answer(
    run: RunWord,
    runs: MoreRuns = (BASELINE,),
    *,
    page: PageNumber | None = None,
    store: Store,
    settings: Settings,
    asker: Asker,
    words: str,
) -> Message:
    """Two to ten runs side by side: what differs, the worst first, and how much is the same.

    Behind the first RUN there may stand previous (the previous comparable run), baseline (the configured one),
    which is meant when nothing is said, or an alias that is a baseline (@champion, churn@champion). Of two runs,
    differences are the first minus the second; of more, all are held against the first.

    Examples:
        compare latest
        compare calm-owl-12 previous
        compare latest best @champion
        compare 3f9a2b 77c0d1 lucky-fox-3
    """
    with store.read() as unit:
        named = named_runs(unit, settings, (run, *runs), asker, words)
        if isinstance(named, Message):
            return named
        stands = standing(unit, settings)
        if len(named.runs) == 1:
            return Message("commands/same_run", {"run": named.runs[0], "standing": stands})
        rules = rules_of(unit, settings, named.runs[0])
    found = side_by_side(named.runs, rules)
    shown = sheet(found, page or 0)
    ids = " ".join(one.run_id for one in named.runs)
    facts = {
        "found": found,
        "sheet": shown,
        "why": named.why,
        "plot": f"plot {quoted(found.primary.name)} {ids}" if found.primary else "",
        "standing": stands,
        **_pages(shown, words),
    }
    return Message("commands/compare", facts)


def _pages(shown: Sheet, words: str) -> dict[str, str]:
    """The words that lead to the pages beside this one; the short sheet is before the first."""
    number = shown.number
    before = with_page(words, number - 1) if number > 1 else with_option(words, "page")
    return {
        "previous": before if number else "",
        "next": with_page(words, number + 1) if 0 < number < shown.pages else "",
        "whole": with_page(words, 1),
    }
