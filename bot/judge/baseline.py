"""What a run is compared with, and a sentence that says which run that is."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from bot.facts.runs import BRANCH_TAG, Run, Status
from bot.judge.evaluated import otherwise

PREVIOUS = "previous"
PINNED = "run:"
MODEL = "model:"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
REPLICATES = "replicates"
RETRAINS = "retrains"
CANDIDATES = "candidates"
BRANCH = "branch:"
TAG = "tag:"
DEFAULT = (REPLICATES, RETRAINS)
CANDIDATE = "also a candidate"
EVALUATION = "evaluation data"

# Params that may differ between two trainings of the same thing: seeds as libraries call them (scikit-learn's
# random_state, LightGBM's bagging_seed, Lightning's seed_everything)…
_SEED = re.compile(r"(.*_)?(seed|seed_everything|random_state|rng)")
# …and where a run writes to, which Hugging Face's callback logs with all other arguments.
_PLACES = frozenset({"output_dir", "logging_dir", "log_dir", "run_name", "save_dir", "checkpoint_dir"})
_NESTED = re.compile(r"\.|/|__")


@dataclass(frozen=True, slots=True)
class Baseline:
    """The run something is compared with; `why` follows its name: "calm-owl-12, the previous run …".

    `comparable` tells that one is meant to be as good as the other; otherwise differences are exploration.
    """

    run: Run
    why: str
    comparable: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """The baseline that somebody named: `words` say what it is ("the pinned baseline", "churn@champion").

    Without a run it cannot be had, and `problem` says why. `alias` tells that a model's alias leads to it.
    """

    words: str
    run: Run | None = None
    problem: str = ""
    alias: bool = False

    def itself(self, run: Run) -> bool:
        """Whether a run is the baseline itself."""
        return self.run is not None and self.run.ref == run.ref

    def trouble(self, run: Run) -> str:
        """Why a run is not compared with it, in half a sentence; empty where it is, or is the run itself."""
        if self.run is None:
            return self.problem
        if self.itself(run):
            return ""
        called = f"{self.words} {self.run.name or self.run.run_id}"
        if self.run.deleted:
            return f"{called} was deleted"
        if run.ended is not None and (self.run.started or LONG_AGO) > run.ended:
            return f"{called} began after this run had ended"
        return ""


def choose_baseline(
    run: Run,
    candidates: Iterable[Run],
    comparable: Sequence[str] = DEFAULT,
    wanted: Wanted | None = None,
    registered: Collection[str] = frozenset(),
) -> Baseline | None:
    """The wanted run where it can be had, else the previous comparable run, else the previous run.

    `candidates` may be any runs; only finished ones with metrics of the same tracker, experiment and parent
    that started before `run` count (a wanted run only has to be older than the end of `run`). `comparable` and
    `registered` are as `comparable_by` takes them. Never the best so far.
    """
    if wanted is not None and wanted.run is not None and not wanted.itself(run) and not wanted.trouble(run):
        return _named(run, wanted, wanted.run, comparable_by(run, wanted.run, comparable, registered))
    known = (one for one in candidates if one.ref != run.ref and not one.deleted)
    earlier = sorted((one for one in known if came_before(one, run)), key=moment, reverse=True)
    for one in earlier:
        alike = comparable_by(run, one, comparable, registered)
        if alike:
            return Baseline(one, f"the previous comparable run, {alike}{_elsewhere(run, one, alike)}", True)
    if earlier:
        return Baseline(earlier[0], f"the previous run{_otherwise(run, earlier[0])}", False)
    return None


def _named(run: Run, wanted: Wanted, one: Run, alike: str) -> Baseline:
    if wanted.alias and alike == CANDIDATE:
        alike = "for which this run is a candidate"
    told = f", {alike}{_elsewhere(run, one, alike)}" if alike else _otherwise(run, one)
    return Baseline(one, wanted.words + told, bool(alike))


def _otherwise(run: Run, one: Run) -> str:
    return (", with other params" if run.params != one.params else "") + _elsewhere(run, one)


def _elsewhere(run: Run, one: Run, said: str = "") -> str:
    return ", evaluated on other data" if otherwise(run, one) and EVALUATION not in said else ""


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


def comparable_by(run: Run, one: Run, rules: Sequence[str], registered: Collection[str] = frozenset()) -> str:
    """Why two runs are comparable in a few words ("a replicate"), empty when they are not.

    `rules` are those of app.yaml, and one that holds is enough: "replicates" (the same params but for seeds, the
    same code and data), "retrains" (the same params but for seeds, other code or data), "branch:name" and
    "tag:k=v" (both are of that branch or carry that tag), "candidates" (the ids of both are among the `registered`
    ones: runs that registered a version of the model that is the baseline).
    """
    return next((why for rule in rules if (why := _holds(rule, run, one, registered))), "")


def _holds(rule: str, run: Run, one: Run, registered: Collection[str]) -> str:
    if rule in (REPLICATES, RETRAINS):
        if not run.params or not same_params(run.params, one.params):
            return ""
        differs = _differs(run, one)
        if rule == REPLICATES:
            return "" if differs else "a replicate"
        return f"a retrain with other {differs}" if differs else ""
    if rule == CANDIDATES:
        return CANDIDATE if run.run_id in registered and one.run_id in registered else ""
    if rule.startswith(BRANCH):
        name = rule.removeprefix(BRANCH)
        return f"also of branch {name}" if _on(run, name) and _on(one, name) else ""
    if rule.startswith(TAG):
        key, _, value = rule.removeprefix(TAG).partition("=")
        return f"also with {key}={value}" if run.tags.get(key) == value == one.tags.get(key) else ""
    return ""


def same_params(first: Mapping[str, str], second: Mapping[str, str]) -> bool:
    """Whether two runs were told the same, seeds and where they write to aside."""
    if first == second:
        return True
    return all(first.get(name) == second.get(name) or incidental(name) for name in {*first, *second})


@lru_cache(16_384)
def incidental(name: str) -> bool:
    """Whether a param may differ between two trainings that are meant to be alike."""
    last = _NESTED.split(name.lower())[-1]
    return last in _PLACES or _SEED.fullmatch(last) is not None


def _differs(run: Run, one: Run) -> str:
    """What was trained with or on differs, as far as the runs tell."""
    code = run.commit != one.commit
    data = run.datasets != one.datasets and set(run.datasets) != set(one.datasets)
    kind = EVALUATION if otherwise(run, one) else "data"
    return " and ".join([*(["code"] if code else []), *([kind] if data else [])])


def _on(run: Run, branch: str) -> bool:
    return branch in (run.tags.get(BRANCH_TAG), run.tags.get("branch"))
