"""What cards look like: a golden file for each template and each case worth seeing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.facts.messages import Message
from bot.facts.runs import Dataset, Event, Metric, Status
from bot.facts.traces import Trace
from bot.judge.baseline import Baseline
from bot.notify.cards import (
    Look,
    away_card,
    event_reply,
    failures_reply,
    group_card,
    run_card,
    sweep_card,
)
from bot.notify.reference import Reference
from bot.render.messages import Templates
from bot.settings import ExperimentSettings, MetricSettings
from tests.golden_files import check_golden
from tests.notify.examples import NOON, a_run

RULES = ExperimentSettings(
    primary="val_auc",
    metrics={"val_auc": MetricSettings(better="higher"), "val_loss": MetricSettings(better="lower")},
)
LOOK = Look(RULES)
MEASURED = {"val_auc": 0.8712, "val_loss": 0.4021, "epoch": 12.0}
RUN = a_run(
    metrics=MEASURED,
    params={"lr": "0.2", "depth": "8", "seed": "1"},
    tags={"mlflow.source.git.commit": "7d3f1c9a5be24880c6f1e0b7a942d5538e61fa20"},
)
RUN = replace(RUN, datasets=(Dataset("customers", "d2", "train"),))
BEFORE = replace(
    a_run(
        "b" * 32,
        name="wise-crow-7",
        metrics={"val_auc": 0.8834, "val_loss": 0.4021},
        params={"lr": "0.1", "depth": "8", "seed": "2"},
        tags={"mlflow.source.git.commit": "0aa11bb2" * 5},
    ),
    datasets=(Dataset("customers", "d1", "train"),),
)
BASELINE = Reference(Baseline(BEFORE, "the previous run, with other params", False))
TRACE = Trace(
    "logs/traceback 1.txt",
    (
        '  File "/srv/churn/train.py", line 88, in <module>',
        "    main(sys.argv[1:])",
        '  File "/srv/churn/features.py", line 31, in encode',
        "    return column.astype(float)",
        "ValueError: could not convert string to float: 'n/a' in column <tenure>",
    ),
)
HOSTILE = "<!channel> *bold* & <@U1> \x00\ud800 " + "x" * 500


def child(number: int, *, status: Status = Status.FINISHED, auc: float | None = None):
    value = 0.8 + number / 100 if auc is None else auc
    return a_run(
        f"{number:032x}",
        name=f"alpha-{number}",
        status=status,
        metrics={"val_auc": value} if status is Status.FINISHED else {},
        params={"alpha": f"{number / 10}", "depth": "8"},
        started=NOON - timedelta(minutes=60 - number),
        parent="p" * 32,
    )


CHILDREN = [
    *(child(number) for number in range(1, 13)),
    child(13, status=Status.FAILED),
    child(14, status=Status.RUNNING),
]
ROOT = a_run("p" * 32, name="alpha-sweep", metrics={}, status=Status.RUNNING)

CASES: dict[str, Message | None] = {
    "finished": run_card(
        RUN,
        replace(
            BASELINE,
            earlier=[
                replace(
                    BEFORE, run_id=f"{n:032x}", started=NOON - timedelta(hours=n), metrics={"val_auc": Metric(auc)}
                )
                for n, auc in enumerate((0.8834, 0.88, 0.861, 0.842), start=1)
            ],
        ),
        LOOK,
    ),
    "baseline deleted": run_card(
        RUN, replace(BASELINE, note="the pinned baseline old-elk-3 was deleted on 3 Nov 2026"), LOOK
    ),
    "baseline gone and nothing else": run_card(
        RUN, Reference(None, note="the pinned baseline old-elk-3 is no longer in MLflow"), LOOK
    ),
    "baseline itself": run_card(RUN, replace(BASELINE, itself="the pinned baseline"), LOOK),
    "first": run_card(
        a_run(metrics={"auc": 0.5, "training_loss": float("nan")}), None, Look(ExperimentSettings())
    ),
    "failed": run_card(
        replace(RUN, status=Status.FAILED, metrics={"val_loss": Metric(float("inf"), 340)}), BASELINE, LOOK
    ),
    "killed": run_card(replace(RUN, status=Status.KILLED, metrics={}), None, LOOK),
    "stalled": run_card(replace(RUN, status=Status.RUNNING, ended=None, stalled=True), None, LOOK),
    "empty": run_card(a_run(metrics={}), BASELINE, LOOK),
    "again": run_card(replace(RUN, status=Status.RUNNING, ended=None), None, LOOK, again=True),
    "failed with a trace": run_card(replace(RUN, status=Status.FAILED), BASELINE, LOOK, trace=TRACE),
    "empty with a hostile trace": run_card(
        a_run(metrics={}, url=""), None, LOOK, trace=Trace(HOSTILE, (HOSTILE, "</pre><b>", "```", "_x_ ~y~", ""))
    ),
    "deleted": run_card(replace(RUN, deleted=True), BASELINE, LOOK),
    "hostile": run_card(
        a_run(
            name=HOSTILE,
            experiment=HOSTILE,
            owner=HOSTILE,
            params={HOSTILE: HOSTILE},
            metrics={HOSTILE: 1e300},
            url="",
        ),
        BASELINE,
        Look(ExperimentSettings(), tracker="main"),
    ),
    "sweep running": sweep_card(ROOT, CHILDREN, LOOK),
    "sweep finished": sweep_card(replace(ROOT, status=Status.FINISHED, metrics={}), CHILDREN, LOOK),
    "sweep without metrics": sweep_card(ROOT, [child(1, status=Status.RUNNING)], Look(ExperimentSettings())),
    "group": group_card(CHILDREN, LOOK),
    "group of one": group_card([RUN], LOOK),
    "away": away_card(
        [*CHILDREN, *(a_run(f"{n:032x}", experiment=f"fraud-{n}") for n in range(100, 110))],
        lambda _: RULES,
        "/runs",
    ),
    "reply failed": event_reply(replace(RUN, status=Status.FAILED), Event.FAILED, LOOK),
    "reply stalled": event_reply(replace(RUN, status=Status.RUNNING, ended=None), Event.STALLED, LOOK),
    "reply sweep": event_reply(
        replace(ROOT, status=Status.FINISHED, ended=NOON), Event.FINISHED, LOOK, sweep=True
    ),
    "reply alive": event_reply(replace(RUN, status=Status.RUNNING, ended=None), "alive", LOOK),
    "reply deleted": event_reply(RUN, Event.DELETED, LOOK),
    "failures": failures_reply([child(n, status=Status.FAILED) for n in range(12)], LOOK),
}


@pytest.mark.parametrize("case", CASES)
def test_cards_read_as_they_were_last_read(case: str) -> None:
    message = CASES[case]
    assert message is not None
    check_golden(Templates(), message, case.replace(" ", "-"))


def test_a_card_has_the_same_words_for_every_order_of_its_runs() -> None:
    rendered = Templates().render(group_card(CHILDREN, LOOK))
    assert Templates().render(group_card(CHILDREN[::-1], LOOK)) == rendered


def test_runs_that_all_went_well_need_no_reply() -> None:
    assert failures_reply(CHILDREN[:3], LOOK) is None


def test_a_trace_is_shown_only_where_a_cause_is_asked_for() -> None:
    for run in (RUN, replace(RUN, deleted=True), replace(RUN, status=Status.RUNNING)):
        assert "ValueError" not in Templates().render(run_card(run, None, LOOK, trace=TRACE)).text
