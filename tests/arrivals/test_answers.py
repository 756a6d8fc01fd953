"""What people type and press, through signed HTTP, answered from the index."""

from datetime import timedelta

from tests.fixtures.bench import JONAS, MIRA, Bench, Team, said


def test_latest_answers_in_the_ack_for_the_asker_only(bench: Bench, team: Team) -> None:
    team.train("calm-owl", auc=0.91)
    bench.follow()
    answers = bench.type("/runs latest")
    assert len(answers) == 1
    assert answers[0]["ephemeral"]
    assert "calm-owl" in said(answers[0])
    assert "0.91" in said(answers[0])
    assert not [one for one in bench.slack.messages("churn", JONAS) if one.get("ephemeral")]


def test_a_run_is_found_by_name_by_prefix_and_by_its_address(bench: Bench, team: Team) -> None:
    name = f"calm-owl-{bench.prefix}"
    run = team.train(name, auc=0.91)
    bench.follow()
    for typed in (name, run[:12], f"https://mlflow.example.com/#/experiments/{team.experiment}/runs/{run}"):
        assert "calm-owl" in said(bench.type(f"/runs show {typed}")[0]), typed


def test_an_ambiguous_name_offers_the_candidates_as_buttons(bench: Bench, team: Team) -> None:
    twin = f"twin-{bench.prefix}"
    team.train(twin, auc=0.8)
    team.train(twin, auc=0.9)
    bench.follow()
    answer = bench.type(f"/runs show {twin}")[0]
    buttons = [
        element
        for block in answer["blocks"]
        for element in [*block.get("elements", []), block.get("accessory") or {}]
        if element.get("type") == "button" and str(element["action_id"]).startswith("turn")
    ]
    assert len(buttons) == 2
    after = bench.press(answer, buttons[0]["action_id"])
    shown = [one for one in after if one.get("ephemeral")]
    assert len(shown) == 1, "the candidates were replaced by the run"
    assert "val_auc" in said(shown[0])


def test_a_search_reads_the_signs_that_slack_escapes(bench: Bench, team: Team) -> None:
    team.train("weak", auc=0.6)
    team.train("strong", auc=0.95)
    bench.follow()
    answer = said(bench.type("/runs search metrics.val_auc > 0.9")[0])
    assert "strong" in answer
    assert "weak" not in answer


def test_a_typo_gets_a_suggestion_and_a_bare_command_a_menu(bench: Bench, team: Team) -> None:
    assert "latest" in said(bench.type("/runs latset")[0])
    menu = said(bench.type("/runs")[0])
    for word in ("latest", "show", "compare", "search", "running", "help"):
        assert word in menu


def test_the_next_page_replaces_the_first(bench: Bench, team: Team) -> None:
    for number in range(12):
        team.train(f"page-{number:02}", auc=0.5)
    bench.follow()
    first = bench.type("/runs latest")[0]
    assert "page-11" in said(first)
    after = [one for one in bench.press(first, "Older") if one.get("ephemeral")]
    assert len(after) == 1
    assert "page-11" not in said(after[0])


def test_share_shows_the_answer_to_all_and_takes_the_private_one_away(bench: Bench, team: Team) -> None:
    team.train("calm-owl", auc=0.91)
    bench.follow()
    answer = bench.type("/runs latest")[0]
    bench.press(answer, "Share")
    seen = bench.slack.messages("churn", JONAS)
    assert any("calm-owl" in said(one) and not one.get("ephemeral") for one in seen[1:])
    assert not [one for one in bench.slack.messages("churn", MIRA) if one.get("ephemeral")]


def test_comparing_two_runs_shows_what_differs_only(bench: Bench, team: Team) -> None:
    owl = team.train("calm-owl", auc=0.9, params={"alpha": "0.1", "model": "sgd"})
    fox = team.train("keen-fox", auc=0.92, params={"alpha": "0.01", "model": "sgd"})
    bench.follow()
    answer = said(bench.type(f"/runs compare {owl[:12]} {fox[:12]}")[0])
    assert "alpha" in answer
    assert "0.01" in answer
    assert '"model"' not in answer


def test_an_answer_whose_arrival_is_unclear_is_not_given_twice(bench: Bench, team: Team) -> None:
    team.train("calm-owl", auc=0.91)
    bench.follow()
    answer = bench.type("/runs latest")[0]
    bench.slack.faults.add("response_url", status=500, when="after")
    bench.press(answer, "Share")
    bench.let_pass(timedelta(minutes=1))
    bench.work()
    shared = [one for one in bench.slack.messages("churn", JONAS)[1:] if "calm-owl" in said(one)]
    assert len(shared) == 1


def test_a_button_that_only_opens_an_address_is_answered_with_nothing(bench: Bench, team: Team) -> None:
    run = team.train("calm-owl", auc=0.91)
    bench.follow()
    shown = bench.type(f"/runs show {run}")[0]
    before = len(bench.slack.messages("churn", MIRA))
    assert len(bench.press(shown, "Open in MLflow")) == before


def test_a_button_of_an_older_version_says_so(bench: Bench) -> None:
    channel = bench.slack.channel("churn")
    button = {
        "type": "button",
        "action_id": "bygone",
        "text": {"type": "plain_text", "text": "Do it"},
        "value": "x",
    }
    bench.slack.post(channel, bench.slack.bot.id, "old", blocks=[{"type": "actions", "elements": [button]}])
    after = bench.press(bench.slack.messages("churn", MIRA)[-1], "Do it")
    assert "no longer" in said(after[-1])
