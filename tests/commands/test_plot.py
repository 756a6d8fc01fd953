"""`plot` shows how a metric of some runs went: as Slack's own chart, or as a picture."""

import math
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.facts.messages import Message
from bot.facts.runs import Run
from bot.ports.errors import TrackerDown
from tests.commands.desk import NOW, Desk
from tests.golden_files import check_golden

MINUTE = timedelta(minutes=1)
PNG = b"\x89PNG\r\n\x1a\n"


def trained(
    desk: Desk,
    name: str,
    values: Sequence[float] = (),
    metric: str = "val_auc",
    *,
    by: int = 1,
    ended: bool = True,
) -> Run:
    """A run that logged these values of a metric a minute apart, known to the tracker and to the index."""
    tracker = desk.tracker
    known = {one.name: one.experiment_id for one in tracker.experiments()}
    experiment = known.get("churn-weekly") or tracker.create_experiment("churn-weekly")
    run_id = tracker.create_run(experiment, name, started=NOW - 90 * MINUTE)
    for place, value in enumerate(values):
        tracker.log(run_id, metric, value, step=place * by, at=NOW + (place - 80) * MINUTE)
    if ended:
        tracker.end(run_id, ended=NOW - 5 * MINUTE)
    run = tracker.get(run_id)
    desk.know(run)
    return run


def drawn(message: Message) -> bool:
    picture = message.picture
    return picture is not None and picture.content.startswith(PNG) and bool(picture.alt)


def test_few_values_at_the_same_steps_are_slacks_own_chart(desk: Desk) -> None:
    trained(desk, "calm-owl", [0.5, 0.7, 0.8])
    trained(desk, "sly-fox", [0.4, 0.6, 0.9])
    message = desk.ask("plot val_auc calm-owl sly-fox")
    assert message.picture is None
    (chart,) = [one for one in desk.templates.render(message).blocks if one["type"] == "data_visualization"]
    assert [[point["value"] for point in one["data"]] for one in chart["chart"]["series"]] == [
        [0.5, 0.7, 0.8],
        [0.4, 0.6, 0.9],
    ]
    assert chart["chart"]["axis_config"] == {"categories": ["0", "1", "2"], "x_label": "step"}
    assert "calm-owl · 0.5 · 0.8 · 0.5 · 0.8 · 3" in desk.read("plot val_auc calm-owl sly-fox")
    check_golden(desk.templates, message)


@pytest.mark.parametrize(
    "values",
    [
        [n / 100 for n in range(21)],
        [0.5, math.nan, 0.7],
        [0.5, math.inf],
        [100.0, 10.0, 0.1],
    ],
    ids=["many", "nan", "infinite", "decades"],
)
def test_what_slacks_chart_cannot_show_becomes_a_picture(desk: Desk, values: list[float]) -> None:
    trained(desk, "calm-owl", values)
    message = desk.ask("plot val_auc calm-owl")
    assert drawn(message)
    assert "the picture is on its way into our direct messages" in desk.read("plot val_auc calm-owl")


def test_other_steps_become_a_picture_too(desk: Desk) -> None:
    trained(desk, "calm-owl", [0.5, 0.7])
    trained(desk, "sly-fox", [0.5, 0.7], by=10)
    message = desk.ask("plot val_auc calm-owl sly-fox")
    assert drawn(message)
    assert message.picture is not None
    assert message.picture.title == "val_auc: calm-owl, sly-fox"
    assert message.picture.alt == (
        "val_auc by step. calm-owl: 0.5 to 0.7, between 0.5 and 0.7. sly-fox: 0.5 to 0.7, between 0.5 and 0.7."
    )


def test_a_logarithmic_scale_and_gaps_are_said(desk: Desk) -> None:
    trained(desk, "calm-owl", [100.0, math.nan, 1.0, 0.01], "loss")
    text = desk.read("plot loss calm-owl")
    assert "the scale is logarithmic" in text
    assert "calm-owl: 1 value is NaN or infinite, which is a gap in the curve." in text
    check_golden(desk.templates, desk.ask("plot loss calm-owl"), "picture")


def test_time_is_counted_from_the_start_of_each_run(desk: Desk) -> None:
    trained(desk, "calm-owl", [0.5, 0.7, 0.8])
    found = desk.ask("plot val_auc calm-owl over:time")
    assert found.facts["across"] == "minutes since the run began"
    assert drawn(found)
    assert desk.buttons("plot val_auc calm-owl over:time")["Over steps"] == (
        "turn",
        "plot val_auc calm-owl over:step",
    )
    assert desk.buttons("plot val_auc calm-owl")["Over time"] == ("turn", "plot val_auc calm-owl over:time")


