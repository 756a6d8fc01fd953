"""A report that is too large, broken or made to harm costs little and is refused with a reason."""

import gzip
import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bot.ci.archives import files
from bot.ci.junit import read_cases
from bot.ci.limits import Allowance, BadReport, Limits, TooLarge
from tests.ci.test_junit import PYTEST, read, zipped

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10))
    + "]><testsuite><testcase name='&lol9;'/></testsuite>"
)
DTD = "<!DOCTYPE x [%s]><testsuite><testcase name='a'>&e;</testcase></testsuite>"
OUTSIDE = DTD % '<!ENTITY e SYSTEM "file:///etc/passwd">'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><testsuite><testcase name="{"&a;" * 5_000}"/></testsuite>'


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (LAUGHS, "document type or entities"),
        (OUTSIDE, "document type or entities"),
        (QUADRATIC, "document type or entities"),
        ("", "empty"),
        ("<html></html>", "outermost element"),
        ("<testsuites></testsuites>", "no test case"),
        ("results: 5 passed", "line 1, column 1 is not XML"),
        (PYTEST[:700], "ends in the middle"),
        (PYTEST + PYTEST[38:], "something follows its end"),
        (PYTEST.replace("</testcase>", "</case>", 1), "is not XML"),
        (PYTEST.replace("asks", "&#x1b;", 1), "line 3, column 6[0-9] is not XML"),
        (PYTEST.encode()[:-40] + b"\xe9" + PYTEST.encode()[-40:], "it is not UTF-8"),
        ('<?xml version="1.0" encoding="klingon"?><testsuite/>', "encoding that is not known"),
        ('<?xml version="1.0" encoding="hex"?><testsuite/>', "encoding that no file is written in"),
        ('<?xml version="1.0" encoding="punycode"?><testsuite/>', "encoding that no file is written in"),
        (gzip.compress(PYTEST.encode(), mtime=0)[:-12], "gzip ends in the middle"),
        (gzip.compress(PYTEST.encode(), mtime=0)[:10] + b"\xff" * 40, "gzip cannot be read"),
        (zipped(r_xml=PYTEST)[:-30], "zip ends in the middle"),
        (zipped(r_txt=PYTEST), "no test case"),
    ],
    ids=range(19),
)
def test_what_is_wrong_is_said(raw: str | bytes, reason: str) -> None:
    with pytest.raises(BadReport, match=reason) as problem:
        read(raw)
    assert "AssertionError" not in str(problem.value)


def test_an_error_names_its_file() -> None:
    with pytest.raises(BadReport, match=r"^broken\.xml: "):
        read(zipped(fine_xml=PYTEST, sub__broken_xml="<testsuite>"))


def suite(inside: str) -> str:
    return f"<testsuite>{inside}</testsuite>"


CASE = '<testcase name="a"/>'


@pytest.mark.parametrize(
    ("raw", "limits", "reason"),
    [
        (suite(CASE + " " * 2_000), {"size": 2_000}, "larger than 0 MB"),
        (suite("".join(f'<testcase name="{n}"/>' for n in range(11))), {"cases": 10}, "more than 10 test cases"),
        (suite("<testsuite>" * 70), {}, "nested deeper"),
        (suite("<testcase>" + "<a>" * 200_000), {}, "nested deeper"),
        (suite(f'<testcase name="{"a" * 3_000_000}"/>'), {}, "one tag or comment is longer"),
        (suite(f"<!--{'a' * 3_000_000}-->"), {}, "one tag or comment is longer"),
        (zipped(**{f"r{n}_xml": suite(CASE) for n in range(11)}), {"files": 10}, "more than 10 files"),
        (gzip.compress(suite(CASE + " " * 80_000_000).encode()), {}, "larger than 64 MB when unpacked"),
        (zipped(r_xml=suite(CASE + " " * 80_000_000)), {}, "larger than 64 MB when unpacked"),
    ],
    ids=["size", "cases", "suites", "elements", "name", "comment", "files", "gzip bomb", "zip bomb"],
)
def test_too_much_is_refused(raw: str | bytes, limits: dict[str, Any], reason: str) -> None:
    with pytest.raises(TooLarge, match=reason):
        read(raw, **limits)


def test_reading_ends_when_its_time_is_over() -> None:
    moments = iter([0.0, *[1.0] * 3, 11.0])
    allowance = Allowance(Limits(), lambda: next(moments))
    with pytest.raises(TooLarge, match="not read within 10 seconds"):
        read_cases(files(suite(CASE + " " * 1_000_000).encode(), "r.xml"), allowance)


def test_names_and_messages_are_cut() -> None:
    (case,) = read(
        suite(f'<testcase name="{"n" * 900}" classname="{"c" * 900}"><failure>{"m" * 900}</failure></testcase>')
    )
    assert (len(case.name), len(case.group), len(case.message)) == (500, 500, 240)


def test_a_zip_that_lists_too_much_is_not_opened() -> None:
    """Both ways to say how long the list is: the 32-bit one and the 64-bit one."""
    raw = zipped(r_xml=PYTEST)
    end = raw.rfind(b"PK\x05\x06")
    long = raw[: end + 12] + struct.pack("<L", 30_000_000) + raw[end + 16 :]
    with pytest.raises(TooLarge, match="lists too many files"):
        read(long)
    record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 30_000_000, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    with pytest.raises(TooLarge, match="lists too many files"):
        read(raw[:end] + record + locator + raw[end:])


def test_an_encrypted_or_oddly_packed_zip_is_refused() -> None:
    """LZMA may ask for gigabytes before the first byte."""
    for place, value, reason in ((8, 1, "encrypted"), (10, zipfile.ZIP_LZMA, "packed in a way")):
        raw = bytearray(zipped(r_xml=PYTEST))
        raw[raw.rfind(b"PK\x01\x02") + place] = value
        with pytest.raises(BadReport, match=reason):
            read(bytes(raw))


def test_paths_of_a_zip_lead_nowhere() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../../etc/passwd/\x1b[31mr.xml", "<testsuite>")
    with pytest.raises(BadReport, match=r"^\?\[31mr\.xml: it ends"):
        read(buffer.getvalue())


MEASURED = """
import sys, time
from bot.ci.archives import files
from bot.ci.junit import read_cases
from bot.ci.limits import Allowance, Limits
raw = open(sys.argv[1], "rb").read()
before = time.process_time()
found = read_cases(files(raw, "r.xml"), Allowance(Limits()))
seconds = time.process_time() - before
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(len(found), peak.split()[1], seconds)
"""


def test_a_large_report_takes_little_memory_and_time(tmp_path: Path) -> None:
    """18 MB of cases, more than 100,000: under 150 MB for the whole process, and 2 s of a processor."""
    one = '<testcase classname="talk.refund.test_{0}.TestRefund" name="test_it_asks_kindly[case-{1}]" time="0.1"'
    failure = f"><failure message='AssertionError'>{'def test(): assert no == yes' * 20}</failure></testcase>\n"
    cases = (one.format(n // 50, n) + (failure if n % 25 == 0 else "/>\n") for n in range(140_000))
    path = tmp_path / "r.xml"
    path.write_text(suite("".join(cases)))
    assert path.stat().st_size > 18_000_000
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True, timeout=100
    )
    found, kilobytes, seconds = ran.stdout.split()
    assert int(found) == 140_000
    assert int(kilobytes) < 150_000
    assert float(seconds) < 2
