"""What the elements of a JUnit file say of a test case: its identity, its outcome, and why it failed.

There is no standard; these are what pytest, Surefire, Jest, gotestsum and GoogleTest write:
https://github.com/testmoapp/junitxml, https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.facts.reports import Case, CaseId, CaseOutcome
from bot.logs import redact

# A flaky case failed at first and passed when Surefire ran it again; a rerun alone says that it was run again.
OUTCOMES = {
    "error": CaseOutcome.ERROR,
    "failure": CaseOutcome.FAILED,
    "skipped": CaseOutcome.SKIPPED,
    "flakyFailure": CaseOutcome.FLAKY,
    "flakyError": CaseOutcome.FLAKY,
    "rerunFailure": CaseOutcome.FLAKY,
    "rerunError": CaseOutcome.FLAKY,
}
WORST_FIRST = ("error", "failure", "skipped", "flakyError", "flakyFailure", "rerunError", "rerunFailure")
NOT_RUN = frozenset({"notrun", "skipped", "disabled", "ignored", "suppressed"})

BRACKETS = re.compile(r"(?s)([^\[]+)(\[.*\])")
SUBTEST = re.compile(r"(?s)([A-Za-z_]\w*)(/.+)")
# What gotestsum says of every failure, and what Go prints around the words of a test.
SAYS_NOTHING = frozenset({"", "Failed"})
GO_FRAME = ("=== ", "--- ")
# Colours of a terminal: raw ones are replaced before XML is read, pytest writes #x1B.
COLOURS = re.compile("(?:\N{REPLACEMENT CHARACTER}|#x1B)\\[[0-9;]*m")
LINES, LINE = 3, 240
LONGEST_SECONDS = 10_000_000.0


@dataclass(slots=True)
class Verdict:
    """An element inside of a test case that says how it ended."""

    kind: str
    attributes: Mapping[str, str]
    text: list[str] = field(default_factory=list)


def case(attributes: Mapping[str, str], suite: str, verdicts: Iterable[Verdict], longest: int) -> Case:
    """A test case; `suite` is its group where it names no class, names are cut at `longest` characters."""
    name, parameters = split_name(_cut(attributes.get("name") or "(no name)", longest))
    group = attributes.get("classname") or suite
    if group == attributes.get("name"):
        group = suite
    worst = min(verdicts, key=lambda verdict: WORST_FIRST.index(verdict.kind), default=None)
    seconds = _seconds(attributes.get("time", ""))
    if worst is None:
        not_run = {attributes.get("status", "").lower(), attributes.get("result", "").lower()} & NOT_RUN
        outcome = CaseOutcome.SKIPPED if not_run else CaseOutcome.PASSED
        return Case(_cut(group, longest), name, parameters, outcome, seconds)
    outcome = OUTCOMES[worst.kind]
    message = "" if outcome is CaseOutcome.SKIPPED else first_lines(worst)
    return Case(_cut(group, longest), name, parameters, outcome, seconds, message)


def split_name(written: str) -> tuple[str, str]:
    """A name and what a parametrised test added to it; joined again they are what was written."""
    found = SUBTEST.fullmatch(written) or BRACKETS.fullmatch(written)
    return (found[1], found[2]) if found else (written, "")


def first_lines(verdict: Verdict) -> str:
    """The first lines of why a case failed, without secrets and what its tool says of every failure."""
    said = verdict.attributes.get("message", "").strip()
    if said in SAYS_NOTHING:
        said = "".join(verdict.text)
    said = str(redact(COLOURS.sub("", said)))
    lines = [
        line.rstrip() for line in said.splitlines() if line.strip() and not line.lstrip().startswith(GO_FRAME)
    ]
    if not lines:
        return _cut(verdict.attributes.get("type", "").strip(), LINE)
    return "\n".join(_cut(line, LINE) for line in lines[:LINES])


def tried_again(one: Case, other: Case) -> Case:
    """Of two attempts at one case: it is flaky when one failed and one passed."""
    if one.outcome.broken != other.outcome.broken and CaseOutcome.SKIPPED not in (one.outcome, other.outcome):
        failed = one if one.outcome.broken else other
        return failed._replace(outcome=CaseOutcome.FLAKY)
    return one.or_worse(other)


class Found:
    """The cases of a report by their identity, in the order they came."""

    def __init__(self) -> None:
        """None yet."""
        self._cases: dict[tuple[str, str, str], Case] = {}

    def add(self, found: Case, attempts: set[CaseId] | None = None) -> None:
        """Another case; where its tool writes each attempt, `attempts` are what it wrote in this suite."""
        identity = found[:3]
        before = self._cases.setdefault(identity, found)
        if before is not found:
            again = attempts is not None and identity in attempts
            self._cases[identity] = tried_again(before, found) if again else before.or_worse(found)
        if attempts is not None:
            attempts.add(found.id)

    def all(self) -> tuple[Case, ...]:
        """Every case once."""
        return tuple(self._cases.values())


def _seconds(written: str) -> float:
    """Seconds; Surefire groups thousands with commas in some locales."""
    try:
        seconds = float(written.replace(",", ""))
    except ValueError:
        return 0.0
    return round(min(seconds, LONGEST_SECONDS), 4) if math.isfinite(seconds) and seconds > 0 else 0.0


def _cut(text: str, longest: int) -> str:
    text = " ".join(text.split()) if "\n" in text else text
    return text if len(text) <= longest else text[: longest - 1] + "…"
