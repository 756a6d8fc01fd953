"""Keeps what is known of the models that are baselines: where their aliases lead, and who registered a version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.facts.baselines import Alias, ModelVersion
from bot.facts.runs import RunRef
from bot.judge.baseline import MODEL
from bot.notify.announce import Announcer
from bot.ports.errors import EdgeError, ModelMissing
from bot.ports.store import Store, Unit
from bot.ports.tracker import Tracker
from bot.settings import Settings

log = structlog.get_logger("models")


@dataclass(frozen=True, slots=True)
class Models:
    """Asks registries; a tracker that does not answer keeps what was known, with the time it was read."""

    settings: Settings
    announcer: Announcer
    store: Store
    trackers: Mapping[str, Tracker]

    def refresh(self, now: datetime) -> None:
        """Read every alias that is a baseline, in app.yaml or pinned, from every tracker; trouble ends nothing."""
        with self.store.read() as unit:
            wanted = self._wanted(unit)
        for tracker, target in wanted:
            try:
                self.read(tracker, target, now)
            except EdgeError as problem:
                log.info("model_not_read", tracker=tracker, target=target, why=str(problem))

    def read(self, tracker: str, target: str, now: datetime) -> Alias:
        """Read where a target (model:<name>@<alias>) leads now, and keep it; raises what the tracker raises.

        A model or alias that is missing is kept as such. Runs that registered a version since the last reading are
        judged again, and their cards said again: they may be candidates.
        """
        alias, versions = self._ask(tracker, target, now)
        with self.store.write() as unit:
            unit.models.put(alias)
            first = not unit.models.versions(tracker, alias.model, limit=1)
            new = unit.models.put_versions(tracker, alias.model, versions)
            runs = dict.fromkeys(RunRef(tracker, one.run_id) for one in new if one.run_id)
            if runs and not first:
                self.announcer.judge_again(unit, list(runs), now)
        return alias

    def _ask(self, tracker: str, target: str, now: datetime) -> tuple[Alias, Sequence[ModelVersion]]:
        model, _, alias = target.removeprefix(MODEL).rpartition("@")
        known = self.trackers[tracker]
        try:
            version = known.model_alias(model, alias)
            return Alias(tracker, model, alias, now, version), known.model_versions(model=model)
        except ModelMissing as missing:
            return Alias(tracker, model, alias, now, problem=str(missing)), known.model_versions(model=model)

    def _wanted(self, unit: Unit) -> Sequence[tuple[str, str]]:
        """The aliases of app.yaml wherever its experiments may be, and those that people pinned."""
        named = [one.baseline for one in self.settings.experiments.values() if one.baseline.startswith(MODEL)]
        pinned = [(one.tracker, one.target) for one in unit.pins.standing() if one.target.startswith(MODEL)]
        everywhere = [(tracker, target) for target in named for tracker in self.trackers]
        return list(dict.fromkeys([*everywhere, *(one for one in pinned if one[0] in self.trackers)]))
