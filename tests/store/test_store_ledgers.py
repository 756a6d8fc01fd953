"""Firings, arrivals, tasks, people, subscriptions, audit and notices are kept."""

from datetime import UTC, datetime, timedelta

from bot.edges.store import SqlStore
from bot.facts.people import AuditEntry, Person
from bot.facts.routes import Subscription
from bot.ports.ledgers import Task

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_job_fires_once_a_slot(store: SqlStore) -> None:
    with store.write() as unit:
        assert unit.fires.last("digest") is None
        assert unit.fires.fire("digest", "2026-11-02", NOW)
        assert not unit.fires.fire("digest", "2026-11-02", NOW + MINUTE)
        assert unit.fires.fire("digest", "2026-11-03", NOW + MINUTE)
        assert unit.fires.fire("sweep", "2026-11-02", NOW)
        assert unit.fires.last("digest") == ("2026-11-03", NOW + MINUTE)


def test_the_old_firings_of_some_jobs_are_forgotten(store: SqlStore) -> None:
    with store.write() as unit:
        for job in ("look_1", "look_2", "lookup", "digest"):
            unit.fires.fire(job, "old", NOW)
            unit.fires.fire(job, "new", NOW + MINUTE)
        assert unit.fires.forget("look_", NOW + MINUTE) == 2
        assert unit.fires.last("look_1") == ("new", NOW + MINUTE)
        assert unit.fires.fire("look_1", "old", NOW)
        assert not unit.fires.fire("lookup", "old", NOW)
        assert not unit.fires.fire("digest", "old", NOW)


def test_a_source_is_known_by_what_came_last(store: SqlStore) -> None:
    with store.write() as unit:
        assert unit.arrivals.last("github") is None
        unit.arrivals.first("github", "1", NOW)
        unit.arrivals.first("github", "2", NOW - MINUTE)
        unit.arrivals.first("gitlab", "1", NOW + MINUTE)
        assert unit.arrivals.last("github") == NOW


def test_an_arrival_is_first_once(store: SqlStore) -> None:
    with store.write() as unit:
        assert unit.arrivals.first("github", "1", NOW)
        assert not unit.arrivals.first("github", "1", NOW + MINUTE)
        assert unit.arrivals.first("slack", "1", NOW + MINUTE)
        assert unit.arrivals.forget(NOW + MINUTE) == 1
        assert unit.arrivals.first("github", "1", NOW)
        assert not unit.arrivals.first("slack", "1", NOW)


def test_tasks_are_taken_oldest_first_and_once(store: SqlStore) -> None:
    with store.write() as unit:
        first = unit.tasks.put("answer", {"text": "latest", "page": 2}, NOW)
        second = unit.tasks.put("answer", {}, NOW)
        later = unit.tasks.put("answer", {}, NOW + MINUTE)
        lease = NOW + 5 * MINUTE
        assert unit.tasks.claim("w", NOW, lease) == Task(first, "answer", {"text": "latest", "page": 2}, 1)
        assert unit.tasks.claim("w", NOW, lease) == Task(second, "answer", {}, 1)
        assert unit.tasks.claim("w", NOW, lease) is None
        assert unit.tasks.claim("w", NOW + MINUTE, lease) == Task(later, "answer", {}, 1)


def test_a_task_whose_lease_ran_out_is_taken_again(store: SqlStore) -> None:
    with store.write() as unit:
        task = unit.tasks.put("answer", {}, NOW)
        unit.tasks.claim("one", NOW, NOW + MINUTE)
        assert unit.tasks.claim("two", NOW, NOW + MINUTE) is None
        assert unit.tasks.claim("two", NOW + MINUTE, NOW + 2 * MINUTE) == Task(task, "answer", {}, 2)


def test_a_failed_task_waits_for_its_retry_or_is_dead(store: SqlStore) -> None:
    with store.write() as unit:
        task = unit.tasks.put("answer", {}, NOW)
        unit.tasks.claim("w", NOW, NOW + MINUTE)
        unit.tasks.failed(task, "tracker down \0", NOW + 3 * MINUTE)
        assert unit.tasks.claim("w", NOW + 2 * MINUTE, NOW + 5 * MINUTE) is None
        assert unit.tasks.claim("w", NOW + 3 * MINUTE, NOW + 5 * MINUTE) == Task(task, "answer", {}, 2)
        unit.tasks.failed(task, "tracker down", None)
        assert unit.tasks.claim("w", NOW + 60 * MINUTE, NOW + 70 * MINUTE) is None


def test_a_task_that_is_done_leaves_no_trace_and_its_id_is_not_used_again(store: SqlStore) -> None:
    with store.write() as unit:
        task = unit.tasks.put("answer", {}, NOW)
        unit.tasks.done(task)
        assert unit.tasks.claim("w", NOW, NOW + MINUTE) is None
        assert unit.tasks.put("answer", {}, NOW) > task


def test_an_mlflow_user_is_one_slack_person(store: SqlStore) -> None:
    mira, mira2 = Person("mira", "U1", "mira@example.com", verified=True), Person("mira@laptop", "U1")
    with store.write() as unit:
        unit.people.link(Person("mira", "U9"))
        unit.people.link(mira)
        unit.people.link(mira2)
        assert unit.people.by_mlflow("mira") == mira
        assert unit.people.by_mlflow("nobody") is None
        assert unit.people.by_slack("U1") == [mira, mira2]
        assert unit.people.by_slack("U9") == []


def test_subscriptions_come_back_as_they_were_made(store: SqlStore) -> None:
    one = Subscription(
        "#churn", ("churn-*", "x"), ("failed",), ("+tag:a=b",), ("auc",), threads=False, origin="U1"
    )
    with store.write() as unit:
        first = unit.subscriptions.put(one)
        second = unit.subscriptions.put(Subscription("#fraud"))
        assert unit.subscriptions.all() == [(first, one), (second, Subscription("#fraud"))]
        unit.subscriptions.drop(first)
        assert unit.subscriptions.all() == [(second, Subscription("#fraud"))]


def test_the_audit_shows_the_newest_first(store: SqlStore) -> None:
    old, new = AuditEntry(NOW, "U1", "link", "mira", "\0"), AuditEntry(NOW, "U2", "delete", "r1")
    with store.write() as unit:
        unit.audit.add(old)
        unit.audit.add(new)
        assert unit.audit.newest() == [new, AuditEntry(NOW, "U1", "link", "mira", "�")]
        assert unit.audit.newest(limit=1) == [new]


def test_a_trouble_is_raised_until_it_is_over(store: SqlStore) -> None:
    with store.write() as unit:
        assert unit.notices.raise_("tracker:main", "down", NOW)
        assert not unit.notices.raise_("tracker:main", "still down", NOW + MINUTE)
        assert unit.notices.raise_("a", "b", NOW + MINUTE)
        assert unit.notices.open() == [("tracker:main", "down", NOW), ("a", "b", NOW + MINUTE)]
        assert unit.notices.clear("tracker:main")
        assert not unit.notices.clear("tracker:main")
        assert unit.notices.raise_("tracker:main", "down", NOW)
