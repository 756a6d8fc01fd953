"""Charts: Slack's own chart block where it takes the figures, and the same as aligned lines where it does not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.render.apart import told_apart
from bot.render.markup.inline import Block
from bot.render.markup.tables import aligned_lines
from bot.render.markup.tree import Node
from bot.render.text import one_line, shorten_end

# https://docs.slack.dev/reference/block-kit/blocks (data_visualization)
SERIES = 12
POINTS = 20
NAME = 20
TITLE = 50
AXIS = 50
# More of them, and Slack refuses the message.
CHARTS = 2


@dataclass(frozen=True, slots=True)
class Series:
    """A name and its points: label and value."""

    name: str
    points: Sequence[tuple[str, float]]


def drawn(chart: Node, *, native: bool) -> tuple[Block | None, str, str]:
    """The chart block, or nothing and aligned lines, and its words in one line; empty without points."""
    series = _series_of(chart)
    if not series:
        return None, "", ""
    block = _chart_block(chart, series) if native else None
    lines = "" if block else f"{one_line(chart.get('title'))}\n{aligned_lines(_rows(chart, series))}"
    return block, lines, _words(chart, series)


def _series_of(chart: Node) -> list[Series]:
    """The series that have points. Raises TemplateError for a value that is no number at all."""
    found = []
    for one in chart.elements("series"):
        points = [(one_line(point.get("label")) or "–", _value(point)) for point in one.elements("point")]
        if points:
            found.append(Series(one_line(one.get("name")) or "–", points))
    return found


def _chart_block(chart: Node, series: Sequence[Series]) -> Block | None:
    """The chart block of some series; nothing where Slack would refuse it."""
    labels = [label for label, _ in series[0].points]
    values = [value for one in series for _, value in one.points]
    alike = all([label for label, _ in one.points] == labels for one in series)
    if not alike or len(series) > SERIES or len(labels) > POINTS or not all(map(math.isfinite, values)):
        return None
    names, short = told_apart([one.name for one in series], NAME), told_apart(labels, NAME)
    if len(set(names)) < len(names) or len(set(short)) < len(short):
        return None
    drawn = [
        {
            "name": name,
            "data": [
                {"label": label, "value": value} for label, (_, value) in zip(short, one.points, strict=True)
            ],
        }
        for name, one in zip(names, series, strict=True)
    ]
    axes: Block = {"categories": short}
    for key, attribute in (("x_label", "across"), ("y_label", "up")):
        if one_line(chart.get(attribute)):
            axes[key] = shorten_end(one_line(chart.get(attribute)), AXIS)
    return {
        "type": "data_visualization",
        "title": shorten_end(one_line(chart.get("title")), TITLE) or "–",
        "chart": {"type": chart.get("kind") or "line", "series": drawn, "axis_config": axes},
    }


def _rows(chart: Node, series: Sequence[Series]) -> list[list[str]]:
    """The figures as rows of cells, the series side by side."""
    labels = list(dict.fromkeys(label for one in series for label, _ in one.points))
    head = [one_line(chart.get("across")), *(one.name for one in series)]
    values = [{label: f"{value:g}" for label, value in one.points} for one in series]
    return [head, *([label, *(one.get(label, "") for one in values)] for label in labels)]


def _words(chart: Node, series: Sequence[Series]) -> str:
    """What is read aloud: where each series begins and ends."""
    ends = ", ".join(f"{one.name} from {one.points[0][1]:g} to {one.points[-1][1]:g}" for one in series)
    return f"{one_line(chart.get('title'))}: {ends}"


def _value(point: Node) -> float:
    try:
        return float(point.get("value"))
    except ValueError:
        raise point.wrong(f"attribute 'value' is {point.get('value')[:40]!r}, no number") from None
