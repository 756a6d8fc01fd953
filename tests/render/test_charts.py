"""Curves become a PNG whatever their names and values are, and words for those who do not see it."""

import math
import struct
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.curves import Curve, Plot
from bot.render.charts import ALT, Charts, alt_text, draw
from tests.render.nasty import NASTY


def curve(name: str, values: Sequence[float]) -> Curve:
    return Curve(name, [float(step) for step in range(len(values))], values)


def size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("count", [1, 3, 4, 10])
def test_a_picture_is_as_wide_as_any_and_higher_for_more_names(count: int) -> None:
    plot = Plot("val_auc", "step", [curve(f"calm-owl-{n}", [0.5, 0.6 + n / 100]) for n in range(count)])
    width, height = size(draw(plot))
    assert width == 1200
    assert 600 < height < 800


@pytest.mark.parametrize(
    "values",
    [[], [0.5], [math.nan], [math.inf, -math.inf], [1e-300, 1e300], [0.0, -0.0], [5.0] * 30_000],
    ids=["none", "one", "nan", "infinite", "vast", "zero", "constant"],
)
def test_any_values_can_be_drawn(values: list[float]) -> None:
    size(draw(Plot("loss", "step", [curve("calm-owl", values), curve("sly-fox", [1.0, 2.0])])))
    size(draw(Plot("loss", "step", [curve("calm-owl", values)])))


@pytest.mark.parametrize(
    "name",
    [
        "解約予測モデル",
        "이탈 예측",
        "客户流失",
        "تسرب",
        "🎉",
        "_hidden",
        "$x^2$",
        "$",
        "\\frac",
        "",
        "x" * 500,
        *NASTY,
    ],
)
def test_any_name_can_be_drawn_without_a_complaint(name: str) -> None:
    size(draw(Plot(name, name, [curve(name, [1.0, 2.0]), curve(f"{name}2", [2.0, 1.0])])))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(st.floats(), max_size=20), min_size=1, max_size=3), st.text(max_size=30))
def test_whatever_the_curves_are_there_is_a_picture_and_its_words(values: list[list[float]], name: str) -> None:
    plot = Plot(name, "step", [curve(f"{name}{n}", one) for n, one in enumerate(values)])
    size(draw(plot))
    assert 0 < len(alt_text(plot)) <= ALT


def test_its_words_tell_how_each_curve_went() -> None:
    plot = Plot("loss", "step", [curve("calm-owl", [100.0, 0.1]), curve("sly-fox", [math.nan])])
    assert alt_text(plot) == (
        "loss by step, on a logarithmic scale. calm-owl: 100 to 0.1, between 0.1 and 100. sly-fox: no number."
    )


def test_all_pictures_are_drawn_on_one_thread_that_is_not_the_askers() -> None:
    charts, seen = Charts(), set()

    class Watched(Sequence[float]):
        """Values that tell on which thread they are read."""

        def __len__(self) -> int:
            return 3

        def __getitem__(self, place: object) -> float:  # type: ignore[override]
            if isinstance(place, int) and place < 3:
                seen.add(threading.current_thread().name)
                return float(place)
            raise IndexError

    pictures = [charts.draw(Plot("loss", "step", [Curve("a", Watched(), [1.0, 2.0, 3.0])])) for _ in range(3)]
    assert {size(one.content) for one in pictures} == {size(pictures[0].content)}
    assert len(seen) == 1
    assert seen.pop().startswith("charts")
