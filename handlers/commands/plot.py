"""How a metric of some runs went."""

from collections.abc import Mapping
from dataclasses import replace

from bot.facts.curves import Plot
from bot.facts.messages import Message
from bot.find.best import NoMetric
from bot.find.curves import Courses, courses, fits_slack, metric_among, near_metrics, plot, told
from bot.find.paging import with_option
from bot.find.run import LATEST
from bot.find.scope import Scope
from bot.judge.curves import STEP, log_helps, single
from bot.ports.store import Store
from bot.ports.tracker import Tracker
from bot.render.charts import Charts
from bot.settings import Settings
from bot.words import Asker
from bot.words.kinds import AxisWord, MetricWord, MoreRuns, RunWord
from handlers.answers import notice
from handlers.lists import again, standing
from handlers.together import named_runs

SLOW = True


def answer(
    metric: MetricWord,
    run: RunWord = LATEST,
    runs: MoreRuns = (),
    *,
    over: AxisWord | None = None,
    store: Store,
    settings: Settings,
    trackers: Mapping[str, Tracker],
    charts: Charts,
    asker: Asker,
    words: str,
) -> Message:
    """The curves of a metric of one to ten runs, over steps or over time.

    Curves of up to 20 values at the same steps stand in the answer as Slack's own chart. All others are a picture:
    it comes into your direct messages, or into the channel where you share it. Values that span more than two
    decades are drawn on a logarithmic scale; NaN and infinite values are gaps. Curves are read from the tracker as
    they are now, up to 100,000 values a run and 200,000 together. Without over: they go by step, or by time where
    no steps were logged.

    Names in Chinese, Japanese or Korean need a font of the machine's own, such as Debian's fonts-droid-fallback
    (the Docker image has it); signs that no font has become �.

    Examples:
        plot val_loss latest
        plot val_auc calm-owl-12 baseline best
        plot loss 3f9a2b 77c0d1 over:time
    """
    with store.read() as unit:
        named = named_runs(unit, settings, (run, *runs), asker, words)
        if isinstance(named, Message):
            return named
        stands = standing(unit, settings)
    found = courses(named.runs, metric_among(named.runs, metric), trackers)
    if not any(one.points for one in found.courses):
        return _nothing(found, metric, words)
    return _shown(found, plot(found, over), charts, {"standing": stands}, words)


def _shown(found: Courses, drawn: Plot, charts: Charts, facts: Mapping[str, object], words: str) -> Message:
    """The curves as Slack's own chart where it can show them, else as a picture; figures alone without any."""
    native, alone = fits_slack(drawn), single(drawn.curves)
    over = "time" if drawn.across == STEP else "step"
    facts = {
        **facts,
        "metric": found.metric,
        "across": drawn.across,
        "told": told(found),
        "chart": drawn if native else None,
        "log": log_helps(drawn.curves),
        "single": alone,
        "silent": found.silent,
        "absent": [one.label for one in found.courses if not one.points and one.run.tracker not in found.silent],
        "other": with_option(words, "over", over),
        "ids": " ".join(one.run.run_id for one in found.courses),
    }
    message = Message("commands/plot", facts)
    if native or alone:
        return message
    try:
        return replace(message, picture=charts.draw(drawn))
    except TimeoutError:
        return notice("The picture was not drawn within a minute: the machine is busy.", "Ask again in a while.")


def _nothing(found: Courses, typed: str, words: str) -> Message:
    """No curve: because a tracker does not answer, or because there is no such metric."""
    if found.silent:
        names = ", ".join(found.silent)
        return notice(
            f"{names} does not answer, and only there are curves kept. Ask again later.",
            " ".join(found.silent.values()),
        )
    runs = [one.run for one in found.courses]
    near = near_metrics(runs, typed)
    facts = {
        "missing": NoMetric(typed, near),
        "scope": Scope(),
        "near": [(name, again(words, typed, name)) for name in near],
        "among": found.courses[0].label if len(runs) == 1 else f"None of these {len(runs)} runs",
    }
    return Message("commands/no_metric", facts)
