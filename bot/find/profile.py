"""All that is known of one run, in the order in which people ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.facts.runs import BRANCH_TAG, NOTE_TAG, OWNER_TAG, PARENT_TAG, SOURCE_TAG, Metric, Run
from bot.judge.direction import SYSTEM
from bot.judge.metrics import natural, ranked
from bot.settings import ExperimentSettings

MOST_METRICS = 30
MOST_PARAMS = 40
MOST_TAGS = 20
_REPOSITORY = "mlflow.source.git.repoURL"
_NOTEBOOK = "mlflow.databricks.notebookPath"
_SHOWN_ELSEWHERE = frozenset({NOTE_TAG, OWNER_TAG, PARENT_TAG})


@dataclass(frozen=True, slots=True)
class Cut:
    """The first of many pairs, and how many more there are."""

    pairs: tuple[tuple[str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Profile:
    """A run's metrics, params and own tags, cut where they are many; `source` is what was run."""

    metrics: tuple[tuple[str, Metric], ...]
    more_metrics: int
    system_metrics: int
    params: Cut
    tags: Cut
    source: str
    branch: str
    commit_url: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run is talked about: a channel, and the address of the card there if Slack tells it."""

    channel_id: str
    url: str


def profile(run: Run, rules: ExperimentSettings) -> Profile:
    """Sort what is known of a run: telling metrics first, params and the team's own tags by name."""
    names = ranked(run, rules)
    own = {key: value for key, value in run.tags.items() if not key.startswith("mlflow.")}
    return Profile(
        metrics=tuple((name, run.metrics[name]) for name in names[:MOST_METRICS]),
        more_metrics=max(0, len(names) - MOST_METRICS),
        system_metrics=sum(name.startswith(SYSTEM) for name in run.metrics),
        params=_cut(run.params, MOST_PARAMS),
        tags=_cut(own, MOST_TAGS),
        source=run.tags.get(_NOTEBOOK) or run.tags.get(SOURCE_TAG, ""),
        branch=run.tags.get(BRANCH_TAG, ""),
        commit_url=_commit_url(run),
    )


def _cut(values: Mapping[str, str], most: int) -> Cut:
    names = sorted(values, key=natural)
    return Cut(tuple((name, values[name]) for name in names[:most]), max(0, len(names) - most))


def _commit_url(run: Run) -> str:
    """The commit's page, where the repository's address is one of a web host: https or git@host:path."""
    address = run.tags.get(_REPOSITORY, "").strip().removesuffix(".git")
    if address.startswith("git@") and ":" in address:
        host, _, path = address.removeprefix("git@").partition(":")
        address = f"https://{host}/{path}"
    if not address.startswith("https://") or "@" in address or not run.commit:
        return ""
    return f"{address}/commit/{run.commit}"
