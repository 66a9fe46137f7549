"""The drawings of the report on patterns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

from veedor.arrays import Floats
from veedor.patterns import (
    CLASSES,
    CategoryPatterns,
    Clock,
    Columns,
    DailySeries,
    DatedShift,
    NearRepeats,
)
from veedor.report.chart_svg import Mark, svg
from veedor.report.drawing import (
    BAND,
    BLUE,
    FAINT,
    ON_DARK,
    ON_LIGHT,
    ORANGE,
    margins,
    settings,
)
from veedor.report.drawn_maps import Drawing, figure
from veedor.report.lorenz import Curve, lorenz
from veedor.report.scales import DIVERGING, Scale, sequential
from veedor.report.week_chart import week_chart
from veedor.report.words import Words
from veedor.report.words import chart_findings as said
from veedor.report.words import pattern_charts as text
from veedor.report.words.pattern_names import GROUPS
from veedor.statistics import FALSE_DISCOVERY_RATE

_WIDE = 7.6
#: Ends of the classes of Knox ratios, as far below 1 as above it.
_RATIOS = (0.4, 0.67, 0.8, 0.95, 1.05, 1.25, 1.5, 2.5)
_GROUP_COLOURS = {
    "none": "#eef1f4", "on_and_off": "#b9c2cb", "persistent": "#22303c", "emerging": "#b35806",
    "fading": "#3b76ad",
}  # fmt: skip


def concentration(words: Words, categories: Sequence[CategoryPatterns]) -> Markup:
    """Draw the share of incidents against that of places, a panel a category on one scale.

    The other categories stand behind each in grey.
    """
    curves = [(one.name, one.concentration[0].lorenz) for one in categories]
    known = [
        Curve(name, 100 * curve.share_of_places, 100 * curve.share_of_incidents)
        for name, curve in curves
        if curve is not None
    ]
    return lorenz(words, known, text.CONCENTRATION, "concentration")


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
        figure = Figure(figsize=(_WIDE, 0.7 + 0.3 * rows))
        axes = figure.subplots()
        margins(figure, left=1.25, top=0.05, bottom=0.65)
        colours = ListedColormap(DIVERGING[::-1])
        norm = BoundaryNorm(_RATIOS, colours.N)
        axes.imshow(
            np.clip(apart, _RATIOS[0], _RATIOS[-1] - 1e-9), cmap=colours, norm=norm, aspect="auto"
        )
        for row, values in enumerate(ratio):
            for column, value in enumerate(values):
                strong = not _RATIOS[1] <= apart[row, column] < _RATIOS[-2]
                told = (
                    words.say(text.NONE)
                    if np.isnan(value)
                    else words.number(round(float(value), 2), 3)
                )
                axes.text(
                    column, row, told + " •" * bool(named[row, column]), ha="center", va="center",
                    color=ON_DARK if strong else ON_LIGHT,
                )  # fmt: skip
        axes.set_xticks(range(columns), [textwrap.fill(one, 8) for one in times])
        axes.set_yticks(range(rows), distances)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.grid(visible=False)
        bands = [
            (
                f"{distance}, {time}",
                float(ratio[row, column]),
            )
            for row, distance in enumerate(distances)
            for column, time in enumerate(times)
        ]
        about = words.say(
            "{extremes} Bands named at the false discovery rate: {named} of {n}.",
            extremes=said.extremes(words, bands, words.number), named=int(named.sum()),
            n=len(bands),
        )  # fmt: skip
        return svg(words, figure, key, words.say(text.PAIRS, category=name), about)


def clock(words: Words, found: Clock, key: str, name: str) -> Markup:
    """Draw the week of a category: incidents in each hour by the mean hour."""
    title = words.say(text.WEEK_OF, category=name)
    return week_chart(words, found.relative, key, title, words.say(text.BY_MEAN_HOUR))


def _day(when: str) -> float:
    """Place a day on an axis of days, which counts from 1970."""
    return float((np.datetime64(when, "D") - np.datetime64("1970-01-01")).astype(int))


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
        axes.plot(days, found.recorded, ".", color=FAINT, markersize=2, rasterized=True)
        axes.fill_between(days, found.low, found.high, color=BAND, linewidth=0)
        axes.plot(days, found.trend, color=BLUE)
        for shift in shifts:
            at: Any = np.datetime64(shift.week)
            axes.axvline(at, color=ORANGE, linestyle="--", linewidth=1)
        axes.set_ylim(bottom=0)
        axes.set_ylabel(words.say(text.A_DAY))
        trend = [None if np.isnan(one) else float(one) for one in found.trend]
        about = [
            said.course(words, words.say(text.TREND), [*map(words.day, when)], trend, words.number),
            words.many(len(shifts), "{n} level shift.", "{n} level shifts."),
        ]
        marks = [
            Mark(axes, _day(shift.week), axes.get_ylim()[1] * 0.9,
                 words.say("level shift on {day}: times {ratio}", day=words.day(shift.week),
                           ratio=words.number(shift.ratio)))
            for shift in shifts
        ]  # fmt: skip
        title = words.say(text.SERIES_OF, category=name)
        return svg(words, figure, key, title, " ".join(about), marks)
