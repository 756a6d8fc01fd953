"""Whatever JSON a server sends, reading it gives runs or leaves them out, and never breaks."""

import math

from hypothesis import given
from hypothesis import strategies as st

from bot.edges.mlflow.reading import Unreadable, moment, read_experiment, read_runs, value

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["NaN", "RUNNING"])
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def some(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional={key: field | anything for key, field in fields.items()})


pairs = st.lists(some(key=st.text(), value=scalars, timestamp=scalars, step=scalars))
infos = some(
    run_id=st.text(),
    experiment_id=st.text(),
    status=st.sampled_from(["RUNNING", "FINISHED"]),
    start_time=scalars,
    end_time=scalars,
    lifecycle_stage=st.just("deleted"),
)
data = some(metrics=pairs, params=pairs, tags=pairs)
datasets = st.lists(some(tags=pairs, dataset=some(name=st.text(), digest=st.text())))
runs = some(info=infos, data=data, inputs=some(dataset_inputs=datasets))


@given(st.lists(runs | anything, max_size=5))
def test_any_json_is_read_or_left_out(raw: list[object]) -> None:
    for run in read_runs(raw, "main", {}, "https://mlflow.example.com"):
        assert run.run_id
        assert all(isinstance(metric.value, float) for metric in run.metrics.values())
        assert all(isinstance(text, str) for text in [*run.tags.values(), *run.params.values(), run.name])
        assert hash(run.ref)


@given(anything)
def test_any_experiment_is_read_or_called_unreadable(raw: object) -> None:
    try:
        experiment = read_experiment(raw, "main")
    except Unreadable:
        return
    assert experiment.name


@given(scalars)
def test_any_time_is_utc_or_nothing(raw: object) -> None:
    at = moment(raw)
    assert at is None or at.utcoffset().total_seconds() == 0  # type: ignore[union-attr]


def test_the_largest_double_means_infinity() -> None:
    assert value(1.7976931348623157e308) == math.inf
    assert value(-1.7976931348623157e308) == -math.inf
    assert math.isnan(value("NaN"))
