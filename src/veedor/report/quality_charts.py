"""Drawings of a quality report: where every row went, and what was recorded month by month."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from veedor.incidents.quality_report import Months, SeriesBreak
from veedor.report.chart_svg import Mark, svg
from veedor.report.drawing import BLUE, INK, ORANGE, QUIET, margins, settings, short
from veedor.report.words import Words
from veedor.report.words import quality_charts as told

_WIDTH_IN, _ROW_IN = 4.4, 0.42
_PANEL_IN = 0.95
#: Categories with a panel of their own; the record has a table of all.
_MOST_PANELS = 6


def rows_chart(words: Words, steps: Sequence[told.Step]) -> Markup:
    """Draw where every row went: each step takes its part off what was left.

    What stays is filled, what goes is hollow.
    """
    whole = max((step.begins + step.count for step in steps), default=0) or 1
    with settings():
        figure = Figure(figsize=(_WIDTH_IN, _ROW_IN * len(steps) + 0.1))
        axes = figure.add_axes((0.01, 0.0, 0.98, 1.0))
        axes.set_axis_off()
        axes.set_xlim(0, whole)
        axes.set_ylim(len(steps) - 0.05, -0.15)
        for row, step in enumerate(steps):
            face, edge = (BLUE, BLUE) if step.stays else ("none", ORANGE)
            axes.text(0, row + 0.3, step.name, va="center", ha="left")
            axes.text(whole, row + 0.3, step.told, va="center", ha="right", weight="bold")
            if not step.count:
                continue
            width = max(step.count, 0.004 * whole)
            begins = min(step.begins, whole - width)
            axes.barh(
                row + 0.68, width, 0.34, begins, facecolor=face, edgecolor=edge, linewidth=1.2
            )
        title = words.say("Where every row went")
        return svg(words, figure, "rows", title, told.rows_read_aloud(words, steps))


def months_chart(words: Words, months: Months, breaks: Sequence[SeriesBreak]) -> Markup:
    """Draw what was recorded in each month, in all and by category, each on a scale of its own.

    Months that the record does not cover whole are hollow; a month that breaks the series has a
    mark above it that points up or down, and another shade.
    """
    panels = _panels(words, months)
    marks: list[Mark] = []
    with settings():
        figure = Figure(figsize=(_WIDTH_IN, _PANEL_IN * len(panels) + 0.4))
        for place, (category, name, counts) in enumerate(panels):
            axes = figure.add_subplot(len(panels), 1, place + 1)
            found = {one.month: one.z for one in breaks if one.category == category}
            _bars(axes, months, counts, found)
            if place == 0:
                marks = [
                    Mark(axes, at, count, words.say("{name}: {value}", name=label, value=count))
                    for at, (label, count) in enumerate(zip(months.labels, counts, strict=True))
                ]
            axes.set_title(short(name), pad=9)
            step = max(-(-len(months.labels) // 6), 1)
            places = range(0, len(months.labels), step)
            last = place == len(panels) - 1
            axes.set_xticks(places, [months.labels[at] if last else "" for at in places])
        margins(figure, left=0.6, top=0.3, bottom=0.3, between=0.42)
        title = words.say("Recorded incidents in each month")
        about = told.months_read_aloud(words, months, breaks)
        return svg(words, figure, "months", title, about, marks)


def _panels(words: Words, months: Months) -> list[tuple[str | None, str, Sequence[int]]]:
    """All together, and with several categories the largest of them."""
    ordered = sorted(months.by_category.items(), key=lambda item: -sum(item[1]))
    panels: list[tuple[str | None, str, Sequence[int]]] = [
        (None, words.say("all together"), months.total)
    ]
    if len(ordered) > 1:
        panels += [(name, name, counts) for name, counts in ordered[:_MOST_PANELS]]
    return panels


def _bars(axes: Axes, months: Months, counts: Sequence[int], found: dict[str, float]) -> None:
    x, heights = np.arange(len(counts)), np.asarray(counts, dtype=float)
    whole = np.asarray(months.complete, dtype=bool)
    breaking = np.array([label in found for label in months.labels], dtype=bool)
    axes.bar(x[whole & ~breaking], heights[whole & ~breaking], color=BLUE, width=0.85)
    axes.bar(x[breaking], heights[breaking], color=ORANGE, width=0.85, hatch="//")
    axes.bar(x[~whole], heights[~whole], color="none", edgecolor=QUIET, width=0.85)
    top = max(heights.max(initial=0.0), 1.0)
    for at, label in enumerate(months.labels):
        if label in found:
            mark = "^" if found[label] > 0 else "v"
            axes.plot([at], [heights[at] + 0.12 * top], marker=mark, color=INK, clip_on=False)
    axes.set_ylim(0, 1.2 * top)
    axes.set_yticks([0, heights.max(initial=0.0)])
    axes.grid(visible=False, axis="x")
