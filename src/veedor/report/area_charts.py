"""The drawings of a page on patterns of area counts: maps, funnels and series side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from veedor.arrays import Floats
from veedor.patterns.areas import AreaGround, AreaSeries, OffencePatterns, OffenceRates
from veedor.patterns.areas.ground import Stretch
from veedor.patterns.areas.series import Counted, counted_series
from veedor.report.chart_svg import Mark, svg
from veedor.report.drawing import BLUE, FAINT, INK, ORANGE, QUIET, margins, settings, short
from veedor.report.drawn_maps import Drawing, figure
from veedor.report.scales import Scale, diverging, labels
from veedor.report.words import Words
from veedor.report.words import area_charts as text

_WIDE = 7.6
_COLUMNS = 3
#: Ends of the classes of rates by that of all places together, as far below 1 as above it.
_RATIOS = [0.25, 0.5, 0.8, 1.25, 2.0, 4.0]
_NO_RATE = "#c9ced4"
#: A panel reaches so many times its series' mean; what lies above is cut there, and marked.
_HIGHEST = 3.0
#: Years named below a course, and one more.
_YEARS = 4
#: Series drawn of one offence, all areas together among them.
MOST_SERIES = 12


def relative_rates(ground: AreaGround, rates: OffenceRates) -> Floats:
    """Drawn rate of each cell by that of all places together, shape (cells,); NaN without one."""
    cells = 0 if ground.cells is None else len(ground.cells)
    found = np.full(cells, np.nan)
    overall = rates.overall.value
    for cell, each in zip(ground.cell_of_place, rates.areas, strict=True):
        if cell >= 0 and overall and each.shrunk.value is not None:
            found[cell] = each.shrunk.value / overall
    return found


def panel(
    words: Words, drawing: Drawing, ground: AreaGround, one: OffencePatterns, name: str
) -> Markup:
    """Draw one offence's rates by that of all places together; `name` stands above it."""
    rates = one.rates
    values = np.full(0 if ground.cells is None else len(ground.cells), np.nan)
    if rates is not None:
        values = relative_rates(ground, rates)
    scale = Scale(
        [-0.5, *_RATIOS],
        [_NO_RATE, *diverging(_RATIOS)],
        [words.say(text.NO_RATE), *labels(_RATIOS, words)],
    )
    about = text.map_about(words, one.name, values)
    return drawing.panel(name, about, np.where(np.isnan(values), -1.0, values), scale, hatch_from=6)


def maps(
    words: Words, drawing: Drawing, ground: AreaGround, offences: Sequence[OffencePatterns]
) -> Markup:
    """Draw a map an offence side by side, on one scale."""
    return figure([panel(words, drawing, ground, one, one.name) for one in offences])


def funnel(
    words: Words,
    one: OffencePatterns,
    names: dict[str, str],
    key: str,
    hidden: frozenset[str] = frozenset(),
) -> Markup:
    """Draw the rates of places by their people, with the limits of a funnel.

    Those of `hidden` areas are not drawn: where a point stands gives its count back.

    Raises
    ------
    ValueError
        If the offence has no funnel.
    """
    rates = one.rates
    if rates is None or rates.funnel is None:
        raise ValueError(f"{one.code} has no funnel")
    limits = rates.funnel
    known = [
        each for each in rates.areas if each.rate.value is not None and each.area not in hidden
    ]
    marks: list[Mark] = []
    with settings():
        figure_ = Figure(figsize=(_WIDE, 3.2))
        axes = figure_.subplots()
        margins(figure_, left=0.8, top=0.3, bottom=0.6)
        axes.set_xscale("log")
        tens = 10 ** np.arange(0, 11)
        within = tens[(tens >= limits.person_years[0]) & (tens <= limits.person_years[-1])]
        axes.set_xticks(within, [words.number(int(ten)) for ten in within])
        axes.tick_params(axis="x", which="minor", labelbottom=False)
        axes.axhline(limits.target, color=INK, linewidth=1)
        styles = ((QUIET, (0, (4, 2))), (QUIET, "-"))
        for low, high, (colour, line) in zip(limits.low, limits.high, styles, strict=True):
            for end in (low, high):
                axes.plot(limits.person_years, end, color=colour, linewidth=1, linestyle=line)
        for each in known:
            value, outside = float(each.rate.value or 0.0), each.position != "inside"
            axes.plot(
                [each.rate.n], [value], "D" if outside else "o",
                color=ORANGE if outside else BLUE, markersize=5 if outside else 3.5,
            )  # fmt: skip
            if outside:
                marks.append(Mark(axes, each.rate.n, value, text.outside(words, names, each)))
        top = max((float(each.rate.value or 0.0) for each in known), default=0.0)
        axes.set_ylim(0.0, 1.08 * max(top, limits.target))
        axes.set_xlabel(words.say(text.PERSON_YEARS))
        axes.set_ylabel(words.say(text.RATE))
        return svg(
            words, figure_, key, words.say(text.FUNNEL, offence=one.name),
            text.funnel_about(words, rates, len(hidden)), marks,
        )  # fmt: skip


