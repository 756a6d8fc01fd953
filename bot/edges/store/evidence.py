"""What was fetched about pairs of runs, and what code hosts answered."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, delete, select

from bot.edges.store.statements import upsert
from bot.edges.store.tables import code_answers, evidence
from bot.facts.causes import Evidence
from bot.facts.runs import RunRef
from bot.ports.evidence import Answer

EVIDENCE = TypeAdapter(Evidence)


class SqlEvidences:
    """bot.ports.evidence.Evidences."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, run: RunRef, other: RunRef, found: Evidence, at: datetime) -> None:
        """Keep what was fetched of two runs, in place of what was kept before."""
        row = {
            "tracker": run.tracker,
            "run_id": run.run_id,
            "other_tracker": other.tracker,
            "other_id": other.run_id,
            "at": at,
            "content": EVIDENCE.dump_python(found, mode="json"),
        }
        upsert(self.connection, evidence, [row], ("tracker", "run_id", "other_tracker", "other_id"))

    def of(self, run: RunRef) -> Mapping[RunRef, Evidence]:
        """All that is kept of a run, by the run it was compared with; what an older version kept is left out."""
        wanted = select(evidence).where(evidence.c.tracker == run.tracker, evidence.c.run_id == run.run_id)
        found = {}
        for row in self.connection.execute(wanted):
            try:
                found[RunRef(row.other_tracker, row.other_id)] = EVIDENCE.validate_python(row.content)
            except ValidationError:
                continue
        return found

    def forget(self, before: datetime) -> int:
        """Drop what was fetched before a moment; returns how many rows went."""
        return self.connection.execute(delete(evidence).where(evidence.c.at < before)).rowcount


class SqlCodeAnswers:
    """bot.ports.evidence.CodeAnswers."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, question: str, answer: Answer, at: datetime) -> None:
        """Keep an answer, in place of the one before."""
        row = {"question": question, "at": at, "etag": answer.etag, "content": answer.content}
        upsert(self.connection, code_answers, [row], ("question",))

    def get(self, question: str) -> Answer | None:
        """The answer that is kept."""
        row = self.connection.execute(select(code_answers).where(code_answers.c.question == question)).first()
        return Answer(row.content, row.etag) if row is not None else None

    def forget(self, before: datetime) -> int:
        """Drop answers kept before a moment; returns how many rows went."""
        return self.connection.execute(delete(code_answers).where(code_answers.c.at < before)).rowcount
