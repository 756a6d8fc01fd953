"""The facts of cards: what a run's, a sweep's, a group's card and their thread replies show; pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.facts.causes import Evidence
from bot.facts.checks import Check
from bot.facts.messages import Message
from bot.facts.runs import Run
from bot.facts.traces import Trace
from bot.judge.baseline import PINNED, Baseline
from bot.judge.causes import causes_of
from bot.judge.comparison import MetricPair
from bot.judge.metrics import primary_metrics
from bot.judge.mixed import behaviour_of
from bot.judge.trend import Trend, trend
from bot.notify.judgement import Judgement
from bot.notify.overview import Overview, Rules, overview, state_of
from bot.notify.reference import Reference
from bot.settings import CiSettings, ExperimentSettings

METRICS_AT_MOST = 6
LAST_METRICS_AT_MOST = 3
CHECKS_AT_MOST = 4
# The states in which it makes sense to look at what was before.
COMPARED = frozenset({"finished", "deleted", "running"})
# The states that ask for a cause.
TRACED = frozenset({"failed", "killed", "stalled", "empty"})
NOTHING = Judgement()


@dataclass(frozen=True, slots=True)
class Look:
    """How a channel wants to see an experiment: its rules, the metrics it asked for, and the bot's command.

    `ci` says where commits are linked to.
    """

    rules: ExperimentSettings
    show: tuple[str, ...] = ()
    command: str = "/runs"
    tracker: str = ""
    ci: CiSettings = field(default_factory=CiSettings)


def run_card(
    run: Run,
    reference: Reference | None,
    look: Look,
    *,
    again: bool = False,
    trace: Trace | None = None,
    evidence: Evidence | None = None,
    judgement: Judgement = NOTHING,
    checks: Sequence[Check] = (),
) -> Message:
    """One run: its state, its metrics beside the baseline's, and what else changed since.

    `again` tells that a running run was over, or silent, before. `trace` is shown where the state asks for a
    cause. The runs before, of its `reference`, show how the first metric of a finished one came to where it is.
    `evidence` is what was fetched about both runs. `judgement` is told of a run that is over, `look.tracker` where
    there are several trackers. `checks` are what CI says of the run.
    """
    state = state_of(run)
    found = reference if reference is not None and state in COMPARED else Reference(None)
    against = found.baseline
    metrics = _metrics(run, against, look, METRICS_AT_MOST if state == "finished" else LAST_METRICS_AT_MOST)
    return Message(
        "cards/run",
        {
            "run": run,
            "state": "again" if state == "running" and again else state,
            "metrics": metrics,
            "not_finite": [pair.name for pair in metrics if not math.isfinite(pair.first or 0.0)],
            "trend": _trend(run, found, metrics, look) if state == "finished" else None,
            "baseline": against,
            "note": found.note,
            "itself": found.itself,
            "judgement": judgement if state in ("finished", "deleted") else NOTHING,
            "pinnable": state == "finished" and not found.itself and not look.rules.baseline.startswith(PINNED),
            "causes": causes_of(run, against.run, evidence, look.ci) if against else None,
            "trace": trace if state in TRACED else None,
            "checks": checks[:CHECKS_AT_MOST],
            "behaviour": behaviour_of(checks, judgement.metrics),
            **_common(look, run),
        },
    )


def _trend(run: Run, reference: Reference, metrics: Sequence[MetricPair], look: Look) -> Trend | None:
    if not metrics:
        return None
    return trend(run, reference.earlier, metrics[0].name, look.rules.comparable, reference.registered)


def _common(look: Look, run: Run) -> dict[str, Any]:
    experiment_url, found, _ = run.url.partition("/runs/")
    return {
        "command": look.command,
        "tracker": look.tracker,
        "experiment": run.experiment,
        "experiment_url": experiment_url if found else "",
    }


def _metrics(run: Run, baseline: Baseline | None, look: Look, limit: int) -> tuple[MetricPair, ...]:
    names = [name for name in look.show if name in run.metrics] or primary_metrics(run, look.rules, limit)
    return tuple(
        MetricPair(
            name,
            run.metrics[name].value,
            baseline.run.metrics[name].value if baseline is not None and name in baseline.run.metrics else None,
        )
        for name in names[:limit]
    )


def sweep_card(root: Run, children: Sequence[Run], look: Look, judgement: Judgement = NOTHING) -> Message:
    """A parent run and its children as one card."""
    facts = {"run": root, "state": state_of(root), "runs": overview(children, look.rules, look.show)}
    facts["regressed"] = judgement.shared
    return Message("cards/sweep", {**facts, **_common(look, root)})


def group_card(runs: Sequence[Run], look: Look, judgement: Judgement = NOTHING) -> Message:
    """A burst of runs of one experiment as one card; `runs` is not empty."""
    facts = {"runs": overview(runs, look.rules, look.show), "regressed": judgement.shared}
    return Message("cards/group", {**facts, **_common(look, runs[0])})


@dataclass(frozen=True, slots=True)
class Part:
    """The runs of one experiment in a summary."""

    experiment: str
    runs: Overview


def away_card(runs: Sequence[Run], rules: Rules, command: str) -> Message:
    """What happened while nobody looked, by experiment, the busiest first; `runs` is not empty."""
    by_experiment: dict[str, list[Run]] = {}
    for run in runs:
        by_experiment.setdefault(run.experiment, []).append(run)
    busiest = sorted(by_experiment.items(), key=lambda item: (-len(item[1]), item[0]))
    parts = [Part(experiment, overview(members, rules(experiment))) for experiment, members in busiest]
    ends = [run.ended or run.started for run in runs]
    until = max((end for end in ends if end is not None), default=None)
    whole = overview(runs, ExperimentSettings())
    return Message("cards/away", {"whole": whole, "parts": parts, "until": until, "command": command})


def event_reply(run: Run, event: str, look: Look, *, sweep: bool = False) -> Message:
    """What people must notice in a card's thread: an Event, or "alive" for a run that was silent."""
    return Message("cards/reply", {"run": run, "event": event, "sweep": sweep, **_common(look, run)})


def failures_reply(runs: Sequence[Run], look: Look) -> Message | None:
    """The runs of a shared card that went wrong; nothing when none did."""
    failures = overview(runs, look.rules).failures
    gone = [run for run in failures if state_of(run) != "empty"]
    if not gone:
        return None
    count = sum(state_of(run) in ("failed", "killed", "stalled") for run in runs)
    return Message("cards/failures", {"failures": gone, "count": count, "command": look.command})
