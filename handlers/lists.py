"""What the commands that name or list runs have in common: doubt about a run, and a page of runs."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.facts.messages import Message
from bot.facts.runs import Run, Status
from bot.facts.spans import Since
from bot.find.best import best_run
from bot.find.paging import page_of, with_page
from bot.find.people import mlflow_users
from bot.find.rows import Listing, row, rows
from bot.find.run import Candidates, Missing, find_run
from bot.find.scope import NoExperiment, Scope
from bot.find.standing import Standing, standing_of
from bot.notify.rules import rules_in
from bot.ports.index import RunQuery
from bot.ports.store import Unit
from bot.settings import Settings
from bot.words import Asker
from bot.words.people import Who


def channels(asker: Asker) -> tuple[str, ...]:
    """The ways the asker's channel may be written in a subscription."""
    return (asker.channel, asker.channel_name)


def in_doubt(found: Candidates | Missing, words: str, settings: Settings) -> Message:
    """Buttons that say the command again, each with one of the runs that may be meant."""
    if isinstance(found, Missing):
        near = [(name, again(words, found.typed, name)) for name in found.near]
        return Message("commands/missing", {"missing": found, "near": near})
    lines = [
        (row(run, settings.experiment(run.experiment), 1), again(words, found.typed, run.run_id))
        for run in found.runs
    ]
    return Message("commands/candidates", {"found": found, "lines": lines})


def named_run(unit: Unit, settings: Settings, typed: str, scope: Scope) -> Run | Candidates | Missing:
    """The run that is meant, `latest` and `best` of a scope included."""
    return find_run(unit, typed, scope, partial(best_run, unit, settings))


def quoted(text: str) -> str:
    """A text as one word of a command, in quotes where it needs them."""
    return f'"{text}"' if re.search(r"[\s'\":=]", text) and '"' not in text else text


def again(words: str, typed: str, meant: str) -> str:
    """The same words with what was typed replaced by what is meant, in quotes where it needs them."""
    written = quoted(meant)
    for marked in (f'"{typed}"', f"'{typed}'"):
        if marked in words:
            return words.replace(marked, written, 1)
    head, gap, tail = words.partition(" ")
    return f"{head}{gap}{tail.replace(typed, written, 1)}" if typed in tail else f"{head} {written}"


def no_experiment(found: NoExperiment, words: str) -> Message:
    """No experiment is called that; buttons for those that may be meant."""
    near = [(name, again(words, found.typed, name)) for name in found.near]
    return Message("commands/no_experiment", {"typed": found.typed, "near": near})


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed to: the query for it, and the same in words."""

    query: RunQuery
    words: tuple[str, ...]


def narrow(
    unit: Unit,
    settings: Settings,
    asker: Asker,
    now: datetime,
    query: RunQuery,
    *,
    by: Who | None = None,
    status: Status | str | None = None,
    since: Since | None = None,
) -> Narrowed | Message:
    """The query with the options of a list applied; a Message where nobody knows who `by` is."""
    said: list[str] = []
    if status is not None:
        said.append(status.lower())
        query = (
            replace(query, statuses=frozenset({status}))
            if isinstance(status, Status)
            else replace(query, stalled=True)
        )
    if by is not None:
        known = mlflow_users(unit, settings.people, asker.user if by.me else by.slack)
        owners = tuple(dict.fromkeys((by.mlflow, by.mlflow.lower()))) if by.mlflow else known
        if not owners:
            return Message("commands/nobody", {"who": by})
        said.append(f"by {by.mlflow or ' or '.join(owners)}")
        query = replace(query, owners=owners)
    if since is not None:
        said.append(f"since {since.typed}")
        query = replace(query, since=since.moment(now, asker.timezone))
    return Narrowed(query, tuple(said))


def listing(
    unit: Unit,
    settings: Settings,
    listed: Listing,
    narrowed: Narrowed,
    scope: Scope,
    *,
    words: str,
    number: int,
    size: int,
) -> Message:
    """A page of runs, with the words that lead to the pages beside it."""
    page = page_of(unit, narrowed.query, number, size)
    facts = {
        "listed": listed,
        "page": page,
        "rows": rows(
            page.runs,
            rules_in(unit, settings, page.runs),
            unit.verdicts.words([run.ref for run in page.runs]),
        ),
        "previous": with_page(words, page.number - 1) if page.number > 1 else "",
        "next": with_page(words, page.number + 1) if page.has_next else "",
        "scope": scope,
        "narrowed": narrowed.words,
        "standing": standing(unit, settings),
    }
    return Message("commands/list", facts)


def standing(unit: Unit, settings: Settings) -> Standing:
    """How the configured trackers stand."""
    return standing_of(unit, (tracker.name for tracker in settings.trackers))
