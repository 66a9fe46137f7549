"""Charts as inline SVG: the same numbers give the same bytes.

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
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from veedor.report.numbers import defined, short_day

INK, GRID, QUIET = "#22303c", "#d9dfe5", "#5f6b76"
_REFERENCE = {"color": "#4d4d4d", "marker": "s", "linestyle": (0, (4, 2))}
_STYLES = (
    {"color": "#0b5394", "marker": "o", "linestyle": "-"},
    {"color": "#b06a00", "marker": "D", "linestyle": (0, (6, 1.5, 1, 1.5))},
    {"color": "#7a5aa6", "marker": "^", "linestyle": (0, (1, 1.2))},
    {"color": "#2b8c7e", "marker": "v", "linestyle": (0, (8, 2))},
    {"color": "#8c510a", "marker": "P", "linestyle": (0, (3, 1))},
    {"color": "#1b7fb8", "marker": "X", "linestyle": (0, (2, 2))},
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
Style = Mapping[str, Any]


def styles(forecasters: Sequence[Mapping[str, Any]]) -> dict[str, Style]:
    """Give each forecaster its shade, marker and line; the reference is the grey dashed one."""
    others = [f["name"] for f in forecasters if not f.get("is_reference")]
    given: dict[str, Style] = {
        name: _STYLES[place % len(_STYLES)] for place, name in enumerate(others)
    }
    return {f["name"]: given.get(f["name"], _REFERENCE) for f in forecasters}


def gains(rows: Sequence[tuple[str, str, Mapping[str, Any]]], look: Mapping[str, Style]) -> Markup:
    """Draw information gain over the reference, a line for each category and forecaster.

    Parameters
    ----------
    rows : sequence of (category, forecaster, Estimate)
    look : dict of str to Style
    """
    with _settings():
        figure = Figure(figsize=(7.6, 0.75 + 0.36 * len(rows)), layout="constrained")
        axes = figure.subplots()
        for place, (_, who, estimate) in enumerate(rows):
            if defined(estimate["value"]):
                _whisker(axes, estimate, place, look[who])
        axes.axvline(0, color=INK, linewidth=1.2)
        axes.set_yticks(range(len(rows)), [f"{category}: {who}" for category, who, _ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlabel(
            "information gain over the reference, nats per incident (right of 0 is better)"
        )
        axes.grid(visible=False, axis="y")
        return _svg(figure, "gains", "Information gain over the reference")


def capture(category: Mapping[str, Any], look: Mapping[str, Style], key: str) -> Markup:
    """Draw the share of incidents captured at each area fraction, with chance and the best."""
    with _settings():
        figure = Figure(figsize=(7.6, 3.2))
        axes = figure.subplots()
        _margins(figure, left=0.65, top=0.75, bottom=0.4)
        fractions = [place["area_fraction"] for place in category["chance"]["places"]]
        middle = np.arange(len(fractions), dtype=float)
        who = category["forecasts"]
        for place, forecast in enumerate(who):
            shift = (place - (len(who) - 1) / 2) * 0.12
            style = look[forecast["forecaster"]]
            for x, score in zip(middle, forecast["places"], strict=False):
                estimate = score["capture_rate"]
                if defined(estimate["value"]):
                    _whisker(axes, estimate, x + shift, style, upright=True, factor=100)
            axes.plot(
                [],
                [],
                color=style["color"],
                marker=style["marker"],
                linestyle="",
                label=forecast["forecaster"],
            )
        for label, values, dash in (
            ("chance", "chance", ":"),
            ("the most possible", "oracle", "-"),
        ):
            for x, place in zip(middle, category[values]["places"], strict=False):
                if defined(place["capture_rate"]):
                    height = 100 * place["capture_rate"]
                    axes.plot(
                        [x - 0.38, x + 0.38],
                        [height, height],
                        color=INK,
                        linewidth=1,
                        linestyle=dash,
                        label=label if x == 0 else None,
                    )
        axes.set_xticks(middle, [f"{100 * fraction:g}% of the area" for fraction in fractions])
        axes.set_ylim(0, 104)
        axes.set_ylabel("incidents captured, %")
        axes.grid(visible=False, axis="x")
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=4)
        return _svg(figure, key, "Share of incidents captured at each share of the area")


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
    with _settings():
        figure = Figure(figsize=(7.6, 6.2))
        rows = figure.subplots(3, 1, sharex=True)
        _margins(figure, left=0.65, top=0.8, bottom=0.35, between=0.42)
        for axes, (name, factor, title) in zip(rows, panels, strict=True):
            for forecast in category["forecasts"]:
                values = _series(forecast["by_period"][name], factor)
                if np.isfinite(values).any():
                    _line(axes, values, forecast["forecaster"], look[forecast["forecaster"]])
            axes.set_title(title)
            _origins(axes, periods, per_origin)
        rows[1].axhline(0, color=INK, linewidth=1.1)
        rows[0].legend(loc="lower left", bbox_to_anchor=(0, 1.12), ncols=4)
        return _svg(figure, key, "Scores in each forecast period")


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
    with _settings():
        figure = Figure(figsize=(7.6, 0.95 + 1.9 * rows))
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        _margins(figure, left=0.5, top=0.6, bottom=0.35, between=0.5)
        for axes, forecast in zip(grid.flat, forecasts, strict=False):
            series, style = forecast["by_period"], look[forecast["forecaster"]]
            low, high = _series(series["total_low"]), _series(series["total_high"])
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
            expected = _series(series["expected_total"])
            axes.plot(x, expected, color=style["color"], drawstyle="steps-mid", label="expected")
            axes.plot(
                x, category["observed_total"], "o", color=INK, markersize=3.5, label="recorded"
            )
            axes.set_title(forecast["forecaster"])
            axes.set_ylim(bottom=0)
            _origins(axes, periods, per_origin, most=5 if columns < 3 else 2)
            axes.tick_params(labelbottom=True)
        for axes in list(grid.flat)[len(forecasts) :]:
            axes.set_axis_off()
        grid.flat[0].legend(loc="lower left", bbox_to_anchor=(0, 1.1), ncols=3)
        return _svg(figure, key, "Expected and recorded totals in each period")


def ranks(category: Mapping[str, Any], look: Mapping[str, Style], key: str) -> Markup:
    """Draw where recorded counts fell in their forecasts (PIT); a calibrated one is even."""
    forecasts = category["forecasts"]
    with _settings():
        figure = Figure(figsize=(7.6, 2.2))
        grid = figure.subplots(1, len(forecasts), sharey=True, squeeze=False)
        _margins(figure, left=0.65, top=0.35, bottom=0.3, between=0.25)
        for axes, forecast in zip(grid.flat, forecasts, strict=True):
            heights = _series(forecast["calibration"]["pit"])
            edges = (np.arange(len(heights)) + 0.5) / max(len(heights), 1)
            color = look[forecast["forecaster"]]["color"]
            axes.bar(edges, heights, width=0.9 / max(len(heights), 1), color=color, alpha=0.75)
            axes.axhline(1, color=INK, linewidth=1.1, linestyle="--")
            axes.set_title(forecast["forecaster"])
            axes.set_xticks([0, 0.5, 1])
            axes.grid(visible=False, axis="x")
        grid.flat[0].set_ylabel("1 is even")
        return _svg(figure, key, "Where recorded counts fell in their forecasts")


def trust(category: Mapping[str, Any], look: Mapping[str, Style], key: str) -> Markup:
    """Draw how often intervals held, and what was recorded where so much was expected."""
    with _settings():
        figure = Figure(figsize=(7.6, 3.8))
        left, right = figure.subplots(1, 2)
        _margins(figure, left=0.65, top=0.75, bottom=0.55, between=0.75)
        ends: list[float] = []
        for place, forecast in enumerate(category["forecasts"]):
            style, calibration = look[forecast["forecaster"]], forecast["calibration"]
            shift = (place - (len(category["forecasts"]) - 1) / 2) * 1.3
            for cover in calibration["coverage"]:
                if defined(cover["totals"]["value"]):
                    _whisker(
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
                    label=forecast["forecaster"],
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
            figure.legend(loc="upper left", ncols=4)
        return _svg(figure, key, "How often intervals held, and recorded against expected counts")


def _whisker(
    axes: Axes,
    estimate: Mapping[str, Any],
    at: float,
    style: Style,
    upright: bool = False,
    factor: float = 1,
) -> None:
    """Draw a point and its interval, where it has one."""
    value = factor * estimate["value"]
    ends = [factor * estimate[end] if defined(estimate[end]) else value for end in ("low", "high")]
    x, y = ([at, at], ends) if upright else (ends, [at, at])
    axes.plot(x, y, color=style["color"], linewidth=1.6, solid_capstyle="butt")
    point = ([at], [value]) if upright else ([value], [at])
    axes.plot(*point, color=style["color"], marker=style["marker"], linestyle="")


def _line(axes: Axes, values: Any, label: str, style: Style) -> None:
    axes.plot(
        values,
        label=label,
        color=style["color"],
        linestyle=style["linestyle"],
        marker=style["marker"],
        markersize=3.5,
    )


def _margins(figure: Figure, left: float, top: float, bottom: float, between: float = 0.0) -> None:
    """Set margins in inches; measuring what the labels need would take most of the time."""
    width, height = figure.get_size_inches()
    figure.subplots_adjust(left / width, bottom / height, 1 - 0.12 / width, 1 - top / height)
    grid = figure.axes[0].get_gridspec()
    if grid is not None and between:
        tall = (height - top - bottom + between) / grid.nrows - between
        wide = (width - left - 0.12 + between) / grid.ncols - between
        figure.subplots_adjust(hspace=between / tall, wspace=between / wide)


def _series(values: Sequence[float | None], factor: float = 1) -> Any:
    return np.array([np.nan if v is None else factor * v for v in values], dtype=float)


def _origins(axes: Axes, periods: Mapping[str, Any], per_origin: int, most: int = 9) -> None:
    """Name some periods by their first day; mark each cut-off where several periods follow one."""
    count = len(periods["start"])
    step = max(-(-count // most), 1)
    places = range(0, count, step)
    axes.set_xticks(places, [short_day(periods["start"][place]) for place in places])
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.grid(visible=False, axis="x")
    if per_origin > 1:
        for place in range(0, count, per_origin):
            axes.axvline(place - 0.5, color=QUIET, linewidth=0.8, linestyle=":")


@contextmanager
def _settings() -> Iterator[None]:
    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        # The browser draws the text with its own fonts; what the measuring font lacks does not
        # matter.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        yield


def _svg(figure: Figure, key: str, title: str) -> Markup:
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
