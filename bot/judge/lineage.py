"""Which runs are held against each other, as keys that an index can find them by."""

import json
from collections.abc import Collection, Sequence
from hashlib import sha256

from bot.facts.runs import BRANCH_TAG, Run
from bot.judge.baseline import BRANCH, CANDIDATES, REPLICATES, RETRAINS, TAG, incidental

PARAMS = "params:"
SAME = "same:"
# Where a run says which branch it is of: MLflow's tag, and the one people set.
BRANCH_TAGS = (BRANCH_TAG, "branch")


def lineage_key(
    run: Run, comparable: Sequence[str], model: str = "", registered: Collection[str] = frozenset()
) -> str:
    """The lineage of a run by the rules of app.yaml (bot.judge.baseline.comparable_by); empty where none holds.

    A tag, a branch or being a candidate makes the wider lineage, so it is asked before the params. `registered`
    are the runs that registered a version of `model`.
    """
    for rule in comparable:
        if rule.startswith(TAG):
            key, _, value = rule.removeprefix(TAG).partition("=")
            if run.tags.get(key) == value:
                return rule
        if rule.startswith(BRANCH) and rule.removeprefix(BRANCH) in map(run.tags.get, BRANCH_TAGS):
            return rule
        if rule == CANDIDATES and run.run_id in registered:
            return f"{CANDIDATES}:{model}"
    if not run.params:
        return ""
    if RETRAINS in comparable:
        return PARAMS + settled_key(run)
    return SAME + replicate_key(run) if REPLICATES in comparable else ""


def settled_key(run: Run) -> str:
    """Stands for a run's params but for seeds. The index keeps it, so another rule needs a migration."""
    return _digest(_settled(run))


def replicate_key(run: Run) -> str:
    """Equal for replicates: the same params but for seeds, the same commit and the same data."""
    data = sorted((one.context, one.name, one.digest) for one in run.datasets)
    return _digest([_settled(run), run.commit, data])


def _settled(run: Run) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in run.params.items() if not incidental(name))


def _digest(content: object) -> str:
    return sha256(json.dumps(content).encode()).hexdigest()[:32]
