"""Two looks at a run and what happened between them: pure, and each thing that happened comes out once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.facts.runs import Change, Event, Run, Status
from bot.follow.edits import digest, edits
from bot.ports.index import Known

ENDINGS = {Status.FINISHED: Event.FINISHED, Status.FAILED: Event.FAILED, Status.KILLED: Event.KILLED}
# Clients write their own clocks into runs; one that is ahead by more than this tells nothing about life.
CLOCK_AHEAD = timedelta(days=1)
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Look:
    """One snapshot of a run and when it was asked for (`read_at`, UTC).

    What ended before `followed_from` is history and changes quietly; `history` says that a run without any
    times is to be taken for history too.
    """

    run: Run
    read_at: datetime
    followed_from: datetime
    history: bool = False


def observe(known: Known | None, look: Look) -> tuple[Known, tuple[Change, ...]]:
    """What is known after a look, and what happened since the last one.

    A look older than what is known changes nothing but `first_seen`. RUNNING after an end starts a new
    generation; so does another end, because the run must have been open in between.
    """
    if known is None:
        fresh = Known(replace(look.run, stalled=False), look.read_at, look.read_at)
        return fresh, tuple(_first(look))
    if look.read_at < known.read_at:
        return replace(known, first_seen=min(known.first_seen, look.read_at)), ()
    generation = known.generation + _reopened(known.run.status, look.run.status)
    stalled = known.run.stalled and generation == known.generation and _still_silent(known.run, look.run)
    after = replace(
        known, run=replace(look.run, stalled=stalled), read_at=look.read_at, generation=generation, gone=False
    )
    return after, tuple(_since(known, after))


def observe_gone(known: Known, read_at: datetime) -> tuple[Known, tuple[Change, ...]]:
    """The tracker no longer knows the run at all; it is told as deleted unless it was that already."""
    if known.gone or read_at < known.read_at:
        return known, ()
    after = replace(known, run=replace(known.run, deleted=True, stalled=False), read_at=read_at, gone=True)
    if known.run.deleted:
        return after, ()
    return after, (_change(after, Event.DELETED, read_at, stamp=_stamp(known.read_at), details=("gone",)),)


def observe_silence(
    known: Known, now: datetime, stalled_after: timedelta, followed_from: datetime
) -> tuple[Known, tuple[Change, ...]]:
    """A RUNNING run without a sign of life for `stalled_after` is stalled, once for each last sign."""
    run = known.run
    if run.status is not Status.RUNNING or run.stalled or run.deleted or known.gone:
        return known, ()
    sign = last_sign(known, now)
    due = sign + stalled_after
    if now < due:
        return known, ()
    after = replace(known, run=replace(run, stalled=True))
    quiet = due < followed_from
    return after, (_change(after, Event.STALLED, due, stamp=_stamp(sign), quiet=quiet),)


def last_sign(known: Known, now: datetime) -> datetime:
    """The newest believable sign of life (UTC): a metric, the start, or else when the run was first seen."""
    moments = [metric.at for metric in known.run.metrics.values() if metric.at is not None]
    if known.run.started is not None:
        moments.append(known.run.started)
    return max((moment for moment in moments if moment <= now + CLOCK_AHEAD), default=known.first_seen)


def _first(look: Look) -> Iterator[Change]:
    """What a run's first snapshot tells: it started, and it ended if it did."""
    run, fresh = look.run, Known(look.run, look.read_at, look.read_at)
    if run.deleted:
        yield _change(fresh, Event.DELETED, look.read_at, stamp="first", quiet=True)
        return
    if run.status is Status.SCHEDULED:
        return
    began = run.started or run.ended
    yield _change(fresh, Event.STARTED, _at_most(began, look.read_at), quiet=_past(began, look))
    if run.status.ended:
        # A client may date the end back (MLflow takes any time), but no run ends before it began.
        ended = max(filter(None, (run.ended or run.last_sign, run.started)), default=None)
        yield _change(fresh, ENDINGS[run.status], _at_most(ended, look.read_at), quiet=_past(ended, look))


def _since(known: Known, after: Known) -> Iterator[Change]:
    """What happened between two snapshots, in the order it must have happened."""
    old, new = known.run, after.run
    happened = _between(new.ended, known.read_at, after.read_at)
    if old.status.ended and not new.status.ended:
        yield _change(after, Event.REOPENED, after.read_at)
    elif old.status is Status.SCHEDULED and new.status is not Status.SCHEDULED:
        yield _change(after, Event.STARTED, _between(new.started, known.read_at, after.read_at))
    if new.status.ended and new.status is not old.status:
        yield _change(after, ENDINGS[new.status], happened)
    elif new.status.ended and (details := edits(old, new)):
        stamp = digest(new, known.read_at)
        yield _change(after, Event.EDITED, after.read_at, stamp=stamp, details=details)
    elif old.stalled and not new.stalled and not new.status.ended:
        yield _change(after, Event.EDITED, after.read_at, stamp=_alive(after), details=("alive again",))
    if old.deleted != new.deleted:
        event = Event.DELETED if new.deleted else Event.RESTORED
        yield _change(after, event, after.read_at, stamp=_stamp(known.read_at))


def _reopened(old: Status, new: Status) -> bool:
    """Whether a run lives once more: another status after an end, or waiting again after it ran."""
    return (old.ended and new is not old) or (old is Status.RUNNING and new is Status.SCHEDULED)


def _still_silent(old: Run, new: Run) -> bool:
    if new.status is not Status.RUNNING:
        return False
    return (new.last_sign or EARLIEST) <= (old.last_sign or EARLIEST)


def _past(moment: datetime | None, look: Look) -> bool:
    """Whether something that was over at its first sight is history."""
    return look.history if moment is None else moment < look.followed_from


def _at_most(moment: datetime | None, read_at: datetime) -> datetime:
    return read_at if moment is None else min(moment, read_at)


def _between(moment: datetime | None, low: datetime, high: datetime) -> datetime:
    """When it happened: as the run says, but not before it was seen undone nor after it was seen done."""
    return high if moment is None else min(max(moment, low), high)


def _change(
    known: Known,
    event: Event,
    at: datetime,
    *,
    stamp: str = "",
    quiet: bool = False,
    details: tuple[str, ...] = (),
) -> Change:
    key = f"{known.run.ref}:{event}:{known.generation}" + (f":{stamp}" if stamp else "")
    return Change(key, event, known.run, known.generation, at, quiet, details)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")


def _alive(known: Known) -> str:
    return f"alive-{_stamp(known.run.last_sign or known.read_at)}"
