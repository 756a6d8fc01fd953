"""What a pipeline's course means for its branch, and which channels want to hear of it; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.facts.courses import Course
from bot.facts.pipelines import Outcome
from bot.facts.routes import Decision, No, Subscription
from bot.notify.routing import by_channel, named

PIPELINES = "pipelines"
PULL_REQUESTS = "pull_requests"


@dataclass(frozen=True, slots=True)
class Turn:
    """A pipeline on its branch.

    `before` is how the last pipeline of this name and branch that passed or failed ended, if one is known.
    `followed` tells that a later one has passed or failed, so this one decides nothing any more. `pull_requests`
    are the numbers it checks. `old` tells that it happened long before it was heard of.
    """

    course: Course
    before: Outcome | None = None
    followed: bool = False
    pull_requests: tuple[int, ...] = ()
    old: bool = False

    @property
    def word(self) -> str:
        """What people must notice: `started failing` or `fixed`, empty for anything else.

        A rerun that passes mends what the attempt before it broke; one that fails again is no news.
        """
        now, last = self.course.now.outcome, self.course.before or self.before
        if now is Outcome.FAILED and last is not Outcome.FAILED:
            return "started failing"
        return "fixed" if now is Outcome.PASSED and last is Outcome.FAILED else ""


def route_pipeline(turn: Turn, subscriptions: Iterable[Subscription]) -> tuple[Decision, ...]:
    """One decision a channel, in the order the channels were first named.

    Told are pipelines of the default branch that started failing or were fixed, and pipelines of pull requests
    where a subscription asks for those. It depends on what is known of the pipeline, not on what came last.
    """
    return tuple(_decide(channel, wishes, turn) for channel, wishes in by_channel(subscriptions).items())


def _decide(channel: str, wishes: Sequence[Subscription], turn: Turn) -> Decision:
    word = PULL_REQUESTS if turn.pull_requests else PIPELINES
    asking = [one for one in wishes if word in one.post]
    if not asking:
        if turn.pull_requests and any(PIPELINES in one.post for one in wishes):
            return Decision(channel, None, No.BRANCH, f"it is of pull request {turn.pull_requests[0]}")
        return Decision(channel, None, No.EVENT, f"{word} is not in {', '.join(wishes[0].post)}")
    repository = turn.course.now.repository
    wish = next((one for one in asking if named(repository, one.repositories)), None)
    if wish is None:
        return Decision(
            channel, None, No.REPOSITORY, f"{repository} is not in {', '.join(asking[0].repositories)}"
        )
    no = _unremarkable(turn)
    return Decision(channel, wish) if no is None else Decision(channel, None, *no)


def _unremarkable(turn: Turn) -> tuple[No, str] | None:
    pipeline = turn.course.now
    if turn.old and (turn.before is None or turn.pull_requests):
        return No.OLD, f"at {pipeline.updated:%Y-%m-%d %H:%M} UTC"
    if turn.pull_requests:
        return None
    if not pipeline.default_branch:
        return No.BRANCH, f"it is on {pipeline.branch or 'no branch'}"
    if turn.followed:
        return No.FOLLOWED, ""
    if turn.before is Outcome.FAILED:
        return None if turn.course.ever(Outcome.PASSED) else (No.EVENT, "it was failing before")
    if turn.course.ever(Outcome.FAILED):
        return None
    return (No.GREEN, "") if pipeline.outcome is Outcome.PASSED else (No.EVENT, f"it is {pipeline.outcome}")
