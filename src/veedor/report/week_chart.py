"""The hours of a week as a drawing: seven rows of twenty-four."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from veedor.arrays import Floats
from veedor.report.chart_svg import svg
from veedor.report.drawing import margins, settings
from veedor.report.scales import SEQUENTIAL
from veedor.report.words import Words
from veedor.report.words import chart_findings as said
from veedor.report.words import pattern_charts as text

_WIDE = 7.6


def week_chart(words: Words, by_hour: Floats, key: str, title: str, scale: str) -> Markup:
    """Draw what falls into each hour of a week.

    Parameters
    ----------
    words : Words
    by_hour : array, shape (168,)
        From Monday, 0:00; NaN where it is not said.
    key : str
    title : str
        In words.
    scale : str
        What the shades measure, in words.
    """
    hours = np.asarray(by_hour, dtype=float).reshape(7, 24)
    with settings():
        figure = Figure(figsize=(_WIDE, 2.2))
        axes = figure.subplots()
        margins(figure, left=0.5, top=0.05, bottom=0.35)
        drawn = axes.imshow(hours, cmap=ListedColormap(list(SEQUENTIAL)), aspect="auto", vmin=0)
        axes.set_yticks(range(7), [*map(words.say, text.DAYS)])
        axes.set_xticks(range(0, 24, 3), [f"{hour}:00" for hour in range(0, 24, 3)])
        axes.grid(visible=False)
        figure.colorbar(drawn, ax=axes, label=scale, pad=0.02)
        named = [
            (f"{words.say(day)} {hour}:00", float(hours[place, hour]))
            for place, day in enumerate(text.DAYS)
            for hour in range(24)
        ]
        return svg(words, figure, key, title, said.extremes(words, named, words.number))
