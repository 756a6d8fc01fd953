"""Who is told of a change: a yes, or a no that says why."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.routes import No, Subscription
from bot.facts.runs import Change, Event, Status
from bot.notify.routing import TELLING, route, stopped_by
from tests.notify.examples import a_change, a_run, wish

FIVE_MINUTES = timedelta(minutes=5)
FINISHED = a_change(a_run())
SHORT = a_change(a_run(status=Status.FAILED, lasted=timedelta(seconds=42)))


@pytest.mark.parametrize(
    ("change", "subscription", "no", "detail"),
    [
        (FINISHED, wish(), None, ""),
        (FINISHED, wish(experiments=("fraud-*",)), No.EXPERIMENT, "churn-weekly is not in fraud-*"),
        (FINISHED, wish(experiments=("Churn-*",)), No.EXPERIMENT, "churn-weekly is not in Churn-*"),
        (FINISHED, wish(post=("failed",)), No.EVENT, "finished is not in failed"),
        (a_change(a_run(), Event.STARTED), wish(post=("finished",)), No.EVENT, "started is not in finished"),
        (a_change(a_run(status=Status.KILLED)), wish(post=("failed",)), None, ""),
        (a_change(a_run(status=Status.FAILED)), wish(post=("killed",)), No.EVENT, "failed is not in killed"),
        (FINISHED, wish(only=("+tag:team=growth",)), No.FILTER, "+tag:team=growth"),
        (a_change(a_run(tags={"team": "growth"})), wish(only=("+tag:team=growth",)), None, ""),
        (a_change(a_run(tags={"trial": "true"})), wish(only=("-tag:trial=true",)), No.FILTER, "-tag:trial=true"),
        (a_change(a_run(tags={"trial": "true"})), wish(only=("-tag:trial",)), No.FILTER, "-tag:trial"),
        (FINISHED, wish(only=("+by:JDoe",)), None, ""),
        (FINISHED, wish(only=("-by:jdoe",)), No.FILTER, "-by:jdoe"),
        (a_change(a_run(parent="p1")), wish(), No.CHILD, "its parent is p1"),
        (a_change(a_run(), quiet=True), wish(), No.QUIET, "at 2026-11-23 11:52 UTC"),
        (SHORT, wish(), No.EARLY_FAILURE, "after 42 s, sooner than 5 min"),
        (a_change(a_run(status=Status.FAILED, lasted=FIVE_MINUTES)), wish(), None, ""),
        (a_change(a_run(lasted=timedelta(seconds=1))), wish(), None, ""),
        (a_change(a_run(status=Status.FAILED, lasted=None)), wish(), None, ""),
    ],
)
def test_a_change_is_posted_or_there_is_a_named_reason(
    change: Change, subscription: Subscription, no: No | None, detail: str
) -> None:
    (decision,) = route(change, [subscription], FIVE_MINUTES)
    assert (decision.no, decision.detail) == (no, detail)
    assert decision.subscription == (subscription if no is None else None)


def test_a_zero_lets_early_failures_through() -> None:
    assert route(SHORT, [wish()], timedelta(0))[0].no is None


def test_the_first_subscription_of_a_channel_that_matches_wins() -> None:
    broad, narrow = wish(threads=False), wish(experiments=("churn-*",), show=("auc",))
    assert route(FINISHED, [narrow, broad])[0].subscription == narrow
    assert route(FINISHED, [broad, narrow])[0].subscription == broad


def test_without_a_match_the_most_telling_no_of_a_channel_is_kept() -> None:
    wishes = [wish(only=("+tag:team=growth",)), wish(experiments=("fraud-*",)), wish(post=("failed",))]
    assert [(one.channel, one.no) for one in route(FINISHED, wishes)] == [("#churn", No.FILTER)]


def test_each_channel_gets_one_decision() -> None:
    wishes = [wish("#a"), wish("#b", post=("failed",)), wish("#a", post=("failed",))]
    assert [(one.channel, one.no) for one in route(FINISHED, wishes)] == [("#a", None), ("#b", No.EVENT)]


filters = st.builds(
    lambda sign, kind: sign + kind,
    st.sampled_from("+-"),
    st.sampled_from(["tag:team=growth", "tag:team", "tag:x=", "by:jdoe", "by:", "tag:", "tag:a=b=c"]),
)


@given(filters, st.dictionaries(st.sampled_from(["team", "x", "a", ""]), st.sampled_from(["growth", "", "b=c"])))
def test_a_filter_and_its_opposite_never_agree(filter_: str, tags: dict[str, str]) -> None:
    run = a_run(tags=tags)
    opposite = ("-" if filter_[0] == "+" else "+") + filter_[1:]
    assert bool(stopped_by(run, [filter_])) != bool(stopped_by(run, [opposite]))


@given(
    st.lists(
        st.builds(
            wish,
            st.sampled_from(["#a", "#b", "#c"]),
            experiments=st.sampled_from([("*",), ("fraud",), ("churn-*", "x")]),
            post=st.sampled_from([("finished",), ("failed",), ()]),
            only=st.lists(filters, max_size=2).map(tuple),
        )
    )
)
def test_decisions_are_one_a_channel_and_always_say_why(wishes: list[Subscription]) -> None:
    decisions = route(FINISHED, wishes)
    assert [one.channel for one in decisions] == list(dict.fromkeys(one.channel for one in wishes))
    for decision in decisions:
        assert (decision.no is None) == (decision.subscription in wishes)
        assert decision.no is None or (decision.no in TELLING and decision.detail)
