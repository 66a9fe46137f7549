"""Charts of what calibration found: ranks, intervals that held, reliability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.report.chart_svg import Mark, svg
from veedor.report.drawing import (
    INK,
    LEGEND_COLUMNS,
    QUIET,
    Style,
    ends_of,
    legend_height,
    margins,
    series_of,
    settings,
    short,
    whisker,
)
from veedor.report.words import Words
from veedor.report.words import chart_findings as said
from veedor.verification import Examination


class CalibrationCharts:
    """Charts of the calibration of one examination.

    Parameters
    ----------
    words : Words
    examination : Examination
    look : mapping of str to Style
    key : str
        What the ids of its drawings begin with.
    """

    def __init__(
        self, words: Words, examination: Examination, look: Mapping[str, Style], key: str
    ) -> None:
        self._words = words
        self._look = look
        self._key = key
        self._examined = [
            (one.forecaster, one.calibration)
            for one in examination.forecasters
            if one.calibration is not None
        ]

    def ranks(self) -> Markup:
        """Draw where recorded counts fell in their forecasts (PIT); a calibrated one is even."""
        words, examined = self._words, self._examined
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
            highest = [
                (who, float(np.nanmax(series_of(found.pit), initial=0.0)))
                for who, found in examined
            ]
            found_in = said.extremes(words, highest, words.number)
            about = words.say("The highest bar, where 1 is even. {extremes}", extremes=found_in)
            return svg(words, figure, f"{self._key}-ranks", title, about)

    def trust(self) -> Markup:
        """Draw how often intervals held, and what was recorded where so much was expected."""
        words, examined = self._words, self._examined
        with settings():
            above = legend_height(len(examined)) + 0.35
            figure = Figure(figsize=(7.6, 3.05 + above))
            left, right = figure.subplots(1, 2)
            margins(figure, left=0.65, top=above, bottom=0.55, between=0.75)
            step = min(1.3, 9.0 / len(examined))
            ends: list[float] = []
            marks: list[Mark] = []
            for place, (who, found) in enumerate(examined):
                style, shift = self._look[who], (place - (len(examined) - 1) / 2) * step
                for row in found.coverage:
                    at = 100 * row.level + shift
                    whisker(left, ends_of(row.totals), at, style, upright=True, factor=100)
                    if row.totals.value is not None:
                        told = said.named(words, who, row.totals, share=True)
                        marks.append(Mark(left, at, 100 * row.totals.value, told))
                means = [
                    (row.expected, row.observed.value)
                    for row in found.means
                    if row.expected > 0 and row.observed.value
                ]
                if means:
                    x, y = np.array(means).T
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
                axis.set_major_formatter(lambda value, _: words.number(float(value)))
            right.set(
                xlabel=words.say("expected per cell and period"),
                ylabel=words.say("recorded per cell and period"),
            )
            right.set_title(words.say("Recorded against expected"))
            if right.get_legend_handles_labels()[1]:
                figure.legend(loc="upper left", ncols=LEGEND_COLUMNS)
            title = words.say("How often intervals held, and recorded against expected counts")
            widest = max(row.level for _, found in examined for row in found.coverage)
            held = [
                (who, next((r.totals.value for r in found.coverage if r.level == widest), None))
                for who, found in examined
            ]
            about = words.say(
                "Periods in which the {level} interval held. {extremes}",
                level=words.percent(widest),
                extremes=said.extremes(words, held, words.percent),
            )
            return svg(words, figure, f"{self._key}-trust", title, about, marks)

    def reliability(self) -> Markup:
        """Draw reliability curves of "at least one", each with its band, a panel a forecaster."""
        words, examined = self._words, self._examined
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
            apart = [(who, _furthest(found.reliability)) for who, found in examined]
            about = words.say(
                "The furthest that what was recorded lies from what was stated. {extremes}",
                extremes=said.extremes(words, apart, words.percent),
            )
            return svg(words, figure, f"{self._key}-reliability", title, about)


def _furthest(curve: Any) -> float | None:
    gaps = np.abs(np.asarray(curve.probability) - np.asarray(curve.frequency))
    return float(gaps.max()) if gaps.size else None
