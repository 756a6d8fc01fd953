"""Series with changes that people marked (RUNDOWN_BENCH_DATA), or that a generator made where no data is given."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

TOLERANCE = 5
"""Two places within so many points of each other are the same one."""
LEVELS = {"step", "regression_start", "regression_end"}


@dataclass(frozen=True, slots=True)
class Marked:
    """A series, and where each person (or its maker) says that its level changed."""

    name: str
    values: Sequence[float]
    marks: Mapping[str, Sequence[int]]

    @property
    def consensus(self) -> list[int]:
        """The marked points that more than half of the people marked, within the tolerance."""
        places = sorted({one for marked in self.marks.values() for one in marked})
        agreed = [sum(near(one, marked) for marked in self.marks.values()) for one in places]
        return [one for one, people in zip(places, agreed, strict=True) if 2 * people > len(self.marks)]

    @property
    def anybody(self) -> list[int]:
        """The points that anybody marked."""
        return sorted({one for marked in self.marks.values() for one in marked})


def near(place: int, others: Sequence[int]) -> bool:
    """Whether a place is one of these, within the tolerance."""
    return any(abs(place - one) <= TOLERANCE for one in others)


def annotated(path: Path) -> list[Marked]:
    """Series as `{name: {"values": [...], "annotations": {person: [index, ...]}}}`."""
    read = json.loads(path.read_text(encoding="utf-8"))
    return [Marked(name, one["values"], one["annotations"]) for name, one in sorted(read.items())]


def generated(each: int = 8) -> list[Marked]:
    """So many series of every kind that Apache Otava's test data knows, with noise, always the same ones."""
    return [
        Marked(
            f"{name} {seed}",
            one.data.tolist(),
            {"made": [at.index for at in one.change_points if at.change_type in LEVELS]},
        )
        for seed in range(each)
        for name, one in _kinds(seed)
    ]


def _kinds(seed: int) -> Iterator[tuple[str, "object"]]:
    from otava_test_data import generators as make

    at = int(np.random.default_rng(seed).integers(60, 140))
    yield "noise", make.noise_normal(200, sigma=2.0, seed=seed)
    yield "uniform", make.noise_uniform(200, 97.0, 103.0, seed=seed)
    yield "outlier", make.outlier(200, outlier_index=at, sigma=2.0, seed=seed)
    yield "banding", make.banding(200, sigma=1.0, seed=seed)
    yield "variance", make.variance_change(200, sigma_before=1.0, sigma_after=3.0, change_index=at, seed=seed)
    yield "phase", make.phase_change(200, amplitude=3.0, change_index=at, sigma=1.0, seed=seed)
    for after in (106.0, 94.0, 110.0):
        yield (
            f"step to {after:g}",
            make.step_function(200, value_after=after, change_index=at, sigma=2.0, seed=seed),
        )
    yield (
        "fixed",
        make.regression_fix(
            200, value_regression=112.0, regression_start=at, regression_duration=30, sigma=2.0, seed=seed
        ),
    )
    yield "several", make.multiple_changes(200, values=[100.0, 108.0, 104.0, 112.0], sigma=2.0, seed=seed)
