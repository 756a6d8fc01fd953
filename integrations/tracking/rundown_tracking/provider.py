"""MLflow's door, named as an entry point in pyproject.toml: called as each run starts."""

import os

from mlflow.tracking.context.abstract_context import RunContextProvider

from rundown_tracking.telling import Telling


class RundownContext(RunContextProvider):
    """Where a run came from, as tags; MLflow asks in `mlflow.start_run` and where autologging starts a run."""

    def __init__(self) -> None:
        self._telling = Telling(os.environ)

    def in_context(self) -> bool:
        """Always: each source knows itself whether it has something to say."""
        return True

    def tags(self) -> dict[str, str]:
        """All that is known in time; never an error."""
        return self._telling.tags()
