"""A chart as SVG in a page: its finding read aloud, its values on hover and focus, no script."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, ScalarFormatter

from veedor.report.drawing import VARIABLES
from veedor.report.words import Words

_XLINK = "http://www.w3.org/1999/xlink"
_POINTS = 72  # an inch, which are the units of the drawing
#: More stops of the keyboard than these help nobody; the values stand in the table too.
MOST_MARKS = 60
_SHADE = re.compile("#[0-9a-f]{6}")
_REACH = 8  # units about a mark in which its value is shown
#: Widths, in rem a unit, between which its letters can be read and do not shout.
_SMALLEST, _LARGEST = 1.06 / 16, 1.6 / 16
_LETTER = 5.6  # units that a letter takes


class Mark(NamedTuple):
    """A place in a chart that says its value when it is pointed at, or reached by keyboard."""

    axes: Axes
    x: float
    y: float
    told: str


def svg(
    words: Words, figure: Figure, key: str, title: str, about: str, marks: Sequence[Mark] = ()
) -> Markup:
    """Turn a figure into SVG whose ids are its own.

    Parameters
    ----------
    words : Words
        Of its numbers.
    figure : Figure
    key : str
        What its ids begin with; unique in the page.
    title, about : str
        What it is, and what it shows: the finding, read aloud in its place.
    marks : sequence of Mark
        At most `MOST_MARKS` are kept.

    Raises
    ------
    ValueError
        If it does not say what it shows.
    """
    if not title.strip() or not about.strip():
        raise ValueError(f"the chart {key} does not say what it shows")
    _write_numbers(words, figure)
    text = re.sub(r" id=\"([^\"]+)\"", rf' id="{key}-\1"', _drawn(figure))
    text = re.sub(r'(url\(#|xlink:href="#)', rf"\g<1>{key}-", text)
    text = re.sub(r'style="[^"]*"', lambda style: _SHADE.sub(_variable, style.group()), text)
    head, inside = re.fullmatch(
        r"<svg [^>]*?(viewBox=\"[^\"]*\")[^>]*>(.*)</svg>\s*", text, re.DOTALL
    ).groups()  # type: ignore[union-attr]  # matplotlib writes one such element
    wide = _POINTS * float(figure.get_size_inches()[0])
    kept = marks if len(marks) <= MOST_MARKS else ()
    told = Markup('<title id="{key}-title">{title}</title><desc id="{key}-about">{about}</desc>')
    begin = Markup(
        '<div class="chart-box" role="group" tabindex="0" aria-label="{title}"><svg class="chart" '
        'role="{role}" aria-labelledby="{key}-title {key}-about" xmlns:xlink="{link}" '
        'style="min-width:{least:.2f}rem;max-width:{most:.2f}rem" '
    ).format(
        title=title, role="group" if kept else "img", key=key, link=_XLINK,
        least=_SMALLEST * wide, most=_LARGEST * wide,
    )  # fmt: skip
    if kept:
        inside = f'<g aria-hidden="true">{inside}</g>'
    return (
        begin
        + Markup(f"{head}>")  # noqa: S704 - numbers
        + told.format(key=key, title=title, about=about)
        + Markup(inside)  # noqa: S704 - escaped by matplotlib
        + Markup("").join(_stop(figure, mark) for mark in kept)
        + Markup("</svg></div>")
    )


def by_width(wide: Markup, narrow: Markup) -> Markup:
    """Put two drawings of one chart in a page: for a desk and print, and for a telephone."""
    return Markup('<div class="on-desk">{}</div><div class="on-telephone">{}</div>').format(
        wide, narrow
    )


def _drawn(figure: Figure) -> str:
    buffer = io.StringIO()
    empty = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(buffer, format="svg", metadata=empty)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    return re.sub(r"<style type=\"text/css\">.*?</style>", "", text, flags=re.DOTALL)


def _variable(found: re.Match[str]) -> str:
    """Let the page choose a shade, which stays as it is where the page says nothing."""
    shade = found.group()
    return f"var(--chart-{VARIABLES[shade]}, {shade})" if shade in VARIABLES else shade


def _write_numbers(words: Words, figure: Figure) -> None:
    """Write the numbers of every axis as the language does."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(
                    FuncFormatter(lambda value, _: words.number(round(float(value), 10), 6))
                )


def _stop(figure: Figure, mark: Mark) -> Markup:
    """Place a mark, with its value beside it, inside the drawing."""
    wide, high = (_POINTS * float(size) for size in figure.get_size_inches())
    at = mark.axes.transData.transform((mark.x, mark.y))
    x, below = (float(one) * _POINTS / figure.dpi for one in at)
    y = high - below
    half = min(_LETTER * len(mark.told) / 2, wide / 2)
    return Markup(
        '<g class="mark" tabindex="0" role="img" aria-label="{told}"><title>{told}</title>'
        '<circle cx="{x:.1f}" cy="{y:.1f}" r="{reach}"/>'
        '<text x="{text_x:.1f}" y="{text_y:.1f}">{told}</text></g>'
    ).format(
        told=mark.told, x=x, y=y, reach=_REACH, text_x=min(max(x, half), wide - half),
        text_y=y - 12 if y > 26 else y + 22,
    )  # fmt: skip
