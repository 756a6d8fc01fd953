"""`tests` tells how the tests of a branch or a run stand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.facts.reports import Case, CaseOutcome, Origin, Report
from bot.facts.suites import suite_diff
from bot.notify.ci.behaviour import behaviour
from tests.commands.desk import NOW, Desk, a_run
from tests.golden_files import check_golden

HOUR = timedelta(hours=1)
COMMITS = {hours: (f"{hours:03x}" * 14)[:40] for hours in range(200)}
F, P, X = CaseOutcome.FAILED, CaseOutcome.PASSED, CaseOutcome.FLAKY


def report(desk: Desk, hours_ago: int, outcomes: Mapping[str, CaseOutcome], **told: str) -> None:
    """A report whose diff was worked out, as the queue does it."""
    origin = Origin(
        "report",
        f"{hours_ago}-{told}",
        NOW - hours_ago * HOUR,
        "conversations",
        "acme/churn",
        "main",
        commit=COMMITS[hours_ago],
    )
    origin = replace(origin, **told)  # type: ignore[arg-type]
    cases = tuple(
        Case("conversations", name, "", outcome, 0.1, "assert 'refund' not in reply\n..." if outcome is F else "")
        for name, outcome in outcomes.items()
    )
    with desk.store.write() as unit:
        unit.reports.put(Report(origin, cases))
        diff = behaviour(unit, origin)
        assert diff is not None
        unit.suites.put(suite_diff(diff))


def history(desk: Desk) -> None:
    report(desk, 90, {"test_refund": P, "test_greet": P, "test_long": X})
    report(desk, 80, {"test_refund": F, "test_greet": P, "test_long": X})
    report(desk, 70, {"test_refund": F, "test_greet": F, "test_long": X})
    report(desk, 60, {"test_refund": F, "test_greet": P, "test_long": P}, branch="try", target="main")


def test_what_fails_is_said_with_since_when(desk: Desk) -> None:
    history(desk)
    facts = desk.ask("tests").facts
    assert [(one.case.name, one.since, one.commit) for one in facts["failing"]] == [
        ("test_refund", NOW - 80 * HOUR, COMMITS[80]),
        ("test_greet", NOW - 70 * HOUR, COMMITS[70]),
    ]
    (suite,) = facts["suites"]
    assert [one.name for one in suite.flaky] == ["test_long"]
    assert suite.diff.newly_failing.cases == 1
    check_golden(desk.templates, desk.ask("tests main"))


def test_a_branch_is_asked_for_by_its_name(desk: Desk) -> None:
    history(desk)
    assert "on try" in desk.read("tests try")
    assert "1 case fails" in desk.read("tests try")
    assert desk.buttons("tests mainn")["main"] == ("turn", "tests main")
    check_golden(desk.templates, desk.ask("tests mainn"))


def test_the_tests_of_a_run_are_those_that_name_it_else_those_of_its_commit(desk: Desk) -> None:
    named, by_commit = a_run("calm-owl"), a_run("wise-crow", tags={"mlflow.source.git.commit": COMMITS[70][:12]})
    desk.know(named, by_commit)
    history(desk)
    report(desk, 5, {"test_refund": P}, run=named.run_id)
    assert "all is well" in desk.read("tests calm-owl")
    assert "2 cases fail" in desk.read("tests wise-crow")


def test_what_ci_has_not_said_is_said(desk: Desk) -> None:
    assert "No tests were reported yet" in desk.read("tests")
    desk.know(a_run("calm-owl"))
    assert "it has no commit" in desk.read("tests calm-owl")
    assert "neither a branch with tests nor a run" in desk.read("tests nowhere-near")
    report(desk, 5, {"test_refund": P}, branch="try")
    assert "No tests were reported on the default branch yet" in desk.read("tests")


def test_many_failures_are_paged(desk: Desk) -> None:
    report(desk, 5, {f"test_{number:02}": F for number in range(23)})
    facts = desk.ask("tests page:3").facts
    assert (facts["first"], len(facts["failing"]), facts["total"], facts["next"]) == (21, 3, 23, "")
    assert desk.ask("tests").facts["next"] == "tests page:2"


def test_why_and_show_tell_which_tests_broke(desk: Desk) -> None:
    before, after = a_run("calm-owl"), a_run("wise-crow", tags={"mlflow.source.git.commit": COMMITS[70][:12]})
    desk.know(before, after)
    history(desk)
    why = desk.read("why wise-crow calm-owl")
    assert "Behaviour regressed: 1 test case broke" in why
    assert "Newly failing in conversations: 1 • conversations::test_greet: assert 'refund' not in reply" in why
    assert "Behaviour" not in desk.read("why calm-owl wise-crow")
    shown = desk.read("show wise-crow")
    assert "Behaviour regressed" in shown
    assert "conversations: 1 newly failing" in shown


def test_each_repository_has_a_default_branch_of_its_own(desk: Desk) -> None:
    report(desk, 5, {"test_refund": P})
    report(desk, 4, {"test_greet": F}, repository="acme/fraud", branch="master")
    assert {one.origin.branch for one in desk.ask("tests").facts["suites"]} == {"main", "master"}
