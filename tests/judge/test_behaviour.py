"""A report against its base's: what broke, was mended, came, went or takes longer, folded by test."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.behaviour import BehaviourDiff, Folded
from bot.facts.reports import Case, CaseId, CaseOutcome, Origin, Past, Report
from bot.judge.behaviour import Comparison, first, merge

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PASSED, FAILED, ERROR, SKIPPED, FLAKY = CaseOutcome
ORIGIN = Origin("report", "r", NOW, "tests", "acme/churn", "dev", "main", "c" * 40)


def a_case(name: str, outcome: CaseOutcome = PASSED, seconds: float = 0.1, parameters: str = "") -> Case:
    return Case("talk", name, parameters, outcome, seconds, "assert no == yes" if outcome.broken else "")


def a_report(*cases: Case, complete: bool = True, **origin: object) -> Report:
    return Report(replace(ORIGIN, **origin), cases, complete)  # type: ignore[arg-type]


def past(outcome: CaseOutcome, commit: str, seconds: float = 0.1) -> Past:
    return Past(NOW - MINUTE, commit * 40, outcome, seconds)


def compared(report: Report, base: Report, history: Sequence[Past] = ()) -> BehaviourDiff:
    comparison = Comparison(report, base)
    return comparison.diff(dict.fromkeys(comparison.questions, history))


def named(folded: Sequence[Folded]) -> list[str]:
    return [one.name for one in folded]


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (PASSED, FAILED, "newly_failing"),
        (FLAKY, ERROR, "newly_failing"),
        (SKIPPED, FAILED, "newly_failing"),
        (FAILED, PASSED, "newly_passing"),
        (ERROR, FLAKY, "newly_passing"),
        (FAILED, ERROR, "still_failing"),
        (FAILED, SKIPPED, ""),
        (PASSED, SKIPPED, ""),
        (PASSED, FLAKY, ""),
        (None, PASSED, "added"),
        (PASSED, None, "removed"),
        (FAILED, None, "removed"),
    ],
)
def test_a_case_stands_where_its_change_belongs(
    was: CaseOutcome | None, now: CaseOutcome | None, expected: str
) -> None:
    before = a_report(a_case("other"), *([a_case("a", was)] if was else []))
    after = a_report(a_case("other"), *([a_case("a", now)] if now else []))
    diff = compared(after, before)
    lists = {
        name
        for name in ("newly_failing", "still_failing", "newly_passing", "newly_flaky", "removed", "added")
        if getattr(diff, name)
    }
    assert lists == ({expected} if expected else set())
    assert diff.worse is (expected == "newly_failing")
    assert diff.changed is (expected not in ("", "still_failing"))


def test_a_new_test_that_fails_is_both() -> None:
    diff = compared(a_report(a_case("a", FAILED)), a_report(a_case("b")))
    assert (named(diff.newly_failing), named(diff.added), named(diff.removed)) == (["a"], ["a"], ["b"])


def test_parametrised_cases_are_one_line_with_how_many_of_how_many() -> None:
    before = a_report(*(a_case("asks", parameters=f"[{n}]") for n in range(12)), a_case("ends"))
    broken = (a_case("asks", FAILED if n in (3, 5) else PASSED, parameters=f"[{n}]") for n in range(12))
    (line,) = compared(a_report(*broken, a_case("ends")), before).newly_failing
    assert (line.group, line.name, line.of) == ("talk", "asks", 12)
    assert [case.parameters for case in line.cases] == ["[3]", "[5]"]
    assert line.message == "assert no == yes"


def test_what_is_not_in_a_part_of_a_report_was_not_removed() -> None:
    base = a_report(a_case("a"), a_case("b"))
    diff = compared(a_report(a_case("a", FAILED), a_case("c"), complete=False), base)
    assert (named(diff.newly_failing), diff.removed, diff.added, diff.complete) == (["a"], (), (), False)


def test_a_first_report_is_counted_and_names_what_is_broken() -> None:
    diff = first(a_report(a_case("a", FAILED), a_case("b", seconds=1.5), a_case("c", SKIPPED)))
    assert (diff.base, diff.changed, named(diff.still_failing)) == (None, False, ["a"])
    assert (diff.counts.total, diff.counts.broken, diff.counts.skipped, diff.counts.seconds) == (3, 1, 1, 1.7)


def test_a_case_that_failed_by_chance_before_is_marked() -> None:
    report, base = a_report(a_case("a", FAILED)), a_report(a_case("a"))
    chance = [past(FLAKY, "a"), past(PASSED, "b"), past(FAILED, "b")]
    assert not compared(report, base, [past(PASSED, "a")]).newly_failing[0].known_flaky
    assert compared(report, base, chance).newly_failing[0].known_flaky


def test_a_second_sign_makes_a_case_newly_flaky() -> None:
    report, base = a_report(a_case("a", FLAKY)), a_report(a_case("a"))
    assert compared(report, base, [past(PASSED, "a")]).newly_flaky == ()
    assert named(compared(report, base, [past(FLAKY, "a")]).newly_flaky) == ["a"]
    assert compared(report, base, [past(FLAKY, "a"), past(FLAKY, "b")]).newly_flaky == (), "it was already"
    assert compared(report, base).newly_flaky == (), "one rerun is no history"


DURATIONS = [past(PASSED, str(n), seconds) for n, seconds in enumerate((1.0, 1.1, 0.9, 1.0, 1.05))]


@pytest.mark.parametrize(
    ("seconds", "history", "slower"),
    [
        (1.6, DURATIONS, True),
        (1.4, DURATIONS, False),
        (1.6, DURATIONS[:2], False),
        (1.6, [past(FAILED, "a", 1.0)] * 5, False),
        (1.6, [past(PASSED, str(n), 1.0 + n % 2) for n in range(6)], False),
    ],
    ids=["half more", "less", "too few", "of failures", "noisy"],
)
def test_slower_is_beyond_what_the_durations_vary_by(
    seconds: float, history: Sequence[Past], slower: bool
) -> None:
    diff = compared(a_report(a_case("a", seconds=seconds)), a_report(a_case("a", seconds=1.0)), history)
    assert bool(diff.slower) is slower
    if slower:
        assert diff.slower[0].gained == pytest.approx(0.6)


def test_milliseconds_are_not_slower() -> None:
    short = [past(PASSED, str(n), 0.01) for n in range(5)]
    diff = compared(a_report(a_case("a", seconds=0.2)), a_report(a_case("a", seconds=0.01)), short)
    assert diff.slower == ()


def test_a_slow_machine_makes_no_test_slower() -> None:
    names = [str(n) for n in range(30)]
    base = a_report(*(a_case(name, seconds=1.0) for name in names))
    assert compared(a_report(*(a_case(name, seconds=2.0) for name in names)), base, DURATIONS).slower == ()
    one = [a_case(name, seconds=6.0 if name == "7" else 2.0) for name in names]
    assert [slow.case.name for slow in compared(a_report(*one), base, DURATIONS).slower] == ["7"]


def test_shards_are_one_report() -> None:
    parts = [a_report(a_case(str(n)), shard=n, shards=3, at=NOW + n * MINUTE, id=str(n)) for n in (1, 2, 3)]
    merged = merge(parts)
    assert (merged.complete, merged.origin.at) == (True, NOW + 3 * MINUTE)
    assert {case.name for case in merged.cases} == {"1", "2", "3"}
    assert not merge(parts[:2]).complete
    with pytest.raises(ValueError, match="no report"):
        merge([])


def test_a_later_attempt_has_the_last_word() -> None:
    failed = a_report(a_case("a", FAILED), a_case("b"))
    again = a_report(a_case("a"), attempt=2, id="again", partial=True)
    assert {case.name: case.outcome for case in merge([again, failed]).cases} == {"a": FLAKY, "b": PASSED}
    third = a_report(a_case("a"), a_case("b", FAILED), attempt=3, id="third", partial=True)
    assert {case.name: case.outcome for case in merge([again, third, failed]).cases} == {"a": FLAKY, "b": FAILED}
    assert merge([again, failed]).complete
    assert merge([again, failed]).origin.attempt == 2
    twice = a_report(a_case("b", FAILED), id="twice")
    assert {case.name: case.outcome for case in merge([twice, failed]).cases} == {"a": FAILED, "b": FAILED}


cases = st.builds(
    Case,
    st.sampled_from(["", "talk"]),
    st.sampled_from(["asks", "ends", "waits"]),
    st.sampled_from(["", "[de]", "/en"]),
    st.sampled_from(list(CaseOutcome)),
    st.sampled_from([0.0, 0.1, 0.5, 4.0]),
    st.just("why"),
)
some_cases = st.lists(cases, max_size=12, unique_by=lambda case: case.id).map(tuple)
pasts = st.lists(
    st.builds(
        Past,
        st.just(NOW),
        st.sampled_from(["", "a", "b", "c"]),
        st.sampled_from(list(CaseOutcome)),
        st.floats(0, 9),
    ),
    max_size=6,
)


@given(some_cases, pasts)
def test_equal_reports_differ_in_nothing(some: tuple[Case, ...], history: list[Past]) -> None:
    quiet = [one for one in history if one.outcome is not FLAKY]
    without_chance = tuple(case._replace(outcome=PASSED) if case.outcome is FLAKY else case for case in some)
    diff = compared(a_report(*without_chance), a_report(*without_chance))
    assert not diff.changed
    assert diff.counts == diff.base_counts
    assert not compared(a_report(*some), a_report(*some), quiet[:1]).slower


def identities(folded: Sequence[Folded]) -> set[CaseId]:
    return {case.id for one in folded for case in one.cases}


@given(some_cases, some_cases)
def test_swapping_the_reports_mirrors_the_diff(one: tuple[Case, ...], other: tuple[Case, ...]) -> None:
    there, back = compared(a_report(*one), a_report(*other)), compared(a_report(*other), a_report(*one))
    fine = {case.id for case in other if case.outcome.fine}
    assert identities(there.newly_failing) & fine == identities(back.newly_passing)
    assert identities(there.added) == identities(back.removed)
    assert identities(there.still_failing) == identities(back.still_failing)
    assert there.counts == back.base_counts


@given(some_cases, some_cases, pasts)
def test_every_case_is_told_once_and_folded_whole(
    one: tuple[Case, ...], other: tuple[Case, ...], history: list[Past]
) -> None:
    diff = compared(a_report(*one), a_report(*other), history)
    lists = (diff.newly_failing, diff.still_failing, diff.newly_passing, diff.newly_flaky)
    told = [case.id for folded in lists[:3] for line in folded for case in line.cases]
    assert len(told) == len(set(told))
    broken = {case.id for case in one if case.outcome.broken}
    assert identities(diff.newly_failing) | identities(diff.still_failing) == broken
    for line in (line for folded in lists for line in folded):
        assert (
            line.of == sum((case.group, case.name) == (line.group, line.name) for case in one) >= len(line.cases)
        )


@given(
    st.lists(st.tuples(some_cases, st.integers(1, 2), st.integers(1, 3), st.booleans()), min_size=1, max_size=4)
)
def test_the_order_of_the_parts_does_not_matter(parts: list[tuple[tuple[Case, ...], int, int, bool]]) -> None:
    reports = [
        a_report(*some, id=str(n), attempt=attempt, shard=shard, shards=3, partial=partial)
        for n, (some, attempt, shard, partial) in enumerate(parts)
    ]
    whole = merge(reports)
    for order in permutations(reports):
        assert merge(order) == whole
