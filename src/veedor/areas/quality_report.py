"""`AreaQuality`: what counts by area look like before anyone uses them, as numbers and codes."""

from __future__ import annotations

from typing import Literal

import msgspec

from veedor.areas.noticed import Noticed
from veedor.areas.unreported import Kind

Axis = Literal["areas", "offences"]
RowKind = Literal["area", "others", "all"]
#: What an area and a span look like over all offences, a letter each in `AreaStrip.states`:
#: observed in full, in part not reported, not reported at all, looking unreported, no number
#: possible, only zeros reported; ``P`` is observed and provisional.
LETTERS = ("o", "i", "n", "u", "x", "z", "P")


class CellStates(msgspec.Struct, frozen=True, kw_only=True):
    """How many cells are in which state; `cells` is the denominator of each.

    Parameters
    ----------
    cells : int
    observed, reported_zero, not_reported, not_applicable : int
        They sum to `cells`.
    provisional : int
        Of the observed ones and the reported zeros.
    """

    cells: int
    observed: int
    reported_zero: int
    not_reported: int
    not_applicable: int
    provisional: int


class EditionRead(msgspec.Struct, frozen=True, kw_only=True):
    """An edition: when it was published, up to which span it reports, and its states."""

    published: str
    source: str
    last: str
    states: CellStates


class OffenceStates(msgspec.Struct, frozen=True, kw_only=True):
    """An offence, its unit of count, and its cells in the latest edition.

    `recorded` sums what was reported over all spans and areas that are no sums of others.
    """

    code: str
    name: str
    unit: str
    known_by: str
    is_sum: bool
    recorded: int
    states: CellStates


class SpanStates(msgspec.Struct, frozen=True, kw_only=True):
    """A span, and its cells in the latest edition."""

    label: str
    states: CellStates


class AreaStrip(msgspec.Struct, frozen=True, kw_only=True):
    """An area through time: a letter of `LETTERS` a span."""

    code: str
    name: str
    residual: bool
    states: str


class FailingSum(msgspec.Struct, frozen=True, kw_only=True):
    """A printed total that its parts do not add up to; `difference` is what it has beyond them."""

    span: str
    area: str
    offence: str
    printed: int
    parts: int
    difference: int


class SumChecked(msgspec.Struct, frozen=True, kw_only=True):
    """A declared sum in one edition.

    Parameters
    ----------
    axis : {"areas", "offences"}
    total : str
        Code of what is declared to be the sum.
    parts : tuple of str
    edition : str
        The day it was published.
    checked, failing : int
        Cells of the total whose parts were all published; those of them that differ.
    unchecked : int
        Cells of the total of which a part was not reported.
    net, gross : int
        Sum of differences, and of their sizes.
    largest : tuple of FailingSum
        At most ten, the largest first.
    """

    axis: Axis
    total: str
    parts: tuple[str, ...]
    edition: str
    checked: int
    failing: int
    unchecked: int
    net: int
    gross: int
    largest: tuple[FailingSum, ...]


class Revised(msgspec.Struct, frozen=True, kw_only=True):
    """What was published of an offence once, and what stands in the latest edition.

    Parameters
    ----------
    offence, name : str
    published : str
        Of the earlier numbers: the day of an edition, or empty for those that each cell had when
        it was published for the first time after the first edition.
    youngest, oldest : int or None
        How many spans old the cells were in that edition; None for all.
    cells : int
        Reported in both, of areas that are no sums of others, and of one meaning in both.
    changed : int
    before, after : int
        Their sums: the net change is what lies between.
    gross : int
        Sum of the sizes of their changes.
    redefined : int
        Cells left out because the publisher changed their meaning in between.
    """

    offence: str
    name: str
    published: str
    youngest: int | None
    oldest: int | None
    cells: int
    changed: int
    before: int
    after: int
    gross: int
    redefined: int


class NegativeCell(msgspec.Struct, frozen=True, kw_only=True):
    """A count below 0, as publishers correct earlier ones."""

    area: str
    offence: str
    span: str
    value: int


class AreaCame(msgspec.Struct, frozen=True, kw_only=True):
    """An area that is not there from the first span to the last."""

    code: str
    name: str
    first: str
    last: str
    reported: int
    spans: int


class DeclaredBreak(msgspec.Struct, frozen=True, kw_only=True):
    """A break that the layout, or whoever reads, declares."""

    day: str
    what: str
    source: str
    offences: tuple[str, ...]
    crossings: tuple[str, ...]


