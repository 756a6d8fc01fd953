"""A run that ends on a real MLflow server becomes a card in Slack, through the same doors as in production."""

from datetime import UTC, datetime, timedelta

from bot.facts.messages import Reply
from tests.fixtures.bench import JONAS, Bench, Team, said
from tests.servers.mlflow import MlflowHand


def test_a_finished_run_becomes_one_card_that_stays_current(bench: Bench, team: Team) -> None:
    run = team.train("calm-owl", auc=0.91, params={"alpha": "0.1"}, mlflow__user="mira")
    bench.follow()
    card = bench.card("calm-owl")
    assert "0.91" in said(card)
    assert "alpha" not in said(card), "there is nothing to compare it with yet"

    team.hand.log(run, "val_auc", 0.93, step=1)
    bench.follow()
    bench.let_pass(timedelta(minutes=2))
    bench.follow()
    assert "0.93" in said(bench.card("calm-owl"))
    assert len(bench.cards()) == 1


def test_a_second_run_shows_what_moved_and_against_which_run(bench: Bench, team: Team) -> None:
    team.train("calm-owl", auc=0.9, params={"alpha": "0.1"})
    team.train("keen-fox", auc=0.92, params={"alpha": "0.01"})
    bench.follow()
    card = said(bench.card("keen-fox"))
    assert "+0.02" in card
    assert "calm-owl" in card
    assert "alpha" in card


def test_what_ended_before_the_first_contact_stays_quiet(bench: Bench, mlflow_hand: MlflowHand) -> None:
    team = Team(bench, mlflow_hand)
    run = team.hand.create_run(team.experiment, "old", started=datetime(2026, 1, 1, tzinfo=UTC))
    team.hand.end(run, ended=datetime(2026, 1, 1, 1, tzinfo=UTC))
    bench.follow()
    assert bench.cards() == []
    assert "old" in said(bench.type("/runs latest")[0]), "but commands answer from history at once"


def test_failed_runs_and_runs_without_metrics_say_so(bench: Bench, team: Team) -> None:
    team.train("broke", auc=0.5, status="FAILED")
    team.train("forgot-the-with", auc=None)
    bench.follow()
    assert "failed" in said(bench.card("broke")).lower()
    assert "without metrics" in said(bench.card("forgot-the-with"))


def test_a_failed_runs_card_shows_the_end_of_its_traceback(bench: Bench, team: Team) -> None:
    run = team.start("broke")
    team.hand.artifact(
        run, "logs/traceback.txt", b"Traceback (most recent call last):\nValueError: n/a <!channel>\n"
    )
    team.hand.end(run, "FAILED", ended=datetime.now(UTC) + timedelta(seconds=2))
    bench.follow()
    card = bench.card("broke")
    assert "ValueError" not in said(card), "the tick does not wait for artifacts"
    bench.work()
    bench.let_pass(timedelta(minutes=1))
    bench.send()
    shown = bench.card("broke")
    assert shown["ts"] == card["ts"]
    assert '"text": "ValueError: n/a <!channel>"' in said(shown)
    assert "logs/traceback.txt" in said(shown)
    assert "ValueError: n/a" in said(bench.type(f"/runs show {run}")[0])


def test_a_silent_run_is_asked_about_and_speaks_again(bench: Bench, team: Team) -> None:
    run = team.start("sleepy")
    team.hand.log(run, "val_auc", 0.5)
    bench.follow()
    assert bench.cards() == [], "a run that goes on is no news"
    bench.let_pass(timedelta(hours=4))
    bench.follow()
    assert "silent" in said(bench.card("sleepy"))
    team.hand.end(run)
    bench.follow()
    card = bench.card("sleepy")
    assert "silent since" not in said(card)


def test_a_sweep_is_one_card(bench: Bench, team: Team) -> None:
    parent = team.start("alpha-sweep")
    for number in range(6):
        team.train(f"child-{number}", auc=0.8 + number / 100, mlflow__parentRunId=parent)
    team.hand.end(parent)
    bench.follow()
    card = said(bench.card("alpha-sweep"))
    assert len(bench.cards()) == 1
    assert "child-5" in card, "the best child is named"


def test_a_burst_shares_one_grouped_card(bench: Bench, team: Team) -> None:
    for number in range(8):
        team.train(f"burst-{number}", auc=0.8 + number / 100)
    bench.follow()
    cards = bench.cards()
    assert len(cards) == 4, "three alone, the rest together"
    for number in range(8):
        assert sum(f"burst-{number}" in said(card) for card in cards) >= 1


def test_replies_in_a_cards_thread_are_kept_with_it(bench: Bench, team: Team) -> None:
    team.train("calm-owl")
    bench.follow()
    card = bench.card("calm-owl")
    bench.slack.reply(JONAS, card, "Is that <!channel> one seed?")
    bench.type("not in a thread")
    kept = bench.slack.wait_for(lambda: _kept(bench, card["ts"]), 10)
    assert [reply.user for reply in kept] == [JONAS]
    assert "one seed" in kept[0].text


def _kept(bench: Bench, ts: str) -> list[Reply]:
    with bench.works.store.read() as unit:
        return list(unit.discussion.of_thread(bench.slack.channel("churn").id, ts))
