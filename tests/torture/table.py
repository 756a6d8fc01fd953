"""What one seed shows: what was done to the bot, and what people saw."""

from collections.abc import Mapping
from statistics import median
from typing import TYPE_CHECKING

from tests.torture.verdict import Verdict

if TYPE_CHECKING:
    from tests.torture.story import Story

Table = tuple[tuple[str, str], ...]


def table(story: "Story", verdict: Verdict) -> Table:
    """What happened, and what people saw of it."""
    late = verdict.lateness() or [0.0]
    log = (story.folder / "bot.log").read_text(errors="replace")
    faults, crashes, database, door = story.slack.counted(), story.lives.deaths, story.database, story.door
    webhooks = sum(len(one.answers) for one in door.deliveries)
    full = f"full {database.filled} times ({log.count('database or disk is full')} errors met)"
    return (
        ("runs that ended", f"{len(story.team.runs)} ({story.team.transitions} ends)"),
        ("crashes", f"{crashes.total()}: {counted(crashes)}"),
        ("Slack's faults", f"{faults.total()}: {counted(faults)}"),
        ("the tracker's faults", counted(story.tracker.struck)),
        ("the database", f"locked {database.locked} times, {full}"),
        ("posts seen", str(len(verdict.messages))),
        ("doubled", str(verdict.doubled)),
        ("lost", str(len(verdict.lost))),
        ("cards behind", str(len(verdict.behind))),
        ("cards that went back", str(verdict.watcher.went_back())),
        ("refused by their channel", str(sum(row.state == "dead" for row in verdict.rows))),
        ("two posts in a channel", f"at least {story.slack.quickest():.2f} s apart"),
        ("calls before Retry-After", str(len(story.slack.hasty))),
        ("commands acknowledged", f"{len(door.acks)}, the slowest after {max(door.acks, default=0):.2f} s"),
        ("webhooks", f"{webhooks} of {story.size.pipelines} pipelines, {len(door.forged)} forged"),
        ("end of a run to its card", f"median {median(late):.1f} s, worst {late[-1]:.1f} s"),
    )


def counted(counts: Mapping[str, int]) -> str:
    """Counts by name, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{name} {count}" for name, count in ordered)
