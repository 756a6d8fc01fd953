"""`baseline` shows what runs are compared with, and pins it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.facts.runs import Change, Event
from bot.notify.announce import Announcer
from bot.ports.errors import TrackerDown
from bot.settings import Settings
from bot.words import Asker
from tests.commands.desk import NOW, Desk, a_run
from tests.golden_files import check_golden

OLD = a_run("first-fox", minutes_ago=5000, metrics={"val_auc": 0.95}, params={"lr": "1"})
LAST = a_run("second-sun", minutes_ago=90)
NEW = a_run("third-tree", minutes_ago=30)
INTENT = a_run("intent", experiment="nlp-intents", minutes_ago=20)
ADA = Asker("U0002", "ada", "C0001", "churn")


@pytest.fixture(autouse=True)
def _known(desk: Desk) -> None:
    desk.know(OLD, LAST, NEW, INTENT)


def settings(desk: Desk, **rules: object) -> None:
    churn = {"primary": "val_auc", "metrics": {"val_auc": {"better": "higher"}}, **rules}
    found = Settings.model_validate({"experiments": {"churn-*": churn}}).experiments
    desk.settings = desk.settings.model_copy(update={"experiments": found})


def against(desk: Desk, name: str = "third-tree") -> str:
    return str(desk.ask(f"compare {name}").facts["found"].runs[1].name)


def pinned(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.store.read() as unit:
        return [(one.target, one.who, one.reason) for one in unit.pins.standing()]


def audit(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.store.read() as unit:
        return [(one.who, one.target, one.details) for one in unit.audit.newest()]


def test_without_a_pin_the_previous_comparable_run_is_named(desk: Desk) -> None:
    text = desk.read("baseline churn-weekly")
    assert text.startswith("Runs of churn-weekly are compared with the previous comparable run.")
    assert "third-tree, is compared with second-sun, the previous comparable run, a replicate" in text
    check_golden(desk.templates, desk.ask("baseline churn-weekly"), "previous")


def test_a_run_is_pinned_for_everybody_and_said_so(desk: Desk) -> None:
    message = desk.ask('baseline churn-weekly first-fox because:"before the new data"')
    check_golden(desk.templates, message)
    text = " ".join(desk.templates.render(message).text.split())
    assert "Runs of churn-weekly are compared from now on with first-fox, the pinned baseline." in text
    assert "Before: no pin." in text
    assert pinned(desk) == [(f"run:{OLD.run_id}", "U0001", "before the new data")]
    assert against(desk) == "first-fox"
    assert desk.ask("compare third-tree previous").facts["found"].runs[1].name == "second-sun"
    shown = desk.read("baseline churn-weekly")
    assert "Pinned by" in shown
    assert "before the new data" in shown
    check_golden(desk.templates, desk.ask("baseline churn-weekly"), "pinned")
    [row] = audit(desk)
    assert row == (
        "U0001", "main/churn-weekly",
        f"run:{OLD.run_id} (first-fox): before the new data, before that no pin",
    )  # fmt: skip


def test_undo_brings_back_exactly_what_was_there(desk: Desk) -> None:
    desk.ask("baseline churn-weekly first-fox because:reasons", ADA)
    words = desk.buttons("baseline churn-weekly second-sun")["Undo"]
    assert words == ("turn", "baseline undo:2")
    text = desk.read(words[1])
    assert text.startswith("Undone. Runs of churn-weekly are compared with first-fox, the pinned baseline.")
    assert "Before: second-sun." in text
    assert pinned(desk) == [(f"run:{OLD.run_id}", "U0002", "reasons")]
    assert "undone" in audit(desk)[0][2]
    assert "That was undone already." in desk.read("baseline undo:2")
    assert desk.read("baseline undo:1").startswith("Undone. Runs of churn-weekly are compared with the previous")
    assert pinned(desk) == []


def test_undo_does_not_undo_what_somebody_said_since(desk: Desk) -> None:
    desk.ask("baseline churn-weekly first-fox")
    desk.ask("baseline churn-weekly second-sun", ADA)
    text = desk.read("baseline undo:1")
    assert "Somebody has said something else since, so nothing was undone." in text
    assert "Pinned by" in text
    assert pinned(desk) == [(f"run:{LAST.run_id}", "U0002", "")]


def test_off_takes_the_pin_away_and_can_be_undone(desk: Desk) -> None:
    desk.ask("baseline churn-weekly first-fox")
    assert desk.buttons("baseline churn-weekly")["Unpin"] == ("ask", 'baseline "churn-weekly" off')
    undo = desk.buttons('baseline "churn-weekly" off')["Undo"][1]
    assert against(desk) == "second-sun"
    desk.ask(undo)
    assert against(desk) == "first-fox"


def test_saying_the_same_again_changes_nothing(desk: Desk) -> None:
    assert "That is how it was" in desk.read("baseline churn-weekly off")
    desk.ask("baseline churn-weekly first-fox", ADA)
    assert "That is how it was" in desk.read("baseline churn-weekly first-fox")
    assert pinned(desk) == [(f"run:{OLD.run_id}", "U0002", "")]
    assert len(audit(desk)) == 1


def test_best_pins_the_run_that_is_best_now_and_stays_with_it(desk: Desk) -> None:
    assert "from now on with first-fox" in desk.read("baseline churn-weekly best")
    desk.know(a_run("better", minutes_ago=1, metrics={"val_auc": 0.99}))
    assert against(desk) == "first-fox"


@pytest.mark.parametrize("word", ["latest", NEW.run_id, NEW.run_id[:12], f"run:{NEW.run_id}", NEW.url])
def test_a_run_may_be_named_in_any_way(desk: Desk, word: str) -> None:
    desk.ask(f"baseline churn-weekly {word}")
    assert pinned(desk) == [(f"run:{NEW.run_id}", "U0001", "")]


def test_a_run_alone_is_pinned_for_its_own_experiment(desk: Desk) -> None:
    desk.ask(f"baseline run:{INTENT.run_id}")
    with desk.store.read() as unit:
        assert [one.experiment_id for one in unit.pins.standing()] == [INTENT.experiment_id]


def test_previous_overrides_what_app_yaml_says(desk: Desk) -> None:
    settings(desk, baseline="model:churn@champion")
    assert "churn@champion" in desk.read("baseline churn-weekly")
    desk.ask("baseline churn-weekly previous")
    assert "compared with the previous comparable run" in desk.read("baseline churn-weekly")


def test_where_app_yaml_names_a_run_nothing_is_pinned(desk: Desk) -> None:
    desk.ask("baseline churn-weekly first-fox")
    settings(desk, baseline=f"run:{LAST.run_id}")
    text = desk.read("baseline churn-weekly third-tree")
    assert "compared with second-sun, the baseline of app.yaml" in text
    assert "it is changed there, not here" in text
    assert "does not count" in text
    assert against(desk) == "second-sun"
    assert "Unpin" not in desk.buttons("baseline churn-weekly")
    assert "Pin as baseline" not in desk.buttons("show third-tree")


def test_experiments_of_the_channel_are_listed(desk: Desk) -> None:
    desk.know(a_run("daily", experiment="churn-daily"))
    desk.ask("baseline churn-weekly first-fox")
    text = desk.read("baseline")
    assert "What runs are compared with in this channel’s experiments: 2 experiments" in text
    assert "churn-weekly · first-fox, the pinned baseline" in text
    assert "churn-daily · the previous comparable run" in text
    assert "nlp-intents" not in text
    assert "nlp-intents" in desk.read("baseline *")
    check_golden(desk.templates, desk.ask("baseline"))


def test_long_lists_have_pages(desk: Desk) -> None:
    desk.know(*(a_run(f"r{n}", experiment=f"churn-{chr(97 + n)}") for n in range(12)))
    assert "13 experiments, 1–10" in desk.read("baseline churn-*")
    assert desk.buttons("baseline churn-*")["More"] == ("turn", "baseline churn-* page:2")
    assert "13 experiments, 11–13" in desk.read("baseline churn-* page:2")
    assert "13 experiments, 11–13" in desk.read("baseline churn-* page:9")


def test_doubt_is_answered_with_buttons(desk: Desk) -> None:
    twins = [a_run("twin", run_id=letter * 32) for letter in "ab"]
    desk.know(*twins, a_run("daily", experiment="churn-daily"))
    assert desk.buttons("baseline chrun-weekly first-fox")["churn-weekly"][1] == "baseline churn-weekly first-fox"
    assert desk.buttons("baseline churn-weekly frist-fox")["first-fox"][1] == "baseline churn-weekly first-fox"
    assert desk.buttons("baseline churn-weekly twin")["bbbbbbbb"][1] == f"baseline churn-weekly {'b' * 32}"
    assert desk.buttons("baseline churn-* off")["churn-daily"][1] == "baseline churn-daily off"
    check_golden(desk.templates, desk.ask("baseline churn-* off"))
    assert desk.buttons("baseline churn-* intent")["churn-weekly"][1] == "baseline churn-weekly intent"
    assert desk.buttons("baseline first-fox") == {
        "Pin first-fox for churn-weekly": ("turn", f"baseline churn-weekly {OLD.run_id}")
    }
    assert pinned(desk) == []


def test_a_name_that_only_one_run_of_the_experiment_has_is_that_run(desk: Desk) -> None:
    desk.know(a_run("first-fox", run_id="f" * 32, experiment="nlp-intents"))
    desk.ask("baseline churn-weekly first-fox")
    assert pinned(desk)[0][0] == f"run:{OLD.run_id}"


def test_a_run_of_another_experiment_is_taken_where_it_is_meant(desk: Desk) -> None:
    assert "It is a run of another experiment, nlp-intents." in desk.read("baseline churn-weekly intent")
    assert against(desk) == "intent"


def test_what_cannot_be_compared_with_is_not_pinned(desk: Desk) -> None:
    gone = replace(a_run("gone"), deleted=True)
    desk.know(a_run("empty", metrics={}), gone)
    assert "empty has measured nothing" in desk.read("baseline churn-weekly empty")
    assert "gone was deleted" in desk.read(f"baseline churn-weekly {gone.run_id}")
    assert "which model’s alias @champion is" in desk.read("baseline churn-weekly @champion")
    assert pinned(desk) == []


def test_a_deleted_baseline_is_told_and_comes_back_with_the_run(desk: Desk) -> None:
    desk.ask("baseline churn-weekly first-fox")
    gone = replace(OLD, deleted=True)
    desk.know(gone)
    with desk.store.write() as unit:
        change = Change(f"{OLD.ref}:deleted:0:1", Event.DELETED, gone, 0, NOW - timedelta(days=9))
        Announcer(desk.settings, desk.templates)(unit, [change], NOW - timedelta(days=9))
    text = desk.read("baseline churn-weekly")
    assert "the pinned baseline first-fox was deleted on 3 Nov 2026" in text
    assert "until that is mended, runs are compared with the previous one" in text
    assert against(desk) == "second-sun"
    assert "a replicate; the pinned baseline first-fox was deleted on 3 Nov 2026" in desk.read(
        "compare third-tree"
    )
    assert "first-fox was deleted" not in desk.read("compare third-tree previous")
    check_golden(desk.templates, desk.ask("baseline churn-weekly"), "deleted")
    desk.know(OLD)
    assert against(desk) == "first-fox"


def test_an_empty_tracker_has_nothing_to_show(desk: Desk) -> None:
    assert "There is no experiment" in desk.read("baseline nowhere")


def test_show_offers_the_pin_and_says_when_it_is_the_baseline(desk: Desk) -> None:
    label, words = "Pin as baseline", ("ask", f"baseline run:{OLD.run_id}")
    assert desk.buttons("show first-fox")[label] == words
    desk.ask(words[1])
    assert label not in desk.buttons("show first-fox")
    assert "This run is the pinned baseline of churn-weekly" in desk.read("show first-fox")


def test_an_alias_is_read_from_the_registry_when_it_is_pinned(desk: Desk) -> None:
    desk.tracker.create_model("churn")
    desk.tracker.alias("churn", "champion", desk.tracker.register("churn", OLD.run_id))
    text = desk.read("baseline churn-weekly churn@champion")
    assert "compared from now on with first-fox, churn@champion (version 1)" in text
    assert pinned(desk) == [("model:churn@champion", "U0001", "")]
    assert against(desk) == "first-fox"
    assert "churn has no alias canary on main. Nothing was pinned." in desk.read("baseline churn-weekly @canary")
    assert "main has no registered model chrun. Nothing" in desk.read("baseline churn-weekly model:chrun@champion")
    desk.tracker.trouble = TrackerDown("main did not answer in time.")
    assert "main did not answer in time. Nothing was pinned." in desk.read("baseline churn-weekly @champion")
    assert pinned(desk) == [("model:churn@champion", "U0001", "")]


def test_an_alias_alone_is_one_of_the_model_that_app_yaml_names(desk: Desk) -> None:
    settings(desk, baseline="model:churn@champion")
    desk.tracker.create_model("churn")
    desk.tracker.alias("churn", "canary", desk.tracker.register("churn", OLD.run_id))
    desk.ask("baseline churn-weekly @canary")
    assert pinned(desk) == [("model:churn@canary", "U0001", "")]