def test_values_without_steps_go_by_time(desk: Desk) -> None:
    trained(desk, "calm-owl", [0.5, 0.7, 0.8], by=0)
    assert desk.ask("plot val_auc calm-owl").facts["across"] == "minutes since the run began"
    assert desk.ask("plot val_auc calm-owl over:step").facts["across"] == "step"


def test_one_value_each_is_no_curve(desk: Desk) -> None:
    trained(desk, "calm-owl", [0.5])
    trained(desk, "sly-fox", [0.6])
    message = desk.ask("plot val_auc calm-owl sly-fox")
    assert message.picture is None
    assert "one value each, so there is no curve to draw" in desk.read("plot val_auc calm-owl sly-fox")


def test_a_run_that_did_not_log_it_is_named(desk: Desk) -> None:
    trained(desk, "calm-owl", [0.5, 0.6])
    trained(desk, "sly-fox", [0.6], "f1")
    text = desk.read("plot val_auc calm-owl sly-fox")
    assert "val_auc of calm-owl" in text
    assert "sly-fox has not logged it." in text


def test_a_mistyped_metric_is_asked_about(desk: Desk) -> None:
    trained(desk, "calm-owl", [0.5, 0.6])
    assert desk.read("plot val_acu calm-owl").startswith("calm-owl has logged no metric val_acu. Did you mean")
    assert desk.buttons("plot val_acu calm-owl")["val_auc"] == ("turn", "plot val_auc calm-owl")
    assert desk.ask("plot VAL_AUC calm-owl").facts["metric"] == "val_auc"
    check_golden(desk.templates, desk.ask("plot val_acu calm-owl"), "unknown")


def test_a_metric_that_the_index_has_not_seen_yet_is_plotted(desk: Desk) -> None:
    run = trained(desk, "calm-owl", [0.5, 0.6], ended=False)
    for step in range(2):
        desk.tracker.log(run.run_id, "brand_new", step, step=step, at=NOW)
    text = desk.read("plot brand_new calm-owl")
    assert "brand_new of calm-owl" in text
    assert "calm-owl is running: what it logged so far." in text


def test_latest_is_meant_when_no_run_is_named(desk: Desk) -> None:
    trained(desk, "calm-owl", [0.5, 0.6])
    assert [one.label for one in desk.ask("plot val_auc").facts["told"]] == ["calm-owl"]


def test_a_tracker_that_does_not_answer_is_said_to(desk: Desk) -> None:
    trained(desk, "calm-owl", [0.5, 0.6])
    desk.tracker.trouble, desk.tracker.trouble_in = TrackerDown("main did not answer in time."), "history"
    text = desk.read("plot val_auc calm-owl")
    assert (
        text
        == "main does not answer, and only there are curves kept. Ask again later. main did not answer in time."
    )


def test_a_run_that_its_tracker_forgot_logged_nothing(desk: Desk) -> None:
    gone = trained(desk, "calm-owl", [0.5, 0.6])
    trained(desk, "sly-fox", [0.5, 0.6])
    desk.tracker.collect_garbage(gone.run_id)
    assert "calm-owl has not logged it." in desk.read("plot val_auc calm-owl sly-fox")


def test_more_than_ten_runs_are_refused_kindly(desk: Desk) -> None:
    assert "That is 11 runs, and I put up to 10 beside each other." in desk.read("plot val_auc" + " calm-owl" * 11)


def test_a_long_history_is_cut_and_that_is_said(desk: Desk) -> None:
    names = [f"run-{n}" for n in range(10)]
    for name in names[1:]:
        trained(desk, name, [0.5])
    run = trained(desk, "run-0", [0.5])
    for step in range(1, 20_002):
        desk.tracker.keep(run.run_id, "val_auc", 0.6, step)
    assert "run-0: only the earliest 20,000 values were read." in desk.read(f"plot val_auc {' '.join(names)}")


def test_a_comparison_leads_to_the_curves_and_back(desk: Desk) -> None:
    ids = [trained(desk, name, [0.5, last]).run_id for name, last in (("calm-owl", 0.6), ("sly-fox", 0.7))]
    action, words = desk.buttons("compare calm-owl sly-fox")["Plot"]
    assert (action, words) == ("ask", f"plot val_auc {' '.join(ids)}")
    assert desk.buttons(words)["Compare"] == ("ask", f"compare {' '.join(ids)}")
