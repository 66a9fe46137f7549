"""Charts of the page on anyone's forecasts, as inline SVG."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure

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
)

Record = Mapping[str, Any]


def looks(category: Record) -> dict[str, Style]:
    """Give each forecaster its shade, marker and line."""
    return styles(
        [
            {
                "name": one["forecaster"],
                "is_reference": one["forecaster"] == category["reference"],
            }
            for one in category["forecasters"]
        ]
    )


def gains(category: Record, look: Mapping[str, Style], key: str) -> Markup:
    """Draw the gain over the reference in each period."""
    with settings():
        figure, axes, above = _panel(len(category["comparisons"]), 2.3)
        for row in category["comparisons"]:
            line(axes, series_of(row["by_period"]), row["forecaster"], look[row["forecaster"]])
        axes.axhline(0, color=INK, linewidth=1.0)
        axes.set_ylabel("nats per incident")
        origins(axes, category["periods"], 1)
        _legend(axes)
        margins(figure, left=0.75, top=above, bottom=0.4)
        return svg(figure, key, "Information gain over the reference, period by period")


def totals(category: Record, look: Mapping[str, Style], key: str) -> Markup:
    """Draw recorded totals, and each forecast's with its interval."""
    with settings():
        figure, axes, above = _panel(len(category["forecasters"]) + 1, 2.3)
        recorded = series_of(category["counted"]["by_period"])
        axes.plot(recorded, color=INK, linewidth=2.2, label="recorded", zorder=5)
        for one in category["forecasters"]:
            style, stated = look[one["forecaster"]], one["totals"]
            line(axes, series_of(stated["expected"]), one["forecaster"], style)
            axes.fill_between(
                np.arange(len(recorded)),
                series_of(stated["low"]),
                series_of(stated["high"]),
                color=style["color"],
                alpha=0.12,
                linewidth=0,
            )
        axes.set_ylabel("incidents")
        origins(axes, category["periods"], 1)
        _legend(axes)
        margins(figure, left=0.75, top=above, bottom=0.4)
        return svg(figure, key, "Incidents of all cells, recorded and expected")


def swept(category: Record, look: Mapping[str, Style], key: str) -> Markup:
    """Draw area-swept curves, with chance and the most that was possible."""
    with settings():
        rows = [row for row in category["places"]["area_swept"] if row["capture_rate"] is not None]
        figure, axes, above = _panel(len(rows), 3.2)
        for row in rows:
            who, style = row["ranking"], look.get(row["ranking"])
            told = (
                BOUNDS[who]
                if style is None
                else {"label": short(who)} | {part: style[part] for part in ("color", "linestyle")}
            )
            axes.plot(100 * np.array(row["area"]), 100 * np.array(row["capture_rate"]), **told)
        axes.set_xlabel("area, %, ranked first to last")
        axes.set_ylabel("incidents captured, %")
        _legend(axes)
        margins(figure, left=0.75, top=above, bottom=0.55)
        return svg(figure, key, "Incidents captured at each share of the area")


def reliability(category: Record, look: Mapping[str, Style], key: str) -> Markup:
    """Draw reliability curves of "at least one", each with its band, a panel a forecaster."""
    with settings():
        makers = category["forecasters"]
        columns = min(3, len(makers))
        rows = -(-len(makers) // columns)
        figure = Figure(figsize=(7.6, 2.5 * rows + 0.3))
        grid = np.atleast_1d(figure.subplots(rows, columns)).ravel()
        for axes, one in zip(grid, makers, strict=False):
            curve, style = one["calibration"]["reliability"], look[one["forecaster"]]
            x = 100 * np.array(curve["probability"])
            axes.fill_between(
                x,
                100 * np.array(curve["low"]),
                100 * np.array(curve["high"]),
                color=QUIET,
                alpha=0.25,
                linewidth=0,
            )
            top = float(max(x.max(initial=1e-6), 100 * max(curve["frequency"], default=0.0)))
            axes.plot([0, top], [0, top], color=QUIET, linewidth=0.8, linestyle=":")
            axes.plot(x, 100 * np.array(curve["frequency"]), color=style["color"], linewidth=1.5)
            axes.set_title(short(one["forecaster"]))
            axes.set_xlabel("stated, %")
        for axes in grid[len(makers) :]:
            axes.set_visible(False)
        grid[0].set_ylabel("recorded, %")
        margins(figure, left=0.65, top=0.35, bottom=0.5, between=0.8)
        return svg(figure, key, "Stated probability of at least one incident, and how often it was")


def _panel(entries: int, height: float) -> tuple[Figure, Any, float]:
    above = legend_height(entries)
    figure = Figure(figsize=(7.6, height + above))
    return figure, figure.subplots(), above


def _legend(axes: Any) -> None:
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=LEGEND_COLUMNS)
