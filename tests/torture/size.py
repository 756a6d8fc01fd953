"""How much torture: the whole story of `make torture`, and a short one for `make test`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """`runs` end within `seconds`, over `teams` channels; `patience` is how long peace may take to come (s).

    Of a hundred runs so many are re-opened, edited after their end, deleted, asked about in their thread.
    """

    runs: int
    seconds: float
    teams: int
    pipelines: int
    locks: int
    fulls: int
    outages: int
    patience: float
    longest_life: float
    quiet: float
    reopened: int = 15
    edited: int = 15
    deleted: int = 3
    asked: int = 10


WHOLE = Size(
    runs=200, seconds=75, teams=8, pipelines=8, locks=4, fulls=2, outages=2, patience=120, longest_life=6, quiet=3
)
SHORT = Size(
    runs=12,
    seconds=4,
    teams=2,
    pipelines=1,
    locks=1,
    fulls=1,
    outages=0,
    patience=60,
    longest_life=2.5,
    quiet=1,
    asked=0,
)
