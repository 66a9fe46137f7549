"""The cover of a page: what a reader without statistics takes away, and its proof, on one sheet."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import msgspec
from markupsafe import Markup

from veedor.report.scales import nice
from veedor.report.tables import Table
from veedor.report.words.language import Words

#: What a verdict looks like without its word: of each a shape, a filled or hollow bar, a colour.
#: ``better`` and ``worse`` of what should be large, ``more`` and ``less`` of a burden; ``about``
#: as good; ``open``, which is all that "not shown" means; ``none`` where nothing was judged.
Tone = Literal["better", "worse", "more", "less", "about", "open", "none"]
#: What a count of a proof is of: one shade each.
CountKind = Literal["ours", "reference", "chance"]
SHAPES: dict[Tone, str] = {
    "better": "▲",
    "worse": "▼",
    "more": "▲",
    "less": "▼",
    "about": "≈",
    "open": "○",
    "none": "–",
}
#: Ratios further than so many times from 1 are cut, and marked.
_FURTHEST_RATIO = 8.0
_COUNTS = 3
_CAUTIONS = 4


class Count(msgspec.Struct, frozen=True):
    """One count of a proof.

    Parameters
    ----------
    name : str
        Of what was counted: one bar.
    told : str
        The count out of its denominator, in words: "145 of 630".
    share : float or None
        Of the denominator, in [0, 1]: how long the bar is; None without one.
    kind : str
        Of `CountKind`; ``"ours"`` is what is judged.
    """

    name: str
    told: str
    share: float | None
    kind: CountKind = "ours"


class Proof(msgspec.Struct, frozen=True):
    """At most three counts that prove the finding.

    Raises
    ------
    ValueError
        For more of them: a reader in a hurry compares three.
    """

    about: str
    counts: tuple[Count, ...]

    def __post_init__(self) -> None:
        """Hold the number of counts."""
        if not 1 <= len(self.counts) <= _COUNTS:
            raise ValueError(f"a cover proves by one to {_COUNTS} counts, not {len(self.counts)}")


class Bar(msgspec.Struct, frozen=True):
    """A value and its interval, in the axis's unit."""

    low: float
    value: float
    high: float


