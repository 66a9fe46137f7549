"""Figures beside one another, each with its interval: who is compared, a line each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup

from veedor.report import drawing
from veedor.report.chart_svg import Mark, svg
from veedor.report.words import Words
from veedor.report.words import chart_findings as said
from veedor.statistics.estimates import Estimate

_SHOWN_AT_ONCE = 0.66  # of the distance between two lines
_FURTHEST = 600.0  # what a logarithm may be: beyond it there is no number
Figures = Mapping[tuple[str, str], Estimate]


def ratio_chart(
    words: Words,
    figures: Figures,
    lines: Mapping[str, str],
    series: Mapping[str, str],
    *,
    key: str,
    title: str,
    axis: str,
    equal_at: float | None = 1.0,
) -> Markup:
    """Draw figures with their intervals; ratios on a logarithmic axis about equality.

    Lines stand from the largest of the first series to the smallest. What lies far beyond all
    others is cut at the end of the axis, marked and written there.

    Parameters
    ----------
    words : Words
    figures : mapping of (line, series) to Estimate
        One that is undefined, or not above 0 on a logarithmic
        axis, is not drawn.
    lines, series : mapping of str to str
        What they are called; series in the order drawn.
    key : str
        Unique in the page.
    title, axis : str
    equal_at : float or None
        Where a line marks equality, on a logarithmic axis; None for shares, which begin at 0.
    """
    from matplotlib.figure import Figure

    drawn = {
        at: one
        for at, one in figures.items()
        if one.value is not None and (equal_at is None or one.value > 0.0)
    }
    ordered = _sorted(lines, series, drawn)
    limits, cut = _limits(list(drawn.values()), equal_at)
    styles = drawing.styles([{"name": name} for name in series])
    step = _SHOWN_AT_ONCE / max(len(series), 1)
    share = equal_at is None
    marks: list[Mark] = []
    with drawing.settings():
        high = 1.5 + len(lines) * max(0.55, 0.17 * len(series))
        figure = Figure(figsize=(7.6, high), layout="constrained")
        axes = figure.subplots()
        axes.set_xscale("linear" if share else "log")
        for place, line in enumerate(ordered):
            for number_of, name in enumerate(series):
                if (one := drawn.get((line, name))) is None:
                    continue
                at = place + step * (number_of - (len(series) - 1) / 2)
                value = (words.percent if share else words.number)(one.value)
                held = drawing.ends_of(one)
                x = drawing.within(axes, held, at, styles[name], limits, value)
                if x is not None:
                    called = lines[line]
                    if len(series) > 1:
                        called = words.say("{line}, {series}", line=called, series=series[name])
                    marks.append(Mark(axes, x, at, said.named(words, called, one, share)))
        for name, called in series.items():
            axes.plot(
                [], [], label=called, color=styles[name]["color"],
                marker=styles[name]["marker"], linestyle="",
            )  # fmt: skip
        if equal_at is None:
            axes.set_xlim(0.0, 1.03 * limits[1])
        else:
            axes.axvline(equal_at, color=drawing.INK, linewidth=1.0)
            room = math.exp(0.03 * (math.log(limits[1]) - math.log(limits[0])))
            axes.set_xlim(limits[0] / room, limits[1] * room)
            ticks = _ticks(*limits)
            axes.set_xticks(ticks, [words.number(tick) for tick in ticks])
            axes.minorticks_off()
        axes.set_yticks(range(len(lines)), [drawing.short(lines[line]) for line in ordered])
        axes.set_ylim(len(lines) - 0.5, -0.5)
        notes = [words.say(said.SORTED)] * (len(lines) > 1) + [words.say(said.BEYOND)] * cut
        axes.set_xlabel(drawing.below(axis, notes))
        figure.legend(loc="outside upper left", ncols=_columns(list(series.values())))
        return svg(words, figure, key, title, _found(words, drawn, lines, series, equal_at), marks)


def _sorted(lines: Mapping[str, str], series: Mapping[str, str], drawn: Figures) -> list[str]:
    """Order lines by their first series, the largest first, what is not drawn last."""
    first = next(iter(series), "")

    def size(line: str) -> float:
        held = drawn.get((line, first))
        return -math.inf if held is None or held.value is None else held.value

    return sorted(lines, key=size, reverse=True)


def _limits(drawn: Sequence[Estimate], equal_at: float | None) -> tuple[tuple[float, float], bool]:
    """Return the ends of the axis, and whether anything lies beyond them."""
    held = [[end for end in drawing.ends_of(one) if end is not None] for one in drawn]
    if equal_at is None:
        extents = [max(ends) for ends in held]
        most = drawing.reach(extents) or 1.0
        return (0.0, most), max(extents, default=0.0) > most
    logs = [[_log(end / equal_at) for end in ends] for ends in held]
    extents = [max(map(abs, each)) for each in logs]
    most = drawing.reach(extents) or math.log(2.0)
    every = [one for each in logs for one in each]
    low, high = max(-most, min(every, default=0.0)), min(most, max(every, default=0.0))
    low, high = min(low, -0.05 * most), max(high, 0.05 * most)
    cut = any(not low <= one <= high for one in every)
    return (equal_at * math.exp(low), equal_at * math.exp(high)), cut


def _log(ratio: float) -> float:
    """Logarithm of a ratio, as far as an axis can reach."""
    return min(max(math.log(ratio), -_FURTHEST), _FURTHEST) if ratio > 0.0 else -_FURTHEST


def _ticks(low: float, high: float) -> list[float]:
    """Few round numbers between the ends of a logarithmic axis.

    >>> _ticks(0.4, 2.6), _ticks(0.001, 1000.0), _ticks(0.97, 1.06)
    ([0.5, 1.0, 2.0], [0.001, 0.1, 10.0, 1000.0], [0.98, 1.0, 1.02, 1.04, 1.06])
    """
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1.0,), (1.0, 2.0, 5.0), (1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 7.0)):
        found = [float(f"{step}e{power}") for power in decades for step in steps]
        found = [tick for tick in found if low <= tick <= high]
        if len(found) >= 3:
            return found[:: -(-len(found) // 6)]
    size = 10.0 ** math.floor(math.log10((high - low) / 2))
    size *= next(step for step in (5, 2, 1) if (high - low) / (step * size) >= 2)
    begin, end = math.ceil(round(low / size, 9)), math.floor(round(high / size, 9))
    return [round(float(place * size), 12) for place in np.arange(begin, end + 1)]


def _found(
    words: Words,
    drawn: Figures,
    lines: Mapping[str, str],
    series: Mapping[str, str],
    equal_at: float | None,
) -> str:
    """Say of each series its highest and lowest, and which intervals lie beside equality."""
    told = []
    for name, called in series.items():
        mine = [(lines[line], drawn[line, name]) for line in lines if (line, name) in drawn]
        if not mine:
            continue
        write = words.percent if equal_at is None else words.number
        values = [(line, one.value) for line, one in mine]
        told.append(
            words.say(
                "{name}. {extremes}", name=called, extremes=said.extremes(words, values, write)
            )
        )
        if equal_at is not None:
            told.append(said.beside_line(words, [one for _, one in mine], equal_at))
    return " ".join(told) or said.extremes(words, [], words.number)


def _columns(called: Sequence[str]) -> int:
    """Columns of a legend that its words leave room for.

    >>> _columns(["per km²", "by zone", "per 1,000"]), _columns(["a rule of many words" * 2] * 4)
    (3, 1)
    """
    longest = max((len(one) for one in called), default=1)
    return max(1, min(len(called), 90 // (longest + 6)))
