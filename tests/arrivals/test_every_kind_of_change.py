"""Each way in which runs change on a real MLflow server, looked at three times: told once, or quietly known."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.edges.store.tables import changes
from sandbox.mlflow_server import MlflowServer
from tests.fixtures.bench import SETTINGS, Bench, Team, said
from tests.servers.mlflow import MlflowHand

pytestmark = pytest.mark.servers

LOOKS = 3
EVERY_LOOK_IS_DEEP = SETTINGS + "following: {reconcile: 1s}\n"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, mlflow_server: MlflowServer) -> Iterator[Bench]:
    """One bot for all these tests: each has an experiment of its own, made after the first contact."""
    made = Bench(tmp_path_factory.mktemp("bench"), mlflow_server.url, settings=EVERY_LOOK_IS_DEEP)
    made.follow()
    # The first contact is known to the second only, and what ended before it is history.
    made.let_pass(timedelta(seconds=2))
    yield made
    made.close()


@pytest.fixture
def team(bench: Bench, mlflow_hand: MlflowHand) -> Team:
    """People whose experiment is new: nobody looked since it was created."""
    return Team(bench, mlflow_hand)


def now() -> datetime:
    return datetime.now(UTC)


def look(bench: Bench) -> None:
    for _ in range(LOOKS):
        bench.let_pass(timedelta(seconds=2))
        bench.follow()


def told(bench: Bench, run: str) -> list[str]:
    """What was kept of a run's life, in order; what is history, and so not announced, in brackets."""
    with bench.works.store.engine.connect() as connection:
        rows = connection.execute(select(changes).where(changes.c.run_id == run).order_by(changes.c.at)).all()
    return [f"({row.event})" if row.quiet else row.event for row in rows]


def cards(bench: Bench, name: str) -> list[str]:
    return [said(card) for card in bench.cards() if name in said(card)]


def test_a_run_without_a_start_time(bench: Bench, team: Team) -> None:
    run = team.hand.create_run(team.experiment, "startless")
    look(bench)
    assert (told(bench, run), cards(bench, "startless")) == (["started"], [])
    team.hand.end(run, ended=now())
    look(bench)
    assert told(bench, run) == ["started", "finished"]
    assert len(cards(bench, "startless")) == 1


def test_a_run_without_any_time_that_is_over_at_first_sight(bench: Bench, team: Team) -> None:
    run = team.hand.create_run(team.experiment, "timeless")
    team.hand.end(run, "FAILED")
    look(bench)
    assert sorted(told(bench, run)) == ["failed", "started"]
    assert "failed" in cards(bench, "timeless")[0]
    assert len(cards(bench, "timeless")) == 1


def test_a_run_that_ends_without_an_end_time(bench: Bench, team: Team) -> None:
    run = team.start("endless")
    look(bench)
    team.hand.end(run)
    look(bench)
    assert told(bench, run) == ["started", "finished"]
    assert len(cards(bench, "endless")) == 1


@pytest.mark.parametrize("seen_running", [True, False])
def test_an_end_that_is_dated_back_two_days(bench: Bench, team: Team, *, seen_running: bool) -> None:
    name = f"backdated-{seen_running}"
    run = team.start(name)
    if seen_running:
        look(bench)
    team.hand.end(run, "FAILED", ended=now() - 2 * DAY)
    look(bench)
    assert sorted(told(bench, run)) == ["failed", "started"]
    assert len(cards(bench, name)) == 1
    assert "failed" in cards(bench, name)[0]


def test_a_client_whose_clock_is_three_hours_ahead(bench: Bench, team: Team) -> None:
    run = team.hand.create_run(team.experiment, "from-the-future", started=now() + 3 * HOUR)
    team.hand.log(run, "val_auc", 0.9, at=now() + 3 * HOUR)
    look(bench)
    team.hand.end(run, ended=now() + 3 * HOUR)
    look(bench)
    assert sorted(told(bench, run)) == ["finished", "started"]
    assert len(cards(bench, "from-the-future")) == 1
    ordinary = team.train("of-today")
    look(bench)
    assert told(bench, ordinary) == ["started", "finished"], "nobody else is overlooked for it"
    assert len(cards(bench, "of-today")) == 1


