"""How the tests stand."""

from collections.abc import Iterable, Sequence

from bot.facts.messages import Message
from bot.facts.runs import Run
from bot.find.paging import with_page
from bot.find.repositories import near, told_in
from bot.find.run import Candidates, Missing
from bot.find.scope import NoExperiment, Scope, scope_of
from bot.find.suites import Suite, read_suite, suites_of_branch
from bot.notify.ci.checks import USUAL_DEFAULTS, checks_of, default_branch
from bot.ports.store import Store, Unit
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import BranchOrRun, Page
from handlers.lists import again, channels, in_doubt, named_run, standing

SIZE = 10
SLOW = True


def answer(
    branch: BranchOrRun = "",
    *,
    page: Page = 1,
    store: Store,
    settings: Settings,
    asker: Asker,
    words: str,
) -> Message:
    """How the tests stand on a branch or for a run: what fails and since when, what is flaky, what changed.

    Without a branch it takes the default branch of the repositories this channel is told of. A run's tests are
    those that name it or a model made of it, else those of its commit.

    Examples:
        tests
        tests main
        tests calm-owl-12
        tests 3f9a2b
    """
    with store.read() as unit:
        lines = unit.reports.lines()
        known = told_in(unit, settings.subscriptions(), channels(asker), (one[0] for one in lines))
        told = [one for one in lines if one[0] in known]
        branches = [one[1] for one in told]
        facts = {"standing": standing(unit, settings), "typed": branch, "run": None}
        if not branch or branch in branches:
            suites = suites_of_branch(unit, branch, known) if branch else _of_default_branches(unit, known, told)
            return _told(suites, {**facts, "branch": branch}, words, page, known=bool(branches))
        channel = scope_of(unit, settings.subscriptions(), "", channels(asker))
        run = named_run(unit, settings, branch, Scope() if isinstance(channel, NoExperiment) else channel)
        if isinstance(run, Candidates):
            return in_doubt(run, words, settings)
        if isinstance(run, Missing):
            return _nowhere(run, near(branch, branches), {**facts, "branch": branch}, words)
        return _told(_of_run(unit, run), {**facts, "branch": "", "run": run}, words, page, known=bool(branches))


def _of_default_branches(
    unit: Unit, repositories: Sequence[str], lines: Iterable[tuple[str, str, str]]
) -> Sequence[Suite]:
    """The suites of each repository's default branch, or of a branch that is usual for one where none is told."""
    found: list[Suite] = []
    there = {line[:2] for line in lines}
    for repository in repositories:
        usual = next((name for name in USUAL_DEFAULTS if (repository, name) in there), "")
        found += suites_of_branch(unit, default_branch(unit, repository) or usual, [repository])
    return found


def _of_run(unit: Unit, run: Run) -> Sequence[Suite]:
    origins = [one.origin for check in checks_of(unit, run) for one in check.tested]
    return [suite for origin in origins if (suite := read_suite(unit, origin)) is not None]


def _told(suites: Sequence[Suite], facts: dict[str, object], words: str, page: int, *, known: bool) -> Message:
    failing = [one for suite in suites for one in suite.failing]
    number = min(page, max(1, -(-len(failing) // SIZE)))
    shown = failing[(number - 1) * SIZE : number * SIZE]
    return Message(
        "commands/tests",
        {
            **facts,
            "suites": suites,
            "failing": shown,
            "total": len(failing),
            "first": (number - 1) * SIZE + 1,
            "known": known,
            "previous": with_page(words, number - 1) if number > 1 else "",
            "next": with_page(words, number + 1) if number * SIZE < len(failing) else "",
        },
    )


def _nowhere(run: Missing, branches: Sequence[str], facts: dict[str, object], words: str) -> Message:
    close = [*branches, *(name for name in run.near if name not in branches)]
    buttons = [(name, again(words, run.typed, name)) for name in close]
    return Message("commands/no_tests", {**facts, "near": buttons})
