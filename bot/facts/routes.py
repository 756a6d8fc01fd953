"""Who wants to be told of what: subscriptions and the decisions made by them."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel's wish: experiments and repositories (globs) by events by filters.

    `post` holds event names (finished, failed, killed, stalled, started, edited, verdicts, models,
    pipelines, pull_requests); failed covers killed. `only` holds filters as written: `+tag:k=v`, `-tag:k=v`,
    `+by:NAME`, `-by:NAME`; all must hold. `show` names the metrics a card shows, empty for the experiment's own.
    """

    channel: str
    experiments: tuple[str, ...] = ("*",)
    post: tuple[str, ...] = ("finished", "failed", "stalled", "verdicts", "models", "pipelines")
    only: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    threads: bool = True
    origin: str = "app.yaml"
    repositories: tuple[str, ...] = ("*",)


class No(StrEnum):
    """Why something was not posted to a channel."""

    EXPERIMENT = "the subscription does not name this experiment"
    EVENT = "the subscription does not ask for this event"
    FILTER = "a filter of the subscription stopped it"
    CHILD = "it is a child run: it counts in its parent's card"
    QUIET = "it happened before Rundown followed this tracker"
    EARLY_FAILURE = "it failed within the first minutes"
    BRANCH = "it is not on the default branch"
    GREEN = "a passing pipeline is not posted"
    REPOSITORY = "the subscription does not name this repository"
    FOLLOWED = "a later pipeline of this branch has ended since"
    OLD = "it happened long before Rundown heard of it"
    PAUSED = "the channel is paused"


@dataclass(frozen=True, slots=True)
class Decision:
    """What routing decided for one channel: the subscription that matched, or why none did.

    `no` is empty when the answer is yes; `detail` names the filter or rule that spoke.
    """

    channel: str
    subscription: Subscription | None
    no: No | None = None
    detail: str = ""
