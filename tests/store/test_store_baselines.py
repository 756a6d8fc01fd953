"""Pins and what registries told are kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.edges.store import SqlStore
from bot.facts.baselines import Alias, ModelVersion, Pin

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PIN = Pin("main", "1", "run:aa", "U1", NOW, "calm-owl-12", "before the new data")


def test_the_newest_word_holds_and_the_one_before_holds_again_without_it(store: SqlStore) -> None:
    with store.write() as unit:
        assert unit.pins.of("main", "1") == []
        first = unit.pins.put(PIN)
        second = unit.pins.put(replace(PIN, target="model:churn@champion", who="U2", at=NOW + HOUR, name=""))
        other = unit.pins.put(replace(PIN, experiment_id="2"))
        assert first < second < other
        assert [one.id for one in unit.pins.of("main", "1")] == [second, first]
        assert [one.id for one in unit.pins.of("main", "1", limit=1)] == [second]
        assert unit.pins.get(first) == replace(PIN, id=first)
        unit.pins.drop(second)
        assert [one.id for one in unit.pins.of("main", "1")] == [first]
        assert unit.pins.get(second) is None


def test_an_id_is_never_given_twice(store: SqlStore) -> None:
    with store.write() as unit:
        first = unit.pins.put(PIN)
        unit.pins.drop(first)
        assert unit.pins.put(PIN) > first


def test_what_was_taken_away_does_not_stand(store: SqlStore) -> None:
    with store.write() as unit:
        unit.pins.put(PIN)
        kept = unit.pins.put(replace(PIN, experiment_id="2"))
        elsewhere = unit.pins.put(replace(PIN, tracker="eu"))
        unit.pins.put(replace(PIN, target="", at=NOW + HOUR))
        assert [one.id for one in unit.pins.standing()] == [elsewhere, kept]


def test_texts_that_databases_do_not_like_are_kept(store: SqlStore) -> None:
    with store.write() as unit:
        kept = unit.pins.put(replace(PIN, reason="nul \0 and \ud800", experiment_id="x" * 500))
        found = unit.pins.of("main", "x" * 500)
        assert [one.id for one in found] == [kept]
        assert found[0].reason == "nul \ufffd and \ufffd"


def test_an_alias_is_kept_as_it_was_told_last(store: SqlStore) -> None:
    one = Alias("main", "churn", "champion", NOW, ModelVersion("churn", "3", "aa"))
    with store.write() as unit:
        assert unit.models.get("main", "churn", "champion") is None
        unit.models.put(one)
        assert unit.models.get("main", "churn", "champion") == one
        gone = replace(one, read_at=NOW + HOUR, version=None, problem="there is no such alias")
        unit.models.put(gone)
        assert unit.models.get("main", "churn", "champion") == gone
        assert unit.models.get("eu", "churn", "champion") is None


def test_new_versions_are_told_once_and_those_deleted_are_forgotten(store: SqlStore) -> None:
    versions = [ModelVersion("churn", str(number), f"run{number}") for number in (1, 2, 10)]
    with store.write() as unit:
        assert unit.models.put_versions("main", "churn", versions[:2]) == versions[:2]
        assert unit.models.put_versions("main", "churn", versions) == versions[2:]
        assert unit.models.put_versions("eu", "churn", versions[:1]) == versions[:1]
        assert unit.models.versions("main", "churn") == [versions[2], versions[1], versions[0]]
        assert unit.models.versions("main", "churn", limit=1) == [versions[2]]
        assert unit.models.put_versions("main", "churn", versions[1:]) == []
        assert unit.models.versions("main", "churn") == [versions[2], versions[1]]
        moved = replace(versions[1], run_id="another")
        assert unit.models.put_versions("main", "churn", [moved]) == []
        assert unit.models.versions("main", "churn") == [moved]
