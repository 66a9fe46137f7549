"""The drawings of an audit of access: look-ups through time, and shares beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.report.chart_svg import Mark, svg
from veedor.report.drawing import BAND, BLUE, ORANGE, QUIET, margins, settings
from veedor.report.words import Words
from veedor.report.words import access_charts as text
from veedor.report.words import chart_findings as said

_WIDE, _HIGH, _LEFT = 4.4, 2.6, 0.62
#: Inches that the number of a break, and the name of a day, need.
_NUMBER_IN, _LABEL_IN = 0.25, 1.0


class Span(NamedTuple):
    """A month, or the part of one between two breaks: ISO days, the last one not in it."""

    name: str
    begin: str
    end: str
    a_day: float | None


def through_time(words: Words, spans: Sequence[Span], breaks: Sequence[str], key: str) -> Markup:
    """Draw look-ups a day by month, as steps of one line that ends at each break.

    Parameters
    ----------
    words : Words
    spans : sequence of Span
        In order; none crosses a break.
    breaks : sequence of str
        ISO days on which the log became another.
    key : str
    """
    edges = [(_at(one.begin), _at(one.end)) for one in spans]
    broken = [_at(one) for one in breaks]
    with settings():
        figure = Figure(figsize=(_WIDE, _HIGH))
        axes = figure.subplots()
        margins(figure, left=_LEFT, top=0.28 if broken else 0.1, bottom=0.32)
        marks = []
        for (begin, end), one in zip(edges, spans, strict=True):
            if one.a_day is None:
                axes.axvspan(begin, end, facecolor="none", edgecolor=QUIET, hatch="//", linewidth=0)
                continue
            axes.fill_between([begin, end], [one.a_day] * 2, color=BAND, linewidth=0)
            axes.plot([begin, end], [one.a_day] * 2, color=BLUE, solid_capstyle="butt")
            told = words.say(
                "{name}: {value}", name=one.name, value=words.number(round(one.a_day, 1))
            )
            marks.append(Mark(axes, (begin + end) / 2, one.a_day, told))
        inches = (_WIDE - _LEFT) / max(edges[-1][1] - edges[0][0], 1.0) if edges else 1.0
        for at in broken:
            axes.axvline(at, color=ORANGE, linestyle="--", linewidth=1.3)
        for first, last in _near(broken, _NUMBER_IN / inches):
            named = str(first + 1) if first == last else f"{first + 1}–{last + 1}"
            axes.annotate(
                named, (broken[first], 1.0), xycoords=("data", "axes fraction"), xytext=(0, 3),
                textcoords="offset points", ha="center", va="bottom",
            )  # fmt: skip
        begins = [begin for begin, _ in edges]
        shown = [first for first, _ in _near(begins, _LABEL_IN / inches)]
        labels = [words.short_day(spans[at].begin) for at in shown]
        axes.set_xticks([begins[at] for at in shown], labels)
        axes.set_ylim(bottom=0)
        axes.set_ylabel(words.say(text.A_DAY))
        axes.grid(visible=False, axis="x")
        about = [
            said.course(
                words, words.say(text.A_DAY), [one.name for one in spans],
                [one.a_day for one in spans], lambda value: words.number(value, 3),
            ),
        ]  # fmt: skip
        if broken:
            about.append(words.many(len(broken), *text.BREAKS))
        return svg(words, figure, key, words.say(text.THROUGH_TIME), " ".join(about), marks)


def _near(places: Sequence[float], apart: float) -> list[tuple[int, int]]:
    """Gather places in order, each with those nearer than so much behind it: first and last.

    >>> _near([0.0, 1.0, 5.0], 2.0), _near([], 2.0)
    ([(0, 1), (2, 2)], [])
    """
    found: list[tuple[int, int]] = []
    for number, at in enumerate(places):
        if found and at - places[found[-1][0]] < apart:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _at(day: str) -> float:
    return float(date.fromisoformat(day).toordinal())
