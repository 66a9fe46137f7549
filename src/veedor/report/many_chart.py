"""One forecast beside plain counting in one category, a line a study, in the order of names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from msgspec import structs

from veedor.report import drawing
from veedor.report.chart_svg import Mark, svg
from veedor.report.words import Words
from veedor.report.words import chart_findings as said
from veedor.report.words import many as told
from veedor.statistics.estimates import Estimate
from veedor.verification import Judged
from veedor.verification.judging import together

_LINE_IN, _AROUND_IN = 0.26, 1.3


def in_percent(gain: Judged) -> Estimate:
    """Return a gain as a share of the probability, with the range that holds for the family."""
    ends = together(gain)
    if gain.estimate.value is None or ends is None:
        return structs.replace(gain.estimate, value=None, low=None, high=None)
    value, low, high = np.expm1([gain.estimate.value, *ends]).tolist()
    return structs.replace(gain.estimate, value=value, low=low, high=high)


def by_study(
    words: Words,
    rows: Sequence[tuple[str, Judged]],
    limits: tuple[float, float],
    *,
    key: str,
    title: str,
) -> Markup:
    """Draw gains with their ranges, a line a study.

    Parameters
    ----------
    words : Words
    rows : sequence of (study, Judged)
        In the order drawn.
    limits : (float, float)
        Of the axis, which is that of every category: shares of the probability.
    key : str
        Unique in the page.
    title : str
    """
    from matplotlib.figure import Figure

    held = [(name, in_percent(gain)) for name, gain in rows]
    (style,) = drawing.styles([{"name": ""}]).values()
    marks: list[Mark] = []
    cut = False
    with drawing.settings():
        high = _AROUND_IN + _LINE_IN * len(held)
        figure = Figure(figsize=(7.6, high), layout="constrained")
        axes = figure.subplots()
        for place, (name, one) in enumerate(held):
            ends = drawing.ends_of(one)
            cut |= any(end is not None and not limits[0] <= end <= limits[1] for end in ends)
            at = drawing.within(axes, ends, place, style, limits, words.percent(one.value, 2))
            if at is not None:
                marks.append(Mark(axes, at, place, said.named(words, name, one, share=True)))
        axes.axvline(0.0, color=drawing.INK, linewidth=1.2)
        axes.set_yticks(range(len(held)), [drawing.short(name) for name, _ in held])
        axes.set_ylim(len(held) - 0.4, -0.6)
        room = 0.03 * (limits[1] - limits[0])
        axes.set_xlim(limits[0] - room, limits[1] + room)
        axes.xaxis.set_major_formatter(lambda share, _: words.percent(round(float(share), 10)))
        axes.grid(visible=False, axis="y")
        notes = [words.say(said.BEYOND)] * cut
        axes.set_xlabel(drawing.below(told.chart_axis(words), notes))
        found = [
            said.extremes(words, [(name, one.value) for name, one in held], words.percent),
            said.beside_line(words, [one for _, one in held], 0.0),
        ]
        return svg(words, figure, key, title, " ".join(found), marks)


def limits_of(gains: Sequence[Judged]) -> tuple[float, float]:
    """Return an axis that holds 0 and all ranges but those far beyond the others."""
    held = [drawing.ends_of(in_percent(gain)) for gain in gains]
    known = [[end for end in ends if end is not None] for ends in held]
    most = drawing.reach([max(map(abs, ends)) for ends in known if ends]) or 0.01
    every = [end for ends in known for end in ends]
    low, high = min(every, default=0.0), max(every, default=0.0)
    return max(-most, min(low, -0.05 * most)), min(most, max(high, 0.05 * most))
