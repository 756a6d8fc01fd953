"""What a run is compared with, and a sentence that says which run that is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.facts.runs import Run, Status

# Params that may differ between two trainings of the same thing.
SEEDS = frozenset(
    {"seed", "random_state", "random_seed", "rng_seed", "np_seed", "numpy_seed", "torch_seed", "split_seed"}
)
PINNED = "run:"
TAG = "tag:"
REPLICATES = "replicates"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The run something is compared with; `why` follows its name: "calm-owl-12, the previous run …".

    `comparable` tells that one is meant to be as good as the other; otherwise differences are exploration.
    """

    run: Run
    why: str
    comparable: bool


def choose_baseline(
    run: Run, candidates: Iterable[Run], comparable: Sequence[str] = (REPLICATES,), pinned: str = "previous"
) -> Baseline | None:
    """The pinned run (`run:<id>`), else the previous comparable run, else the previous run.

    `candidates` may be any runs; only finished ones with metrics of the same tracker, experiment and parent
    that started before `run` count (a pinned run always counts). `comparable` holds "replicates" (the same
    params but for seeds) and "tag:k=v" (both carry the tag); one that holds is enough. Never the best so far.
    """
    known = [one for one in candidates if one.ref != run.ref and not one.deleted]
    if pinned.startswith(PINNED):
        wanted = pinned.removeprefix(PINNED)
        for one in known:
            if one.tracker == run.tracker and one.run_id.startswith(wanted):
                return Baseline(one, "the pinned baseline", True)
    earlier = sorted((one for one in known if came_before(one, run)), key=moment, reverse=True)
    for one in earlier:
        why = comparable_by(run, one, comparable)
        if why:
            return Baseline(one, f"the previous run {why}", True)
    if earlier:
        return Baseline(
            earlier[0], "the previous run, with other params" if run.params else "the previous run", False
        )
    return None


def came_before(one: Run, run: Run) -> bool:
    """Whether one run finished with metrics, beside this one, and began before it."""
    return (
        (one.tracker, one.experiment_id, one.parent_id) == (run.tracker, run.experiment_id, run.parent_id)
        and one.status is Status.FINISHED
        and bool(one.metrics)
        and moment(one) <= moment(run)
        and (moment(one), one.run_id) != (moment(run), run.run_id)
    )


def moment(run: Run) -> tuple[datetime, str]:
    """When a run began, with its id for runs that began at once: an order."""
    return (run.started or LONG_AGO, run.run_id)


def comparable_by(run: Run, one: Run, rules: Sequence[str]) -> str:
    """Why two runs are comparable, empty when they are not."""
    for rule in rules:
        if rule == REPLICATES and run.params and settled(run.params) == settled(one.params):
            return "with the same params"
        if rule.startswith(TAG):
            key, _, value = rule.removeprefix(TAG).partition("=")
            if run.tags.get(key) == value == one.tags.get(key):
                return f"with {key}={value}"
    return ""


def settled(params: Mapping[str, str]) -> Mapping[str, str]:
    """The params without the seed-like ones."""
    return {key: value for key, value in params.items() if key.lower().rsplit(".", 1)[-1] not in SEEDS}
