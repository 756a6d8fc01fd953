"""A finished run without a note is asked about once in its thread, until somebody writes the note."""

from datetime import timedelta

from tests.fixtures.bench import Bench, Team, said

QUESTION = "did you learn"
NOTE = "mlflow.note.content"


def test_a_run_without_a_note_is_asked_about_after_four_hours_and_once(bench: Bench, team: Team) -> None:
    team.train("calm-owl")
    bench.follow()
    bench.let_pass(timedelta(hours=3, minutes=50))
    bench.follow()
    assert bench.thread(bench.card("calm-owl")) == []
    bench.let_pass(timedelta(minutes=15))
    for _ in range(3):
        bench.follow()
        bench.let_pass(timedelta(hours=5))
    replies = bench.thread(bench.card("calm-owl"))
    assert len(replies) == 1
    assert QUESTION in replies[0]


def test_the_question_goes_away_when_the_note_exists(bench: Bench, team: Team) -> None:
    run = team.train("calm-owl")
    bench.follow()
    bench.let_pass(timedelta(hours=5))
    bench.follow()
    team.hand.tag(run, NOTE, "Dropout helps, but only with more data.")
    bench.follow()
    replies = bench.thread(bench.card("calm-owl"))
    assert len(replies) == 1
    assert QUESTION not in replies[0]
    assert "documented" in replies[0]


def test_a_run_documented_in_time_is_never_asked_about(bench: Bench, team: Team) -> None:
    run = team.train("calm-owl")
    bench.follow()
    team.hand.tag(run, NOTE, "A first look.")
    bench.let_pass(timedelta(hours=5))
    bench.follow()
    assert all(QUESTION not in reply for reply in bench.thread(bench.card("calm-owl")))


def test_failed_runs_and_children_are_left_alone(bench: Bench, team: Team) -> None:
    team.train("broke", status="FAILED")
    bench.follow()
    bench.let_pass(timedelta(hours=5))
    bench.follow()
    assert all(QUESTION not in said(card) for card in bench.cards())
    assert all(QUESTION not in reply for reply in bench.thread(bench.card("broke")))
