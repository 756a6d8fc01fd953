"""What tests changed is said to the runs it is about, and where a branch turned."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.deliveries import REPOSITORY, workflow_run
from tests.fixtures.bench import SETTINGS, Bench, Team, said

FAILURE = '<failure message="AssertionError: the reply promises a refund">reply = "Sure!"</failure>'
COMMIT, BEFORE = "7d3f1c9a5be24880c6f1e0b7a942d5538e61fa20", "0aa11bb2" * 5

JUDGED = SETTINGS.replace("stalled, pipelines]", "stalled, verdicts, pipelines]").replace(
    "cards: {early_failure: 0s}", "cards: {early_failure: 0s, group_after: 100}"
)

Report = Callable[..., None]


@pytest.fixture
def report(bench: Bench, tmp_path: Path) -> Report:
    """Reports twelve conversations, of which some fail; with a number it names that pipeline."""

    def reported(*failing: str, commit: str = COMMIT, number: int = 0, **told: str) -> None:
        cases = "".join(
            f'<testcase classname="conversations" name="test_{one}">{FAILURE if one in failing else ""}</testcase>'
            for one in "abcdefghijkl"
        )
        junit = tmp_path / "results.xml"
        junit.write_text(f"<testsuite>{cases}</testsuite>")
        known = {"name": "conversations", "repository": REPOSITORY, "branch": "main", "commit": commit}
        if number:
            known |= {"provider": "github", "pipeline": str(9_000_000 + number)}
        assert "12 test cases" in bench.report(junit, **(known | told))

    return reported


def test_tests_that_break_are_told_with_their_pipeline_and_to_its_run(
    bench: Bench, team: Team, report: Report
) -> None:
    report(commit=BEFORE)
    team.train("calm-owl", mlflow__source__git__commit=COMMIT[:10])
    bench.follow()
    bench.deliver(workflow_run(COMMIT, 1, "in_progress", None, "Drop a column"))
    report("b", "k", number=1)
    bench.send()
    assert len(bench.cards()) == 1, "the tests of a pipeline that runs wait for its end"
    bench.deliver(workflow_run(COMMIT, 1, "completed", "failure", "Drop a column"))
    bench.send()
    card = bench.card("started failing")
    assert "2 newly failing" in said(card)
    assert "the reply promises a refund" in said(card)
    assert any("conversations::test_k" in reply for reply in bench.thread(card))
    run = bench.card("calm-owl")
    assert "2 newly failing of 12" in said(run)
    (reply,) = bench.thread(run)
    assert "behaviour tests" in reply
    assert "conversations::test_b" in reply


def test_a_report_that_comes_after_its_pipeline_changes_what_was_said(
    bench: Bench, team: Team, report: Report
) -> None:
    report(commit=BEFORE)
    bench.deliver(workflow_run(COMMIT, 1, "completed", "failure", "Drop a column"))
    team.train("calm-owl", mlflow__source__git__commit=COMMIT)
    bench.follow()
    assert "newly failing" not in said(bench.card("started failing"))
    report("b", number=1)
    bench.send()
    assert "1 newly failing" in said(bench.card("started failing"))
    assert any("1 newly failing" in reply for reply in bench.thread(bench.card("calm-owl")))
    assert "1 newly failing" in said(bench.card("calm-owl"))


def test_a_report_that_names_a_run_is_told_to_that_run_only(bench: Bench, team: Team, report: Report) -> None:
    report(commit=BEFORE)
    first = team.train("calm-owl", mlflow__source__git__commit=COMMIT)
    team.train("wise-crow", mlflow__source__git__commit=COMMIT)
    bench.follow()
    report("b", run=first)
    bench.send()
    assert any("test_b" in reply for reply in bench.thread(bench.card("calm-owl finished")))
    assert bench.thread(bench.card("wise-crow")) == []
    assert "newly failing" in said(bench.card("calm-owl finished"))
    assert "newly failing" not in said(bench.card("wise-crow"))


def test_a_report_may_name_a_run_that_comes_later(bench: Bench, team: Team, report: Report) -> None:
    report(commit=BEFORE)
    run = team.start("calm-owl")
    report("b", run=run, branch="try", target="main")
    bench.send()
    assert bench.cards() == []
    team.hand.end(run, ended=bench.now() + timedelta(seconds=2))
    bench.follow()
    assert any("test_b" in reply for reply in bench.thread(bench.card("calm-owl")))


def test_many_runs_of_a_commit_get_one_message_that_links_them(bench: Bench, team: Team, report: Report) -> None:
    report(commit=BEFORE)
    for name in ("calm-owl", "wise-crow"):
        team.train(name, mlflow__source__git__commit=COMMIT)
    bench.follow()
    report("b", number=1)
    bench.deliver(workflow_run(COMMIT, 1, "completed", "failure", "Drop a column"))
    bench.send()
    assert [bench.thread(bench.card(f"{name} finished")) for name in ("calm-owl", "wise-crow")] == [[], []]
    (message,) = [one for one in bench.thread(bench.card("started failing")) if "concerns" in one]
    assert "calm-owl" in message
    assert "wise-crow" in message
    assert "1 newly failing of 12" in said(bench.card("wise-crow finished"))


@pytest.mark.parametrize(("branch", "posted"), [("main", 1), ("try", 0)])
def test_tests_without_a_pipeline_have_a_card_where_they_turn_the_default_branch(
    bench: Bench, report: Report, branch: str, posted: int
) -> None:
    report(commit=BEFORE, branch=branch)
    bench.send()
    assert bench.cards() == []
    report("b", branch=branch)
    bench.send()
    assert len(bench.cards()) == posted
    if posted:
        card = bench.card("conversations")
        assert "broke: 1 test case" in said(card)
        assert any("test_b" in reply for reply in bench.thread(card))


def test_a_run_with_changes_on_top_of_its_commit_is_told_so(bench: Bench, team: Team) -> None:
    team.train("calm-owl", mlflow__source__git__commit=f"{COMMIT[:9]}-dirty")
    bench.follow()
    bench.deliver(workflow_run(COMMIT, 1, "completed", "failure", "Drop a column"))
    bench.send()
    (reply,) = bench.thread(bench.card("calm-owl"))
    assert "changes on top" in reply


@pytest.mark.parametrize("bench", [{"settings": JUDGED}], indirect=True)
def test_better_metrics_are_mixed_while_conversations_are_broken(bench: Bench, team: Team, report: Report) -> None:
    report(commit=BEFORE)
    for number, auc in enumerate((0.900, 0.902, 0.899, 0.901, 0.900, 0.898, 0.901, 0.900)):
        team.train(f"nightly-{number}", auc=auc, params={"alpha": "0.1", "seed": str(number)})
        bench.follow()
    better = {"alpha": "0.1", "seed": "9"}
    team.train("calm-owl", auc=0.95, params=better, mlflow__source__git__commit=COMMIT)
    bench.follow()
    assert "improved" in said(bench.card("calm-owl")) and "Mixed" not in said(bench.card("calm-owl"))
    bench.deliver(workflow_run(COMMIT, 1, "in_progress", None, "Drop a column"))
    report("b", "k", number=1)
    bench.deliver(workflow_run(COMMIT, 1, "completed", "failure", "Drop a column"))
    bench.send()
    assert "improved, 2 test cases broke" in said(bench.card("Mixed"))
    bench.deliver(workflow_run(COMMIT, 2, "in_progress", None, "Drop a column"))
    bench.send()
    assert "calm-owl" in said(bench.card("Mixed")), "a pipeline that only began has mended nothing"
    report(number=2)
    bench.deliver(workflow_run(COMMIT, 2, "completed", "success", "Drop a column"))
    bench.send()
    assert "Mixed" not in said(bench.card("calm-owl"))
