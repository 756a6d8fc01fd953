"""The half sentence that says which rule spoke of a metric, with its numbers."""

import math

from bot.facts.verdicts import Method
from bot.judge.evidence import Evidence, Spoke


def within(seen: Evidence) -> str:
    """ "−0.001, noise of this metric ±0.004 over 9 runs"."""
    return f"{_apart(seen)}, {_noise(seen)}"


def off(seen: Evidence) -> str:
    """The same for a suspicion, with how seldom noise alone goes so far (a prediction interval).

    Where runs before it bear it out, it is the mean of them all that is so far off.
    """
    if seen.runs == 1:
        return f"{_apart(seen)}, {_noise(seen)}; noise alone goes so far {_seldom(seen.chance)} runs"
    more = "run before it" if seen.runs == 2 else f"{_few(seen.runs - 1)} runs before it"
    told = f"noise alone takes it and the {more} so far on average {_seldom(seen.chance)} times"
    return f"{_apart(seen)}, {_noise(seen)}; {told}"


def confirmed(seen: Evidence) -> str:
    """The same for a change that newest runs, replicates or a change point confirm."""
    how = {
        Spoke.RUNS: f"so in {_few(seen.runs)} runs in a row",
        Spoke.REPLICATES: f"so in {_few(seen.runs)} replicates",
        Spoke.CHANGE_POINT: f"a change point {seen.runs} runs ago",
    }
    return f"{_apart(seen)}, {_noise(seen)}; {how[seen.spoke] if seen.spoke else ''}"


def standing_still(seen: Evidence, target: float) -> str:
    """The same while a regression stands, from where the metric stood before it."""
    return f"still {_apart(seen, target)}, {_noise(seen)}"


def back(seen: Evidence, target: float, once: bool = False) -> str:
    """The same for a metric that is back where it stood."""
    told = "; recovered when the next comparable run is too" if once else "; so in two runs in a row"
    return f"back at {target:.4g} ({_apart(seen, target)}), {_noise(seen)}{told}"


def diverged(value: float | None, runs: int) -> str:
    """A value that is no finite number, in so many runs in a row."""
    what = "not a number" if value is None or math.isnan(value) else "infinite"
    return f"is {what}" if runs == 1 else f"is {what}; no finite number in {runs} runs in a row"


def _apart(seen: Evidence, target: float | None = None) -> str:
    expected = seen.expected if target is None else target
    if seen.value is None or expected is None:
        return ""
    return f"{seen.value - expected:+.3g}".replace("-", "−")


def _noise(seen: Evidence) -> str:
    noise = seen.noise
    if noise is None:
        return ""
    if noise.method is Method.MINIMUM:
        return f"{noise.runs} runs before were equal and ±{2 * noise.spread:.2g} matters"
    what = "replicates" if noise.method is Method.REPLICATES else "runs"
    return f"noise of this metric ±{noise.spread:.2g} over {noise.runs} {what}"


def _few(count: int) -> str:
    return {2: "two", 3: "three"}.get(count, str(count))


def _seldom(chance: float) -> str:
    return "in fewer than 1 of 10,000" if chance < 1e-4 else f"in 1 of {round(1 / chance):,}"
