"""Tests that became flaky are news: a card that people have seen says so in its thread and in the channel."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.edges.store import SqlStore
from bot.facts.pipelines import Outcome, Pipeline
from bot.facts.reports import Counts, Origin
from bot.facts.suites import ChangedTest, Part, SuiteDiff
from bot.notify.ci.pipelines import Pipelines
from bot.render.messages import Templates
from bot.settings import Settings
from tests.notify.office import Office

WISH: Mapping[str, object] = {"post": ["pipelines", "pull_requests"]}
GREETING = Part(1, (ChangedTest("tests.talk", "test_greeting", "[de]"),))


class Ci:
    """A pipeline and its test run, told one after the other and delivered."""

    def __init__(self, store: SqlStore, wish: Mapping[str, object] = WISH) -> None:
        self.office = Office(store)
        settings = Settings.model_validate({"channels": {"#churn": [dict(wish)]}})
        self.teller = Pipelines(settings, Templates())
        self.failed = Pipeline(
            "github",
            "acme/churn",
            "77",
            1,
            "tests",
            "main",
            "0123456789abcdef" * 2,
            Outcome.FAILED,
            "https://ci.example/77",
            True,
            self.office.clock(),
        )

    def pipeline(self, pipeline: Pipeline) -> None:
        with self.office.store.write() as unit:
            self.teller.take(unit, [pipeline], self.office.clock())
        self.office.work(2)

    def tested(self, **parts: Part) -> None:
        at = self.office.clock()
        origin = Origin("report", "1", at, "talks", "acme/churn", "main", provider="github", pipeline_id="77")
        base = replace(origin, id="0", at=at - timedelta(hours=1), pipeline_id="76")
        with self.office.store.write() as unit:
            self.teller.tested(unit, SuiteDiff(origin, base, Counts(passed=9), **parts), at)
        self.office.work(2)

    def said(self) -> list[tuple[str, bool]]:
        """What a thread says of flaky tests, and whether the channel sees it too."""
        card = self.office.post(self.failed.subject)
        thread = self.office.post(card.thread_key) if card.thread_key else card
        replies = self.office.slack.shown("#churn", thread_ts=thread.ts)
        return [(one.text, one.broadcast) for one in replies if "has newly flaky tests" in one.text]


def test_a_card_that_people_have_seen_says_it_in_its_thread_and_in_the_channel(sqlite_store: SqlStore) -> None:
    ci = Ci(sqlite_store)
    ci.pipeline(ci.failed)
    ci.tested(newly_flaky=GREETING)
    ((text, broadcast),) = ci.said()
    assert "test_greeting[de]" in text and broadcast
    ci.tested(newly_flaky=GREETING)
    assert len(ci.said()) == 1, "what is told again is no news"


def test_a_card_that_begins_with_it_is_news_itself(sqlite_store: SqlStore) -> None:
    ci = Ci(sqlite_store)
    ci.pipeline(replace(ci.failed, outcome=Outcome.PASSED))
    ci.tested(newly_flaky=GREETING)
    assert "1 newly flaky" in ci.office.post(ci.failed.subject).text
    ci.pipeline(replace(ci.failed, outcome=Outcome.PASSED, title="Greet", updated=ci.office.clock()))
    assert ci.said() == []


def test_a_pull_request_has_it_in_its_thread(sqlite_store: SqlStore) -> None:
    ci = Ci(sqlite_store)
    ci.pipeline(replace(ci.failed, branch="greet", default_branch=False, pull_requests=(12,)))
    ci.tested(newly_flaky=GREETING)
    ((_, broadcast),) = ci.said()
    assert broadcast


def test_a_channel_that_wants_no_threads_is_told_in_the_thread_alone(sqlite_store: SqlStore) -> None:
    ci = Ci(sqlite_store, {**WISH, "threads": False})
    ci.pipeline(ci.failed)
    ci.tested(newly_flaky=GREETING)
    ((_, broadcast),) = ci.said()
    assert not broadcast


@pytest.mark.parametrize("part", ["newly_failing", "slower", "removed"])
def test_other_changes_are_not_called_flaky(sqlite_store: SqlStore, part: str) -> None:
    ci = Ci(sqlite_store)
    ci.pipeline(ci.failed)
    ci.tested(**{part: GREETING})
    assert ci.said() == []
