"""What test runners write as JUnit XML becomes the same cases, whichever of them wrote it."""

import gzip
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ci.archives import files
from bot.ci.cases import split_name
from bot.ci.junit import read_cases
from bot.ci.limits import Allowance, BadReport, Limits
from bot.facts.reports import Case, CaseOutcome

PASSED, FAILED, ERROR, SKIPPED, FLAKY = CaseOutcome
FOLDER = Path(__file__).parent / "junit"
PYTEST, SUREFIRE, JEST, GOTESTSUM, GOOGLE, NESTED = (
    (FOLDER / f"{runner}.xml").read_text()
    for runner in ("pytest", "surefire", "jest", "gotestsum", "googletest", "nested")
)

PYTEST_CASES = (
    Case("talk.test_refund.TestRefund", "test_asks", "[de-small]", PASSED, 0.25),
    Case(
        "talk.test_refund.TestRefund",
        "test_asks",
        "[en-small]",
        FAILED,
        0.001,
        "AssertionError: assert 'no' == 'yes'\n  - yes\n  + no",
    ),
    Case("talk.test_refund", "test_setup", "", ERROR, 0.0, 'failed on setup with "OSError"'),
    Case("talk.test_refund", "test_later", "", SKIPPED),
    Case("talk.test_refund", "test_prints", "", PASSED, 2.0),
)

SUREFIRE_CASES = (
    Case("shop.CartTest", "adds", "", FLAKY, 1234.5, "expected: 3"),
    Case(
        "shop.CartTest",
        "pays",
        "",
        FAILED,
        0.0,
        "java.lang.NullPointerException\n    at shop.Cart.pay(Cart.java:7)",
    ),
    Case("shop.CartTest", "counts", "", FLAKY, 0.0, "java.io.IOException"),
)

JEST_CASES = (
    Case("Basket", "Basket sums ", "[1,2]", PASSED, 0.004),
    Case(
        "Basket",
        "Basket is kind",
        "",
        FAILED,
        0.01,
        "Error: expect(received).toBe(expected)\nExpected: 3\nReceived: 2",
    ),
)

GOTESTSUM_CASES = (
    Case("acme/parse", "TestParse", "/empty", FAILED, 0.01, "    parse_test.go:12: got 1, want 0"),
    Case("acme/parse", "TestNet", "", FLAKY, 0.5, "dial: timeout"),
    Case("acme/parse", "TestSlow", "", SKIPPED),
)

GOOGLE_CASES = (
    Case("Sizes/QueueTest", "Grows", "/0", PASSED, 0.001),
    Case("Sizes/QueueTest", "Grows", "/1", FAILED, 0.0, "queue.cc:9\nExpected equality"),
    Case("Sizes/QueueTest", "DISABLED_Old", "", SKIPPED),
)

NESTED_CASES = (
    Case("all › de", "asks", "", PASSED),
    Case("all › en", "asks", "", FAILED),
    Case("all", "ends", "", PASSED),
)


def read(*raw: bytes | str, **limits: Any) -> tuple[Case, ...]:
    named = [("r.xml", one.encode() if isinstance(one, str) else one) for one in raw]
    found = (file for name, content in named for file in files(content, name))
    return read_cases(found, Allowance(Limits(**limits)))


def zipped(**contents: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name.replace("__", "/").replace("_", "."))
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("written", "cases"),
    [
        (PYTEST, PYTEST_CASES),
        (SUREFIRE, SUREFIRE_CASES),
        (JEST, JEST_CASES),
        (GOTESTSUM, GOTESTSUM_CASES),
        (GOOGLE, GOOGLE_CASES),
        (NESTED, NESTED_CASES),
    ],
    ids=["pytest", "surefire", "jest", "gotestsum", "googletest", "nested"],
)
def test_each_runner_is_understood(written: str, cases: tuple[Case, ...]) -> None:
    assert read(written) == cases


WRITTEN = """
import pytest

@pytest.mark.parametrize("lang", ["de", "en [x]"])
def test_asks(lang):
    assert len(lang) < 3, "\\x1b[31mno\\x1b[0m red"

@pytest.fixture
def late():
    yield
    raise ValueError("too late")

def test_ends(late):
    pass

@pytest.mark.xfail
def test_waits():
    assert False
"""


def test_what_this_pytest_writes_is_read(tmp_path: Path) -> None:
    (tmp_path / "test_talk.py").write_text(WRITTEN)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--junitxml",
        "r.xml",
        "test_talk.py",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stdout
    assert [case._replace(seconds=0.0) for case in read((tmp_path / "r.xml").read_bytes())] == [
        Case("test_talk", "test_asks", "[de]", PASSED),
        Case(
            "test_talk",
            "test_asks",
            "[en [x]]",
            FAILED,
            0.0,
            "AssertionError: no red\nassert 6 < 3\n +  where 6 = len('en [x]')",
        ),
        Case("test_talk", "test_ends", "", ERROR, 0.0, 'failed on teardown with "ValueError: too late"'),
        Case("test_talk", "test_waits", "", SKIPPED),
    ]


