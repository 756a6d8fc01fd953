"""How long it takes to read a test report of 100,000 cases, to keep it, and to say what changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.ci.archives import files
from bot.ci.junit import read_cases
from bot.ci.limits import Allowance, Limits
from bot.edges.store import open_store
from bot.facts.reports import Case, CaseOutcome, Origin, Report
from bot.judge.behaviour import Comparison
from bot.notify.ci.behaviour import behaviour
from tests.bench.figures import Line, at_most, median, timed, told

CASES, REPORTS, TIMES = 100_000, 6, 7
ORIGIN = Origin("report", "0", datetime(2026, 11, 2, 9, 0, tzinfo=UTC), repository="acme/churn", branch="main")


def measure() -> Iterator[Line]:
    """The newest of several reports, in which 100 cases broke and 66 got slower."""
    reports = [_report(number) for number in range(REPORTS)]
    raw = _junit(reports[0].cases)
    seconds = [timed(lambda: read_cases(files(raw, "r.xml"), Allowance(Limits()))) for _ in range(TIMES)]
    yield at_most(f"reading {len(raw) / 1e6:.0f} MB of JUnit XML with 100,000 cases", median(seconds), 2, " s")
    base, newest = reports[-2:]
    seconds = [timed(lambda: _compared(newest, base)) for _ in range(TIMES)]
    yield at_most("the diff of two reports of 100,000 cases", median(seconds) * 1000, 300, " ms")
    with TemporaryDirectory() as folder:
        yield from _kept(Path(folder), reports)


def _kept(folder: Path, reports: Sequence[Report]) -> Iterator[Line]:
    store = open_store(f"sqlite:///{folder / 'rundown.db'}")
    store.upgrade()

    def keep(report: Report) -> None:
        with store.write() as unit:
            unit.reports.put(report)

    def tell() -> None:
        with store.read() as unit:
            behaviour(unit, reports[-1].origin)

    yield told("keeping such a report", median([timed(lambda one=one: keep(one)) for one in reports]), " s")
    yield told(
        "the diff with all that is read for it, five reports before", median([timed(tell) for _ in range(3)]), " s"
    )
    store.close()
    size = sum(file.stat().st_size for file in folder.iterdir()) / len(reports)
    yield told("what it takes in the database", size / 1e6, " MB")


def _compared(report: Report, base: Report) -> None:
    comparison = Comparison(report, base)
    comparison.diff({})


def _report(number: int) -> Report:
    at = ORIGIN.at + timedelta(hours=number)
    origin = replace(ORIGIN, id=str(number), at=at, commit=f"{number:040x}")
    return Report(origin, tuple(_case(place, number) for place in range(CASES)))


def _case(place: int, number: int) -> Case:
    broken = (place + number) % 997 == 0
    seconds = (place % 700) / 1000 + (0.5 if (place + number) % 1501 == 0 else 0.0)
    outcome, message = (CaseOutcome.FAILED, "AssertionError: no == yes") if broken else (CaseOutcome.PASSED, "")
    return Case(
        f"talk.test_{place // 50}.TestRefund", f"test_it_{place // 12}", f"[{place}]", outcome, seconds, message
    )


def _junit(cases: Sequence[Case]) -> bytes:
    lines = [
        f'<testcase classname="{case.group}" name="{case.name}{case.parameters}" time="{case.seconds}">'
        + (
            f'<failure message="{case.message}">{"assert answer == expected " * 40}</failure>'
            if case.message
            else ""
        )
        + "<properties><property name='seed' value='7'/></properties></testcase>"
        for case in cases
    ]
    return "\n".join(["<testsuites><testsuite name='pytest'>", *lines, "</testsuite></testsuites>"]).encode()
