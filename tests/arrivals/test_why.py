"""A retrained run's card names its cause, read from a real MLflow server and over HTTP from where the code is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.code import Repo
from tests.fixtures.bench import SETTINGS, Bench, Team, said
from tests.servers.code_host import TOKEN, CodeHost
from tests.servers.mlflow import MlflowHand
from tests.servers.scripted import Scripted, scripted_server

CI = 'ci: {github: {url: "GITHUB"}}\n'


@pytest.fixture
def github() -> Iterator[Scripted]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def bench(tmp_path: Path, mlflow_server: Any, github: Scripted) -> Iterator[Bench]:
    settings = SETTINGS + CI.replace("GITHUB", github.url)
    made = Bench(tmp_path, mlflow_server.url, settings=settings, environ={"GITHUB_TOKEN": TOKEN})
    yield made
    made.close()


@pytest.fixture
def team(bench: Bench, mlflow_hand: MlflowHand) -> Team:
    made = Team(bench, mlflow_hand)
    bench.follow()
    return made


def test_a_retrain_names_the_commit_and_the_data_behind_it(bench: Bench, team: Team, github: Scripted) -> None:
    repo = Repo()
    base = repo.commit("Begin", train__py=b"1", data__csv__dvc=b"outs: [{path: data.csv, md5: aaaa, size: 1000}]")
    head = repo.commit(
        "Take <!channel> the new export", base, data__csv__dvc=b"outs: [{path: data.csv, md5: bbbb, size: 3000}]"
    )
    github.script = CodeHost({"acme/churn": repo})
    for name, commit in (("calm-owl", base), ("keen-fox", head)):
        run = team.start(
            name,
            {"alpha": "0.1"},
            mlflow__source__git__commit=commit,
            mlflow__source__git__repoURL="git@127.0.0.1:acme/churn.git",
        )
        team.hand.log(run, "val_auc", 0.9)
        team.hand.model(run, "model", requirements__txt=b"scikit-learn==1.5.0\n")
        # The first contact is known to the second only, and what ended before it is history.
        team.hand.end(run, ended=datetime.now(UTC) + timedelta(seconds=2))
        bench.follow()
    card = bench.card("keen-fox")
    assert github.asked == [], "the tick does not wait for others"
    bench.work()
    bench.send()
    shown = bench.card("keen-fox")
    assert shown["ts"] == card["ts"]
    assert "Only the data data.csv changed: 1 kB (aaaa) → 3 kB (bbbb)" in shown["text"]
    asked = len(github.asked)
    why = bench.type(f"/runs why {run}")[0]
    assert "1 commit" in why["text"]
    assert "Take &lt;!channel&gt; the new export" in why["text"]
    assert f"{github.url}/acme/churn/compare/{base}...{head}" in said(why)
    assert len(github.asked) == asked, "what is kept is not asked again"
    assert TOKEN not in said(why) + said(shown)
