"""The drawings of the report on patterns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import shapely
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

from veedor.report.drawing import INK, QUIET, margins, settings, short, styles, svg
from veedor.report.numbers import number
from veedor.report.scales import DIVERGING, SEQUENTIAL
from veedor.statistics import FALSE_DISCOVERY_RATE

Record = Mapping[str, Any]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_WIDE, _ABOVE, _BELOW = 7.6, 0.3, 0.5
#: Ends of the classes of Knox ratios, as far below 1 as above it.
_RATIOS = (0.4, 0.67, 0.8, 0.95, 1.05, 1.25, 1.5, 2.5)
_GROUPS = ("none", "on and off", "persistent", "emerging", "fading")
_GROUP_COLOURS = ("#eef1f4", "#b9c2cb", "#22303c", "#b3381f", "#3b76ad")
_KIND_COLOURS = ("#84aed1", "#eef1f4", "#b3381f")
#: Categories that a chart tells apart; more are drawn alike, and named in the table.
_MOST_NAMED = 8
_FAINT = "#aab4be"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def concentration(categories: Sequence[Record]) -> Markup:
    """Draw the share of incidents against the share of places that hold them, largest first."""
    look = styles([{"name": one["name"]} for one in categories])
    named = len(categories) <= _MOST_NAMED
    with settings():
        figure = Figure(figsize=(_WIDE, 3.3))
        axes = figure.subplots()
        margins(figure, left=0.7, top=0.1, bottom=0.5)
        for one in categories:
            curve = one["concentration"][0]["lorenz"]
            style = look[one["name"]]
            axes.plot(
                100 * np.array(curve["share_of_places"]),
                100 * np.array(curve["share_of_incidents"], dtype=float),
                label=short(one["name"]) if named else None,
                color=style["color"] if named else _FAINT,
                linestyle=style["linestyle"] if named else "-",
            )
        axes.plot([0, 100], [0, 100], color=QUIET, linewidth=1, label="spread evenly")
        axes.set_xlabel("places, those with the most incidents first (%)")
        axes.set_ylabel("recorded incidents (%)")
        axes.legend(loc="lower right")
        return svg(figure, "concentration", "Share of incidents in the busiest places")


def maps(
    polygons: npt.NDArray[Any], columns: Mapping[str, Any], name: str, key: str, groups: Record
) -> Markup:
    """Draw two or three maps of a category: density, hot spots, and their classes over time.

    The third is there only where a cell has a class.
    """
    rings, owner, box = _rings(polygons)
    density = np.asarray(columns["density_per_km2"], dtype=float)
    group = np.array([_GROUPS.index(groups[one]) for one in columns.get("hot_class", ())])
    panels = 3 if group.any() else 2
    with settings():
        figure = Figure(figsize=(_WIDE, 1.0))
        wide = min(_WIDE / panels - 0.1, 3.2)
        high = float(np.clip(wide * (box[3] - box[1]) / (box[2] - box[0]), 1.2, 3.4))
        tall = high + _ABOVE + _BELOW
        figure.set_size_inches(_WIDE, tall)
        axes = [
            figure.add_axes(
                (at * (wide + 0.1) / _WIDE, _BELOW / tall, wide / _WIDE, high / tall),
                xlim=(box[0], box[2]),
                ylim=(box[1], box[3]),
            )
            for at in range(panels)
        ]
        edges = np.unique(np.quantile(density, (0, 0.4, 0.65, 0.82, 0.92, 0.97, 0.99, 1)))
        if len(edges) > 1:
            colours = ListedColormap(SEQUENTIAL[-(len(edges) - 1) :])
            drawn = _fill(axes[0], rings, density[owner], colours, BoundaryNorm(edges, colours.N))
            below = figure.add_axes((
                0.05 * wide / _WIDE, (_BELOW - 0.2) / tall, 0.85 * wide / _WIDE, 0.1 / tall
            ))  # fmt: skip
            bar = figure.colorbar(drawn, cax=below, orientation="horizontal", ticks=edges)
            bar.ax.set_xticklabels(edge_words(edges), fontsize=7)
        axes[0].set_title("Recorded per km²", y=1.0)
        kind = np.asarray(columns["hot_spot"])[owner] + 1
        _classes(axes[1], rings, kind, _KIND_COLOURS, ("cold spot", "neither", "hot spot"))
        axes[1].set_title("Hot spots", y=1.0)
        if panels == 3:
            _classes(axes[2], rings, group[owner], _GROUP_COLOURS, _GROUPS)
            axes[2].set_title("Over time", y=1.0)
        for one in axes:
            one.set_aspect("equal", anchor="N")
            one.set_axis_off()
        return svg(figure, key, f"Maps of {name}")


def edge_words(edges: Floats) -> list[str]:
    """Write the ends of classes with as few digits as tell neighbours apart.

    >>> edge_words(np.array([0.0, 12.4, 130.2])), edge_words(np.array([44.1, 44.6, 45.3]))
    (['0', '12', '130'], ['44.1', '44.6', '45.3'])
    """
    words: list[str] = []
    for places in range(0 if edges[-1] >= 20 else 1, 5):
        words = [
            number(round(edge, places) if places else round(edge), 6) for edge in edges.tolist()
        ]
        if len(set(words)) == len(words):
            break
    return words


def _rings(polygons: npt.NDArray[Any]) -> tuple[list[Any], Ints, Floats]:
    """Outlines of all parts, the polygon of each, and the box around all."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    outlines = shapely.get_exterior_ring(parts)
    ends = np.cumsum(shapely.get_num_points(outlines))[:-1]
    return np.split(shapely.get_coordinates(outlines), ends), owner, shapely.total_bounds(polygons)


