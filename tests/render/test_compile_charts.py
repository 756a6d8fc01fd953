"""Charts become Slack's own block where it takes them, and aligned lines where it does not."""

from typing import Any

import pytest

from bot.render.errors import TemplateError
from bot.render.limits import validate_blocks
from tests.render.workshop import Workshop

CURVES = """
<chart title="val_auc" across="step" up="AUC">
  {% for name, values in series %}<series name="{{ name }}">
    {% for value in values %}<point label="{{ loop.index }}" value="{{ value|string }}"/>{% endfor %}
  </series>{% endfor %}
</chart>
"""


def drawn(workshop: Workshop, *series: tuple[str, list[float]], times: int = 1) -> list[dict[str, Any]]:
    blocks = workshop.body(CURVES * times, series=series)
    assert validate_blocks(blocks) == []
    return blocks


def lines(block: dict[str, Any]) -> list[str]:
    (part,) = block["elements"]
    assert part["type"] == "rich_text_preformatted"
    return str(part["elements"][0]["text"]).splitlines()


def test_a_chart_keeps_all_digits_and_names_its_axes(workshop: Workshop) -> None:
    (block,) = drawn(workshop, ("first", [0.123456789, 1e-9]), ("second", [2.0, -3.5]))
    assert block == {
        "type": "data_visualization",
        "title": "val_auc",
        "chart": {
            "type": "line",
            "series": [
                {"name": "first", "data": [{"label": "1", "value": 0.123456789}, {"label": "2", "value": 1e-9}]},
                {"name": "second", "data": [{"label": "1", "value": 2.0}, {"label": "2", "value": -3.5}]},
            ],
            "axis_config": {"categories": ["1", "2"], "x_label": "step", "y_label": "AUC"},
        },
    }


def test_its_words_say_where_each_series_begins_and_ends(workshop: Workshop) -> None:
    rendered = workshop.render(f"<message>{CURVES}</message>", series=[("a", [1.0, 0.5]), ("b", [2.0, 3.0])])
    assert rendered.text == "val_auc: a from 1 to 0.5, b from 2 to 3"


def test_long_names_are_cut_where_they_differ(workshop: Workshop) -> None:
    names = [f"churn-weekly-gradient-boosting-{seed}-nightly" for seed in range(3)]
    (block,) = drawn(workshop, *((name, [1.0]) for name in names))
    assert [one["name"] for one in block["chart"]["series"]] == [f"…nt-boosting-{n}-nigh…" for n in range(3)]


@pytest.mark.parametrize(
    "series",
    [
        [("a", [1.0, float("nan")])],
        [("a", [1.0, float("inf")])],
        [("a", [1.0, 2.0]), ("b", [1.0])],
        [("a", [1.0]), ("a", [2.0])],
        [("a", [float(n) for n in range(21)])],
        [(f"run {n}", [1.0]) for n in range(13)],
    ],
)
def test_what_slack_would_refuse_becomes_aligned_lines(
    workshop: Workshop, series: list[tuple[str, list[float]]]
) -> None:
    (block,) = drawn(workshop, *series)
    title, head, first, *_ = lines(block)
    assert title == "val_auc"
    assert head.split()[0] == "step"
    assert first.split()[:2] == ["1", f"{series[0][1][0]:g}"]


def test_a_third_chart_of_a_message_and_those_of_a_form_become_lines(workshop: Workshop) -> None:
    kinds = [block["type"] for block in drawn(workshop, ("a", [1.0]), times=3)]
    assert kinds == ["data_visualization", "data_visualization", "rich_text"]
    form = workshop.view(f"<modal title='t' callback='c'>{CURVES}</modal>", series=[("a", [1.0])])
    assert [block["type"] for block in form["blocks"]] == ["rich_text"]


def test_a_chart_without_points_is_left_out(workshop: Workshop) -> None:
    assert len(workshop.body(CURVES + "<section>x</section>", series=[("a", [])])) == 1


def test_a_value_that_is_no_number_is_an_error_of_the_template(workshop: Workshop) -> None:
    with pytest.raises(TemplateError, match="no number"):
        workshop.body("<chart title='t'><series name='a'><point label='1' value='much'/></series></chart>")