def test_a_run_that_begins_and_ends_between_two_looks(bench: Bench, team: Team) -> None:
    run = team.train("short-lived")
    look(bench)
    assert told(bench, run) == ["started", "finished"]
    assert len(cards(bench, "short-lived")) == 1


def test_a_run_that_is_imported_with_its_old_times(bench: Bench, team: Team) -> None:
    run = team.hand.create_run(team.experiment, "imported", started=now() - 30 * DAY)
    team.hand.end(run, ended=now() - 30 * DAY + HOUR)
    look(bench)
    assert told(bench, run) == ["(started)", "(finished)"]
    assert cards(bench, "imported") == []
    assert "imported" in said(bench.type("/runs search name~imported")[0]), "it is known, though not announced"


def test_a_note_a_tag_and_a_metric_written_later(bench: Bench, team: Team) -> None:
    run = team.train("edited-later")
    look(bench)
    thread = bench.thread(bench.card("edited-later"))
    for act in (
        lambda: team.hand.tag(run, "mlflow.note.content", "it was the seed"),
        lambda: team.hand.tag(run, "reviewed", "yes"),
        lambda: team.hand.log(run, "val_auc", 0.77, step=9),
    ):
        before = told(bench, run)
        act()
        look(bench)
        assert told(bench, run) == [*before, "edited"]
    assert "0.77" in said(bench.card("edited-later"))
    assert bench.thread(bench.card("edited-later")) == thread, "an edit is no news for the thread"


def test_a_run_that_is_deleted_and_restored(bench: Bench, team: Team) -> None:
    run = team.train("thrown-away")
    look(bench)
    team.hand.delete(run)
    look(bench)
    assert told(bench, run) == ["started", "finished", "deleted"]
    card = bench.card("thrown-away")
    assert "deleted" in said(card)
    team.hand.restore(run)
    look(bench)
    assert told(bench, run) == ["started", "finished", "deleted", "restored"]
    assert "deleted" not in said(bench.card("thrown-away"))
    deleted, restored = bench.thread(bench.card("thrown-away"))
    assert "was deleted in MLflow" in deleted
    assert "was restored in MLflow" in restored


def test_runs_that_are_gone_for_good(bench: Bench, team: Team, mlflow_server: MlflowServer) -> None:
    known = team.train("gone-after-a-while")
    unseen = team.train("gone-at-once")
    look(bench)
    team.hand.delete(known)
    look(bench)
    team.hand.delete(unseen)
    collect(mlflow_server, known, unseen)
    look(bench)
    for run, name in ((known, "gone-after-a-while"), (unseen, "gone-at-once")):
        assert told(bench, run) == ["started", "finished", "deleted"]
        assert "deleted" in said(bench.card(name))
        assert len(bench.thread(bench.card(name))) == 1
    assert "gone-at-once" not in said(bench.type(f"/runs latest {bench.prefix}-*")[0])


def test_a_run_that_is_opened_again(bench: Bench, team: Team) -> None:
    run = team.train("twice-over")
    look(bench)
    team.hand.reopen(run)
    look(bench)
    assert told(bench, run) == ["started", "finished", "reopened"]
    assert "running" in said(bench.card("twice-over"))
    team.hand.end(run, "FAILED", ended=now() + timedelta(minutes=10))
    look(bench)
    assert told(bench, run) == ["started", "finished", "reopened", "failed"]
    again, failed = bench.thread(bench.card("twice-over"))
    assert "is running again" in again
    assert "failed" in failed


def collect(server: MlflowServer, *runs: str) -> None:
    """Delete runs for good, as an administrator does on the server."""
    database = f"sqlite:///{server.log.parent / 'mlflow.db'}"
    words = ["gc", "--backend-store-uri", database, "--tracking-uri", server.url, "--run-ids", ",".join(runs)]
    environ = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}
    done = subprocess.run([sys.executable, "-m", "mlflow", *words], env=environ, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
