"""The drawings of an alert audit: rates beside each other, people out of 1,000, rates over time."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from veedor.audits.alerts.auc import DetCurve
from veedor.audits.alerts.over_time import WatchedRate
from veedor.audits.alerts.results import Picture
from veedor.audits.audit import Statement
from veedor.report.chart_svg import Mark, svg
from veedor.report.drawing import (
    BLUE,
    INK,
    LEGEND_COLUMNS,
    ORANGE,
    QUIET,
    ends_of,
    legend_height,
    margins,
    reach,
    settings,
    short,
    styles,
    within,
)
from veedor.report.words import Words
from veedor.report.words import alert_sentences as said
from veedor.report.words import chart_findings as findings
from veedor.report.words.alert_base_rates import Story
from veedor.report.words.alert_rates import group_of

_MOST_GROUPS = 12
#: Characters of a title that a line of a chart has room for.
_TITLE = 78
#: Characters of a title above one of three panels.
_PANEL_TITLE = 24
#: Inches of a bar with the room below it, and of a line above it, which holds so many characters.
_BAR, _LINE, _BAR_TITLE = 0.42, 0.2, 52
#: Characters of a period that an axis has room for.
_TICK = 15
#: Inches that half of the last label of a scale needs on the right.
_RIGHT_LABEL = 0.45


def beside_each_other(
    words: Words, rates: Sequence[tuple[str, Sequence[Statement]]], key: str
) -> Markup:
    """Draw rates of every group, a panel a rate, with intervals.

    Parameters
    ----------
    words : Words
    rates : sequence of (str, sequence of Statement)
        A panel's title, and its statements: the same groups in each.
    key : str
    """
    groups = [row.subject.group for row in rates[0][1]][:_MOST_GROUPS]
    about: list[str] = []
    marks: list[Mark] = []
    cut = False
    look = styles([{"name": name} for name in groups])
    with settings():
        figure = Figure(figsize=(7.6, 1.15 + 0.42 * len(groups)))
        panels = figure.subplots(1, len(rates), sharey=True, squeeze=False)[0]
        longest = max(len(short(name)) for name in groups)
        margins(figure, left=0.3 + 0.09 * max(longest, 8), top=0.55, bottom=0.7, between=0.3)
        for axes, (title, rows) in zip(panels, rates, strict=True):
            shown = [row.estimate for row in rows[:_MOST_GROUPS]]
            ends = [[100 * end for end in ends_of(one) if end is not None] for one in shown]
            extents = [max(each, default=0.0) for each in ends]
            most = reach(extents) or 1.0
            cut = cut or max(extents) > most
            for place, (group, one) in enumerate(zip(groups, shown, strict=True)):
                value, low, high = (None if end is None else 100 * end for end in ends_of(one))
                told = words.percent(one.value)
                at = within(axes, (value, low, high), place, look[group], (0.0, most), told)
                if value is not None and value <= most:
                    axes.text(value, place - 0.18, told, ha="center", va="bottom")
                if at is not None:
                    called = words.say("{group}, {rate}", group=group_of(words, group), rate=title)
                    marks.append(Mark(axes, at, place, findings.named(words, called, one, True)))
            values = [(group_of(words, group), one.value)
                      for group, one in zip(groups, shown, strict=True)]  # fmt: skip
            extremes = findings.extremes(words, values, words.percent)
            about.append(words.say("{name}. {extremes}", name=title, extremes=extremes))
            axes.set_title(textwrap.fill(title, _PANEL_TITLE))
            axes.set_xlabel("%")
            axes.set_xlim(0, 1.05 * most)
            axes.xaxis.set_major_locator(MaxNLocator(3))
            axes.grid(visible=False, axis="y")
        panels[0].set_yticks(range(len(groups)), [short(name) for name in groups])
        panels[0].set_ylim(len(groups) - 0.5, -0.7)
        if cut:
            figure.text(0.01, 0.01, words.say(findings.BEYOND), color=QUIET)
        shown_as = words.say("Rates of every group beside each other, with intervals")
        return svg(words, figure, key, shown_as, " ".join(about), marks)


def of_1000(words: Words, pictures: Sequence[Picture], told: Story, key: str) -> Markup:
    """Draw, for several base rates, 1,000 alerts: a bar each, right ones full, wrong ones hatched.

    Narrow, so that its text can be read on a telephone.

    Parameters
    ----------
    words : Words
    pictures : sequence of Picture
        As counted (without a base rate) and at base rates.
    told : Story
        Names base rates, and what is right and wrong.
    key : str
    """
    labels = [
        textwrap.wrap(
            words.say(
                told.right_wrong,
                one_in=_one_in(words, one.base_rate, told.here_and_there),
                right=said.rightly(words, one),
                wrong=said.wrongly(words, one),
            ),
            _BAR_TITLE,
        )
        for one in pictures
    ]
    height = sum(_BAR + _LINE * len(lines) for lines in labels)
    with settings(), mpl.rc_context({"hatch.linewidth": 1.4}):
        figure = Figure(figsize=(4.2, height))
        axes = figure.subplots()
        figure.subplots_adjust(0, 0, 1, 1)
        below = 0.0
        for lines, picture in zip(labels, pictures, strict=True):
            right, below = picture.of_1000_right or 0, below + _LINE * len(lines) + _BAR
            at = below - 0.6 * _BAR
            axes.barh(at, right, height=0.6 * _BAR, color=BLUE)
            axes.barh(
                at, 1000 - right, left=right, height=0.6 * _BAR, facecolor="none",
                edgecolor=ORANGE, hatch="///", linewidth=1.2,
            )  # fmt: skip
            axes.text(0, at - 0.4 * _BAR, "\n".join(lines), va="bottom")
        axes.set_xlim(-8, 1008)
        axes.set_ylim(height, 0)
        axes.set_axis_off()
        title = words.say("Of 1,000 alerts, how many are right, at several base rates")
        return svg(words, figure, key, title, f"{'; '.join(map(' '.join, labels))}.")


def _one_in(words: Words, base_rate: float | None, here_and_there: str) -> str:
    if base_rate is None:
        return words.say("As counted here")
    return words.say(here_and_there, many=round(1 / base_rate))


def over_time(words: Words, watches: Sequence[WatchedRate], title: str, key: str) -> Markup:
    """Draw a rate over time with its confidence sequence, everyone and up to five groups.

    Parameters
    ----------
    words : Words
    watches : sequence of WatchedRate
        Of one metric.
    title : str
    key : str
    """
    watches = watches[:6]
    look = styles([{"name": watch.group} for watch in watches])
    with settings():
        lines = textwrap.wrap(title, _TITLE)
        columns, tall = _legend([group_of(words, watch.group) for watch in watches])
        above = tall + 0.12 + 0.18 * len(lines)
        figure = Figure(figsize=(7.6, 2.3 + above))
        axes = figure.subplots()
        margins(figure, left=0.65, top=above, bottom=0.4)
        figure.subplots_adjust(right=1 - _RIGHT_LABEL / 7.6)
        names = sorted({period for watch in watches for period in watch.periods})
        if watches[0].unit != "day":
            names = list(watches[0].periods)
        at = {name: place for place, name in enumerate(names)}
        for watch in watches:
            style = look[watch.group]
            x = [at[period] for period in watch.periods if period in at]
            n = len(x)
            name = short(group_of(words, watch.group))
            axes.plot(x, 100 * np.array(watch.value[:n]), color=style["color"],
                      linestyle=style["linestyle"], label=name)  # fmt: skip
            if watch is watches[0]:
                axes.fill_between(
                    x, 100 * np.array(watch.low[:n]), 100 * np.array(watch.high[:n]),
                    color=style["color"], alpha=0.15, linewidth=0,
                )  # fmt: skip
            for drift in watch.drifts:
                if drift.alarm in at:
                    axes.axvline(at[drift.alarm], color=style["color"], linestyle=":")
        ticks = np.unique(np.linspace(0, len(names) - 1, 5).round().astype(int))
        axes.set_xticks(ticks, [_tick(names[tick]) for tick in ticks])
        axes.set_ylabel(words.say("% so far"))
        axes.set_ylim(bottom=0)
        axes.set_title("\n".join(lines), pad=4 + 72 * tall)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=columns)
        courses, marks = [], []
        for watch in watches:
            shown = [at[period] for period in watch.periods if period in at]
            values = list(watch.value[: len(shown)])
            courses.append(
                findings.course(
                    words, group_of(words, watch.group), watch.periods, values, words.percent
                )
            )
            if shown:
                last = words.percent(values[-1])
                name = group_of(words, watch.group)
                told = words.say("{name}: {value}", name=name, value=last)
                marks.append(Mark(axes, shown[-1], 100 * values[-1], told))
        return svg(words, figure, key, title, " ".join(courses), marks)


def _tick(name: str) -> str:
    """A period below its axis: a day whole, a long name with a sign that it goes on.

    >>> _tick("2022-01-31"), _tick("UEFA Champions League final")
    ('2022-01-31', 'UEFA Champions…')
    """
    shown = short(name)
    return shown if len(shown) <= _TICK else shown[: _TICK - 1].rstrip() + "…"


def _legend(names: Sequence[str]) -> tuple[int, float]:
    """Columns of a legend that has room for the longest name, and its height in inches."""
    longest = max(len(short(name)) for name in names)
    columns = max(1, min(LEGEND_COLUMNS, int(6.6 / (0.6 + 0.085 * longest))))
    rows = -(-len(names) // columns)
    return columns, legend_height(rows * LEGEND_COLUMNS)


def det(
    words: Words, curves: Sequence[DetCurve], errors: tuple[str, str], key: str
) -> Markup | None:
    """Draw both errors against each other along the threshold, where anything can be drawn.

    Parameters
    ----------
    words : Words
    curves : sequence of DetCurve
    errors : (str, str)
        Templates that name those wrongly flagged, and those missed.
    key : str
    """
    curves = [
        curve
        for curve in curves
        if any(point.wrongly_flagged and point.missed for point in curve.points)
    ][:7]
    if not curves:  # an axis of logarithms has no place for 0
        return None
    look = styles([{"name": curve.group} for curve in curves])
    with settings():
        columns, tall = _legend([group_of(words, curve.group) for curve in curves])
        above = tall + 0.1
        figure = Figure(figsize=(7.6, 3.2 + above))
        axes = figure.subplots()
        margins(figure, left=0.95, top=above, bottom=0.5)
        figure.subplots_adjust(right=1 - _RIGHT_LABEL / 7.6)
        for curve in curves:
            x, y = (
                np.array([share or np.nan for share in shares], dtype=float)
                for shares in (
                    [point.wrongly_flagged for point in curve.points],
                    [point.missed for point in curve.points],
                )
            )
            style = look[curve.group]
            axes.plot(100 * x, 100 * y, color=style["color"], linestyle=style["linestyle"],
                      marker=style["marker"], markersize=3,
                      label=short(group_of(words, curve.group)))  # fmt: skip
        axes.set_xscale("log")
        axes.set_yscale("log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: words.percent(float(value) / 100))
            axis.set_minor_formatter(lambda *_: "")
        axes.set_xlabel(words.say(errors[0]))
        axes.set_ylabel(words.say(errors[1]))
        axes.tick_params(colors=QUIET, labelcolor=INK)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=columns)
        shown = words.say("Both errors against each other along the threshold")
        about, marks = [], []
        for curve in curves:
            held = [
                (point.wrongly_flagged, point.missed)
                for point in curve.points
                if point.wrongly_flagged and point.missed
            ]
            if not held:
                continue
            wrongly, missed = min(held, key=sum)
            told = words.say(
                "{group}, where both are least in sum: {false}, {wrongly}; {true}, {missed}",
                group=group_of(words, curve.group),
                false=words.say(errors[0]),
                wrongly=words.percent(wrongly),
                true=words.say(errors[1]),
                missed=words.percent(missed),
            )
            about.append(told)
            marks.append(Mark(axes, 100 * wrongly, 100 * missed, told))
        return svg(words, figure, key, shown, f"{'; '.join(about)}.", marks)
