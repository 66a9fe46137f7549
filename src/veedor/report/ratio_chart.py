"""Figures beside one another, each with its interval: who is compared, a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from veedor.report import drawing
from veedor.report.words import Words
from veedor.statistics.estimates import Estimate

_SHOWN_AT_ONCE = 0.66  # of the distance between two lines


def ratio_chart(
    words: Words,
    figures: Mapping[tuple[str, str], Estimate],
    lines: Mapping[str, str],
    series: Mapping[str, str],
    *,
    key: str,
    title: str,
    axis: str,
    equal_at: float | None = 1.0,
) -> Markup:
    """Draw figures with their intervals; ratios on a logarithmic axis about equality.

    Parameters
    ----------
    words : Words
    figures : mapping of (line, series) to Estimate
        One that is undefined, or not above 0 on a logarithmic
        axis, is not drawn.
    lines, series : mapping of str to str
        What they are called; in the order drawn.
    key : str
        Unique in the page.
    title, axis : str
    equal_at : float or None
        Where a line marks equality, on a logarithmic axis; None for shares, which begin at 0.
    """
    from matplotlib.figure import Figure

    styles = drawing.styles([{"name": name} for name in series])
    step = _SHOWN_AT_ONCE / max(len(series), 1)
    with drawing.settings():
        high = 1.3 + len(lines) * max(0.55, 0.17 * len(series))
        figure = Figure(figsize=(7.2, high), layout="constrained")
        axes = figure.subplots()
        for place, line in enumerate(lines):
            for number_of, name in enumerate(series):
                one = figures.get((line, name))
                if one is None or one.value is None:
                    continue
                if equal_at is None or one.value > 0.0:
                    offset = step * (number_of - (len(series) - 1) / 2)
                    held = one.value, one.low, one.high
                    drawing.whisker(axes, held, place + offset, styles[name])
        for name, called in series.items():
            axes.plot(
                [], [], label=called, color=styles[name]["color"],
                marker=styles[name]["marker"], linestyle="",
            )  # fmt: skip
        if equal_at is None:
            axes.set_xlim(left=0.0)
        else:
            axes.axvline(equal_at, color=drawing.INK, linewidth=1.0)
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter(lambda value, _: words.number(float(value), 2))
            axes.xaxis.set_minor_formatter(lambda value, _: words.number(float(value), 2))
            axes.tick_params(axis="x", which="minor", labelsize=8)
        axes.set_yticks(range(len(lines)), [drawing.short(called) for called in lines.values()])
        axes.set_ylim(len(lines) - 0.5, -0.5)
        axes.set_xlabel(axis)
        figure.legend(loc="outside upper left", ncols=_columns(list(series.values())))
        return drawing.svg(figure, key, title)


def _columns(called: Sequence[str]) -> int:
    """Columns of a legend that its words leave room for.

    >>> _columns(["per km²", "by zone", "per 1,000"]), _columns(["a rule of many words" * 2] * 4)
    (3, 1)
    """
    longest = max((len(one) for one in called), default=1)
    return max(1, min(len(called), 90 // (longest + 6)))
