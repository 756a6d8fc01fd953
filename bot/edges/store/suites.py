"""What each test run changed, as people are told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from bot.edges.store.columns import microseconds, moment_of, short
from bot.edges.store.statements import upsert
from bot.edges.store.tables import suite_diffs
from bot.facts.reports import Counts, Origin
from bot.facts.suites import ChangedTest, Part, SuiteDiff

KNOWN = ("origin", "base", "counts", "complete")
PARTS = tuple(one.name for one in fields(SuiteDiff) if one.name not in KNOWN)


class SqlSuiteDiffs:
    """bot.ports.ci.SuiteDiffs."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, one: SuiteDiff) -> None:
        """Keep what a test run changed, in place of what was known of it before."""
        details = asdict(one) | {"origin": _packed(one.origin), "base": one.base and _packed(one.base)}
        row = {
            "test_run": one.origin.test_run,
            "pipeline": one.origin.pipeline,
            "at": one.origin.at,
            "details": details,
        }
        upsert(self.connection, suite_diffs, [row], ("test_run",))

    def get(self, test_runs: Sequence[str]) -> Mapping[str, SuiteDiff]:
        """What these test runs changed; those of which nothing is known are left out."""
        keys = {short(one): one for one in test_runs}
        rows = self.connection.execute(select(suite_diffs).where(suite_diffs.c.test_run.in_(keys)))
        return {keys[row.test_run]: _suite_diff(row.details) for row in rows}

    def of_pipelines(self, subjects: Sequence[str]) -> Mapping[str, Sequence[SuiteDiff]]:
        """What the test runs of some pipelines changed, by pipeline, in the order of their names."""
        keys = {short(subject): subject for subject in subjects}
        found: dict[str, list[SuiteDiff]] = {subject: [] for subject in subjects}
        for row in self.connection.execute(select(suite_diffs).where(suite_diffs.c.pipeline.in_(keys))):
            found[keys[row.pipeline]].append(_suite_diff(row.details))
        return {subject: sorted(some, key=lambda one: one.origin.name) for subject, some in found.items()}

    def forget(self, before: datetime) -> int:
        """Drop what is older than a moment; returns how many rows went."""
        return self.connection.execute(delete(suite_diffs).where(suite_diffs.c.at < before)).rowcount


def _packed(origin: Origin) -> dict[str, Any]:
    return asdict(origin) | {"at": microseconds(origin.at)}


def _suite_diff(details: dict[str, Any]) -> SuiteDiff:
    base = details["base"]
    return SuiteDiff(
        origin=_origin(details["origin"]),
        base=_origin(base) if base else None,
        counts=Counts(**details["counts"]),
        complete=details["complete"],
        **{name: _part(details[name]) for name in PARTS},
    )


def _origin(kept: dict[str, Any]) -> Origin:
    return Origin(**(kept | {"at": moment_of(kept["at"])}))


def _part(kept: dict[str, Any]) -> Part:
    return Part(kept["cases"], tuple(_test(one) for one in kept["tests"]), kept["more"])


def _test(kept: dict[str, Any]) -> ChangedTest:
    seconds = kept["seconds"]
    return ChangedTest(**(kept | {"seconds": tuple(seconds) if seconds else None}))