class Axis(msgspec.Struct, frozen=True):
    """What all bars of a matrix are drawn on.

    Parameters
    ----------
    low, high : float
        Its ends; what lies beyond is cut there, and marked.
    reference : float
        Where a line stands in every row: no difference.
    ticks : tuple of (float, str)
        Values named below, in words.
    logarithmic : bool
        For ratios: half stands as far from 1 as double does.

    Examples
    --------
    >>> Axis(-0.2, 0.2, 0.0).place(0.1), Axis(0.25, 4.0, 1.0, (), True).place(2.0)
    (75.0, 75.0)
    """

    low: float
    high: float
    reference: float
    ticks: tuple[tuple[float, str], ...] = ()
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Return where a value stands, in percent of the width from the left."""
        low, high, at = self.low, self.high, min(max(value, self.low), self.high)
        if self.logarithmic:
            low, high, at = math.log(low), math.log(high), math.log(at)
        return round(100.0 * (at - low) / (high - low), 2)


def axis_of(
    bars: Sequence[Bar],
    reference: float,
    name: Callable[[float], str],
    *,
    logarithmic: bool = False,
    most: float = math.inf,
    ticks: int = 3,
) -> Axis:
    """Return an axis that holds the reference and all bars, but none further than `most`.

    Parameters
    ----------
    bars : sequence of Bar
    reference : float
    name : callable
        Writes a value: what a tick is named by.
    logarithmic : bool
    most : float
        Of a distance from the reference (of ratios, a factor): one far outlier flattens no other.
    ticks : int
        About so many steps; fewer where columns are narrow.

    Examples
    --------
    >>> bars = [Bar(-0.1, 0.02, 0.05), Bar(-9.0, -1.0, 2.0)]
    >>> axis = axis_of(bars, 0.0, "{:+.0%}".format, most=0.5)
    >>> axis.low, axis.high, [name for _, name in axis.ticks]
    (-0.53, 0.53, ['-50%', '+0%', '+50%'])
    >>> ratios = axis_of([Bar(0.4, 2.0, 5.0)], 1.0, "{:g}".format, logarithmic=True)
    >>> [name for _, name in ratios.ticks]
    ['0.5', '1', '2', '4']
    """

    def held(value: float) -> float:
        if logarithmic:
            return min(max(value, reference / most), reference * most)
        return min(max(value, reference - most), reference + most)

    ends = [held(end) for bar in bars for end in (bar.low, bar.value, bar.high)]
    low, high = min([reference, *ends]), max([reference, *ends])
    if logarithmic:
        margin = (high / low) ** 0.03 if high > low else 2.0
        low, high = low / margin, high * margin
        doublings = math.log2(high / low)
        step = 2.0 ** max(1, round(doublings / ticks))
        steps = (reference * step**k for k in range(-60, 61))
    else:
        margin = 0.03 * (high - low) if high > low else 1.0
        low, high = round(low - margin, 12), round(high + margin, 12)
        step = nice((high - low) / ticks)
        steps = (reference + step * k for k in range(-4 * ticks, 4 * ticks + 1))
    named = tuple((at, name(at)) for at in steps if low <= at <= high)
    return Axis(low, high, reference, named, logarithmic)


class Cell(msgspec.Struct, frozen=True):
    """What a matrix says of a row and a column.

    Parameters
    ----------
    word : str
        The verdict in a word or three.
    tone : str
        Of `Tone`: the shape beside the word, and whether the bar is filled.
    bar : Bar or None
        Drawn under the word, or beside it where there is one column.
    told : str
        The number and its interval, in words: shown where there is one column, read aloud where
        there are several.
    """

    word: str
    tone: Tone
    bar: Bar | None = None
    told: str = ""


class Row(msgspec.Struct, frozen=True):
    """A row of a matrix: its name, what stands below it in small, and its cells."""

    name: str
    note: str
    cells: tuple[Cell, ...]


class Matrix(msgspec.Struct, frozen=True):
    """What was compared: a row and a column each, with a word, a shape and a bar.

    Parameters
    ----------
    finding : str
        Its heading.
    corner : str
        What the rows are.
    columns : tuple of str
        With one, each row has its numbers beside a wide bar, and the column's name is that of the
        bars: what they measure.
    rows : tuple of Row
    axis : Axis
        The same in every row and column.
    note : str
        What the bars are, and for how many comparisons at once they hold.
    verdict : str
        With one column, what stands above the words.

    Raises
    ------
    ValueError
        For a row whose cells are not one for each column.
    """

    finding: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    axis: Axis
    note: str
    verdict: str = ""

    def __post_init__(self) -> None:
        """Hold the shape."""
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"{row.name}: {len(row.cells)} cells, {len(self.columns)} columns")


def side(low: float | None, high: float | None) -> Tone:
    """On which side of 1 an interval of a ratio lies; ``open`` where on both, or where none is.

    >>> side(1.1, None), side(None, 0.9), side(0.9, 1.1), side(None, None)
    ('more', 'less', 'open', 'open')
    """
    if low is not None and low > 1.0:
        return "more"
    return "less" if high is not None and high < 1.0 else "open"


def bar_of_ratio(low: float | None, value: float | None, high: float | None) -> Bar | None:
    """Return a ratio's bar; None where an end is not known, or has no place beside 1.

    >>> bar_of_ratio(0.5, 1.0, 2.0), bar_of_ratio(0.0, 1.0, 2.0), bar_of_ratio(0.5, 1.0, None)
    (Bar(low=0.5, value=1.0, high=2.0), None, None)
    """
    if value is None or low is None or high is None or low <= 0.0:
        return None
    return Bar(low, value, high)


def bars_of(rows: Iterable[Row]) -> list[Bar]:
    """Every bar of a matrix."""
    return [cell.bar for row in rows for cell in row.cells if cell.bar is not None]


def axis_of_ratios(
    words: Words, rows: Iterable[Row], most: float = _FURTHEST_RATIO, ticks: int = 3
) -> Axis:
    """Return the axis of a matrix of ratios: none further than `most` times from 1, its line.

    Of narrow columns, of which there are several, `ticks` are few.

    >>> from veedor.report.words import words_in
    >>> row = Row("a", "", (Cell("more", "more", Bar(1.5, 2.0, 30.0)),))
    >>> [name for _, name in axis_of_ratios(words_in("en"), [row]).ticks]
    ['1×', '2×', '4×', '8×']
    """
    return axis_of(
        bars_of(rows),
        1.0,
        lambda ratio: words.say("{value}×", value=words.number(ratio)),
        logarithmic=True,
        most=most,
        ticks=ticks,
    )


class Picture(msgspec.Struct, frozen=True):
    """A map or a chart.

    Parameters
    ----------
    finding : str
        Its heading.
    drawing : Markup
        With the name that is read aloud.
    about : str
        Of when and what, in small.
    notes : tuple of str
        What its marks mean.
    more : (str, str)
        Words that lead to what it has no room for, and the anchor in the page; none if empty.
    """

    finding: str
    drawing: Markup
    about: str = ""
    notes: tuple[str, ...] = ()
    more: tuple[str, str] = ("", "")


class Cover(msgspec.Struct, frozen=True):
    """What stands before everything else, on one page of 1,280 x 900, on one printed A4 sheet.

    Parameters
    ----------
    finding : str
        The one verdict, in plain words: the largest text after the title.
    tone : str
        Of the finding, of `Tone`.
    because : str
        A sentence or two under it.
    proof : Proof, optional
    matrix : Matrix, optional
    picture : Picture, optional
    tables : tuple of Table
        Beside the picture: named places, a legend with its results. Short.
    lists : tuple of Table
        In the place of a matrix: whole sentences, which need the width.
    cautions : tuple of str
        What must not be concluded: four sentences of one form, none for a page that judges nothing.

    Raises
    ------
    ValueError
        For cautions that are neither four nor none.
    """

    finding: str
    tone: Tone = "open"
    because: str = ""
    proof: Proof | None = None
    matrix: Matrix | None = None
    picture: Picture | None = None
    tables: tuple[Table, ...] = ()
    lists: tuple[Table, ...] = ()
    cautions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold the number of cautions."""
        if len(self.cautions) not in (0, _CAUTIONS):
            raise ValueError(f"a cover has {_CAUTIONS} cautions, not {len(self.cautions)}")
