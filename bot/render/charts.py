"""Curves drawn as a PNG, on a light ground that reads in dark themes too, with words for who cannot see them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.facts.curves import Curve, Plot
from bot.facts.messages import Picture
from bot.judge.curves import log_helps
from bot.render.apart import told_apart
from bot.render.filters import number
from bot.render.text import clean, one_line, shorten_end, shorten_middle

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Inches, and points an inch: 1,200 pixels across.
WIDTH, CURVES_HEIGHT, LINE_HEIGHT, DPI = 8.0, 4.0, 0.24, 150
STRETCHES = 1200
# matplotlib fails to put ticks on axes as long as floats allow; what is beyond is a gap.
VAST = 1e100
SECONDS = 60.0
TITLE, LABEL, SHORT_LABEL = 80, 80, 36
# Told apart by those who do not see all colours (Okabe and Ito's), and from the sixth on by the kind of line.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#4b3f8f")
STYLES = ("solid", (0, (4, 2)))
GROUND, INK, GRID = "#ffffff", "#1d1c1d", "#dcdcdc"
# DejaVu comes with matplotlib; the others have Chinese, Japanese and Korean signs on Debian, macOS and Windows.
FONTS = (
    "DejaVu Sans",
    "Droid Sans Fallback",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Hiragino Sans",
    "PingFang SC",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
)
NO_NUMBER = " (no number)"
UNKNOWN = "\ufffd"
# https://docs.slack.dev/reference/methods/files.getUploadURLExternal (alt_txt_too_large)
ALT = 1000


class Charts:
    """Draws one picture after another on a thread of its own: matplotlib is not made for several."""

    def __init__(self) -> None:
        """The thread begins with the first picture."""
        self._studio = ThreadPoolExecutor(1, thread_name_prefix="charts")

    def draw(self, plot: Plot) -> Picture:
        """The curves as a picture; waits its turn. TimeoutError where that takes longer than a minute."""
        content = self._studio.submit(draw, plot).result(SECONDS)
        names = ", ".join(curve.name for curve in plot.curves)
        title = shorten_end(one_line(clean(f"{plot.title}: {names}")), 200)
        return Picture("curves.png", content, title, alt_text(plot))


def draw(plot: Plot) -> bytes:
    """The PNG of some curves; those without a number stand below it only."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  takes a second at start-up
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415

    names = [(one_line(clean(curve.name)) or "–") + ("" if curve.finite else NO_NUMBER) for curve in plot.curves]
    columns = 1 if len(names) < 4 or (len(names) < 6 and max(map(len, names)) > SHORT_LABEL) else 2
    height = CURVES_HEIGHT + LINE_HEIGHT * -(-len(names) // columns)
    room = ConstrainedLayoutEngine(w_pad=0.14, h_pad=0.1)
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=GROUND, layout=room)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(facecolor=GROUND)
    lines = [_line(axes, curve, place) for place, curve in enumerate(plot.curves)]
    if log_helps(plot.curves):
        axes.set_yscale("log")
    _dress(axes, plot)
    _name(figure, lines, told_apart(names, LABEL if columns == 1 else SHORT_LABEL), columns)
    png = BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    return png.getvalue()


def alt_text(plot: Plot) -> str:
    """What the picture shows, in words: where each curve begins and ends, and between what it lies."""
    scale = ", on a logarithmic scale" if log_helps(plot.curves) else ""
    parts = [f"{plot.title} by {plot.across}{scale}."]
    for curve in plot.curves:
        values = curve.finite
        if not values:
            parts.append(f"{curve.name}: no number.")
            continue
        span = f"{number(values[0])} to {number(values[-1])}" if len(values) > 1 else number(values[0])
        parts.append(f"{curve.name}: {span}, between {number(min(values))} and {number(max(values))}.")
    return shorten_end(one_line(clean(" ".join(parts))), ALT)


def _line(axes: "Axes", curve: Curve, place: int) -> Any:
    """The thinned curve, with a dot where a single value has nothing beside it that a line could reach."""
    import numpy as np  # noqa: PLC0415

    from bot.render.decimation import kept  # noqa: PLC0415

    across, values = np.asarray(curve.across, dtype=float), np.asarray(curve.values, dtype=float)
    values = np.where(np.abs(values) < VAST, values, np.nan)
    places = kept(values, STRETCHES)
    style: dict[str, Any] = {"color": COLOURS[place % len(COLOURS)]}
    style["linestyle"] = STYLES[place // len(COLOURS) % len(STYLES)]
    (line,) = axes.plot(across[places], values[places], linewidth=1.6, solid_joinstyle="round", **style)
    alone = np.isfinite(values)
    alone[1:] &= ~np.isfinite(values[:-1])
    alone[:-1] &= ~np.isfinite(values[1:])
    if alone.any():
        axes.plot(across[alone], values[alone], linestyle="none", marker="o", markersize=4.5, color=style["color"])
    return line


def _dress(axes: "Axes", plot: Plot) -> None:
    """Axes, grid and title."""
    axes.set_title(
        _drawable(shorten_middle(one_line(clean(plot.title)), TITLE)),
        **_type(12),
        loc="left",
        fontweight="bold",
        parse_math=False,
    )
    axes.set_xlabel(_drawable(plot.across), **_type(10), parse_math=False)
    axes.grid(visible=True, color=GRID, linewidth=0.8)
    axes.tick_params(which="both", colors=INK, labelsize=9, length=0)
    axes.set_axisbelow(True)
    axes.margins(x=0.02)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(GRID)
    if not any(curve.finite for curve in plot.curves):
        axes.text(0.5, 0.5, "no number to draw", transform=axes.transAxes, ha="center", **_type(11))


def _name(figure: "Figure", lines: Sequence[Any], names: Sequence[str], columns: int) -> None:
    """The key below the curves. Names are set afterwards: one that begins with _ would be left out."""
    places = [str(place) for place in range(len(lines))]
    legend = figure.legend(
        lines, places, loc="outside lower left", ncols=columns, frameon=False, handlelength=3, borderaxespad=0.4
    )
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set(text=_drawable(name), parse_math=False, **_type(10))


def _type(size: float) -> dict[str, Any]:
    return {"color": INK, "fontfamily": list(_fonts()), "fontsize": size}


@cache
def _fonts() -> tuple[str, ...]:
    """Those of the fonts that this machine has."""
    from matplotlib.font_manager import fontManager  # noqa: PLC0415

    there = {font.name for font in fontManager.ttflist}
    return tuple(name for name in FONTS if name in there)


@cache
def _signs() -> frozenset[int]:
    """Every sign that one of these fonts can draw."""
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415

    return frozenset().union(*(get_font(findfont(name)).get_charmap() for name in _fonts()))


def _drawable(text: str) -> str:
    """The text with signs that no font here can draw replaced, which matplotlib would complain of."""
    return "".join(sign if ord(sign) in _signs() else UNKNOWN for sign in text)