def _fill(axes: Axes, rings: list[Any], values: Any, colours: Any, norm: Any) -> PolyCollection:
    drawn = PolyCollection(
        rings, array=values, cmap=colours, norm=norm, edgecolors="face", linewidths=0.2,
        rasterized=True,
    )  # fmt: skip
    axes.add_collection(drawn, autolim=False)
    return drawn


def _classes(
    axes: Axes, rings: list[Any], values: Any, colours: Sequence[str], names: Sequence[str]
) -> None:
    norm = BoundaryNorm(np.arange(len(colours) + 1) - 0.5, len(colours))
    _fill(axes, rings, values, ListedColormap(list(colours)), norm)
    handles = [
        mpl.patches.Patch(facecolor=colour, edgecolor=QUIET, linewidth=0.5, label=name)
        for colour, name in zip(colours, names, strict=True)
    ]
    axes.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=3, fontsize=7,
        handlelength=1, columnspacing=1,
    )  # fmt: skip


def knox(table: Record, key: str, name: str) -> Markup:
    """Draw the Knox ratios of a category; a dot marks those named at the false discovery rate.

    Coloured where the 95% interval does not hold 1; on one scale, so that categories compare.
    """
    ratio, low, high = (np.array(table[one], dtype=float) for one in ("ratio", "low", "high"))
    apart = np.where((low > 1) | (high < 1), ratio, 1.0)
    named = np.array(table["q_value"], dtype=float) <= FALSE_DISCOVERY_RATE
    rows, columns = ratio.shape
    with settings():
        figure = Figure(figsize=(_WIDE, 0.35 + 0.3 * rows))
        axes = figure.subplots()
        margins(figure, left=1.25, top=0.05, bottom=0.3)
        colours = ListedColormap(DIVERGING[::-1])
        norm = BoundaryNorm(_RATIOS, colours.N)
        axes.imshow(
            np.clip(apart, _RATIOS[0], _RATIOS[-1] - 1e-9), cmap=colours, norm=norm, aspect="auto"
        )
        for row, values in enumerate(ratio):
            for column, value in enumerate(values):
                strong = not _RATIOS[1] <= apart[row, column] < _RATIOS[-2]
                words = "none" if np.isnan(value) else f"{value:.2f}"
                axes.text(
                    column, row, words + " •" * bool(named[row, column]), ha="center", va="center",
                    fontsize=9 if columns < 8 else 7, color="white" if strong else INK,
                )  # fmt: skip
        axes.set_xticks(range(columns), [_short_days(one) for one in table["time_bands"]])
        axes.set_yticks(range(rows), table["distance_bands"])
        axes.tick_params(length=0, labelsize=9 if columns < 8 else 7)
        axes.spines[:].set_visible(False)
        axes.grid(visible=False)
        return svg(figure, key, f"Pairs observed by pairs expected, {name}")


def _short_days(words: str) -> str:
    """Shorten a band of days so that twelve fit beside one another.

    >>> _short_days("8 to 14 days"), _short_days("same day")
    ('8–14 days', 'same day')
    """
    return words.replace(" to ", "–")


def clock(found: Record, key: str, name: str) -> Markup:
    """Draw the week of a category: incidents in each hour by the mean hour."""
    relative = np.array(found["relative"], dtype=float).reshape(7, 24)
    with settings():
        figure = Figure(figsize=(_WIDE, 2.2))
        axes = figure.subplots()
        margins(figure, left=0.5, top=0.05, bottom=0.35)
        drawn = axes.imshow(relative, cmap=ListedColormap(list(SEQUENTIAL)), aspect="auto", vmin=0)
        axes.set_yticks(range(7), _DAYS)
        axes.set_xticks(range(0, 24, 3), [f"{hour}:00" for hour in range(0, 24, 3)])
        axes.grid(visible=False)
        figure.colorbar(drawn, ax=axes, label="by the mean hour", pad=0.02)
        return svg(figure, key, f"Week of {name}")


def series(found: Record, shifts: Sequence[Record], key: str, name: str) -> Markup:
    """Draw the daily series of a category, its trend with its band, and its level shifts."""
    first = date.fromisoformat(found["start"])
    when = [first + timedelta(days=k) for k in range(len(found["recorded"]))]
    with settings():
        figure = Figure(figsize=(_WIDE, 2.3))
        axes = figure.subplots()
        margins(figure, left=0.7, top=0.1, bottom=0.35)
        days: Any = np.array(when, dtype="datetime64[D]")
        axes.plot(days, found["recorded"], ".", color=_FAINT, markersize=2, rasterized=True)
        axes.fill_between(days, found["low"], found["high"], color="#b0cce2", linewidth=0)
        axes.plot(days, found["trend"], color="#0b5394")
        for shift in shifts:
            at: Any = np.datetime64(shift["week"])
            axes.axvline(at, color="#b3381f", linestyle="--", linewidth=1)
        axes.set_ylim(bottom=0)
        axes.set_ylabel("recorded a day")
        return svg(figure, key, f"Series of {name}")
