"""What a run is compared with, and how that is said."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.facts.runs import Dataset, Metric, Status
from bot.judge.baseline import Wanted, came_before, choose_baseline, comparable_by, incidental
from tests.notify.examples import NOON, a_run

RUN = a_run("new", params={"lr": "0.1", "seed": "7"})


def earlier(run_id: str, hours: int, **rest: object):
    return a_run(run_id, started=NOON - timedelta(hours=hours), **rest)


def chosen(*candidates, run=RUN, **rest):
    found = choose_baseline(run, candidates, **rest)
    assert found is not None
    return found.run, found.why, found.comparable


def test_the_previous_run_with_the_same_params_but_another_seed_is_the_baseline() -> None:
    twin, older = (
        earlier(name, age, params={"lr": "0.1", "seed": "1"}) for name, age in (("twin", 3), ("older", 4))
    )
    other = earlier("other", 2, params={"lr": "0.2", "seed": "7"})
    assert chosen(older, other, twin) == (twin, "the previous comparable run, a replicate", True)


def test_without_a_comparable_run_the_previous_one_is_named_as_such() -> None:
    best = earlier("best", 5, params={"lr": "9"}, metrics={"auc": 0.99})
    last = earlier("last", 2, params={"lr": "0.2"}, metrics={"auc": 0.5})
    assert chosen(best, last) == (last, "the previous run, with other params", False)


def test_runs_without_params_may_be_anything() -> None:
    run, before = replace(RUN, params={}), earlier("before", 1, params={})
    assert chosen(before, run=run) == (before, "the previous run", False)


def test_where_nothing_is_comparable_all_is_exploration() -> None:
    twin = earlier("twin", 1, params={"lr": "0.1"})
    assert chosen(twin, comparable=()) == (twin, "the previous run, with other params", False)


def test_a_named_run_wins_whatever_became_of_it_and_says_how_it_compares() -> None:
    named = earlier("abcdef12", 90, status=Status.FAILED)
    twin = earlier("twin", 2, params={"lr": "0.1"})
    wanted = Wanted("the pinned baseline", named)
    assert chosen(twin, wanted=wanted) == (named, "the pinned baseline, a replicate", True)
    other = Wanted("the pinned baseline", replace(named, params={"lr": "9"}))
    assert chosen(twin, wanted=other)[1:] == ("the pinned baseline, with other params", False)


def test_what_cannot_be_had_falls_back_to_the_previous_run_and_says_why() -> None:
    twin = earlier("twin", 2, params={"lr": "0.1"})
    lost = Wanted("the pinned baseline", problem="the pinned baseline calm-owl-12 was deleted on 3 Nov 2026")
    later = Wanted("the pinned baseline", earlier("later", -9, name="calm-owl-12"))
    deleted = Wanted("the pinned baseline", earlier("gone", 9, name="calm-owl-12", deleted=True))
    for wanted, words in (
        (lost, "the pinned baseline calm-owl-12 was deleted on 3 Nov 2026"),
        (later, "the pinned baseline calm-owl-12 began after this run had ended"),
        (deleted, "the pinned baseline calm-owl-12 was deleted"),
    ):
        assert wanted.trouble(RUN) == words
        assert chosen(twin, wanted=wanted)[0] == twin


def test_the_baseline_itself_is_compared_with_the_run_before() -> None:
    twin = earlier("twin", 2, params={"lr": "0.1"})
    wanted = Wanted("the pinned baseline", RUN)
    assert wanted.itself(RUN)
    assert wanted.trouble(RUN) == ""
    assert chosen(twin, wanted=wanted)[0] == twin


def test_a_retrain_is_named_with_what_differs() -> None:
    run = replace(RUN, tags={"mlflow.source.git.commit": "a" * 40}, datasets=(Dataset("reviews", "d2"),))
    same = replace(earlier("same", 5), params=run.params, tags=run.tags, datasets=run.datasets)
    for change, words in (
        ({}, "a replicate"),
        ({"datasets": run.datasets * 2}, "a replicate"),
        ({"datasets": (Dataset("reviews", "d1"),)}, "a retrain with other data"),
        ({"tags": {"mlflow.source.git.commit": "b" * 40}}, "a retrain with other code"),
        ({"tags": {}, "datasets": ()}, "a retrain with other code and data"),
    ):
        one = replace(same, **change)
        assert comparable_by(run, one, ("replicates", "retrains")) == words
        assert bool(comparable_by(run, one, ("replicates",))) == (words == "a replicate")
        assert bool(comparable_by(run, one, ("retrains",))) == (words != "a replicate")


def test_runs_of_one_branch_or_tag_are_comparable_where_settings_say_so() -> None:
    run = replace(RUN, tags={"branch": "main"})
    main = earlier("main", 4, params={"lr": "0.2"}, tags={"branch": "main"}, owner="x")
    own = earlier("own", 5, params={"lr": "0.2"}, tags={"mlflow.source.git.branch": "main"})
    side = earlier("side", 2, params={"lr": "0.3"}, tags={"branch": "side"})
    tagged = chosen(main, own, side, run=run, comparable=("tag:branch=main",))
    assert tagged == (main, "the previous comparable run, also with branch=main", True)
    assert chosen(own, side, run=run, comparable=("branch:main",))[0] == own
    assert comparable_by(run, side, ("branch:main", "branch:side", "tag:branch=side")) == ""


def test_a_candidate_is_comparable_with_the_champion_and_with_other_candidates() -> None:
    champion, other = earlier("champion", 9, params={"lr": "3"}), earlier("other", 2, params={"lr": "4"})
    wanted = Wanted("churn@champion (version 3)", champion, alias=True)
    rules = {"comparable": ("candidates",), "wanted": wanted}
    found = chosen(other, registered={"champion", "new"}, **rules)
    assert found == (champion, "churn@champion (version 3), for which this run is a candidate", True)
    assert chosen(other, registered={"champion"}, **rules)[2] is False
    found = chosen(other, run=RUN, comparable=("candidates",), registered={"other", "new"})
    assert found == (other, "the previous comparable run, also a candidate", True)


def test_seeds_are_known_by_the_names_libraries_give_them() -> None:
    for name in ("seed", "random_state", "model__random_state", "train.seed", "bagging_seed", "RNG", "output_dir"):
        assert incidental(name), name
    for name in ("lr", "seeds_per_hectare", "number_of_seeds", "dir", "seedling", "random_state_size"):
        assert not incidental(name), name


def test_failed_deleted_empty_later_and_foreign_runs_are_no_baseline() -> None:
    candidates = [
        RUN,
        earlier("failed", 1, status=Status.FAILED),
        earlier("deleted", 1, deleted=True),
        earlier("empty", 1, metrics={}),
        earlier("later", -1),
        earlier("foreign", 1, experiment_id="2"),
        earlier("other", 1, tracker="eu"),
        earlier("child", 1, parent="p"),
    ]
    assert choose_baseline(RUN, candidates) is None


ANY = st.builds(
    lambda number, age, lr, seed, deleted, status, measured, parent, ended: a_run(
        f"r{number}",
        started=NOON - timedelta(hours=age),
        lasted=timedelta(hours=1) if ended else None,
        params={"lr": lr, "seed": seed},
        deleted=deleted,
        status=status,
        metrics={"auc": 0.5} if measured else {},
        parent=parent,
    ),
    st.integers(0, 9),
    st.integers(-5, 50),
    st.sampled_from(["0.1", "0.2"]),
    st.sampled_from(["1", "2"]),
    st.sampled_from([False, False, True]),
    st.sampled_from([Status.FINISHED, Status.FINISHED, Status.RUNNING, Status.FAILED]),
    st.booleans(),
    st.sampled_from(["", "", "p"]),
    st.booleans(),
)
SOME = st.lists(ANY, max_size=8, unique_by=lambda run: run.run_id)
RULES = st.sampled_from([(), ("replicates",), ("replicates", "retrains"), ("candidates",)])


@given(ANY, SOME, RULES, st.none() | ANY, st.randoms())
def test_whatever_is_known_the_baseline_is_another_older_run_and_order_does_not_matter(
    run, candidates, rules, named, random
) -> None:
    wanted = Wanted("the pinned baseline", named) if named is not None else None
    registered = {one.run_id for one in candidates[::2]}
    found = choose_baseline(run, candidates, rules, wanted, registered)
    random.shuffle(candidates)
    assert choose_baseline(run, candidates, rules, wanted, registered) == found
    if found is None:
        return
    assert found.run.ref != run.ref
    assert not found.run.deleted
    assert found.comparable == bool(comparable_by(run, found.run, rules, registered))
    if named is not None and found.run == named:
        assert run.ended is None or named.started <= run.ended
    else:
        assert found.run in candidates
        assert found.run.started <= run.started


@given(ANY, SOME, RULES)
def test_nothing_comparable_is_passed_over_and_no_better_run_preferred(run, candidates, rules) -> None:
    found = choose_baseline(run, candidates, rules)
    better = [replace(one, metrics={"auc": Metric(0.99)}) if one.metrics else one for one in candidates]
    again = choose_baseline(run, better, rules)
    assert (found and found.run.run_id) == (again and again.run.run_id)
    if found is not None and not found.comparable:
        assert not any(
            came_before(one, run) and comparable_by(run, one, rules)
            for one in candidates
            if not one.deleted and one.ref != run.ref
        )
