"""A pipeline's card is the same whatever order its deliveries came in, and however often."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.edges.store import SqlStore
from bot.facts.pipelines import Job, JobChange, News, Outcome, Pipeline, PullRequest, PullRequestState
from bot.notify.ci.pipelines import Pipelines
from bot.ports.store import Unit
from bot.render.messages import Templates
from bot.settings import Settings

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
COMMIT = "0123456789abcdef0123456789abcdef01234567"
PIPELINE = Pipeline(
    "github",
    "acme/churn",
    "77",
    1,
    "tests",
    "main",
    COMMIT,
    Outcome.QUEUED,
    "https://x/77",
    True,
    NOON,
    created=NOON,
)
PULL = PullRequest(
    "github", "acme/churn", 12, "Lower it", "https://x/12", PullRequestState.OPEN, "lower", COMMIT, "main", NOON
)
WISHES = {"channels": {"#churn": [{"post": ["pipelines", "pull_requests"]}]}}
TELLER = Pipelines(Settings.model_validate(WISHES), Templates())
ENDS = st.sampled_from((Outcome.PASSED, Outcome.FAILED, Outcome.CANCELLED, Outcome.WAITING))


@st.composite
def deliveries(draw: st.DrawFn) -> list[News]:
    """What a provider sends of up to three attempts, and of the pull request, in the order of events."""
    sent: list[News] = []
    main = draw(st.booleans())
    for attempt in range(1, draw(st.integers(1, 3)) + 1):
        # GitHub dates to the second, so that what follows at once bears the same time.
        moment = NOON + attempt * MINUTE
        pace = draw(st.sampled_from((timedelta(0), MINUTE / 4)))
        states = [Outcome.QUEUED, Outcome.RUNNING, draw(ENDS)]
        for number, outcome in enumerate(states):
            here = moment + number * pace
            state = replace(PIPELINE, attempt=attempt, outcome=outcome, updated=here, default_branch=main)
            sent.append(
                state if main else replace(state, branch="lower", pull_requests=draw(st.sampled_from(((), (12,)))))
            )
            if number:
                error = draw(st.sampled_from(("", "assert 2 == 3")))
                job = Job(f"{attempt}", "behaviour", outcome, here, attempt=attempt, error=error)
                sent.append(JobChange("github", "acme/churn", "77", job))
    if not main:
        sent += [PULL, replace(PULL, state=PullRequestState.MERGED, updated=NOON + 9 * MINUTE)]
    return sent


class Undone(Exception):
    """Ends a transaction that leaves nothing behind."""


def undo() -> None:
    raise Undone


def cards(unit: Unit) -> Iterator[Any]:
    for subject in (PIPELINE.subject, PULL.subject):
        post = unit.outbox.get("#churn", subject)
        yield None if post is None else (post.text, post.blocks, post.thread_key, post.subject)


def told(store: SqlStore, before: Outcome | None, sent: Sequence[News]) -> list[Any]:
    """The cards at the end; nothing of it is kept."""
    with suppress(Undone), store.write() as unit:
        if before is not None:
            earlier = replace(PIPELINE, pipeline_id="76", outcome=before, created=NOON - MINUTE)
            TELLER.take(unit, [earlier], NOON)
        for one in sent:
            TELLER.take(unit, [one], NOON + 10 * MINUTE)
        found = list(cards(unit))
        undo()
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), deliveries(), st.sampled_from((None, Outcome.PASSED, Outcome.FAILED)))
def test_any_interleaving_and_repetition_ends_in_the_same_card(
    sqlite_store: SqlStore, data: st.DataObject, sent: list[News], before: Outcome | None
) -> None:
    repeated = data.draw(st.lists(st.sampled_from(sent), max_size=6))
    shuffled = data.draw(st.permutations(sent + repeated))
    assert told(sqlite_store, before, shuffled) == told(sqlite_store, before, sent)


def test_the_property_speaks_of_cards(sqlite_store: SqlStore) -> None:
    failed = replace(PIPELINE, outcome=Outcome.FAILED, updated=NOON + MINUTE)
    (card, _) = told(sqlite_store, None, [failed])
    assert "started failing" in card[0]
    lower = replace(failed, default_branch=False, branch="lower")
    (card, root) = told(sqlite_store, None, [lower, PULL])
    assert card[2] == PULL.subject
    assert "Lower it" in root[0]


def test_of_what_ended_during_an_outage_only_the_last_of_a_branch_is_told(sqlite_store: SqlStore) -> None:
    def ended(number: int, outcome: Outcome, hours: int, **changed: Any) -> Pipeline:
        moment = NOON + timedelta(hours=hours)
        return replace(
            PIPELINE, pipeline_id=f"{number}", outcome=outcome, created=moment, updated=moment, **changed
        )

    with sqlite_store.write() as unit:
        TELLER.take(unit, [ended(1, Outcome.PASSED, 0)], NOON)
        away = [ended(2, Outcome.FAILED, 1), ended(3, Outcome.PASSED, 2), ended(4, Outcome.FAILED, 3)]
        unknown = ended(5, Outcome.FAILED, 3, repository="acme/fraud")
        TELLER.take(unit, [*away, unknown], NOON + timedelta(hours=20))
        told = [one for one in (*away, unknown) if unit.outbox.get("#churn", one.subject) is not None]
    assert [one.pipeline_id for one in told] == ["4"]
