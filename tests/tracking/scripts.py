"""Training scripts, each a process of its own, as rundown-tracking finds them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# What a start takes, without MLflow.
TELL = """
import json, os, time
from rundown_tracking.telling import Telling
telling, began = Telling(os.environ), time.monotonic()
told = telling.tags()
print(json.dumps([told, time.monotonic() - began]))
"""
TRAIN = """
import json, mlflow
mlflow.set_experiment(experiment_id=EXPERIMENT)
with mlflow.start_run(tags={"ci.url": "https://ci.example.com/mine"}) as run:
    mlflow.log_metric("loss", 1.0)
print(json.dumps(mlflow.get_run(run.info.run_id).data.tags))
"""


def run(script: Path, env: Mapping[str, str], *, cwd: Path | None = None) -> Any:
    """What a script prints, as JSON; it must end well and complain of nothing. An empty variable is not set."""
    own = {"PATH": os.environ["PATH"], "HOME": str(script.parent), "RUNDOWN_TRACKING_SECONDS": "60", **env}
    own = {name: value for name, value in own.items() if value}
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", str(script)],
        check=False, cwd=cwd or script.parent, env=own, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "rundown" not in done.stderr, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def tell(
    folder: Path, env: Mapping[str, str] | None = None, *, cwd: Path | None = None
) -> tuple[dict[str, str], float]:
    """The tags of a script in a folder, and the seconds they took."""
    script = folder / "tell.py"
    script.write_text(TELL)
    told, seconds = run(script, env or {}, cwd=cwd)
    return told, seconds
