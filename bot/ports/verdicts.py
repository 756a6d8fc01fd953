"""What was thought of runs and what became of it, as the core sees it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.facts.incidents import Incident, Judged, Lineage, Ruling
from bot.facts.runs import RunRef
from bot.facts.verdicts import Point, Stage, Word

# A place in the order of a lineage: when a run began, and its id.
Place = tuple[datetime, str]


class Histories(Protocol):
    """The metrics of comparable runs, without reading whole runs."""

    def points(
        self, lineage: Lineage, metrics: Collection[str], until: Place, *, leave: Collection[str] = (), limit: int
    ) -> Mapping[str, Sequence[Point]]:
        """Each metric over the newest finished runs of a lineage up to a place, that one included, oldest first.

        At most `limit` runs are looked at; those whose ids are in `leave`, deleted ones and those without metrics
        are passed over. NaN and infinities are points too. A metric that none of them has is left out.
        """
        ...

    def before(self, lineage: Lineage, place: Place, *, leave: Collection[str] = ()) -> RunRef | None:
        """The newest finished run of a lineage before a place."""
        ...


class Verdicts(Protocol):
    """The verdict on each run, as it was when the run was the newest of its lineage."""

    def put(self, judged: Judged) -> bool:
        """Keep a verdict in place of the run's former one; False when nothing changed."""
        ...

    def drop(self, run: RunRef) -> None:
        """Forget the verdict on a run."""
        ...

    def of(self, runs: Collection[RunRef]) -> Mapping[RunRef, Judged]:
        """The verdicts on these runs; those without one are left out."""
        ...

    def words(self, runs: Collection[RunRef]) -> Mapping[RunRef, tuple[Word, Stage | None]]:
        """The headlines alone; runs without a verdict are left out."""
        ...

    def any_of(self, tracker: str, experiment_id: str) -> bool:
        """Whether a run of an experiment has a verdict."""
        ...

    def before(self, lineage: Lineage, place: Place) -> Judged | None:
        """The newest verdict of a lineage before a place."""
        ...

    def newest(self, lineage: Lineage, limit: int, *, after: Place | None = None) -> Sequence[Judged]:
        """The newest verdicts of a lineage (of those after a place), oldest first."""
        ...


class Incidents(Protocol):
    """Regressions as they go."""

    def put(self, incident: Incident) -> Incident:
        """Keep an incident; one without an id gets one."""
        ...

    def drop(self, incident_id: int) -> None:
        """Forget one that nobody was told of."""
        ...

    def get(self, incident_id: int) -> Incident | None:
        """One by its id."""
        ...

    def of_lineage(self, lineage: Lineage, limit: int = 100) -> Sequence[Incident]:
        """The newest incidents of a lineage, oldest first."""
        ...

    def at_home(self, runs: Collection[RunRef]) -> Sequence[Incident]:
        """The incidents that live on the cards of these runs, oldest first."""
        ...

    def since(self, moment: datetime, limit: int = 500) -> Sequence[Incident]:
        """Those that are open or changed since a moment, oldest first."""
        ...


class Rulings(Protocol):
    """What people decided of regressions."""

    def put(self, ruling: Ruling) -> bool:
        """Keep a ruling; False when the same was decided already."""
        ...

    def get(self, ruling_id: int) -> Ruling | None:
        """One by its id; nothing where it was taken back."""
        ...

    def drop(self, ruling_id: int) -> None:
        """Take a ruling back."""
        ...

    def of_experiment(self, tracker: str, experiment_id: str) -> Sequence[Ruling]:
        """All rulings on an experiment, oldest first."""
        ...