def chosen(one: OffencePatterns, rate: float) -> list[AreaSeries]:
    """Return the series that are drawn: all areas together, then those named, by their order."""
    whole, places = one.series[:1], one.series[1:]
    named = [
        each
        for each in places
        if each.shifts or (each.trend_q is not None and each.trend_q <= rate)
    ]
    few = named if len(named) < MOST_SERIES else _strongest(named)
    return [*whole, *few]


def _strongest(named: Sequence[AreaSeries]) -> list[AreaSeries]:
    """Keep those with the most recorded incidents, in their own order."""
    order = np.argsort([-each.recorded for each in named], kind="stable")[: MOST_SERIES - 1]
    return [named[place] for place in sorted(order.tolist())]


def series(
    words: Words,
    ground: AreaGround,
    one: OffencePatterns,
    names: dict[str, str],
    key: str,
    rate: float,
) -> Markup:
    """Draw series side by side on one scale: recorded by the mean of each, with gaps and shifts.

    Parameters
    ----------
    words : Words
    ground : AreaGround
    one : OffencePatterns
        With a series.
    names : dict of str to str
        Of areas, by code.
    key : str
    rate : float
        q-value up to which a series is named.
    """
    labels_ = list(ground.record.spans.labels)
    first, last = labels_.index(str(one.first)), labels_.index(str(one.last)) + 1
    counted = {
        each.area: each for each in counted_series(ground, one.code, Stretch(first, last, ()))
    }
    shown = chosen(one, rate)
    columns = min(_COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    marks: list[Mark] = []
    with settings():
        drawn = Figure(figsize=(_WIDE, 0.6 + 1.5 * rows))
        grid = drawn.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        margins(drawn, left=0.5, top=0.3, bottom=0.35, between=0.38)
        for axes, each in zip(grid.flat, shown, strict=False):
            marks += _course(
                words,
                axes,
                each,
                counted[each.area],
                ground.years[first:last] + 1970.0,
                names,
                labels_[first:last],
            )
        for axes in list(grid.flat)[len(shown) :]:
            axes.set_visible(False)
        grid.flat[0].set_ylim(0.0, _HIGHEST)
        named = _named_years(ground.years[first:last] + 1970.0)
        grid.flat[0].set_xticks(named, [*map(str, named)])
        return svg(
            words, drawn, key, words.say(text.SERIES, offence=one.name),
            text.series_about(words, names, shown, rate), marks,
        )  # fmt: skip


def _course(
    words: Words,
    axes: Axes,
    each: AreaSeries,
    counted: Counted,
    years: Floats,
    names: dict[str, str],
    labels_: list[str],
) -> list[Mark]:
    """Draw one panel, and return the marks of its shifts."""
    relative = np.full(len(years), np.nan)
    mean = counted.counts.sum() / max(float(counted.exposure.sum()), 1e-12)
    if mean > 0:
        relative[counted.at] = counted.counts / counted.exposure / mean
    name = text.area_name(words, names, each.area)
    axes.set_title(short(name))
    axes.axhline(1.0, color=QUIET, linewidth=0.8, linestyle=(0, (1, 1.5)))
    axes.plot(years, np.minimum(relative, _HIGHEST), ".", color=FAINT, markersize=2.5)
    smooth = _smoothed(relative, years)
    axes.plot(years, np.minimum(smooth, _HIGHEST), color=BLUE, linewidth=1.4)
    beyond = relative > _HIGHEST
    if beyond.any():
        high = years[beyond]
        axes.plot(high, np.full(len(high), _HIGHEST), "^", color=FAINT, markersize=3, clip_on=False)
    marks = []
    for shift in each.shifts:
        x = float(years[labels_.index(shift.first)])
        axes.axvline(x, color=QUIET if shift.beside else ORANGE, linestyle="--", linewidth=1)
        marks.append(Mark(axes, x, 0.9 * _HIGHEST, text.shift(words, name, shift)))
    return marks


def _named_years(years: Floats) -> list[int]:
    """Return the years that stand below a course: five at most.

    >>> _named_years(np.arange(2014.0, 2026.0, 0.25))
    [2014, 2017, 2020, 2023]
    """
    first, last = int(np.floor(years[0])), int(np.floor(years[-1]))
    return list(range(first, last + 1, max(1, -(-(last - first) // _YEARS))))


def _smoothed(values: Floats, years: Floats) -> Floats:
    """Mean over the year about each span, where most of it was reported."""
    if len(years) < 2 or np.median(np.diff(years)) > 0.3:
        return values
    found = np.full(len(values), np.nan)
    for place, year in enumerate(years):
        near = np.abs(years - year) <= 0.5
        known = np.isfinite(values[near])
        if known.mean() > 0.5 and np.isfinite(values[place]):
            found[place] = float(values[near][known].mean())
    return found
