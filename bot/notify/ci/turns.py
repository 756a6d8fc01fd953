"""What a check means for its branch, and which channels want to hear of it; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.facts.checks import Check
from bot.facts.pipelines import Outcome
from bot.facts.routes import Decision, No, Subscription
from bot.notify.routing import by_channel, named

PIPELINES = "pipelines"
PULL_REQUESTS = "pull_requests"
FLAKY = "newly flaky"


@dataclass(frozen=True, slots=True)
class Turn:
    """A check on its branch, which is or is not the `default` one.

    `before` is how the last pipeline of this name and branch that passed or failed ended, if one is known.
    `followed` tells that a later one has passed or failed, so this one decides nothing any more. `pull_requests`
    are the numbers it checks. `old` tells that it happened long before it was heard of.
    """

    check: Check
    default: bool = True
    before: Outcome | None = None
    followed: bool = False
    pull_requests: tuple[int, ...] = ()
    old: bool = False

    @property
    def word(self) -> str:
        """What people must notice: `started failing` or `fixed`, empty for anything else.

        A rerun that passes mends what the attempt before it broke; one that fails again is no news.
        """
        course = self.check.course
        if course is None:
            return ""
        now, last = course.now.outcome, course.before or self.before
        if now is Outcome.FAILED and last is not Outcome.FAILED:
            return "started failing"
        return "fixed" if now is Outcome.PASSED and last is Outcome.FAILED else ""

    @property
    def loud(self) -> frozenset[str]:
        """All that people must notice: its word, and whatever that is, `newly flaky` tests when it is over."""
        flaky = self.check.over and any(one.newly_flaky.cases for one in self.check.tested)
        return frozenset(word for word in (self.word, FLAKY if flaky else "") if word)

    @property
    def tests_turned(self) -> bool:
        """Whether a pipeline is over in which tests broke, were mended or became flaky."""
        return self.check.over and any(one.turned for one in self.check.tested)


def route_check(turn: Turn, subscriptions: Iterable[Subscription]) -> tuple[Decision, ...]:
    """One decision a channel, in the order the channels were first named.

    Told are pipelines of the default branch that started failing or were fixed, tests there that turned, and
    pipelines of pull requests where a subscription asks for those. It depends on what is known, not on what came
    last.
    """
    return tuple(_decide(channel, wishes, turn) for channel, wishes in by_channel(subscriptions).items())


def _decide(channel: str, wishes: Sequence[Subscription], turn: Turn) -> Decision:
    word = PULL_REQUESTS if turn.pull_requests else PIPELINES
    asking = [one for one in wishes if word in one.post]
    if not asking:
        if turn.pull_requests and any(PIPELINES in one.post for one in wishes):
            return Decision(channel, None, No.BRANCH, f"it is of pull request {turn.pull_requests[0]}")
        return Decision(channel, None, No.EVENT, f"{word} is not in {', '.join(wishes[0].post)}")
    repository = turn.check.repository
    wish = next((one for one in asking if named(repository, one.repositories)), None)
    if wish is None:
        detail = f"{repository or 'no repository'} is not in {', '.join(asking[0].repositories)}"
        return Decision(channel, None, No.REPOSITORY, detail)
    no = _unremarkable(turn)
    return Decision(channel, wish) if no is None else Decision(channel, None, *no)


def _unremarkable(turn: Turn) -> tuple[No, str] | None:
    check = turn.check
    if turn.old and (turn.before is None or turn.pull_requests):
        return No.OLD, f"at {check.at:%Y-%m-%d %H:%M} UTC"
    if turn.pull_requests:
        return None
    if not turn.default:
        return No.BRANCH, f"it is on {check.branch or 'no branch'}"
    if turn.followed:
        return No.FOLLOWED, ""
    if turn.tests_turned:
        return None
    if check.course is None:
        return No.EVENT, "its tests ended as before"
    if turn.before is Outcome.FAILED:
        return None if check.course.ever(Outcome.PASSED) else (No.EVENT, "it was failing before")
    if check.course.ever(Outcome.FAILED):
        return None
    outcome = check.course.now.outcome
    return (No.GREEN, "") if outcome is Outcome.PASSED else (No.EVENT, f"it is {outcome}")
