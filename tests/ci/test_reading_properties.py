"""Whatever a signed delivery holds, it is read, passed over or found unreadable; nothing else is ever raised."""

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ci.arrival import Unreadable
from bot.ci.providers import github, gitlab
from bot.facts.pipelines import JobChange, News, Pipeline, PullRequest
from tests.ci import payloads

Read = Callable[[Mapping[str, str], Mapping[str, Any], datetime], Sequence[News] | None]

DELIVERIES: list[tuple[Read, str, dict[str, Any]]] = [
    (github.read, "workflow_run", payloads.workflow_run()),
    (github.read, "workflow_job", payloads.workflow_job()),
    (github.read, "check_run", payloads.check_run()),
    (github.read, "check_suite", payloads.check_suite()),
    (github.read, "pull_request", payloads.pull_request()),
    (gitlab.read, "", payloads.pipeline()),
    (gitlab.read, "", payloads.job()),
    (gitlab.read, "", payloads.merge_request()),
]
ODD = st.sampled_from(
    [
        None, "", "\x00", "\ud800", "x" * 10_000, "9" * 400, -1, 2**70, 1.5, True, [], [None], {}, {"": ""},
        "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-11-23 11:59:00 UTC", "2026-11-23", 1e300,
    ]
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


@pytest.mark.parametrize(("read", "event", "body"), DELIVERIES)
@given(data=st.data())
def test_a_changed_body_is_read_or_said_to_be_unreadable(
    read: Read, event: str, body: dict[str, Any], data: st.DataObject
) -> None:
    changed = copy.deepcopy(body)
    for place in data.draw(st.lists(st.sampled_from(places(body)[1:]), min_size=1, max_size=3)):
        holder: Any = changed
        try:
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = data.draw(ODD)
        except (KeyError, IndexError, TypeError):
            continue
    try:
        told = read({"x-github-event": event}, changed, payloads.NOW)
    except Unreadable as problem:
        assert len(str(problem)) < 500
        return
    for one in told or ():
        assert isinstance(one, Pipeline | JobChange | PullRequest)
        dated = one.job.updated if isinstance(one, JobChange) else one.updated
        assert dated.tzinfo is UTC
        assert len(one.subject) < 1200


@pytest.mark.parametrize(("read", "event", "body"), DELIVERIES)
def test_fields_of_next_year_are_passed_over(read: Read, event: str, body: dict[str, Any]) -> None:
    def grown(value: Any) -> Any:
        if isinstance(value, dict):
            return {"field of next year": {"a": [1]}, **{key: grown(one) for key, one in value.items()}}
        return [grown(one) for one in value] if isinstance(value, list) else value

    headers = {"x-github-event": event}
    assert read(headers, grown(body), payloads.NOW) == read(headers, body, payloads.NOW)
    assert json.dumps(grown(body)) != json.dumps(body)
