"""What changed between two runs that may be why one is better or worse: the one thing, if it is one."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.facts.causes import (
    Causes,
    Changed,
    Code,
    CommitRange,
    DataChanged,
    DataVersion,
    Evidence,
    Part,
    Relation,
    Repository,
    Unknown,
)
from bot.facts.runs import SOURCE_TAG, Run
from bot.judge.baseline import incidental
from bot.judge.comparison import Comparison, ValuePair, compare
from bot.judge.data import kept_by_dvc
from bot.judge.repositories import REPOSITORY_TAG, commit_of, repository, same_commit
from bot.judge.shortening import cut, shortened, told_apart
from bot.settings import CiSettings, ExperimentSettings

NOTHING_FETCHED = Evidence()
# A team's own words for the version of its data, those of DVC first.
DATA_TAG = re.compile(r"dvc[._-].+|(data|dataset)[._-](version|hash|md5|digest)", re.IGNORECASE)
# Characters; Python takes 1 ms to read 2,000 of a dict of its own.
NESTED_AT_MOST = 60_000
NOTEBOOK = ".ipynb"
NOTEBOOK_TAG = "mlflow.databricks.notebookPath"


def causes_of(run: Run, baseline: Run, evidence: Evidence | None, ci: CiSettings) -> Causes:
    """What changed since the baseline, and what nobody knows, from both runs and from what was fetched of them.

    Without evidence commits are only linked.
    """
    told = _current(evidence, run, baseline) or NOTHING_FETCHED
    first, second = (replace(one, metrics={}) for one in (run, baseline))
    compared = compare(first, second, ExperimentSettings())
    code, doubts = _code(run, baseline, told, ci)
    environment = (*(_changed(pair) for pair in compared.environment.pairs), *(told.packages or ()))
    if told.data is None:
        doubts += _data_doubts(run, baseline)
    told_of = {one.part for one in told.unknown}
    causes = Causes(
        params=_params(compared.params.pairs),
        code=code,
        data=(*_tagged(run, baseline), *_datasets(compared), *(told.data or ())),
        environment=environment,
        notebook=_notebook(run, baseline),
        unknown=(*(one for one in doubts if one.part not in told_of), *told.unknown),
        unrecorded=_unrecorded(run, baseline, told, compared) if told is not NOTHING_FETCHED else (),
        looked=told is not NOTHING_FETCHED,
    )
    return _seeds_aside(causes)


def _seeds_aside(causes: Causes) -> Causes:
    """Seeds are why a run is better or worse only where nothing else changed."""
    seeds = tuple(one for one in causes.params if incidental(one.name))
    if len(seeds) == causes.count:
        return causes
    return replace(causes, params=tuple(one for one in causes.params if one not in seeds), aside=seeds)


def data_tags(run: Run) -> Mapping[str, str]:
    """The versions of data that a run says itself, by tag."""
    return {key: value for key, value in run.tags.items() if DATA_TAG.fullmatch(key)}


def repository_of(run: Run, ci: CiSettings) -> Repository | None:
    """Where a run's code is kept, if that is a host that app.yaml or everybody knows."""
    return repository(run.tags.get(REPOSITORY_TAG, ""), ci)


def _params(pairs: Sequence[ValuePair]) -> tuple[Changed, ...]:
    """What changed in each param; nested values are read until there was much to read."""
    left = NESTED_AT_MOST
    found: list[Changed] = []
    for pair in pairs:
        left -= len(pair.first or "") + len(pair.second or "")
        found += told_apart(pair.name, pair.second, pair.first, nested=left > 0)
    return tuple(found)


def _current(evidence: Evidence | None, run: Run, baseline: Run) -> Evidence | None:
    """The evidence, unless one of the runs was given another commit since."""
    commits = evidence.code if evidence is not None else None
    if commits is None:
        return evidence
    same = same_commit(commits.head, commit_of(run)) and same_commit(commits.base, commit_of(baseline))
    return evidence if same else None


