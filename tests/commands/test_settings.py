"""`settings` says what is set for this channel, this person and the trackers."""

from datetime import timedelta

from bot.facts.people import Person
from bot.facts.routes import Subscription
from bot.words import Asker
from tests.commands.desk import NOW, Desk
from tests.golden_files import check_golden


def test_the_channels_subscriptions_digest_person_and_trackers_are_told(desk: Desk) -> None:
    text = desk.read("settings")
    for part in (
        "finished, failed, stalled, verdicts, pipelines of churn-*, only -tag:trial=true",
        "Digest: 09:30 Europe/Berlin, weekdays",
        "You in MLflow: jdoe",
        "main: answers, last read 12 Nov 2026, 14:00 UTC",
    ):
        assert part in text
    check_golden(desk.templates, desk.ask("settings"))


def test_a_channel_and_person_nobody_named_are_told_where_to_write_it(desk: Desk) -> None:
    text = desk.read("settings", Asker("U0009", "mia", "C0009", "random"))
    assert "This channel subscribes to nothing." in text
    assert "Digest: none in this channel" in text
    assert "not known; it is noted under people in app.yaml" in text


def test_subscriptions_made_in_chat_and_linked_people_count_too(desk: Desk) -> None:
    with desk.store.write() as unit:
        unit.subscriptions.put(Subscription("C0009", ("nlp-*",), ("failed",), origin="mia"))
        unit.people.link(Person("mia.m", "U0009"))
    text = desk.read("settings", Asker("U0009", "mia", "C0009", "random"))
    assert "failed of nlp-* (mia)" in text
    assert "You in MLflow: mia.m" in text


def test_a_tracker_that_does_not_answer_says_why(desk: Desk) -> None:
    desk.follow(error="connection refused", error_since=NOW - timedelta(hours=1))
    text = desk.read("settings")
    assert "main: unreachable since 12 Nov 2026, 13:00 UTC: connection refused" in text
    assert text.count("unreachable") == 1
