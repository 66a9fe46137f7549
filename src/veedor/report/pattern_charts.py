"""The drawings of the report on patterns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

from veedor.patterns import (
    CLASSES,
    CategoryPatterns,
    Clock,
    Columns,
    DailySeries,
    DatedShift,
    NearRepeats,
)
from veedor.report.drawing import INK, QUIET, margins, settings, short, styles, svg
from veedor.report.drawn_maps import Drawing, figure
from veedor.report.scales import DIVERGING, SEQUENTIAL, Scale, sequential
from veedor.report.words import Words
from veedor.report.words import pattern_charts as text
from veedor.report.words.pattern_names import GROUPS
from veedor.statistics import FALSE_DISCOVERY_RATE

Floats = npt.NDArray[np.float64]

_WIDE = 7.6
#: Ends of the classes of Knox ratios, as far below 1 as above it.
_RATIOS = (0.4, 0.67, 0.8, 0.95, 1.05, 1.25, 1.5, 2.5)
_GROUP_COLOURS = {
    "none": "#eef1f4", "on_and_off": "#b9c2cb", "persistent": "#22303c", "emerging": "#b35806",
    "fading": "#3b76ad",
}  # fmt: skip
#: Categories that a chart tells apart; more are drawn alike, and named in the table.
_MOST_NAMED = 8
_FAINT = "#aab4be"


def concentration(words: Words, categories: Sequence[CategoryPatterns]) -> Markup:
    """Draw the share of incidents against the share of places that hold them, largest first."""
    look = styles([{"name": one.name} for one in categories])
    named = len(categories) <= _MOST_NAMED
    with settings():
        figure = Figure(figsize=(_WIDE, 3.3))
        axes = figure.subplots()
        margins(figure, left=0.7, top=0.1, bottom=0.5)
        for one in categories:
            curve = one.concentration[0].lorenz
            style = look[one.name]
            if curve is None:
                continue
            axes.plot(
                100 * curve.share_of_places,
                100 * curve.share_of_incidents,
                label=short(one.name) if named else None,
                color=style["color"] if named else _FAINT,
                linestyle=style["linestyle"] if named else "-",
            )
        axes.plot([0, 100], [0, 100], color=QUIET, linewidth=1, label=words.say(text.EVENLY))
        axes.set_xlabel(words.say(text.PLACES))
        axes.set_ylabel(words.say(text.INCIDENTS))
        axes.legend(loc="lower right")
        return svg(figure, "concentration", words.say(text.CURVE))


def maps(words: Words, drawing: Drawing, columns: Columns, name: str) -> Markup:
    """Draw two or three maps of a category: density, hot spots, and their classes over time.

    The third is there only where a cell has a class.
    """
    density = np.asarray(columns["density_per_km2"], dtype=float)
    edges = np.unique(np.quantile(density, (0, 0.4, 0.65, 0.82, 0.92, 0.97, 0.99, 1)))
    ends = edge_words(words, edges)
    named = [words.say(text.FROM_TO, low=low, high=high) for low, high in pairwise(ends)] or ends
    breaks = edges[1:-1].tolist()
    dense = Scale(breaks, sequential(breaks), named)
    groups = list(_GROUP_COLOURS)
    group = np.array([groups.index(CLASSES[one]) for one in columns.get("hot_class", ())])
    wanted = [(text.DENSITY, density, dense), (text.HOT_SPOTS, columns["hot_spot"], _kinds(words))]
    if group.any():
        labels = [words.say(GROUPS[one]) for one in groups]
        scale = Scale([0.5, 1.5, 2.5, 3.5], list(_GROUP_COLOURS.values()), labels)
        wanted.append((text.OVER_TIME, group, scale))
    return figure(
        [
            drawing.panel(
                words.say(title),
                words.say(text.A_MAP, title=words.say(title), category=name),
                values, scale, named_by=density,
            )
            for title, values, scale in wanted
        ]
    )  # fmt: skip


def spots(words: Words, drawing: Drawing, columns: Columns, name: str) -> Markup:
    """Draw the hot and cold spots of a category alone; zones with the most recorded are named."""
    return drawing.panel(
        "",
        words.say(text.A_MAP, title=words.say(text.HOT_SPOTS), category=name),
        columns["hot_spot"],
        _kinds(words),
        hatch_from=2,
        named_by=columns["recorded"],
    )


def _kinds(words: Words) -> Scale:
    """Cold spots, neither, and hot spots."""
    return Scale(
        [-0.5, 0.5], ["#84aed1", "#eef1f4", "#b35806"], [*map(words.say, text.KINDS_OF_SPOT)]
    )


def edge_words(words: Words, edges: Floats) -> list[str]:
    """Write the ends of classes with as few digits as tell neighbours apart.

    >>> from veedor.report.words import words_in
    >>> edge_words(words_in("en"), np.array([0.0, 12.4, 130.2]))
    ['0', '12', '130']
    >>> edge_words(words_in("en"), np.array([44.1, 44.6, 45.3]))
    ['44.1', '44.6', '45.3']
    """
    ends: list[str] = []
    for places in range(0 if edges[-1] >= 20 else 1, 5):
        rounded = [round(edge, places) if places else round(edge) for edge in edges.tolist()]
        ends = [words.number(edge, 6) for edge in rounded]
        if len(set(ends)) == len(ends):
            break
    return ends


def knox(
    words: Words,
    table: NearRepeats,
    distances: Sequence[str],
    times: Sequence[str],
    key: str,
    name: str,
) -> Markup:
    """Draw the Knox ratios of a category; a dot marks those named at the false discovery rate.

    Coloured where the 95% interval does not hold 1; on one scale, so that categories compare.
    """
    ratio, low, high = table.ratio, table.low, table.high
    apart = np.where((low > 1) | (high < 1), ratio, 1.0)
    named = table.q_value <= FALSE_DISCOVERY_RATE
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
                told = words.say(text.NONE) if np.isnan(value) else f"{value:.2f}"
                axes.text(
                    column, row, told + " •" * bool(named[row, column]), ha="center", va="center",
                    fontsize=9 if columns < 8 else 7, color="white" if strong else INK,
                )  # fmt: skip
        axes.set_xticks(range(columns), [_short_days(one) for one in times])
        axes.set_yticks(range(rows), distances)
        axes.tick_params(length=0, labelsize=9 if columns < 8 else 7)
        axes.spines[:].set_visible(False)
        axes.grid(visible=False)
        return svg(figure, key, words.say(text.PAIRS, category=name))


def _short_days(words: str) -> str:
    """Shorten a band of days so that twelve fit beside one another.

    >>> _short_days("8 to 14 days"), _short_days("same day")
    ('8–14 days', 'same day')
    """
    return words.replace(" to ", "–")


def clock(words: Words, found: Clock, key: str, name: str) -> Markup:
    """Draw the week of a category: incidents in each hour by the mean hour."""
    relative = found.relative.reshape(7, 24)
    with settings():
        figure = Figure(figsize=(_WIDE, 2.2))
        axes = figure.subplots()
        margins(figure, left=0.5, top=0.05, bottom=0.35)
        drawn = axes.imshow(relative, cmap=ListedColormap(list(SEQUENTIAL)), aspect="auto", vmin=0)
        axes.set_yticks(range(7), [*map(words.say, text.DAYS)])
        axes.set_xticks(range(0, 24, 3), [f"{hour}:00" for hour in range(0, 24, 3)])
        axes.grid(visible=False)
        figure.colorbar(drawn, ax=axes, label=words.say(text.BY_MEAN_HOUR), pad=0.02)
        return svg(figure, key, words.say(text.WEEK_OF, category=name))


def series(
    words: Words, found: DailySeries, shifts: Sequence[DatedShift], key: str, name: str
) -> Markup:
    """Draw the daily series of a category, its trend with its band, and its level shifts."""
    first = date.fromisoformat(found.start)
    when = [first + timedelta(days=k) for k in range(len(found.recorded))]
    with settings():
        figure = Figure(figsize=(_WIDE, 2.3))
        axes = figure.subplots()
        margins(figure, left=0.7, top=0.1, bottom=0.35)
        days: Any = np.array(when, dtype="datetime64[D]")
        axes.plot(days, found.recorded, ".", color=_FAINT, markersize=2, rasterized=True)
        axes.fill_between(days, found.low, found.high, color="#b0cce2", linewidth=0)
        axes.plot(days, found.trend, color="#0b5394")
        for shift in shifts:
            at: Any = np.datetime64(shift.week)
            axes.axvline(at, color="#b35806", linestyle="--", linewidth=1)
        axes.set_ylim(bottom=0)
        axes.set_ylabel(words.say(text.A_DAY))
        return svg(figure, key, words.say(text.SERIES_OF, category=name))
