"""Charts of an examination, as inline SVG: the same numbers give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from veedor.report.drawing import (
    BOUNDS,
    INK,
    LEGEND_COLUMNS,
    QUIET,
    Style,
    legend_height,
    line,
    margins,
    origins,
    series_of,
    settings,
    short,
    styles,
    svg,
    whisker,
)
from veedor.report.words import Words
from veedor.statistics.estimates import Estimate
from veedor.verification import CHANCE, ORACLE, Examination

Look = Mapping[str, Style]


def looks(examinations: Sequence[Examination]) -> Look:
    """Give each forecaster its shade, marker and line, the same in every category."""
    reference = examinations[0].reference
    names = dict.fromkeys(one.forecaster for each in examinations for one in each.forecasters)
    return styles([{"name": name, "is_reference": name == reference} for name in names])


def gains(words: Words, examinations: Sequence[Examination], look: Look) -> Markup | None:
    """Draw information gain over the reference, a line for each category and forecaster."""
    rows = [
        (one.category, row.forecaster, row.gain.estimate)
        for one in examinations
        for row in one.comparisons
    ]
    if not rows:
        return None
    with settings():
        figure = Figure(figsize=(7.6, 0.75 + 0.36 * len(rows)), layout="constrained")
        axes = figure.subplots()
        for place, (_, who, estimate) in enumerate(rows):
            whisker(axes, _ends(estimate), place, look[who])
        axes.axvline(0, color=INK, linewidth=1.2)
        axes.set_yticks(
            range(len(rows)), [f"{short(category)}: {short(who)}" for category, who, _ in rows]
        )
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlabel(
            words.say(
                "information gain over the reference, nats per incident (right of 0 is better)"
            )
        )
        axes.grid(visible=False, axis="y")
        return svg(figure, "gains", words.say("Information gain over the reference"))


class Charts:
    """Charts of one examination.

    Parameters
    ----------
    words : Words
    examination : Examination
    look : mapping of str to Style
    key : str
        What the ids of its drawings begin with.
    per_origin : int
        Periods that follow each cut-off, where cut-offs are to be marked.
    """

    def __init__(
        self, words: Words, examination: Examination, look: Look, key: str, per_origin: int = 1
    ) -> None:
        self._words = words
        self._of = examination
        self._look = look
        self._key = key
        self._per_origin = per_origin

    def captured(self) -> Markup:
        """Draw the share of incidents captured at each area fraction, with chance and the best."""
        words, rows = self._words, self._of.places.captured
        who = [one.forecaster for one in self._of.forecasters]
        fractions = sorted({row.area_fraction for row in rows})
        rates = {(row.ranking, row.area_fraction): row.capture_rate for row in rows}
        with settings():
            above = legend_height(len(who) + 2)
            figure = Figure(figsize=(7.6, 2.45 + above))
            axes = figure.subplots()
            margins(figure, left=0.65, top=above, bottom=0.4)
            middle = np.arange(len(fractions), dtype=float)
            step = min(0.12, 0.76 / len(who))
            for place, name in enumerate(who):
                shift, style = (place - (len(who) - 1) / 2) * step, self._look[name]
                for x, fraction in zip(middle, fractions, strict=True):
                    held = _ends(rates[name, fraction])
                    whisker(axes, held, x + shift, style, upright=True, factor=100)
                _label(axes, name, style)
            for bound, shown in BOUNDS.items():
                for x, fraction in zip(middle, fractions, strict=True):
                    height = rates[bound, fraction].value
                    if height is not None:
                        told = shown if x == 0 else shown | {"label": None}
                        axes.plot([x - 0.38, x + 0.38], [100 * height, 100 * height], **told)
            axes.set_xticks(
                middle,
                [
                    words.say("{area} of the area", area=words.percent(fraction))
                    for fraction in fractions
                ],
            )
            axes.set_ylim(0, 104)
            axes.set_ylabel(words.say("incidents captured, %"))
            axes.grid(visible=False, axis="x")
            _legend(axes)
            title = words.say("Share of incidents captured at each share of the area")
            return svg(figure, f"{self._key}-capture", title)

    def swept(self) -> Markup:
        """Draw area-swept curves, with chance and the most that was possible."""
        words = self._words
        with settings():
            rows = [row for row in self._of.places.area_swept if row.capture_rate is not None]
            figure, axes, above = _panel(len(rows), 3.2)
            for row in rows:
                style = self._look.get(row.ranking)
                shown = (
                    BOUNDS[row.ranking]
                    if row.ranking in (CHANCE, ORACLE) or style is None
                    else {"label": short(row.ranking)}
                    | {part: style[part] for part in ("color", "linestyle")}
                )
                axes.plot(100 * np.asarray(row.area), 100 * np.asarray(row.capture_rate), **shown)
            axes.set_xlabel(words.say("area, %, ranked first to last"))
            axes.set_ylabel(words.say("incidents captured, %"))
            _legend(axes)
            margins(figure, left=0.75, top=above, bottom=0.55)
            title = words.say("Incidents captured at each share of the area")
            return svg(figure, f"{self._key}-swept", title)

    def by_period(self) -> Markup:
        """Draw log score, gain and capture rate in each period, a mark at each cut-off."""
        words = self._words
        gain = {row.forecaster: row.by_period.per_incident for row in self._of.comparisons}
        series = [
            (one.forecaster, one.by_period)
            for one in self._of.forecasters
            if one.by_period is not None
        ]
        panels = (
            (
                words.say("Log score per cell (smaller is better)"),
                [(who, series_of(found.log_score)) for who, found in series],
            ),
            (
                words.say(
                    "Information gain over the reference, nats per incident (larger is better)"
                ),
                [(who, series_of(found)) for who, found in gain.items()],
            ),
            (
                words.say("Incidents captured in 5% of the area, %"),
                [(who, series_of(found.captured, 100)) for who, found in series],
            ),
        )
        with settings():
            above = legend_height(len(series)) + 0.3
            figure = Figure(figsize=(7.6, 5.5 + above))
            rows = figure.subplots(3, 1, sharex=True)
            margins(figure, left=0.65, top=above, bottom=0.35, between=0.42)
            for axes, (title, lines) in zip(rows, panels, strict=True):
                for who, values in lines:
                    if np.isfinite(values).any():
                        line(axes, values, who, self._look[who])
                axes.set_title(title)
                origins(self._words, axes, self._of.periods.start, self._per_origin)
            rows[1].axhline(0, color=INK, linewidth=1.1)
            rows[0].legend(loc="lower left", bbox_to_anchor=(0, 1.12), ncols=LEGEND_COLUMNS)
            return svg(figure, f"{self._key}-periods", words.say("Scores in each forecast period"))

    def totals(self) -> Markup:
        """Draw expected totals with their intervals against recorded ones, a panel each."""
        words = self._words
        examined = [one for one in self._of.forecasters if one.by_period is not None]
        columns = 2 if len(examined) in (2, 4) else min(len(examined), 3)
        rows = -(-len(examined) // columns)
        with settings():
            figure = Figure(figsize=(7.6, 0.95 + 1.9 * rows))
            grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
            margins(figure, left=0.5, top=0.6, bottom=0.35, between=0.6)
            for axes, one in zip(grid.flat, examined, strict=False):
                assert one.by_period is not None  # noqa: S101 - chosen above
                color = self._look[one.forecaster]["color"]
                low, high = series_of(one.by_period.low), series_of(one.by_period.high)
                axes.fill_between(
                    np.arange(len(low)),
                    low,
                    high,
                    step="mid",
                    color=color,
                    alpha=0.2,
                    linewidth=0,
                    label=words.say("interval"),
                )
                axes.plot(
                    series_of(one.by_period.expected),
                    color=color,
                    drawstyle="steps-mid",
                    label=words.say("expected"),
                )
                axes.plot(
                    self._of.recorded.by_period,
                    "o",
                    color=INK,
                    markersize=3.5,
                    label=words.say("recorded"),
                )
                axes.set_title(short(one.forecaster))
                axes.set_ylim(bottom=0)
                most = 5 if columns < 3 else 2
                origins(self._words, axes, self._of.periods.start, self._per_origin, most=most)
                axes.tick_params(labelbottom=True)
            for axes in list(grid.flat)[len(examined) :]:
                axes.set_axis_off()
            grid.flat[0].legend(loc="lower left", bbox_to_anchor=(0, 1.1), ncols=3)
            title = words.say("Expected and recorded totals in each period")
            return svg(figure, f"{self._key}-totals", title)

    def ranks(self) -> Markup:
        """Draw where recorded counts fell in their forecasts (PIT); a calibrated one is even."""
        words, examined = self._words, self._calibrated()
        with settings():
            columns = min(len(examined), 4)
            rows = -(-len(examined) // columns)
            figure = Figure(figsize=(7.6, 0.4 + 1.8 * rows))
            grid = figure.subplots(rows, columns, sharey=True, squeeze=False)
            margins(figure, left=0.65, top=0.35, bottom=0.3, between=0.55 if rows > 1 else 0.25)
            for axes, (who, found) in zip(grid.flat, examined, strict=False):
                heights = series_of(found.pit)
                edges = (np.arange(len(heights)) + 0.5) / max(len(heights), 1)
                width = 0.9 / max(len(heights), 1)
                axes.bar(edges, heights, width=width, color=self._look[who]["color"], alpha=0.75)
                axes.axhline(1, color=INK, linewidth=1.1, linestyle="--")
                axes.set_title(short(who))
                axes.set_xticks([0, 0.5, 1])
                axes.grid(visible=False, axis="x")
            for axes in list(grid.flat)[len(examined) :]:
                axes.set_axis_off()
            for axes in grid[:, 0]:
                axes.set_ylabel(words.say("1 is even"))
            title = words.say("Where recorded counts fell in their forecasts")
            return svg(figure, f"{self._key}-ranks", title)

    def trust(self) -> Markup:
        """Draw how often intervals held, and what was recorded where so much was expected."""
        words, examined = self._words, self._calibrated()
        with settings():
            above = legend_height(len(examined)) + 0.35
            figure = Figure(figsize=(7.6, 3.05 + above))
            left, right = figure.subplots(1, 2)
            margins(figure, left=0.65, top=above, bottom=0.55, between=0.75)
            step = min(1.3, 9.0 / len(examined))
            ends: list[float] = []
            for place, (who, found) in enumerate(examined):
                style, shift = self._look[who], (place - (len(examined) - 1) / 2) * step
                for row in found.coverage:
                    at = 100 * row.level + shift
                    whisker(left, _ends(row.totals), at, style, upright=True, factor=100)
                marks = [
                    (row.expected, row.observed.value)
                    for row in found.means
                    if row.expected > 0 and row.observed.value
                ]
                if marks:
                    x, y = np.array(marks).T
                    ends.extend([*x, *y])
                    shown = {part: style[part] for part in ("color", "marker", "linestyle")}
                    right.loglog(x, y, label=short(who), **shown)
            dashed: dict[str, Any] = {"color": INK, "linewidth": 1, "linestyle": "--"}
            left.plot([0, 100], [0, 100], **dashed)
            left.set(xlim=(40, 102), ylim=(-2, 103))
            left.set(
                xlabel=words.say("level of the interval, %"),
                ylabel=words.say("periods in which it held, %"),
            )
            left.set_title(words.say("Intervals of the totals"))
            if ends:
                right.plot([min(ends), max(ends)], [min(ends), max(ends)], **dashed)
            right.minorticks_off()
            for axis in (right.xaxis, right.yaxis):
                axis.set_major_formatter(StrMethodFormatter("{x:g}"))
            right.set(
                xlabel=words.say("expected per cell and period"),
                ylabel=words.say("recorded per cell and period"),
            )
            right.set_title(words.say("Recorded against expected"))
            if right.get_legend_handles_labels()[1]:
                figure.legend(loc="upper left", ncols=LEGEND_COLUMNS)
            title = words.say("How often intervals held, and recorded against expected counts")
            return svg(figure, f"{self._key}-trust", title)

    def reliability(self) -> Markup:
        """Draw reliability curves of "at least one", each with its band, a panel a forecaster."""
        words, examined = self._words, self._calibrated()
        columns = min(3, len(examined))
        rows = -(-len(examined) // columns)
        with settings():
            figure = Figure(figsize=(7.6, 2.5 * rows + 0.3))
            grid = np.atleast_1d(figure.subplots(rows, columns)).ravel()
            for axes, (who, found) in zip(grid, examined, strict=False):
                curve = found.reliability
                x, y = (100 * np.asarray(part) for part in (curve.probability, curve.frequency))
                axes.fill_between(
                    x,
                    100 * np.asarray(curve.low),
                    100 * np.asarray(curve.high),
                    color=QUIET,
                    alpha=0.25,
                    linewidth=0,
                )
                top = float(max(x.max(initial=1e-6), y.max(initial=0.0)))
                axes.plot([0, top], [0, top], color=QUIET, linewidth=0.8, linestyle=":")
                axes.plot(x, y, color=self._look[who]["color"], linewidth=1.5)
                axes.set_title(short(who))
                axes.set_xlabel(words.say("stated, %"))
            for axes in grid[len(examined) :]:
                axes.set_visible(False)
            grid[0].set_ylabel(words.say("recorded, %"))
            margins(figure, left=0.65, top=0.35, bottom=0.5, between=0.8)
            title = words.say("Stated probability of at least one incident, and how often it was")
            return svg(figure, f"{self._key}-reliability", title)

    def _calibrated(self) -> list[tuple[str, Any]]:
        return [
            (one.forecaster, one.calibration)
            for one in self._of.forecasters
            if one.calibration is not None
        ]


def _ends(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.value, estimate.low, estimate.high


def _label(axes: Any, name: str, style: Style) -> None:
    """Name a forecaster in the legend by its mark."""
    axes.plot([], [], color=style["color"], marker=style["marker"], linestyle="", label=short(name))


def _panel(entries: int, height: float) -> tuple[Figure, Any, float]:
    above = legend_height(entries)
    figure = Figure(figsize=(7.6, height + above))
    return figure, figure.subplots(), above


def _legend(axes: Any) -> None:
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=LEGEND_COLUMNS)
