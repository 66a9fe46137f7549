"""How every chart is drawn: its settings, its marks, and its SVG.

Forecasters differ by shade, marker and line, so that no chart needs colour. Names are drawn as
plain text, never read as mathematics or markup.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from veedor.report.words import Words

INK, GRID, QUIET = "#22303c", "#d9dfe5", "#5f6b76"
_REFERENCE = {"color": "#4d4d4d", "marker": "s", "linestyle": (0, (4, 2))}
_STYLES = (
    {"color": "#0b5394", "marker": "o", "linestyle": "-"},
    {"color": "#b06a00", "marker": "D", "linestyle": (0, (6, 1.5, 1, 1.5))},
    {"color": "#7a5aa6", "marker": "^", "linestyle": (0, (1, 1.2))},
    {"color": "#2b8c7e", "marker": "v", "linestyle": (0, (8, 2))},
    {"color": "#8c510a", "marker": "P", "linestyle": (0, (3, 1))},
    {"color": "#1b7fb8", "marker": "X", "linestyle": (0, (2, 2))},
    {"color": "#a6306b", "marker": "<", "linestyle": (0, (5, 1))},
    {"color": "#6b7a1e", "marker": ">", "linestyle": (0, (3, 1, 1, 1))},
    {"color": "#c1442d", "marker": "*", "linestyle": (0, (8, 2, 1, 2))},
    {"color": "#3d5a80", "marker": "p", "linestyle": (0, (1, 2.5))},
    {"color": "#5c4033", "marker": "d", "linestyle": (0, (3, 1, 1, 1, 1, 1))},
    {"color": "#00736b", "marker": "h", "linestyle": (0, (10, 1))},
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
    "chance": {"label": "chance", "color": INK, "linestyle": (0, (1, 1.5)), "linewidth": 1.0},
    "oracle": {"label": "the most possible", "color": INK, "linestyle": "-", "linewidth": 1.0},
}
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


def svg(figure: Figure, key: str, title: str) -> Markup:
    """Turn a figure into SVG whose ids are its own, with a name that is read aloud."""
    buffer = io.StringIO()
    empty = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(buffer, format="svg", metadata=empty)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<style type=\"text/css\">.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r' id="([^"]+)"', rf' id="{key}-\1"', text)
    text = re.sub(r'(url\(#|xlink:href="#)', rf"\g<1>{key}-", text)
    text = re.sub(r"<svg [^>]*?(viewBox=\"[^\"]*\")[^>]*>", r"<svg \1>", text, count=1)
    name = f'<title id="{key}-title">{escape(title)}</title>'
    head = f'<svg class="chart" role="img" aria-labelledby="{key}-title" xmlns:xlink="{_XLINK}" '
    return Markup(head + text[len("<svg ") :].replace(">", ">" + name, 1))  # noqa: S704 - escaped above


_XLINK = "http://www.w3.org/1999/xlink"
