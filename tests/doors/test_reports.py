"""A test report that is posted is kept once; one that is unsigned, old, large or broken leaves nothing behind."""

import gzip
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ci.arrival import Unreadable
from bot.ci.posted import read_origin
from bot.facts.reports import CaseOutcome
from handlers.reports import REPORT_BYTES
from tests.ci.test_junit import zipped
from tests.doors.asgi import Answer, ask
from tests.doors.house import House
from tests.doors.posting import COMMIT, PYTEST, posted, query

PATH = "/ci/report"


def post(home: House, raw: bytes = PYTEST, said: bytes | None = None, **more: str) -> Answer:
    said = query() if said is None else said
    headers = posted(raw, said, int(home.now().timestamp()), **more)
    return ask(home.web, raw, headers, path=PATH, query=said)


def test_a_report_is_kept_with_all_that_is_said_of_it(home: House) -> None:
    said = query(
        name="behaviour tests", target="release", provider="jenkins", pipeline="17", attempt="2", shard="2/3",
        partial="true", run="calm-owl", model="churn/7",
    )  # fmt: skip
    answer = post(home, said=said, identity="report-number-1")
    assert (answer.status, answer.body) == (HTTPStatus.OK, b"taken: 5 test cases, 2 failed\n")
    with home.works.store.read() as unit:
        (filed,) = unit.reports.find(commit=COMMIT)
        (report,) = unit.reports.parts(filed.origin.test_run)
    origin = report.origin
    assert (origin.source, origin.id, origin.name) == ("report", "report-number-1", "behaviour tests")
    assert (origin.branch, origin.target, origin.run, origin.model) == ("main", "release", "calm-owl", "churn/7")
    assert (origin.pipeline, origin.attempt) == ("pipeline:jenkins:acme/churn:17", 2)
    assert (origin.shard, origin.shards, origin.partial) == (2, 3, True)
    assert [case.outcome for case in report.cases if case.message] == [CaseOutcome.FAILED, CaseOutcome.ERROR]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (PYTEST, "text/xml; charset=utf-8"),
        (gzip.compress(PYTEST, mtime=0), "application/gzip"),
        (zipped(a_xml=PYTEST), "application/zip"),
    ],
    ids=["xml", "gzip", "zip"],
)
def test_a_report_comes_in_any_wrapping(home: House, raw: bytes, kind: str) -> None:
    assert post(home, raw, kind=kind).status == HTTPStatus.OK


def test_a_report_is_taken_once_in_one_process_and_after_a_restart(home: House) -> None:
    said = query()
    headers = posted(PYTEST, said, int(home.now().timestamp()))
    assert ask(home.web, PYTEST, headers, path=PATH, query=said).status == HTTPStatus.OK
    once = home.rows()
    answer = ask(home.web, PYTEST, headers, path=PATH, query=said)
    assert (answer.status, answer.body) == (HTTPStatus.CONFLICT, b"this report was taken before\n")
    assert answer.read == 0
    home.start_again()
    assert ask(home.web, PYTEST, headers, path=PATH, query=said).status == HTTPStatus.CONFLICT
    assert post(home, identity=headers["x-rundown-id"]).status == HTTPStatus.CONFLICT, "signed anew, the same id"
    assert home.rows() == once


def test_what_could_not_be_kept_may_come_again(home: House) -> None:
    said = query()
    headers = posted(PYTEST, said, int(home.now().timestamp()))
    with home.broken("reports"):
        assert ask(home.web, PYTEST, headers, path=PATH, query=said).status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert ask(home.web, PYTEST, headers, path=PATH, query=said).status == HTTPStatus.OK


