"""What a pipeline's script sends reaches the thread of the run that was trained from its commit."""

from pathlib import Path

import pytest

from bot.ci import report
from tests.arrivals.test_regressions import LOUD, STEADY
from tests.fixtures.bench import REPORT_SECRET, Bench, Team, said

COMMIT, BEFORE = "7d3f1c9a5be24880c6f1e0b7a942d5538e61fa20", "0aa11bb2" * 5
SUITE = """<testsuites><testsuite name="pytest">
<testcase classname="talk" name="test_asks[de]" time="0.1">{0}</testcase>
<testcase classname="talk" name="test_asks[en]" time="0.1"/>
<testcase classname="talk" name="test_ends" time="0.1"/></testsuite></testsuites>"""
BROKE = '<failure message="AssertionError: the reply promises &lt;!here&gt; a refund"/>'


def send(bench: Bench, path: Path, commit: str, broke: str = "") -> str:
    path.write_text(SUITE.format(broke))
    env = {"RUNDOWN_URL": bench.address, "REPORT_SECRET": REPORT_SECRET}
    told = ("--commit", commit, "--branch", "main", "--repository", "acme/churn", "--name", "conversations")
    answer = report.report((str(path), *told), env)
    bench.work()
    bench.send()
    return answer


@pytest.mark.parametrize("trained_first", [True, False])
def test_a_report_is_told_in_the_thread_of_its_run(
    bench: Bench, team: Team, tmp_path: Path, trained_first: bool
) -> None:
    send(bench, tmp_path / "before.xml", BEFORE)
    if trained_first:
        team.train("calm-owl", mlflow__source__git__commit=COMMIT)
        bench.follow()
    assert send(bench, tmp_path / "after.xml", COMMIT, BROKE) == "taken: 3 test cases, 1 failed (1 file)"
    if not trained_first:
        team.train("calm-owl", mlflow__source__git__commit=COMMIT)
        bench.follow()
    (reply,) = [one for one in bench.thread(bench.card("calm-owl")) if "conversations" in one]
    assert "Newly failing: 1" in reply
    assert "talk::test_asks[de]" in reply
    assert "promises" in reply
    assert '"broadcast"' not in reply, "text from outside mentions nobody"
    assert "1 newly failing of 3" in said(bench.card("calm-owl"))


@pytest.mark.parametrize("bench", [{"settings": LOUD}], indirect=True)
def test_an_alarm_names_the_tests_that_broke_though_they_are_told_later(
    bench: Bench, team: Team, tmp_path: Path
) -> None:
    send(bench, tmp_path / "before.xml", BEFORE)
    for number, value in enumerate((*STEADY, 0.80, 0.81)):
        commit = COMMIT if value == 0.80 else BEFORE
        params = {"alpha": "0.1", "seed": str(number)}
        team.train(f"retrain-{number}", auc=value, params=params, mlflow__source__git__commit=commit)
        bench.follow()
    card = bench.card("val_auc regressed")
    (alarm,) = [one for one in bench.thread(card) if "regressed with" in one]
    assert "Newly failing" not in alarm
    send(bench, tmp_path / "after.xml", COMMIT, BROKE)
    (alarm,) = [one for one in bench.thread(card) if "regressed with" in one]
    assert "Newly failing in conversations" in alarm and "talk::test_asks[de]" in alarm
