"""Who wants to be told of a change: a yes or a named no for each channel; pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase

from bot.facts.routes import Decision, No, Subscription
from bot.facts.runs import Change, Event, Run

# From the least to the most telling: the farther a change got, the more its no explains.
TELLING = (No.EXPERIMENT, No.QUIET, No.CHILD, No.EVENT, No.FILTER, No.EARLY_FAILURE)
FAILURES = (Event.FAILED, Event.KILLED)
VERDICTS = "verdicts"


def route(
    change: Change, subscriptions: Iterable[Subscription], early_failure: timedelta = timedelta(0)
) -> tuple[Decision, ...]:
    """One decision a channel, in the order the channels were first named.

    The first subscription of a channel that matches wins; without one, the most telling no is kept. A run
    that failed or was killed within `early_failure` of its start is not posted; a zero lets all through.
    """
    return tuple(
        _decide(channel, [_consider(change, one, early_failure) for one in wishes])
        for channel, wishes in by_channel(subscriptions).items()
    )


def by_channel(subscriptions: Iterable[Subscription]) -> Mapping[str, Sequence[Subscription]]:
    """The subscriptions of each channel, in the order the channels were first named."""
    channels: dict[str, list[Subscription]] = {}
    for one in subscriptions:
        channels.setdefault(one.channel, []).append(one)
    return channels


def _decide(channel: str, considered: Sequence[Decision]) -> Decision:
    for decision in considered:
        if decision.no is None:
            return decision
    return max(considered, key=lambda one: TELLING.index(one.no) if one.no in TELLING else len(TELLING))


def _consider(change: Change, wish: Subscription, early_failure: timedelta) -> Decision:
    no = _reason(change, wish, early_failure)
    if no is None:
        return Decision(wish.channel, wish)
    return Decision(wish.channel, None, *no)


def _reason(change: Change, wish: Subscription, early_failure: timedelta) -> tuple[No, str] | None:
    run = change.run
    if not named(run.experiment, wish.experiments):
        return No.EXPERIMENT, f"{run.experiment} is not in {', '.join(wish.experiments)}"
    if change.quiet:
        return No.QUIET, f"at {change.at:%Y-%m-%d %H:%M} UTC"
    if run.parent_id:
        return No.CHILD, f"its parent is {run.parent_id}"
    if not _asked_for(change.event, wish.post):
        return No.EVENT, f"{change.event} is not in {', '.join(wish.post)}"
    filter_ = stopped_by(run, wish.only)
    if filter_:
        return No.FILTER, filter_
    if change.event in FAILURES and run.duration is not None and run.duration < early_failure:
        return No.EARLY_FAILURE, f"after {_seconds(run.duration)}, sooner than {_seconds(early_failure)}"
    return None


def named(name: str, globs: Iterable[str]) -> bool:
    """Whether the name of an experiment or a repository matches one of the globs, exactly as they are written."""
    return any(fnmatchcase(name, glob) for glob in globs)


def _asked_for(event: Event, post: Sequence[str]) -> bool:
    return event in post or (event is Event.KILLED and Event.FAILED in post)


def stopped_by(run: Run, only: Iterable[str]) -> str:
    """The first filter that does not hold for a run, empty when all do.

    Filters are `+tag:key=value` (must carry it), `-tag:key=value` (must not), `+tag:key` (any value) and
    `+by:NAME` (the MLflow user who started it).
    """
    return next((one for one in only if not _holds(run, one)), "")


def _holds(run: Run, filter_: str) -> bool:
    kind, _, wanted = filter_[1:].partition(":")
    if kind == "by":
        found = run.owner.lower() == wanted.lower()
    else:
        key, equals, value = wanted.partition("=")
        found = key in run.tags and (not equals or run.tags[key] == value)
    return found == filter_.startswith("+")


def _seconds(span: timedelta) -> str:
    total = int(span.total_seconds())
    return f"{total // 60} min" if total >= 60 and total % 60 == 0 else f"{total} s"


def route_verdict(run: Run, subscriptions: Iterable[Subscription]) -> tuple[Decision, ...]:
    """One decision a channel: whether it wants to be told of a regression whose card is that of this run."""
    return tuple(
        _decide(channel, [_consider_verdict(run, one) for one in wishes])
        for channel, wishes in by_channel(subscriptions).items()
    )


def _consider_verdict(run: Run, wish: Subscription) -> Decision:
    if not named(run.experiment, wish.experiments):
        detail = f"{run.experiment} is not in {', '.join(wish.experiments)}"
        return Decision(wish.channel, None, No.EXPERIMENT, detail)
    if VERDICTS not in wish.post:
        return Decision(wish.channel, None, No.EVENT, f"{VERDICTS} is not in {', '.join(wish.post)}")
    filter_ = stopped_by(run, wish.only)
    return Decision(wish.channel, None, No.FILTER, filter_) if filter_ else Decision(wish.channel, wish)
