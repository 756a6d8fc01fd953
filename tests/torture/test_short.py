"""The short form of `make torture`: a real bot is killed a few times while a dozen runs end."""

from pathlib import Path

import pytest

from sandbox.mlflow_server import MlflowServer
from tests.torture.size import SHORT
from tests.torture.story import play


@pytest.mark.servers
def test_what_was_promised_holds_while_the_bot_is_killed(tmp_path: Path, mlflow_server: MlflowServer) -> None:
    outcome = play(7, SHORT, tmp_path, mlflow_server.url)
    table = dict(outcome.table)
    assert outcome.violations == ()
    assert table["doubled"] == table["lost"] == table["cards behind"] == "0"
    assert int(table["crashes"].partition(":")[0]) >= 1, "it was killed"
    assert int(table["posts seen"]) >= SHORT.runs
