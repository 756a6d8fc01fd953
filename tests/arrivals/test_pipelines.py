"""GitHub's signed deliveries become pipeline cards and replies in the threads of the runs of their commit."""

from datetime import timedelta
from http import HTTPStatus

import pytest

from sandbox.deliveries import pull_request, workflow_job, workflow_run
from tests.fixtures.bench import SETTINGS, Bench, Team, said

COMMIT = "7d3f1c9a5be24880c6f1e0b7a942d5538e61fa20"


def test_a_failing_pipeline_is_a_card_and_a_reply_to_its_run(bench: Bench, team: Team) -> None:
    team.train("calm-owl", mlflow__source__git__commit=COMMIT)
    bench.follow()
    assert (
        bench.deliver(workflow_run(COMMIT, 1, "completed", "failure", "Drop a column")).status_code
        == HTTPStatus.OK
    )
    bench.send()
    assert "behaviour tests" in said(bench.card("started failing"))
    assert "CI: " in said(bench.card("calm-owl"))
    assert any("behaviour tests" in reply for reply in bench.thread(bench.card("calm-owl")))


def test_the_run_may_come_after_its_pipeline(bench: Bench, team: Team) -> None:
    bench.deliver(workflow_run(COMMIT, 1, "completed", "failure", "Drop a column"))
    team.train("calm-owl", mlflow__source__git__commit=COMMIT)
    bench.follow()
    assert any("behaviour tests" in reply for reply in bench.thread(bench.card("calm-owl")))


def test_a_run_that_comes_later_hears_only_how_a_pipeline_stands(bench: Bench, team: Team) -> None:
    ends = [bench.now() - timedelta(minutes=minutes) for minutes in (2, 1)]
    bench.deliver(workflow_run(COMMIT, 1, "completed", "failure", "Drop a column", ends[0]))
    bench.deliver(workflow_run(COMMIT, 2, "completed", "success", "Try again", ends[1]))
    team.train("calm-owl", mlflow__source__git__commit=COMMIT)
    bench.follow()
    (reply,) = [one for one in bench.thread(bench.card("calm-owl")) if "behaviour tests" in one]
    assert "passed" in reply


def test_a_fixed_pipeline_is_said_and_a_green_one_is_not(bench: Bench, team: Team) -> None:
    ends = [bench.now() - timedelta(minutes=minutes) for minutes in (3, 2, 1)]
    bench.deliver(workflow_run("a" * 40, 1, "completed", "success", "Fine", ends[0]))
    bench.send()
    assert bench.cards() == []
    bench.deliver(workflow_run("b" * 40, 2, "completed", "failure", "Broken", ends[1]))
    bench.deliver(workflow_run("c" * 40, 3, "completed", "success", "Mended", ends[2]))
    bench.send()
    assert len(bench.cards()) == 2
    assert "fixed" in said(bench.card("Mended"))


def test_a_delivery_that_comes_twice_is_taken_once(bench: Bench) -> None:
    payload = workflow_run(COMMIT, 1, "completed", "failure", "Drop a column")
    answers = [bench.deliver(payload, delivery="d-1") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [HTTPStatus.OK] * 5
    assert answers[-1].text == "seen before\n"
    bench.send()
    assert len(bench.cards()) == 1


def test_an_unsigned_delivery_changes_nothing(bench: Bench) -> None:
    answer = bench.deliver(workflow_run(COMMIT, 1, "completed", "failure", "x"), secret="wrong")
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    bench.send()
    assert bench.cards() == []


def test_jobs_that_come_before_their_pipeline_stand_on_its_card(bench: Bench) -> None:
    bench.deliver(workflow_job(1, 11, "lint", "success"))
    bench.deliver(workflow_job(1, 12, "conversations", "failure", failed_step="Run pytest"))
    bench.send()
    assert bench.cards() == []
    bench.deliver(workflow_run(COMMIT, 1, "completed", "failure", "Drop a column"))
    bench.send()
    card = said(bench.card("behaviour tests"))
    assert "in step “Run pytest”" in card
    assert "job/12" in card
    assert "job/11" not in card


def test_a_rerun_that_passes_is_said_in_the_thread_of_the_same_card(bench: Bench) -> None:
    bench.deliver(workflow_run(COMMIT, 1, "completed", "failure", "Drop a column"))
    bench.send()
    bench.deliver(workflow_run(COMMIT, 1, "in_progress", None, "Drop a column", attempt=2))
    bench.send()
    assert "is running" in said(bench.card("behaviour tests"))
    assert bench.thread(bench.card("behaviour tests")) == []
    bench.deliver(workflow_run(COMMIT, 1, "completed", "success", "Drop a column", attempt=2))
    bench.send()
    (reply,) = bench.thread(bench.card("Drop a column"))
    assert "is fixed" in reply
    assert "attempt 2" in reply


def test_what_comes_days_late_changes_a_card_but_posts_none(bench: Bench) -> None:
    long_ago = bench.now() - timedelta(days=3)
    bench.deliver(workflow_run("a" * 40, 1, "completed", "success", "Fine"))
    bench.deliver(workflow_run("b" * 40, 2, "completed", "failure", "Broken"))
    bench.deliver(workflow_run("c" * 40, 3, "completed", "failure", "Late", long_ago))
    bench.deliver(workflow_run("b" * 40, 2, "in_progress", None, "Broken", long_ago))
    bench.send()
    (card,) = bench.cards()
    assert "started failing" in said(card)


PULL_REQUESTS = SETTINGS.replace("pipelines]", "pull_requests]")


@pytest.mark.parametrize("bench", [{"settings": PULL_REQUESTS}], indirect=True)
def test_the_pipelines_of_a_pull_request_share_its_thread(bench: Bench) -> None:
    first, second, third = (bench.now() - timedelta(minutes=minutes) for minutes in (3, 2, 1))
    bench.deliver(workflow_run(COMMIT, 1, "in_progress", None, "Lower it", first, branch="try", pull_request=12))
    bench.deliver(pull_request(12, COMMIT, "Lower it"))
    bench.deliver(
        workflow_run(COMMIT, 2, "completed", "success", "Lower it", second, branch="try", pull_request=12)
    )
    bench.send()
    card = bench.card("#12")
    assert len(bench.cards()) == 1
    assert len(bench.thread(card)) == 2
    bench.deliver(
        workflow_run(COMMIT, 1, "completed", "failure", "Lower it", third, branch="try", pull_request=12)
    )
    bench.deliver(pull_request(12, COMMIT, "Lower it", merged=True))
    bench.send()
    (card,) = [one for one in bench.cards() if "#12" in said(one)]
    assert "was merged" in said(card)
    assert sum("failing" in reply for reply in bench.thread(card)) == 2
    assert len(bench.thread(card)) == 3