class LooksUnreported(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a series that looks as if it had not been reported.

    Parameters
    ----------
    area, area_name, offence, offence_name : str
    kind : str
        ``zeros`` or ``gap``: low with an edge on both sides; ``drop``: low until the end;
        ``rise``: low from the beginning.
    first, last : str
        Labels of its spans.
    spans : int
    recorded : int
        What was reported for it.
    before, after : float or None
        Mean a span beside it; None where there is nothing beside.
    p_value : float
        Of its series, adjusted for every edge tried in it.
    """

    area: str
    area_name: str
    offence: str
    offence_name: str
    kind: Kind
    first: str
    last: str
    spans: int
    recorded: int
    before: float | None
    after: float | None
    p_value: float


class ChangedAtOnce(msgspec.Struct, frozen=True, kw_only=True):
    """A span at which more series change than chance would put there.

    Parameters
    ----------
    span : str
    series : int
        With an edge there.
    edges : int
        Of all series, at all spans.
    areas, offences : tuple of str
        Codes of the series.
    totals : tuple of str
        Offences whose total over all areas changes there too.
    declared : bool
        Whether a break of these offences is declared for this span.
    p_value : float
        Family-wise, over all spans.
    """

    span: str
    series: int
    edges: int
    areas: tuple[str, ...]
    offences: tuple[str, ...]
    totals: tuple[str, ...]
    declared: bool
    p_value: float


class Began(msgspec.Struct, frozen=True, kw_only=True):
    """An offence that is reported only from a span on, or only until one, in all areas.

    Parameters
    ----------
    offence, name : str
    span : str
        The first with numbers, or, where it ends, the first without.
    ends : bool
    carved_from : str
        The offence that the latest edition has lower by just these counts, cell by cell, than
        what was published before, or that a declared sum lacks; empty if none.
    moved, apart : int
        Counts of the new offence in the cells compared, and the sum of sizes of what differs.
    declared : bool
    """

    offence: str
    name: str
    span: str
    ends: bool
    carved_from: str
    moved: int
    apart: int
    declared: bool


class ThousandTimesLess(msgspec.Struct, frozen=True, kw_only=True):
    """A cell a thousand times below its neighbours: a mark of thousands read as a decimal one."""

    area: str
    offence: str
    span: str
    recorded: int
    beside: float


class RecordedCell(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded; None where it is hidden, or nothing was reported.

    Not `whole` where a span was not reported; not `reported` where no span was, or can be.
    """

    value: int | None
    whole: bool
    reported: bool


class RecordedRow(msgspec.Struct, frozen=True, kw_only=True):
    """An area, all others together, or all: a cell for each offence of the table."""

    code: str
    name: str
    kind: RowKind
    cells: tuple[RecordedCell, ...]


class RecordedTable(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded from one span to another, as it can be published.

    Parameters
    ----------
    first, last : str
    k : int
        Counts from 1 to one below it are hidden, and with them what would give them back.
    offences, offence_names : tuple of str
    others : int
        Areas that are in no row of their own.
    rows : tuple of RecordedRow
    """

    first: str
    last: str
    k: int
    offences: tuple[str, ...]
    offence_names: tuple[str, ...]
    others: int
    rows: tuple[RecordedRow, ...]


class AreaQuality(msgspec.Struct, frozen=True, kw_only=True):
    """What counts by area look like before anyone uses them.

    Counts of cells are of areas that are no sums of others, residual ones with them.

    Parameters
    ----------
    layout, time_zone, unit_of_spans : str
    first, last : str
        Labels of the first span, and of the last one that is reported.
    spans, areas, places, offences : int
        `places` are the areas that are neither residual nor sums.
    residual : tuple of str
        Codes of areas that gather what has no place.
    states : CellStates
        Of the latest edition.
    editions : tuple of EditionRead
    by_offence : tuple of OffenceStates
    by_span : tuple of SpanStates
    strips : tuple of AreaStrip
    sums : tuple of SumChecked
    negatives : int
    negative_cells : tuple of NegativeCell
        At most twenty.
    revised : tuple of Revised
        By offence: first published against latest.
    revised_by_edition, revised_by_age : tuple of Revised
    came : tuple of AreaCame
    breaks : tuple of DeclaredBreak
    series_tried : int
        Series, of an area and an offence each, looked at for what looks unreported.
    looks_unreported : tuple of LooksUnreported
    at_once : tuple of ChangedAtOnce
    began : tuple of Began
    thousand_times_less : tuple of ThousandTimesLess
    recorded : RecordedTable or None
        Of the last year; None where nothing is reported.
    noticed : tuple of Noticed
        What reading met in the files.
    """

    layout: str
    time_zone: str
    unit_of_spans: str
    first: str
    last: str
    spans: int
    areas: int
    places: int
    offences: int
    residual: tuple[str, ...]
    states: CellStates
    editions: tuple[EditionRead, ...]
    by_offence: tuple[OffenceStates, ...]
    by_span: tuple[SpanStates, ...]
    strips: tuple[AreaStrip, ...]
    sums: tuple[SumChecked, ...]
    negatives: int
    negative_cells: tuple[NegativeCell, ...]
    revised: tuple[Revised, ...]
    revised_by_edition: tuple[Revised, ...]
    revised_by_age: tuple[Revised, ...]
    came: tuple[AreaCame, ...]
    breaks: tuple[DeclaredBreak, ...]
    series_tried: int
    looks_unreported: tuple[LooksUnreported, ...]
    at_once: tuple[ChangedAtOnce, ...]
    began: tuple[Began, ...]
    thousand_times_less: tuple[ThousandTimesLess, ...]
    recorded: RecordedTable | None
    noticed: tuple[Noticed, ...] = ()
