"""How every chart is drawn: its settings, its marks, and what lies beyond its axis.

Forecasters differ by shade, marker and line, so that no chart needs colour: shades are of blue and
orange, and of the page's own variables, so that they hold in a dark scheme. Names are drawn as
plain text, never read as mathematics or markup.
"""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from veedor.report.words import Words
from veedor.report.words.language import noted
from veedor.statistics.estimates import Estimate
from veedor.verification import CHANCE, ORACLE

INK, GRID, QUIET, PAPER = "#22303c", "#d9dfe5", "#5f6b76", "#ffffff"
BLUE, ORANGE, BAND, GREY = "#0b5394", "#b35900", "#b0cce2", "#4d4d4d"
_SKY, _BROWN, _NAVY, _AMBER = "#3a7fc1", "#6b3a00", "#1c2f5c", "#c47100"
_STEEL, _RUST, _SLATE, _TAN = "#2f6690", "#8a4b08", "#5b7fa6", "#a8733a"
_DEEP, _UMBER = "#15446e", "#7a5c3e"
#: Shade -> the variable of the page that takes its place; all others are the same in every scheme.
VARIABLES = {
    INK: "ink", GRID: "grid", QUIET: "quiet", PAPER: "paper", BLUE: "blue", ORANGE: "orange",
    BAND: "band", GREY: "grey", _SKY: "sky", _BROWN: "brown", _NAVY: "navy", _AMBER: "amber",
    _STEEL: "steel", _RUST: "rust", _SLATE: "slate", _TAN: "tan", _DEEP: "deep", _UMBER: "umber",
}  # fmt: skip
#: On a cell whose shade is the same in every scheme, and small marks beside it.
ON_LIGHT, ON_DARK, FAINT = "#101010", "#fdfdfd", "#7c8894"
_REFERENCE = {"color": GREY, "marker": "s", "linestyle": (0, (4, 2))}
_STYLES = (
    {"color": BLUE, "marker": "o", "linestyle": "-"},
    {"color": ORANGE, "marker": "D", "linestyle": (0, (6, 1.5, 1, 1.5))},
    {"color": _SKY, "marker": "^", "linestyle": (0, (1, 1.2))},
    {"color": _BROWN, "marker": "v", "linestyle": (0, (8, 2))},
    {"color": _NAVY, "marker": "P", "linestyle": (0, (3, 1))},
    {"color": _AMBER, "marker": "X", "linestyle": (0, (2, 2))},
    {"color": _STEEL, "marker": "<", "linestyle": (0, (5, 1))},
    {"color": _RUST, "marker": ">", "linestyle": (0, (3, 1, 1, 1))},
    {"color": _SLATE, "marker": "*", "linestyle": (0, (8, 2, 1, 2))},
    {"color": _TAN, "marker": "p", "linestyle": (0, (1, 2.5))},
    {"color": _DEEP, "marker": "d", "linestyle": (0, (3, 1, 1, 1, 1, 1))},
    {"color": _UMBER, "marker": "h", "linestyle": (0, (10, 1))},
)
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "veedor",
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "font.family": "sans-serif",
    "font.size": 10.5,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "lines.markersize": 5,
    "lines.linewidth": 1.5,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}
LEGEND_COLUMNS = 4
#: What every ranking of places lies between, drawn and named alike on every chart.
BOUNDS: dict[str, dict[str, Any]] = {
    CHANCE: {"color": INK, "linestyle": (0, (1, 1.5)), "linewidth": 1.1},
    ORACLE: {"color": INK, "linestyle": "-", "linewidth": 1.1},
}
BOUND_NAMES = {CHANCE: noted("chance"), ORACLE: noted("the most possible")}
#: Times the middle one's extent that an axis reaches at most.
_FAR = 4.0
#: Characters of a note that a line below a chart has room for.
_NOTE = 80
Style = Mapping[str, Any]


def styles(forecasters: Sequence[Mapping[str, Any]]) -> dict[str, Style]:
    """Give each forecaster its shade, marker and line; the reference is the grey dashed one."""
    others = [f["name"] for f in forecasters if not f.get("is_reference")]
    given: dict[str, Style] = {
        name: _STYLES[place % len(_STYLES)] for place, name in enumerate(others)
    }
    return {f["name"]: given.get(f["name"], _REFERENCE) for f in forecasters}


def short(name: str) -> str:
    """Shorten a name to what a chart has room for; a legend leaves out what begins with ``_``.

    >>> short("PriorCounts"), short("_own"), len(short("x" * 99))
    ('PriorCounts', ' _own', 30)
    """
    name = name if len(name) <= 30 else f"{name[:29]}…"
    return f" {name}" if name.startswith("_") else name


