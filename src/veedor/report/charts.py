"""The charts of the report, as inline SVG: the same numbers give the same bytes."""

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
    svg,
    whisker,
)
from veedor.report.numbers import defined


def gains(rows: Sequence[tuple[str, str, Mapping[str, Any]]], look: Mapping[str, Style]) -> Markup:
    """Draw information gain over the reference, a line for each category and forecaster.

    Parameters
    ----------
    rows : sequence of (category, forecaster, Estimate)
    look : dict of str to Style
    """
    with settings():
        figure = Figure(figsize=(7.6, 0.75 + 0.36 * len(rows)), layout="constrained")
        axes = figure.subplots()
        for place, (_, who, estimate) in enumerate(rows):
            if defined(estimate["value"]):
                whisker(axes, estimate, place, look[who])
        axes.axvline(0, color=INK, linewidth=1.2)
        axes.set_yticks(
            range(len(rows)), [f"{short(category)}: {short(who)}" for category, who, _ in rows]
        )
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlabel(
            "information gain over the reference, nats per incident (right of 0 is better)"
        )
        axes.grid(visible=False, axis="y")
        return svg(figure, "gains", "Information gain over the reference")


def capture(category: Mapping[str, Any], look: Mapping[str, Style], key: str) -> Markup:
    """Draw the share of incidents captured at each area fraction, with chance and the best."""
    with settings():
        who = category["forecasts"]
        above = legend_height(len(who) + 2)
        figure = Figure(figsize=(7.6, 2.45 + above))
        axes = figure.subplots()
        margins(figure, left=0.65, top=above, bottom=0.4)
        fractions = [place["area_fraction"] for place in category["chance"]["places"]]
        middle = np.arange(len(fractions), dtype=float)
        step = min(0.12, 0.76 / len(who))
        for place, forecast in enumerate(who):
            shift = (place - (len(who) - 1) / 2) * step
            style = look[forecast["forecaster"]]
            for x, score in zip(middle, forecast["places"], strict=False):
                estimate = score["capture_rate"]
                if defined(estimate["value"]):
                    whisker(axes, estimate, x + shift, style, upright=True, factor=100)
            axes.plot(
                [],
                [],
                color=style["color"],
                marker=style["marker"],
                linestyle="",
                label=short(forecast["forecaster"]),
            )
        for bound, look_of_it in BOUNDS.items():
            for x, place in zip(middle, category[bound]["places"], strict=False):
                if defined(place["capture_rate"]):
                    height = 100 * place["capture_rate"]
                    told = look_of_it if x == 0 else look_of_it | {"label": None}
                    axes.plot([x - 0.38, x + 0.38], [height, height], **told)
        axes.set_xticks(middle, [f"{100 * fraction:g}% of the area" for fraction in fractions])
        axes.set_ylim(0, 104)
        axes.set_ylabel("incidents captured, %")
        axes.grid(visible=False, axis="x")
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=LEGEND_COLUMNS)
        return svg(figure, key, "Share of incidents captured at each share of the area")


def by_period(
    category: Mapping[str, Any],
    periods: Mapping[str, Any],
    per_origin: int,
    look: Mapping[str, Style],
    key: str,
) -> Markup:
    """Draw log score, gain and capture rate in each forecast period, a mark at each cut-off."""
    panels = (
        ("log_score", 1, "Log score per cell (smaller is better)"),
        ("gain", 1, "Information gain over the reference, nats per incident (larger is better)"),
        ("capture_rate", 100, "Incidents captured in 5% of the area, %"),
    )
    with settings():
        above = legend_height(len(category["forecasts"])) + 0.3
        figure = Figure(figsize=(7.6, 5.5 + above))
        rows = figure.subplots(3, 1, sharex=True)
        margins(figure, left=0.65, top=above, bottom=0.35, between=0.42)
        for axes, (name, factor, title) in zip(rows, panels, strict=True):
            for forecast in category["forecasts"]:
                values = series_of(forecast["by_period"][name], factor)
                if np.isfinite(values).any():
                    line(axes, values, forecast["forecaster"], look[forecast["forecaster"]])
            axes.set_title(title)
            origins(axes, periods, per_origin)
        rows[1].axhline(0, color=INK, linewidth=1.1)
        rows[0].legend(loc="lower left", bbox_to_anchor=(0, 1.12), ncols=LEGEND_COLUMNS)
        return svg(figure, key, "Scores in each forecast period")


