"""The demo's behaviour tests: example conversations whose results the real `rundown report` sends."""

from collections.abc import Collection
from pathlib import Path

NAME = "conversations"
LATE, ANGRY = "refund_asked_too_late", "angry_customer"
CONVERSATIONS = (
    LATE,
    ANGRY,
    "first_greeting",
    "order_status",
    "change_of_address",
    "cancel_subscription",
    "two_questions_at_once",
    "typing_errors",
    "another_language",
    "asks_for_a_person",
)
FAILURE = (
    '<failure message="AssertionError: the reply promises a refund">reply = "Sure, here is your money!"</failure>'
)


def results(folder: Path, name: str, failing: Collection[str]) -> Path:
    """Write what pytest would write: JUnit XML of all conversations, of which some fail."""
    why = dict.fromkeys(failing, FAILURE)
    cases = "".join(
        f'<testcase classname="tests.{NAME}" name="test_{one}" time="0.4">{why.get(one, "")}</testcase>'
        for one in CONVERSATIONS
    )
    path = folder / f"{name}.xml"
    path.write_text(f'<testsuites><testsuite name="pytest">{cases}</testsuite></testsuites>', encoding="utf-8")
    return path


def arguments(path: Path, commit: str, repository: str, pipeline: int = 0) -> list[str]:
    """How a pipeline of the default branch calls `rundown report`."""
    told = {"name": NAME, "repository": repository, "branch": "main", "commit": commit}
    if pipeline:
        told |= {"provider": "github", "pipeline": str(pipeline)}
    return ["report", str(path), "--strict", *(f"--{name}={value}" for name, value in told.items())]
