"""Charts of the behaviour audit: the course with what was to be expected, and its placebos."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import NamedTuple

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from veedor.arrays import Floats
from veedor.audits.behaviour.results import BehaviourAudit, Placebos, Pooled
from veedor.audits.behaviour.segmented import Segmented
from veedor.report.chart_svg import Mark, by_width, svg
from veedor.report.drawing import (
    BAND,
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    QUIET,
    margins,
    series_of,
    settings,
)
from veedor.report.words import Words
from veedor.report.words import behaviour as said
from veedor.report.words import behaviour_cover as findings

#: Inches that a letter of a label takes.
_LETTER = 5.6 / 72


class _Shape(NamedTuple):
    """Size of a drawing in inches, and what it has room for."""

    width: float
    ticks: int
    columns: int
    line: int

    @property
    def head(self) -> float:
        """Inches above the axes: rows of a legend of three."""
        return 0.35 if self.columns > 1 else 0.75


#: On a desk and on a telephone, where the other would be cut or have letters too small to read.
_SHAPES = (_Shape(7.0, 4, 3, 80), _Shape(4.65, 3, 1, 45))


def course(words: Words, audit: BehaviourAudit) -> Markup:
    """Draw what people did by period, with the line that was to be expected without the event.

    Parameters
    ----------
    words : Words
    audit : BehaviourAudit
        Of a comparison, or of a published design.
    """
    wide, narrow = (_course(words, audit, shape) for shape in _SHAPES)
    return by_width(wide, narrow)


def _course(words: Words, audit: BehaviourAudit, shape: _Shape) -> Markup:
    about = findings.course(words, audit)
    with settings():
        figure = Figure(figsize=(shape.width, 2.45 + shape.head))
        axes = figure.subplots()
        margins(figure, left=0.85, top=shape.head, bottom=0.35)
        if audit.pooled is not None:
            marks = _compared(words, axes, audit, audit.pooled, shape.ticks)
            about = findings.course_about(words, audit)
        elif audit.segmented is not None:
            marks = _published(words, axes, audit, audit.segmented, shape.ticks)
        axes.legend(ncols=shape.columns, loc="lower left", bbox_to_anchor=(0.0, 1.0),
                    handlelength=1.6, columnspacing=1.2, handletextpad=0.5)  # fmt: skip
        axes.grid(visible=False, axis="x")
        key = f"course-{shape.columns}"
        return svg(words, figure, key, findings.title(words), about, marks)


def _compared(
    words: Words, axes: Axes, audit: BehaviourAudit, parts: Pooled, ticks: int
) -> list[Mark]:
    drawn = parts.course
    at = np.arange(len(drawn.periods), dtype=float)
    ratio, expected = (100.0 * (series_of(one) - 1.0) for one in (drawn.ratio, drawn.expected))
    low, high = (100.0 * (series_of(one) - 1.0) for one in (drawn.low, drawn.high))
    entered = np.array(drawn.entered)
    first = drawn.periods.index(audit.first_after)
    after = at >= first
    axes.fill_between(at[after], low[after], high[after], color=BAND, linewidth=0)
    axes.plot(at[after], expected[after], color=INK, linestyle=(0, (4, 2)), linewidth=1.2,
              label=words.say(said.EXPECTED))  # fmt: skip
    fitted = 100.0 * (series_of(drawn.fitted) - 1.0)
    for part in (after, ~after):
        axes.plot(at[part], fitted[part], color=QUIET, linewidth=1.0)
    axes.plot(at[entered], ratio[entered], "o", color=BLUE, markersize=3.8,
              label=words.say(said.RECORDED))  # fmt: skip
    if not entered.all():
        axes.plot(at[~entered], ratio[~entered], "o", color=FAINT, markersize=3.8,
                  fillstyle="none", label=words.say(said.NOT_ENTERED))  # fmt: skip
    _event(words, axes, drawn.periods, first, ticks)
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: findings.by(words, 1.0 + round(value, 6) / 100.0))
    )
    axes.set_ylabel(words.say(said.BY_CONTROLS))
    return [
        Mark(axes, float(place), float(ratio[place]), words.say(
            "{period}: {value}", period=findings.period(words, drawn.periods[place]),
            value=findings.by(words, drawn.ratio[place]),
        ))
        for place in np.flatnonzero(after & np.isfinite(ratio)).tolist()
    ]  # fmt: skip


def _published(
    words: Words, axes: Axes, audit: BehaviourAudit, made: Segmented, ticks: int
) -> list[Mark]:
    at = np.arange(len(made.periods), dtype=float)
    first = made.periods.index(audit.first_after)
    values, fitted, expected = (np.array(one) for one in (made.values, made.fitted, made.expected))
    axes.plot(at[first:], expected[first:], color=INK, linestyle=(0, (4, 2)), linewidth=1.2,
              label=words.say(said.EXPECTED))  # fmt: skip
    axes.plot(at[:first], fitted[:first], color=QUIET, linewidth=1.0, label=words.say(said.FITTED))
    axes.plot(at[first:], fitted[first:], color=QUIET, linewidth=1.0)
    axes.plot(at, values, "o", color=BLUE, markersize=3.8, label=words.say(said.SUM))
    _event(words, axes, made.periods, first, ticks)
    return []


def _event(words: Words, axes: Axes, periods: Sequence[str], first: int, ticks: int) -> None:
    """Draw the event before its first period, and name some periods."""
    axes.axvline(first - 0.5, color=ORANGE, linewidth=1.4)
    step = max(-(-len(periods) // ticks), 1)
    places = sorted(
        {first, *(p for p in range(0, len(periods), step) if abs(p - first) > 0.7 * step)}
    )
    axes.set_xticks(places, [findings.period(words, periods[place]) for place in places])


def placebos(words: Words, parts: Pooled) -> Markup | None:
    """Draw the change beside changes where there can be none; None without any placebo."""
    rows = [
        (words.say(said.IN_SPACE), parts.in_space),
        (words.say(said.IN_TIME), parts.in_time),
    ]
    rows = [(name, one) for name, one in rows if one.placebos]
    if not rows:
        return None
    wide, narrow = (_placebos(words, parts, rows, shape) for shape in _SHAPES)
    return by_width(wide, narrow)


def _placebos(
    words: Words, parts: Pooled, rows: Sequence[tuple[str, Placebos]], shape: _Shape
) -> Markup:
    with settings():
        about = fill(words.say(said.STUDENTISED), shape.line)
        foot = 0.3 + 0.2 * len(about.splitlines())
        figure = Figure(figsize=(shape.width, shape.head + foot + 0.45 * len(rows)))
        axes = figure.subplots()
        longest = max(len(name) for name, _ in rows)
        margins(figure, left=0.2 + _LETTER * longest, top=shape.head, bottom=foot)
        for place, (_, one) in enumerate(rows):
            sizes: Floats = np.array([each.studentised for each in one.placebos])
            axes.plot(
                sizes,
                np.full(len(sizes), place),
                "o",
                color=GREY,
                markersize=4.5,
                fillstyle="none",
                label=words.say(said.PLACEBO) if place == 0 else None,
            )
            axes.plot([one.studentised], [place], "D", color=ORANGE, markersize=7,
                      label=words.say(said.REAL) if place == 0 else None)  # fmt: skip
        axes.set_yticks(range(len(rows)), [name for name, _ in rows])
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.set_xlim(left=0.0)
        axes.xaxis.set_major_locator(MaxNLocator(shape.ticks + 2, integer=True))
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(about, loc="right")
        axes.legend(ncols=shape.columns, loc="lower left", bbox_to_anchor=(0.0, 1.0))
        return svg(
            words, figure, f"placebos-{shape.columns}", words.say(said.PLACEBOS_SHOWN),
            findings.placebos(words, parts),
        )  # fmt: skip