def totals(
    category: Mapping[str, Any],
    periods: Mapping[str, Any],
    per_origin: int,
    look: Mapping[str, Style],
    key: str,
) -> Markup:
    """Draw expected totals with their intervals against recorded ones, a panel each."""
    forecasts = category["forecasts"]
    columns = 2 if len(forecasts) in (2, 4) else min(len(forecasts), 3)
    rows = -(-len(forecasts) // columns)
    with settings():
        figure = Figure(figsize=(7.6, 0.95 + 1.9 * rows))
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        margins(figure, left=0.5, top=0.6, bottom=0.35, between=0.6)
        for axes, forecast in zip(grid.flat, forecasts, strict=False):
            series, style = forecast["by_period"], look[forecast["forecaster"]]
            low, high = series_of(series["total_low"]), series_of(series["total_high"])
            x = np.arange(len(low))
            axes.fill_between(
                x,
                low,
                high,
                step="mid",
                color=style["color"],
                alpha=0.2,
                linewidth=0,
                label="interval",
            )
            expected = series_of(series["expected_total"])
            axes.plot(x, expected, color=style["color"], drawstyle="steps-mid", label="expected")
            axes.plot(
                x, category["observed_total"], "o", color=INK, markersize=3.5, label="recorded"
            )
            axes.set_title(short(forecast["forecaster"]))
            axes.set_ylim(bottom=0)
            origins(axes, periods, per_origin, most=5 if columns < 3 else 2)
            axes.tick_params(labelbottom=True)
        for axes in list(grid.flat)[len(forecasts) :]:
            axes.set_axis_off()
        grid.flat[0].legend(loc="lower left", bbox_to_anchor=(0, 1.1), ncols=3)
        return svg(figure, key, "Expected and recorded totals in each period")


def ranks(category: Mapping[str, Any], look: Mapping[str, Style], key: str) -> Markup:
    """Draw where recorded counts fell in their forecasts (PIT); a calibrated one is even."""
    forecasts = category["forecasts"]
    with settings():
        columns = min(len(forecasts), 4)
        rows = -(-len(forecasts) // columns)
        figure = Figure(figsize=(7.6, 0.4 + 1.8 * rows))
        grid = figure.subplots(rows, columns, sharey=True, squeeze=False)
        margins(figure, left=0.65, top=0.35, bottom=0.3, between=0.55 if rows > 1 else 0.25)
        for axes, forecast in zip(grid.flat, forecasts, strict=False):
            heights = series_of(forecast["calibration"]["pit"])
            edges = (np.arange(len(heights)) + 0.5) / max(len(heights), 1)
            color = look[forecast["forecaster"]]["color"]
            axes.bar(edges, heights, width=0.9 / max(len(heights), 1), color=color, alpha=0.75)
            axes.axhline(1, color=INK, linewidth=1.1, linestyle="--")
            axes.set_title(short(forecast["forecaster"]))
            axes.set_xticks([0, 0.5, 1])
            axes.grid(visible=False, axis="x")
        for axes in list(grid.flat)[len(forecasts) :]:
            axes.set_axis_off()
        for axes in grid[:, 0]:
            axes.set_ylabel("1 is even")
        return svg(figure, key, "Where recorded counts fell in their forecasts")


def trust(category: Mapping[str, Any], look: Mapping[str, Style], key: str) -> Markup:
    """Draw how often intervals held, and what was recorded where so much was expected."""
    with settings():
        above = legend_height(len(category["forecasts"])) + 0.35
        figure = Figure(figsize=(7.6, 3.05 + above))
        left, right = figure.subplots(1, 2)
        margins(figure, left=0.65, top=above, bottom=0.55, between=0.75)
        step = min(1.3, 9.0 / len(category["forecasts"]))
        ends: list[float] = []
        for place, forecast in enumerate(category["forecasts"]):
            style, calibration = look[forecast["forecaster"]], forecast["calibration"]
            shift = (place - (len(category["forecasts"]) - 1) / 2) * step
            for cover in calibration["coverage"]:
                if defined(cover["totals"]["value"]):
                    whisker(
                        left,
                        cover["totals"],
                        100 * cover["level"] + shift,
                        style,
                        upright=True,
                        factor=100,
                    )
            bins = [b for b in calibration["reliability"] if b["expected"] > 0]
            marks = [
                (b["expected"], b["observed"]["value"]) for b in bins if b["observed"]["value"]
            ]
            if marks:
                x, y = np.array(marks).T
                ends.extend([*x, *y])
                right.loglog(
                    x,
                    y,
                    color=style["color"],
                    marker=style["marker"],
                    linestyle=style["linestyle"],
                    label=short(forecast["forecaster"]),
                )
        left.plot([0, 100], [0, 100], color=INK, linewidth=1, linestyle="--")
        left.set(xlim=(40, 102), ylim=(-2, 103))
        left.set(xlabel="level of the interval, %", ylabel="periods in which it held, %")
        left.set_title("Intervals of the totals")
        if ends:
            right.plot(
                [min(ends), max(ends)],
                [min(ends), max(ends)],
                color=INK,
                linewidth=1,
                linestyle="--",
            )
        right.minorticks_off()
        for axis in (right.xaxis, right.yaxis):
            axis.set_major_formatter(StrMethodFormatter("{x:g}"))
        right.set(xlabel="expected per cell and period", ylabel="recorded per cell and period")
        right.set_title("Recorded against expected")
        if right.get_legend_handles_labels()[1]:
            figure.legend(loc="upper left", ncols=LEGEND_COLUMNS)
        return svg(figure, key, "How often intervals held, and recorded against expected counts")


def months(table: Mapping[str, Any]) -> Markup:
    """Draw recorded incidents in each calendar month; months not covered whole are only outlined.

    Parameters
    ----------
    table : dict
        ``labels``, ``total`` and ``complete``, lists of one length.
    """
    labels, total = table["labels"], table["total"]
    with settings():
        figure = Figure(figsize=(7.6, 2.3))
        axes = figure.subplots()
        margins(figure, left=0.65, top=0.15, bottom=0.35)
        whole = np.asarray(table["complete"], dtype=bool)
        x, heights = np.arange(len(labels)), np.asarray(total, dtype=float)
        axes.bar(x[whole], heights[whole], color="#0b5394", width=0.85)
        axes.bar(x[~whole], heights[~whole], color="white", edgecolor=QUIET, width=0.85)
        step = max(-(-len(labels) // 9), 1)
        axes.set_xticks(x[::step], labels[::step])
        axes.set_ylabel("incidents kept")
        axes.grid(visible=False, axis="x")
        return svg(figure, "months", "Recorded incidents in each month")
