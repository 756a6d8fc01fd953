"""A baseline is pinned from a card, taken back, lost and found, and follows a model's alias, on a real MLflow."""

import pytest

from tests.fixtures.bench import JONAS, MIRA, SETTINGS, Bench, Team, said

APART = SETTINGS.replace("cards: {early_failure: 0s}", "cards: {early_failure: 0s, group_after: 100}")
pytestmark = pytest.mark.parametrize("bench", [{"settings": APART}], indirect=True)

OTHER, ALIKE = {"alpha": "0.1"}, {"alpha": "0.2"}


def test_a_run_is_pinned_from_its_card_and_the_next_ones_are_held_against_it(bench: Bench, team: Team) -> None:
    team.train("calm-owl", auc=0.9, params=OTHER)
    bench.follow()
    team.train("keen-fox", auc=0.8, params=ALIKE)
    bench.follow()
    [told] = [
        one for one in bench.press(bench.card("calm-owl finished"), "Pin as baseline") if one.get("ephemeral")
    ]
    assert "compared from now on with calm-owl, the pinned baseline" in said(told)
    bench.send()
    card = said(bench.card("calm-owl finished"))
    assert "This run is the pinned baseline" in card
    assert "Pin as baseline" not in card
    team.train("wise-elk", auc=0.85, params=ALIKE)
    bench.follow()
    assert "the pinned baseline, with other params" in said(bench.card("wise-elk finished"))

    bench.press(told, "Undo")
    bench.send()
    assert "This run is the pinned baseline" not in said(bench.card("calm-owl finished"))
    team.train("sage-hen", auc=0.85, params=ALIKE)
    bench.follow()
    assert "the previous comparable run, a replicate" in said(bench.card("sage-hen finished"))
    with bench.works.store.read() as unit:
        assert [(one.who, one.act) for one in unit.audit.newest()] == [(MIRA, "baseline"), (MIRA, "baseline")]


def test_a_pinned_run_that_is_deleted_is_told_and_holds_again_when_restored(bench: Bench, team: Team) -> None:
    run = team.train("calm-owl", auc=0.9, params=OTHER)
    bench.follow()
    bench.type(f"/runs baseline run:{run}", JONAS)
    bench.work()
    team.hand.delete(run)
    bench.let_pass(bench.works.deps.settings.following.reconcile)
    bench.follow()
    team.train("keen-fox", auc=0.8, params=ALIKE)
    bench.follow()
    assert "the pinned baseline calm-owl was deleted" in said(bench.card("keen-fox finished"))
    team.hand.restore(run)
    bench.let_pass(bench.works.deps.settings.following.reconcile)
    bench.follow()
    team.train("wise-elk", auc=0.8, params=ALIKE)
    bench.follow()
    assert "the pinned baseline, with other params" in said(bench.card("wise-elk finished"))
    assert "was deleted" not in said(bench.card("wise-elk finished"))


def test_a_champion_that_moves_is_the_baseline_of_the_next_card(bench: Bench, team: Team) -> None:
    first, second = team.train("calm-owl", params=OTHER), team.train("keen-fox", params=ALIKE)
    bench.follow()
    model = team.hand.create_model("churn")
    for run in (first, second):
        team.hand.register(model, run)
    team.hand.alias(model, "champion", "1")
    experiment = bench.deps.trackers["main"].get(first).experiment
    bench.type(f"/runs baseline {experiment} {model}@champion")
    bench.work()
    team.train("wise-elk", params=ALIKE)
    bench.follow()
    assert f"{model}@champion (version 1), with other params" in said(bench.card("wise-elk finished"))
    team.hand.alias(model, "champion", "2")
    bench.works.models.refresh(bench.now())
    team.train("sage-hen", params=ALIKE)
    bench.follow()
    assert f"{model}@champion (version 2), a replicate" in said(bench.card("sage-hen finished"))
