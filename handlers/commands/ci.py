"""How the pipelines stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.facts.checks import Check
from bot.facts.messages import Message
from bot.facts.pipelines import Outcome, Pipeline
from bot.find.paging import with_page
from bot.find.repositories import NotKnown, named_by, near, told_in
from bot.notify.ci.checks import read_checks
from bot.ports.store import Store, Unit
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import BranchWord, Page, Repository
from handlers.lists import again, channels, standing

SIZE = 10
SHOWN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Line:
    """The newest pipeline of a name and branch, and the first of those that fail in a row until now."""

    check: Check
    since: Pipeline | None


def answer(
    repository: Repository = "",
    *,
    branch: BranchWord = "",
    page: Page = 1,
    store: Store,
    settings: Settings,
    asker: Asker,
    now: datetime,
    words: str,
) -> Message:
    """How the pipelines stand: the newest of each name and branch, and since when it fails.

    Without a repository it takes those that this channel is told of. Default branches come first. What was not
    heard of for 30 days is left out.

    Examples:
        ci
        ci acme/churn
        ci churn branch:try-dropout
    """
    with store.read() as unit:
        courses = unit.pipelines.lines(now - SHOWN_FOR)
        known = [one.now.repository for one in courses]
        told = told_in(unit, settings.subscriptions(), channels(asker), known)
        wanted = named_by(repository, known) if repository else told
        facts = {"typed": repository, "branch": branch, "standing": standing(unit, settings)}
        if isinstance(wanted, NotKnown):
            return _nothing("repository", wanted, facts, words, known=bool(known))
        mine = [one for one in courses if one.now.repository in wanted]
        there = [one for one in mine if branch in ("", one.now.branch)]
        if branch and not there:
            close = NotKnown(branch, near(branch, (one.now.branch for one in mine)))
            return _nothing("branch", close, facts, words, known=bool(mine))
        there.sort(key=lambda one: not one.now.default_branch)
        return _page(unit, [one.now.subject for one in there], facts, words, page)


def _page(unit: Unit, subjects: Sequence[str], facts: Mapping[str, object], words: str, page: int) -> Message:
    total = len(subjects)
    number = min(page, max(1, -(-total // SIZE)))
    before = (number - 1) * SIZE
    pages = {
        "lines": [_line(unit, check) for check in read_checks(unit, subjects[before : before + SIZE])],
        "total": total,
        "first": before + 1,
        "previous": with_page(words, number - 1) if number > 1 else "",
        "next": with_page(words, number + 1) if before + SIZE < total else "",
    }
    return Message("commands/ci", {**facts, **pages})


def _line(unit: Unit, check: Check) -> Line:
    failed = check.course is not None and check.pipeline is not None and check.pipeline.outcome is Outcome.FAILED
    return Line(check, unit.pipelines.failing_since(check.course) if failed and check.course else None)


def _nothing(what: str, found: NotKnown, facts: dict[str, object], words: str, *, known: bool) -> Message:
    buttons = [(name, again(words, found.typed, name)) for name in found.near]
    return Message(
        "commands/no_ci", {**facts, "what": what, "missing": found.typed, "near": buttons, "known": known}
    )
