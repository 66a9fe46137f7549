"""Drawings of the quality of counts by area: areas through time, by what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from veedor.areas.quality_report import AreaQuality, AreaStrip
from veedor.report.chart_svg import svg
from veedor.report.drawing import BAND, BLUE, GRID, ORANGE, QUIET, settings, short
from veedor.report.words import Words
from veedor.report.words import areas_checked as told

_WIDTH_IN, _ROW_IN = 4.6, 0.2
#: A letter of a name or of a label, and what is left free beside a name and between labels.
_LETTER_IN, _FREE_IN = 0.092, 0.12
#: Areas with a row of their own: those of which least is known.
MOST_ROWS = 16
#: Names are cut to so many letters: "Campos dos Goytacazes" is whole.
_LETTERS = 24
#: Letter of `AreaStrip.states` -> how high it stands in its row, its face, its edge and its hatch:
#: each differs from the others without colour.
_LOOKS: dict[str, tuple[float, str, str, str]] = {
    "o": (0.72, BLUE, BLUE, ""),
    "P": (0.72, BAND, BLUE, ""),
    "z": (0.12, BLUE, BLUE, ""),
    "i": (0.36, BLUE, BLUE, ""),
    "u": (0.80, ORANGE, ORANGE, "////"),
    "n": (0.72, "none", QUIET, ""),
}


def strips_chart(words: Words, quality: AreaQuality, rows: Sequence[AreaStrip]) -> Markup:
    """Draw each area as a row, each span by what is known of it.

    Parameters
    ----------
    words : Words
    quality : AreaQuality
    rows : sequence of AreaStrip
        Of `least_known`.
    """
    height = _ROW_IN * len(rows) + 0.3
    names = [fitting(strip.name) for strip in rows]
    names_in = _LETTER_IN * max(map(len, names), default=0) + _FREE_IN
    with settings():
        figure = Figure(figsize=(_WIDTH_IN, height))
        left = names_in / _WIDTH_IN
        axes = figure.add_axes((left, 0.26 / height, 0.985 - left, 1.0 - 0.28 / height))
        for at, strip in enumerate(rows):
            _row(axes, at, strip)
        axes.set_xlim(0, max(quality.spans, 1))
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks(range(len(rows)), names)
        labels = [one.label for one in quality.by_span]
        places = ticks(labels, 0.985 * _WIDTH_IN - names_in)
        axes.set_xticks([at + 0.5 for at in places], [labels[at] for at in places])
        axes.tick_params(length=0)
        axes.grid(visible=False)
        axes.spines[["left", "bottom"]].set_color(GRID)
        title = words.say("What is known of each area, through time")
        return svg(words, figure, "areas", title, told.strips_read_aloud(words, quality, rows))


def _row(axes: Axes, at: int, strip: AreaStrip) -> None:
    for letter, first, length in runs(strip.states):
        if letter not in _LOOKS:
            continue
        high, face, edge, hatch = _LOOKS[letter]
        axes.barh(
            at,
            length,
            high,
            first,
            facecolor="none" if hatch else face,
            edgecolor=edge,
            linewidth=0.8,
            hatch=hatch,
        )


def fitting(name: str) -> str:
    """Shorten a name to the room beside the bars.

    >>> fitting("Campos dos Goytacazes"), len(fitting("x" * 99))
    ('Campos dos Goytacazes', 24)
    """
    return short(name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…")


def ticks(labels: Sequence[str], room_in: float) -> list[int]:
    """Return which labels stand below the bars: as many as have room side by side.

    >>> ticks(["2023-Q4"] * 8, 3.0), ticks(["2023"] * 3, 3.0), ticks(["2023"], 3.0), ticks([], 3.0)
    ([0, 3, 6], [0, 1, 2], [0], [])
    """
    wide = _LETTER_IN * max(map(len, labels), default=1)
    most = max(int(room_in / (wide + 2 * _FREE_IN)), 1)
    a_span = room_in / max(len(labels), 1)
    return [
        at
        for at in range(0, len(labels), -(-len(labels) // most) or 1)
        if (at + 0.5) * a_span + wide / 2 <= room_in + _FREE_IN / 2 or not at
    ]


def runs(states: str) -> Iterator[tuple[str, int, int]]:
    """Yield each letter of a strip with where it begins and how many spans it lasts.

    >>> list(runs("oonz"))
    [('o', 0, 2), ('n', 2, 1), ('z', 3, 1)]
    """
    at = 0
    for letter, same in groupby(states):
        length = len(list(same))
        yield letter, at, length
        at += length


def least_known(strips: Sequence[AreaStrip], most: int = MOST_ROWS) -> list[AreaStrip]:
    """Return the areas of which least is known, in the order of the record.

    First those with most spans that look unreported, then with most that are not reported.
    """
    order = sorted(
        range(len(strips)),
        key=lambda n: (
            -strips[n].states.count("u"),
            -strips[n].states.count("n"),
            -strips[n].states.count("i"),
            -strips[n].states.count("z"),
            n,
        ),
    )
    return [strips[n] for n in sorted(order[:most])]