def test_a_body_is_not_read_before_its_envelope_proves_itself(home: House) -> None:
    before, now, said = home.rows(), int(home.now().timestamp()), query()
    good = posted(PYTEST, said, now)
    attempts = {
        "nothing": {},
        "another secret": posted(PYTEST, said, now, secret="another"),
        "an empty secret": posted(PYTEST, said, now, secret=""),
        "old": posted(PYTEST, said, now - 301),
        "of the future": posted(PYTEST, said, now + 301),
        "no time": posted(PYTEST, said, "now"),
        "a long time": posted(PYTEST, said, "9" * 5_000),
        "dated anew": {**good, "x-rundown-timestamp": str(now + 1)},
        "another id": {**good, "x-rundown-id": "another-id"},
        "a short id": posted(PYTEST, said, now, "id"),
        "an id with a colon": posted(PYTEST, said, now, "aaaaaaaa:aaaaaaaa"),
        "another digest": {**good, "x-rundown-digest": "0" * 64},
        "no signature": {**good, "x-rundown-signature": ""},
        "odd letters": {**good, "x-rundown-signature": "v1=é"},
        "another address": posted(PYTEST, query(branch="dev"), now),
    }
    for name, headers in attempts.items():
        answer = ask(home.web, PYTEST, {"content-type": "application/xml", **headers}, path=PATH, query=said)
        assert (answer.status, answer.read) == (HTTPStatus.UNAUTHORIZED, 0), name
    for kind in ("", "application/json", "multipart/form-data; boundary=x"):
        answer = ask(home.web, PYTEST, posted(PYTEST, said, now, kind=kind), path=PATH, query=said)
        assert (answer.status, answer.read) == (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, 0)
    answer = ask(home.web, PYTEST, {**posted(PYTEST, said, now), "content-encoding": "br"}, path=PATH, query=said)
    assert answer.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    large = {**good, "content-length": str(REPORT_BYTES + 1)}
    answer = ask(home.web, PYTEST, large, path=PATH, query=said)
    assert (answer.status, answer.read) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, 0)
    assert home.rows() == before


def test_another_body_than_the_signed_one_is_refused(home: House) -> None:
    before, said = home.rows(), query()
    headers = posted(PYTEST, said, int(home.now().timestamp()))
    answer = ask(home.web, PYTEST + b" ", headers, path=PATH, query=said)
    assert answer.status == HTTPStatus.UNAUTHORIZED
    assert home.rows() == before


def test_a_body_without_end_is_not_read_on(home: House) -> None:
    piece = b"<" * 1_000_000
    headers = posted(b"", query(), int(home.now().timestamp()))
    answer = ask(home.web, [piece] * 40, headers, path=PATH, query=query())
    assert answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert answer.read <= REPORT_BYTES + len(piece)


@pytest.mark.parametrize(
    ("raw", "said", "reason"),
    [
        (PYTEST[:500], query(), "the report: it ends in the middle"),
        (b"<html></html>", query(), "outermost element"),
        (PYTEST, b"branch=main", "names no commit, no run and no model"),
        (PYTEST, b"", "names no commit, no run and no model"),
        (PYTEST, query(sha="x"), "not one of name, repository, branch"),
        (PYTEST, query(commit="main"), "commit: "),
        (PYTEST, query(url="javascript:alert(1)"), "url: "),
        (PYTEST, query(branch="a\nb"), "branch: "),
        (PYTEST, query(name="n" * 201), "name: "),
        (PYTEST, query(attempt="0"), "attempt: "),
        (PYTEST, query(shard="3"), "shard: "),
        (PYTEST, query(shard="3/2"), "no shard 3 of 2"),
        (PYTEST, query() + b"&branch=dev", "says one thing twice"),
        (PYTEST, b"commit", "not written as name=value"),
        (PYTEST, b"commit=%ff", "not written as name=value"),
        (PYTEST, b"run=" + b"x" * 9_000, "longer than 8000 bytes"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(
    home: House, raw: bytes, said: bytes, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = home.rows()
    answer = post(home, raw, said)
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert reason in answer.body.decode()
    assert home.rows() == before
    logged = "".join(capsys.readouterr())
    assert "TestRefund" not in logged + answer.body.decode()


def test_too_many_cases_are_too_large(home: House) -> None:
    deep = b"<testsuite>" * 100
    before = home.rows()
    assert post(home, deep).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert home.rows() == before


def test_the_script_is_served(home: House) -> None:
    answer = ask(home.web, b"", {}, path="/ci/report.py", method="GET")
    assert answer.status == HTTPStatus.OK
    assert b"def main(" in answer.body


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_no_address_breaks_anything(said: bytes) -> None:
    try:
        origin = read_origin(said.decode("latin-1"), "identity-1", datetime(2026, 1, 1, tzinfo=UTC))
    except Unreadable:
        return
    assert origin.commit or origin.run or origin.model
