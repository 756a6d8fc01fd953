"""`ci` tells how pipelines stand, and since when they fail."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.facts.pipelines import Job, Outcome, Pipeline
from tests.commands.desk import NOW, Desk
from tests.golden_files import check_golden

HOUR = timedelta(hours=1)


def pipeline(
    number: int,
    outcome: Outcome,
    hours_ago: int,
    *,
    name: str = "tests",
    branch: str = "main",
    repository: str = "acme/churn",
) -> Pipeline:
    began = NOW - hours_ago * HOUR
    job = Job(f"{number}", "conversations", Outcome.FAILED, began, f"https://ci.example/{number}/1")
    return Pipeline(
        "github",
        repository,
        str(number),
        1,
        name,
        branch,
        f"{number:x}" * 40,
        outcome,
        f"https://ci.example/{number}",
        branch == "main",
        began,
        created=began,
        jobs=(job,) if outcome is Outcome.FAILED else (),
    )


def know(desk: Desk, *pipelines: Pipeline) -> None:
    with desk.store.write() as unit:
        for one in pipelines:
            unit.pipelines.put(one)


PIPELINES = (
    pipeline(1, Outcome.PASSED, 90),
    pipeline(2, Outcome.FAILED, 80),
    pipeline(3, Outcome.CANCELLED, 70),
    pipeline(4, Outcome.FAILED, 60),
    pipeline(5, Outcome.PASSED, 50, name="lint"),
    pipeline(6, Outcome.RUNNING, 1, branch="try-dropout"),
    pipeline(7, Outcome.PASSED, 20, repository="acme/fraud"),
)


def test_each_name_and_branch_stands_once_and_says_since_when_it_fails(desk: Desk) -> None:
    know(desk, *PIPELINES)
    lines = desk.ask("ci churn").facts["lines"]
    assert [(line.check.name, line.check.branch, line.check.pipeline.outcome) for line in lines] == [
        ("lint", "main", Outcome.PASSED),
        ("tests", "main", Outcome.FAILED),
        ("tests", "try-dropout", Outcome.RUNNING),
    ]
    assert [line.since and line.since.pipeline_id for line in lines] == [None, "2", None]
    check_golden(desk.templates, desk.ask("ci"))


def test_a_repository_or_branch_that_is_not_known_is_asked_for(desk: Desk) -> None:
    know(desk, *PIPELINES)
    assert "no pipeline of the repository chrun" in desk.read("ci chrun")
    assert desk.buttons("ci acme/chrun")["acme/churn"] == ("turn", "ci acme/churn")
    check_golden(desk.templates, desk.ask("ci acme/chrun"))
    assert desk.buttons("ci churn branch:try-dropuot")["try-dropout"] == ("turn", "ci churn branch:try-dropout")
    assert "1" in desk.read("ci churn branch:try-dropout")


def test_the_first_day_is_not_empty_of_words(desk: Desk) -> None:
    assert "No pipeline was heard of within 30 days" in desk.read("ci")
    assert "docs/ci.md" in desk.read("ci anything")
    check_golden(desk.templates, desk.ask("ci anything"), "nothing")


def test_a_channel_sees_its_own_repositories(desk: Desk) -> None:
    know(desk, *PIPELINES)
    own = desk.settings.channels["#churn"][0].model_copy(update={"repositories": ("acme/fraud",)})
    desk.settings = desk.settings.model_copy(update={"channels": {"#churn": (own,)}})
    assert [line.check.repository for line in desk.ask("ci").facts["lines"]] == ["acme/fraud"]
    assert len(desk.ask("ci churn").facts["lines"]) == 3


@pytest.mark.parametrize(("page", "first", "size"), [(1, 1, 10), (2, 11, 2), (9, 11, 2)])
def test_many_are_paged(desk: Desk, page: int, first: int, size: int) -> None:
    know(desk, *(replace(pipeline(1, Outcome.PASSED, 5), pipeline_id=f"{n}", name=f"p{n}") for n in range(12)))
    facts = desk.ask(f"ci page:{page}").facts
    assert (facts["first"], len(facts["lines"]), facts["total"]) == (first, size, 12)
    assert bool(facts["next"]) == (page == 1)
