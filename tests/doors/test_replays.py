"""What arrives twice is done once: in the same process, after a restart, and under another name."""

from http import HTTPStatus

import pytest

from tests.doors.asgi import ask
from tests.doors.house import FORM, JSON, House, button, command, event, github_headers, workflow_run


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(command("failed since:yesterday"), FORM), (button(), FORM), (event(), JSON)],
    ids=["slow command", "button", "event"],
)
def test_a_signed_request_that_comes_again_after_a_restart_does_nothing(
    home: House, raw: bytes, kind: str
) -> None:
    home.thread()
    before = home.rows()
    headers = home.slack(raw, kind)
    assert ask(home.web, raw, headers).status == HTTPStatus.OK
    once = home.rows()
    assert once != before
    home.start_again()
    assert ask(home.web, raw, headers).status == HTTPStatus.OK, "so that its sender stops"
    assert home.rows() == once


def test_the_same_words_asked_twice_are_two_questions(home: House) -> None:
    for raw in (command("failed since:yesterday"), command("failed since:yesterday")):
        assert ask(home.web, raw, home.slack(raw)).status == HTTPStatus.OK
    assert len(home.rows()["tasks"]) == 2


def test_what_failed_is_let_in_again_even_within_the_same_second(home: House) -> None:
    raw = event()
    headers = home.slack(raw, JSON)
    home.thread()
    with home.broken():
        assert ask(home.web, raw, headers).status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert ask(home.web, raw, headers).status == HTTPStatus.OK
    assert ask(home.web, raw, headers).status == HTTPStatus.CONFLICT
    with home.works.store.read() as unit:
        assert len(unit.discussion.of_thread("C1", home.thread_ts)) == 1


def test_a_signed_delivery_under_another_id_is_the_same_delivery(home: House) -> None:
    raw = workflow_run()
    said = []
    for delivery in ("one", "one", "another"):
        said.append(ask(home.web, raw, github_headers(raw, delivery), path="/webhooks/github").body)
        home.start_again()
    assert said == [b"taken\n", b"seen before\n", b"seen before\n"]


def test_an_event_that_nobody_waits_for_is_not_sent_again(home: House) -> None:
    before = home.rows()
    raw = event(type="reaction_added")
    assert ask(home.web, raw, home.slack(raw, JSON)).status == HTTPStatus.OK
    assert home.rows() == before