def test_a_namespace_changes_nothing() -> None:
    assert read(NESTED.replace("<testsuites>", '<testsuites xmlns="https://x">')) == NESTED_CASES


def test_files_may_be_several_packed_and_in_folders() -> None:
    packed = zipped(de__r_xml=PYTEST, en__R_xml_gz=gzip.compress(SUREFIRE.encode(), mtime=0), notes_txt="not <XML")
    assert read(packed) == (*PYTEST_CASES, *SUREFIRE_CASES)
    assert read(gzip.compress(PYTEST.encode()), JEST) == (*PYTEST_CASES, *JEST_CASES)


def test_of_two_cases_with_one_name_the_worse_stands() -> None:
    passed = '<testsuite name="a"><testcase name="asks" classname="talk"/></testsuite>'
    failed = passed.replace("/>", "><failure/></testcase>", 1)
    assert [case.outcome for case in read(passed, failed)] == [FAILED]
    assert [case.outcome for case in read(failed, passed)] == [FAILED]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "shift_jis"])
def test_declared_encodings_are_read(encoding: str) -> None:
    name = "お願い" if encoding == "shift_jis" else "könnte é"
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?><testsuite><testcase name="{name}"/></testsuite>'
    assert read(text.encode(encoding)) == (Case("", name, "", PASSED),)


def test_what_xml_forbids_is_replaced() -> None:
    assert read('<testsuite><testcase name="a\x1b[0m\0"/></testsuite>')[0].name == "a�[0m�"


def test_a_secret_in_a_message_is_taken_out() -> None:
    leak = "401 for https://bot:hunter2@example.com with ghp_" + "a1B2" * 9
    (case,) = read(f'<testsuite><testcase name="a"><error message="{leak}"/></testcase></testsuite>')
    assert "401" in case.message
    assert "hunter2" not in case.message
    assert "a1B2" not in case.message


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30)
outcomes = st.sampled_from([PASSED, FAILED, ERROR, SKIPPED, FLAKY])
names = texts.map(lambda text: " ".join(text.split())).filter(bool)
messages = texts.map(str.strip).filter(lambda text: bool(text) and not text.startswith(("=== ", "--- ")))


@st.composite
def written_cases(draw: st.DrawFn) -> Case:
    name, parameters = split_name(draw(names))
    outcome = draw(outcomes)
    seconds = draw(st.integers(0, 10**7)) / 10_000
    message = draw(messages) if outcome not in (PASSED, SKIPPED) else ""
    return Case(draw(names), name, parameters, outcome, seconds, " ".join(message.split()))


ELEMENTS = {FAILED: "failure", ERROR: "error", SKIPPED: "skipped", FLAKY: "flakyFailure"}


def junit(cases: list[Case]) -> bytes:
    root = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(root, "testsuite", name="suite")
    for case in cases:
        written = {"classname": case.group, "name": case.name + case.parameters, "time": str(case.seconds)}
        element = ElementTree.SubElement(suite, "testcase", written)
        if case.outcome is not PASSED:
            ElementTree.SubElement(element, ELEMENTS[case.outcome], message=case.message).text = "text\n"
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


@given(st.lists(written_cases(), min_size=1, max_size=20, unique_by=lambda case: case.id))
def test_what_was_written_is_read(cases: list[Case]) -> None:
    said_nothing = [case._replace(message="text" if case.message == "Failed" else case.message) for case in cases]
    expected = [c._replace(group="suite") if c.group == c.name + c.parameters else c for c in said_nothing]
    assert list(read(junit(cases))) == expected


@given(st.data())
def test_whatever_comes_is_cases_or_a_reason(data: st.DataObject) -> None:
    whole = data.draw(
        st.sampled_from(
            [
                PYTEST.encode(),
                gzip.compress(SUREFIRE.encode(), mtime=0),
                zipped(a_xml=JEST),
                GOOGLE.encode("utf-16"),
            ]
        )
    )
    raw = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, max(0, len(raw) - 1)))
        span = data.draw(st.integers(0, 20))
        raw[place : place + span] = data.draw(st.binary(max_size=8))
    try:
        cases = read(bytes(raw))
    except BadReport as problem:
        assert len(str(problem)) < 400
    else:
        assert cases


@given(st.binary(max_size=300))
def test_noise_is_refused(raw: bytes) -> None:
    with pytest.raises(BadReport):
        read(raw)
