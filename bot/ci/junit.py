"""JUnit XML becomes test cases: read piece by piece, within limits, whoever wrote it."""

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import errors

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from bot.ci.archives import Pieces
from bot.ci.cases import OUTCOMES, Found, Verdict, case
from bot.ci.limits import Allowance, BadReport, TooLarge
from bot.facts.reports import Case, CaseId

PIECE = 65_536
VERDICTS_KEPT = 8
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Encodings of Python that are no way to write text in a file, and slow to read.
NOT_OF_FILES = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7"})
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ENDS_EARLY = frozenset(
    errors.codes[text]
    for text in (
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        errors.XML_ERROR_PARTIAL_CHAR,
    )
)
SEVERAL = errors.codes[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]


def read_cases(files: Iterable[tuple[str, Pieces]], allowance: Allowance) -> tuple[Case, ...]:
    """The cases of a report's files, each with a name to tell it by; raises BadReport and TooLarge."""
    found = Found()
    for name, file in files:
        allowance.take_file()
        try:
            _read(file, found, allowance)
        except BadReport as problem:
            raise type(problem)(f"{name}: {problem}") from None
    cases = found.all()
    if not cases:
        raise BadReport("there is no test case in the report; did the tests run, and is it their JUnit XML?")
    return cases


def _read(file: Pieces, found: Found, allowance: Allowance) -> None:
    listener = Listener(found, allowance)
    parser = DefusedXMLParser(target=listener, forbid_dtd=True)
    piece = file.read(PIECE)
    if not piece:
        raise BadReport("it is empty; was the pipeline stopped before the tests ended?")
    encoding = _encoding(piece)
    decoder = codecs.getincrementaldecoder(encoding)()
    at = 0
    try:
        while piece:
            allowance.take_bytes(len(piece))
            parser.feed(FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", decoder.decode(piece)))
            listener.heard(len(piece))
            at += len(piece)
            piece = file.read(PIECE)
        parser.feed(decoder.decode(b"", final=True))
        parser.close()
    except UnicodeError:
        raise BadReport(
            f"between bytes {at} and {at + len(piece)} it is not {encoding.upper()}, as it says or has to be; "
            'name its encoding in its first line: <?xml version="1.0" encoding="…"?>'
        ) from None
    except DefusedXmlException:
        raise BadReport(
            "it declares a document type or entities, which no test report needs; remove them"
        ) from None
    except ParseError as problem:
        raise BadReport(_explained(problem)) from None


def _encoding(beginning: bytes) -> str:
    """What a file is written in: its byte order mark, else its declaration, else UTF-8; raises BadReport."""
    for mark, encoding in BOMS:
        if beginning.startswith(mark):
            return encoding
    found = DECLARED.match(beginning[:200])
    declared = found[1].decode() if found else "utf-8"
    try:
        known = codecs.lookup(declared)
    except LookupError:
        raise BadReport("its first line names an encoding that is not known here; write it in UTF-8") from None
    if not known._is_text_encoding or known.name.replace("_", "-") in NOT_OF_FILES:
        raise BadReport("its first line names an encoding that no file is written in; write it in UTF-8")
    return known.name


def _explained(problem: ParseError) -> str:
    line, column = problem.position
    if problem.code in ENDS_EARLY:
        return f"it ends in the middle (line {line}); was the pipeline stopped while it was written?"
    if problem.code == SEVERAL:
        return f"something follows its end (line {line}); is it several reports in one? Send them as several files"
    return (
        f"line {line}, column {column + 1} is not XML; is it the file that your test runner writes as JUnit XML?"
    )


@dataclass(slots=True)
class Suite:
    """A suite whose end has not come; `attempts` is kept where each attempt at a test is written apart."""

    name: str
    attempts: set[CaseId] | None = field(default=None)


class Listener:
    """What the parser tells of: suites, and test cases inside of them. No tree is built."""

    def __init__(self, found: Found, allowance: Allowance) -> None:
        """Add cases to what was found."""
        self._found = found
        self._allowance = allowance
        self._limits = allowance.limits
        self._depth = 0
        self._suites: list[Suite] = []
        self._case: Mapping[str, str] | None = None
        self._case_depth = 0
        self._verdicts: list[Verdict] = []
        self._open: Verdict | None = None
        self._open_depth = 0
        self._room = 0
        self._silent = 0

    def heard(self, characters: int) -> None:
        """So many characters were parsed; raises TooLarge when they are all of one endless tag."""
        self._silent += characters
        if self._silent > self._limits.token:
            raise TooLarge(f"one tag or comment is longer than {self._limits.token} characters; shorten it")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._silent = 0
        self._depth += 1
        if self._depth > self._limits.depth:
            raise TooLarge(f"its elements are nested deeper than {self._limits.depth}; is it JUnit XML?")
        name = tag.rpartition("}")[2]
        if self._case is not None:
            if name in OUTCOMES and self._open is None and len(self._verdicts) < VERDICTS_KEPT:
                self._open = Verdict(name, attributes)
                self._open_depth, self._room = self._depth, self._limits.text
                self._verdicts.append(self._open)
        elif name == "testcase":
            self._case, self._case_depth = attributes, self._depth
        elif name == "testsuite":
            self._suites.append(Suite(attributes.get("name", "")))
        elif self._depth == 1 and name != "testsuites":
            raise BadReport("its outermost element is not testsuites or testsuite; is it JUnit XML?")
        elif name == "property" and attributes.get("name") == "go.version" and self._suites:
            # gotestsum writes a test that was run again as another case of the same suite.
            self._suites[-1].attempts = set()

    def end(self, tag: str) -> None:
        """An element ends."""
        self._silent = 0
        if self._open is not None and self._depth == self._open_depth:
            self._open = None
        if self._case is not None:
            if self._depth == self._case_depth:
                self._end_case(self._case)
        elif self._suites and tag.rpartition("}")[2] == "testsuite":
            self._suites.pop()
        self._depth -= 1

    def data(self, text: str) -> None:
        """Text, in pieces."""
        self._silent = 0
        if self._open is not None and self._room > 0:
            self._open.text.append(text[: self._room])
            self._room -= len(text)

    def _end_case(self, attributes: Mapping[str, str]) -> None:
        self._allowance.take_case()
        path = [suite.name for suite in self._suites if suite.name]
        attempts = self._suites[-1].attempts if self._suites else None
        self._found.add(case(attributes, " › ".join(path), self._verdicts, self._limits.name), attempts)
        self._case, self._verdicts, self._open = None, [], None

    def close(self) -> None:
        """The file ends."""
