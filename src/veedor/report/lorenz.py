"""Curves of concentration: what share of something the busiest of its holders hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.arrays import Floats
from veedor.report.chart_svg import Mark, svg
from veedor.report.drawing import BLUE, FAINT, QUIET, margins, settings, short
from veedor.report.words import Words
from veedor.report.words import chart_findings as said

_WIDE = 7.6


class Curve(NamedTuple):
    """Points of a curve, in percent, from 0 to 100, those who hold most first."""

    name: str
    holders: Floats
    held: Floats

    @property
    def half(self) -> float:
        """Share of the holders, in [0, 1], that hold half."""
        return float(np.interp(50.0, self.held, self.holders)) / 100


def lorenz(words: Words, curves: Sequence[Curve], told: said.OfCurves, key: str) -> Markup:
    """Draw curves of concentration, a panel each on one scale, the others behind it in grey.

    Parameters
    ----------
    words : Words
    curves : sequence of Curve
    told : OfCurves
    key : str
    """
    columns = min(max(len(curves), 1), 3)
    rows = -(-max(len(curves), 1) // columns)
    marks: list[Mark] = []
    with settings():
        figure = Figure(figsize=(_WIDE, 0.9 + (2.4 if columns == 1 else 1.9) * rows))
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        margins(figure, left=0.7, top=0.35, bottom=0.55, between=0.45)
        for axes, curve in zip(grid.flat, curves, strict=False):
            for other in curves:
                if other.name != curve.name:
                    axes.plot(other.holders, other.held, color=FAINT, linewidth=0.7)
            axes.plot([0, 100], [0, 100], color=QUIET, linewidth=1, linestyle=(0, (1, 1.5)))
            axes.plot(curve.holders, curve.held, color=BLUE, linewidth=2)
            axes.set_title(short(curve.name))
            axes.tick_params(labelbottom=True)
            said_half = words.say(told.half, name=curve.name, share=words.percent(curve.half))
            marks.append(Mark(axes, 100 * curve.half, 50.0, said_half))
        for axes in list(grid.flat)[len(curves) :]:
            axes.set_visible(False)
        grid.flat[0].annotate(words.say(said.EVENLY), (58, 44), color=QUIET)
        figure.supxlabel(words.say(told.holders), fontsize="medium")
        figure.supylabel(words.say(told.held), fontsize="medium")
        found = said.extremes(words, [(one.name, one.half) for one in curves], words.percent)
        about = words.say(told.half_of_all, extremes=found)
        return svg(words, figure, key, words.say(told.title), about, marks)
