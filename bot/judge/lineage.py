"""Which runs are held against each other, as keys that an index can find them by."""

import json
from collections.abc import Sequence
from hashlib import sha256

from bot.facts.runs import Run
from bot.judge.baseline import REPLICATES, TAG, settled

PARAMS = "params:"


def lineage_key(run: Run, comparable: Sequence[str]) -> str:
    """The lineage of a run: the first rule of a tag that it carries, else its params; empty where none holds."""
    for rule in comparable:
        key, equals, value = rule.removeprefix(TAG).partition("=")
        if rule.startswith(TAG) and equals and run.tags.get(key) == value:
            return rule
    return PARAMS + settled_key(run) if REPLICATES in comparable and run.params else ""


def settled_key(run: Run) -> str:
    """Stands for a run's params but for seeds. The index keeps it, so another rule needs a migration."""
    return _digest(sorted(settled(run.params).items()))


def replicate_key(run: Run) -> str:
    """Equal for replicates: the same params but for seeds, the same commit and the same data."""
    data = sorted((one.context, one.name, one.digest) for one in run.datasets)
    return _digest([sorted(settled(run.params).items()), run.commit, data])


def _digest(content: object) -> str:
    return sha256(json.dumps(content).encode()).hexdigest()[:32]