def ends_of(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    """Return a figure and the ends of its interval."""
    return estimate.value, estimate.low, estimate.high


def reach(extents: Sequence[float]) -> float:
    """Return how far an axis reaches, so that a few far outliers do not flatten the rest.

    To the largest of the extents that are at most four times the middle one (the lower middle of
    an even number), and so to the largest of all where none is far.

    >>> reach([0.1, 0.2, 0.3]), reach([0.1, 0.2, 9.0]), reach([0.1, 9.0]), reach([0.0, 0.0, 2.0])
    (0.3, 0.2, 0.1, 2.0)
    """
    known = sorted(extent for extent in extents if extent > 0)
    if not known:
        return 0.0
    return max(extent for extent in known if extent <= _FAR * known[(len(known) - 1) // 2])


def whisker(
    axes: Axes,
    held: tuple[float | None, float | None, float | None],
    at: float,
    style: Style,
    upright: bool = False,
    factor: float = 1,
) -> None:
    """Draw a value and its interval (value, low, high), where it has them."""
    if held[0] is None:
        return
    value = factor * held[0]
    ends = [value if end is None else factor * end for end in held[1:]]
    x, y = ([at, at], ends) if upright else (ends, [at, at])
    axes.plot(x, y, color=style["color"], linewidth=1.6, solid_capstyle="butt")
    point = ([at], [value]) if upright else ([value], [at])
    axes.plot(*point, color=style["color"], marker=style["marker"], linestyle="")


def within(
    axes: Axes,
    held: tuple[float | None, float | None, float | None],
    at: float,
    style: Style,
    limits: tuple[float, float],
    told: str,
) -> float | None:
    """Draw a value and its interval on a line; what lies beyond the axis is cut and marked.

    An arrow stands where an interval goes on; where the value itself lies beyond, it is written.

    Parameters
    ----------
    axes : Axes
    held : tuple of float or None
        Value, low, high.
    at : float
        The line.
    style : Style
    limits : tuple of float
        The ends of the axis.
    told : str
        The value, as it is written at the end of the axis.

    Returns
    -------
    float or None
        Where the value, or the arrow in its place, stands; None for an undefined one.
    """
    if held[0] is None:
        return None
    low, high = limits
    value = held[0]
    ends = [value if end is None else end for end in held[1:]]
    begin, end = (min(max(one, low), high) for one in ends)
    shown = {"color": style["color"], "clip_on": False}
    axes.plot([begin, end], [at, at], linewidth=1.6, solid_capstyle="butt", **shown)
    for beyond, edge, arrow in ((ends[0] < low, low, "<"), (ends[1] > high, high, ">")):
        if beyond:
            axes.plot([edge], [at], marker=arrow, markersize=7, linestyle="", **shown)
    if low <= value <= high:
        axes.plot([value], [at], marker=style["marker"], linestyle="", **shown)
        return value
    edge = low if value < low else high
    axes.annotate(
        told, (edge, at), xytext=(8 if value < low else -8, 0), textcoords="offset points",
        ha="left" if value < low else "right", va="center", color=INK, annotation_clip=False,
        bbox={"boxstyle": "square,pad=0.15", "facecolor": PAPER, "edgecolor": "none"},
    )  # fmt: skip
    return edge


def below(axis: str, notes: Sequence[str]) -> str:
    """Write what an axis shows, and notes on the chart, in lines that a chart has room for."""
    lines = [textwrap.fill(line, _NOTE) for line in (axis, " ".join(notes)) if line]
    return "\n".join(lines)


def legend_height(entries: int) -> float:
    """Inches that a legend of four columns takes above a chart."""
    return 0.22 * -(-entries // LEGEND_COLUMNS) + 0.1


def line(axes: Axes, values: Any, label: str, style: Style) -> None:
    """Draw one forecaster's line; a gap where it is undefined."""
    axes.plot(
        values,
        label=short(label),
        color=style["color"],
        linestyle=style["linestyle"],
        marker=style["marker"],
        markersize=3.5,
    )


def margins(figure: Figure, left: float, top: float, bottom: float, between: float = 0.0) -> None:
    """Set margins in inches; measuring what the labels need would take most of the time."""
    width, height = figure.get_size_inches()
    figure.subplots_adjust(left / width, bottom / height, 1 - 0.12 / width, 1 - top / height)
    grid = figure.axes[0].get_gridspec()
    if grid is not None and between:
        tall = (height - top - bottom + between) / grid.nrows - between
        wide = (width - left - 0.12 + between) / grid.ncols - between
        figure.subplots_adjust(hspace=between / tall, wspace=between / wide)


def series_of(values: Sequence[float | None], factor: float = 1) -> Any:
    """Return an array with NaN for what is undefined."""
    return np.array([np.nan if v is None else factor * v for v in values], dtype=float)


def origins(words: Words, axes: Axes, start: Sequence[str], per_origin: int, most: int = 9) -> None:
    """Name some periods by their first day; mark each cut-off where several periods follow one."""
    count = len(start)
    step = max(-(-count // most), 1)
    places = range(0, count, step)
    axes.set_xticks(places, [words.short_day(start[place]) for place in places])
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.grid(visible=False, axis="x")
    if per_origin > 1:
        for place in range(0, count, per_origin):
            axes.axvline(place - 0.5, color=QUIET, linewidth=0.8, linestyle=":")


@contextmanager
def settings() -> Iterator[None]:
    """Draw under our settings only, whatever the program around us has set."""
    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        # The browser draws the text with its own fonts; what the measuring font lacks does not
        # matter.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        yield
