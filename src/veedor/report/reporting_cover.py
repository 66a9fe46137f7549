"""Cover of the reporting audit: how many flags stay, whatever went unreported."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from veedor.audits.audit import Statement
from veedor.audits.places.by_place import PlaceCodes, PlaceOutlines
from veedor.audits.places.reporting import ReportingAudit
from veedor.report.audit_places import DARK, OTHER, PALE, kinds_map
from veedor.report.cover import (
    Cell,
    Count,
    Cover,
    Matrix,
    Picture,
    Proof,
    Row,
    axis_of_ratios,
    bar_of_ratio,
    side,
)
from veedor.report.group_rows import group_rows
from veedor.report.words import Words
from veedor.report.words import reporting_cover as said

_GREY = "#9aa5b1"


def reporting_cover(
    words: Words,
    audit: ReportingAudit,
    outlines: PlaceOutlines | None,
    drawn: tuple[Markup, str],
) -> Cover:
    """Make the cover of a reporting audit, where every place may have a rate of its own.

    Parameters
    ----------
    words : Words
    audit : ReportingAudit
    outlines : PlaceOutlines, optional
        Of its places; without it the picture is the chart.
    drawn : (Markup, str)
        A chart, and what it shows.
    """
    tally, flagged = audit.labels["own"].flagged, audit.flagged
    counts = (
        (said.KEPT, tally.robust, "ours"),
        (said.LOST, tally.fragile, "reference"),
        (said.OPEN, tally.undetermined, "chance"),
    )
    return Cover(
        finding=said.finding(words, tally, flagged),
        tone="none",
        because=said.because(words, audit.places, audit.counts, audit.rates_file),
        proof=Proof(
            words.say(said.PROOF),
            tuple(
                Count(words.say(name), said.out_of(words, part, flagged),
                      part / flagged if flagged else None, kind)  # type: ignore[arg-type]
                for name, part, kind in counts
            ),
        ),
        matrix=_matrix(words, audit),
        picture=_map(words, audit, outlines) or Picture(drawn[1], drawn[0]),
        cautions=tuple(words.say(one) for one in said.CAUTIONS),
    )  # fmt: skip


def bounded(audit: ReportingAudit) -> list[Statement]:
    """Ratios of groups to their reference, if every place may have a rate of its own."""
    return [
        one
        for one in audit.statements
        if one.statistic == "ratio_per_1000" and one.subject.assignment == "own"
    ]


def known(ratios: Sequence[Statement]) -> int:
    """For how many of them every admissible rate gives a ratio on the same side of 1."""
    return sum(side(one.estimate.low, one.estimate.high) != "open" for one in ratios)


def _matrix(words: Words, audit: ReportingAudit) -> Matrix | None:
    ratios = sorted(bounded(audit), key=lambda one: -(one.estimate.value or 0.0))
    if not ratios:
        return None
    rows = []
    for one in ratios:
        made = one.estimate
        tone, bar = side(made.low, made.high), bar_of_ratio(made.low, made.value, made.high)
        told = words.number(None)
        if None not in (made.value, made.low, made.high):
            told = said.told(words, *map(words.number, (made.value, made.low, made.high)))
        rows.append(
            Row(one.subject.group, "", (Cell(words.say(said.WORDS[tone]), tone, bar, told),))
        )
    shown, note = group_rows(words, rows, words.say(said.NOTE))
    references = {str(one.estimate.denominator.arguments.get("reference", "")) for one in ratios}
    return Matrix(
        finding=said.known(words, known(ratios), len(ratios)),
        corner=words.say(said.GROUPS),
        columns=(said.times(words, references.pop() if len(references) == 1 else ""),),
        rows=shown,
        axis=axis_of_ratios(words, shown),
        note=note,
        verdict=words.say(said.VERDICT),
    )  # fmt: skip


def _map(words: Words, audit: ReportingAudit, outlines: PlaceOutlines | None) -> Picture | None:
    figures = audit.by_place[0]
    kinds = figures.kinds("flag", "own")
    if outlines is None or kinds is None:
        return None
    simple = PlaceCodes("flag", "own", tuple(
        "not_flagged" if code.startswith("not_flagged") else code for code in kinds.code
    ))  # fmt: skip
    colours = {"not_flagged": PALE, "robust": DARK, "undetermined": _GREY, "fragile": OTHER}
    called = {
        code: (colour, words.say(said.MAPPED[code], n=simple.code.count(code)))
        for code, colour in colours.items()
        if code in simple.code or code == "fragile"
    }
    title = said.mapped(words, audit.labels["own"].flagged.fragile, audit.flagged)
    drawing = kinds_map(
        figures, simple, called, outlines, title, hatched="fragile",
        named_by=figures.column("incidents_recorded"),
    )  # fmt: skip
    return None if drawing is None else Picture(title, drawing)
