"""Whatever order a pipeline's signed deliveries come in, and however often: its card ends the same."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.deliveries import event_of, pull_request, workflow_job, workflow_run
from tests.doors.asgi import ask
from tests.doors.house import House, github_headers

COMMIT = "7d3f1c9a5be24880c6f1e0b7a942d5538e61fa20"
ENDS = st.sampled_from(("success", "failure", "cancelled", "timed_out", "action_required"))
NUMBERS = count(1)
Payload = dict[str, Any]


@st.composite
def deliveries(draw: st.DrawFn) -> list[Payload]:
    """What GitHub sends of up to three attempts of a workflow, and of the pull request it checks, if it does."""
    begun = datetime.now(UTC) - timedelta(minutes=30)
    pull = draw(st.sampled_from((None, 12)))
    sent: list[Payload] = []
    for attempt in range(1, draw(st.integers(1, 3)) + 1):
        # GitHub dates to the second, so that what follows at once bears the same time.
        seconds = draw(st.sampled_from((0, 20)))
        moments = [begun + timedelta(minutes=attempt, seconds=seconds * step) for step in range(3)]
        how: Payload = {"attempt": attempt, "branch": "main" if pull is None else "try", "pull_request": pull}
        end = draw(ENDS)
        sent += [
            workflow_run(COMMIT, 1, "queued", None, "Drop a column", moments[0], **how),
            workflow_run(COMMIT, 1, "in_progress", None, "Drop a column", moments[1], **how),
            workflow_job(1, 10 * attempt, "conversations", None, moments[1], attempt=attempt),
            workflow_job(1, 10 * attempt, "conversations", end, moments[2], attempt=attempt, failed_step="pytest"),
            workflow_run(COMMIT, 1, "completed", end, "Drop a column", moments[2], **how),
        ]
    if pull is not None:
        sent += [pull_request(12, COMMIT, "Lower it", begun)]
        sent += [pull_request(12, COMMIT, "Lower it", begun + timedelta(minutes=9), merged=True)]
    return sent


def cards(home: House, sent: Sequence[Payload]) -> list[Any]:
    """Deliver to a repository of its own, and read the cards that stand at the end."""
    repository = f"acme/churn-{next(NUMBERS):06}"
    for payload in sent:
        raw = json.dumps(payload).replace("acme/churn", repository).encode()
        headers = {**github_headers(raw), "x-github-event": event_of(payload)}
        assert ask(home.web, raw, headers, path="/webhooks/github").status == HTTPStatus.OK
    found: list[Any] = []
    with home.works.store.read() as unit:
        for subject in (f"pipeline:github:{repository}:9000001", f"pull:github:{repository}:12"):
            post = unit.outbox.get("#churn", subject)
            told = None if post is None else json.dumps([post.text, post.blocks, post.thread_key])
            found.append(told and told.replace(repository, "acme/churn"))
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), deliveries())
def test_any_interleaving_and_repetition_ends_in_the_same_card(
    home: House, data: st.DataObject, sent: list[Payload]
) -> None:
    repeated = data.draw(st.lists(st.sampled_from(sent), max_size=5))
    shuffled = data.draw(st.permutations(sent + repeated))
    assert cards(home, shuffled) == cards(home, sent)


def test_the_property_speaks_of_cards(home: House) -> None:
    failed = workflow_run(COMMIT, 1, "completed", "failure", "Drop a column")
    (card, _) = cards(home, [workflow_job(1, 10, "conversations", "failure", failed_step="pytest"), failed])
    assert "started failing" in card
    assert "pytest" in card