def _code(run: Run, baseline: Run, told: Evidence, ci: CiSettings) -> tuple[Code, list[Unknown]]:
    before, after = commit_of(baseline), commit_of(run)
    unclean = (one for one in (run, baseline) if one.dirty)
    doubts = [Unknown(Part.CODE, f"{name_of(one)} ran with changes that were never committed") for one in unclean]
    if not before or not after:
        missing = [name_of(one) for one in (run, baseline) if not commit_of(one)]
        if len(missing) == 1:
            doubts.append(Unknown(Part.CODE, f"{missing[0]} recorded no commit"))
        return Code(before, after, None), doubts
    if same_commit(before, after):
        return Code(before, after, None if doubts else False), doubts
    here, there = repository_of(run, ci), repository_of(baseline, ci)
    url = here.compare_url(before, after) if here is not None and here == there else ""
    beside_data = told.code is None or told.code.paths_cut or not _only_data(told.code)
    return Code(before, after, beside_data, url, told.code), doubts


def _only_data(commits: CommitRange) -> bool:
    """Whether the commits changed nothing but where DVC keeps its versions."""
    return commits.relation is Relation.AHEAD and bool(commits.paths) and all(map(kept_by_dvc, commits.paths))


def name_of(run: Run) -> str:
    """What a sentence calls a run."""
    return cut(run.name or run.run_id[:8]) or ""


def _changed(pair: ValuePair) -> Changed:
    if pair.first is None or pair.second is None:
        return Changed(pair.name, cut(pair.second), cut(pair.first))
    return Changed(pair.name, *shortened(pair.second, pair.first))


def _tagged(run: Run, baseline: Run) -> tuple[DataChanged, ...]:
    """What differs between the runs' own words; nothing where only one has any: they may be new."""
    after, before = data_tags(run), data_tags(baseline)
    if not after or not before:
        return ()
    return tuple(
        DataChanged(tag, _version(before.get(tag)), _version(after.get(tag)))
        for tag in sorted({*before, *after})
        if before.get(tag) != after.get(tag)
    )


def _data_doubts(run: Run, baseline: Run) -> list[Unknown]:
    """That one of two runs says which data it had, and the other does not."""
    missing = [name_of(one) for one in (run, baseline) if not data_tags(one)]
    return [Unknown(Part.DATA, f"{missing[0]} recorded no data version")] if len(missing) == 1 else []


def _datasets(compared: Comparison) -> tuple[DataChanged, ...]:
    """Datasets by what they were used for; the digests are what MLflow made of the data itself."""
    pairs = compared.datasets.pairs
    return tuple(DataChanged(pair.name, _version(pair.second), _version(pair.first)) for pair in pairs)


def _version(text: str | None) -> DataVersion | None:
    return DataVersion(text) if text is not None else None


def _notebook(run: Run, baseline: Run) -> Changed | None:
    """The notebook that was run, where it is another one."""
    after, before = _notebook_name(run), _notebook_name(baseline)
    if after == before or not (after or before):
        return None
    return Changed("notebook", before or None, after or None)


def _notebook_name(run: Run) -> str:
    source = run.tags.get(NOTEBOOK_TAG) or run.tags.get(SOURCE_TAG, "")
    return posixpath.basename(source) if source.endswith(NOTEBOOK) or NOTEBOOK_TAG in run.tags else ""


def _unrecorded(run: Run, baseline: Run, told: Evidence, compared: Comparison) -> tuple[Part, ...]:
    """The parts of which neither run says anything, so that a change in them would not be seen."""
    both = (run, baseline)
    environment = compared.environment
    recorded = {
        Part.CODE: any(commit_of(one) for one in both),
        Part.DATA: any(one.datasets or data_tags(one) for one in both) or told.data is not None,
        Part.ENVIRONMENT: bool(environment.pairs or environment.same) or told.packages is not None,
    }
    doubted = {one.part for one in told.unknown}
    if Part.CODE in doubted:
        doubted.add(Part.DATA)
    return tuple(part for part, known in recorded.items() if not known and part not in doubted)
