"""What the counts of a study show, as a page."""

from __future__ import annotations

from veedor.patterns.areas import OffencePatterns
from veedor.report import area_charts as charts
from veedor.report.area_sections import names_of, sections_of
from veedor.report.cover import (
    Bar,
    Cell,
    Count,
    CountKind,
    Cover,
    Matrix,
    Picture,
    Proof,
    Row,
    Tone,
    axis_of,
)
from veedor.report.document import Document, Section
from veedor.report.drawn_maps import Drawing
from veedor.report.words import Words, area_sections
from veedor.report.words import area_cover as text
from veedor.report.words.pattern_sections import IN_PLAIN_WORDS
from veedor.study.area_patterns import AreasDescribed

_MOST_ROWS = 8
#: A bar further than this from no change is cut, and marked.
_FURTHEST = 0.5
#: What a proof counts: name, key of the counts, shade.
_COUNTED: tuple[tuple[str, str, CountKind], ...] = (
    (text.ROSE, "rose", "ours"),
    (text.FELL, "fell", "reference"),
    (text.NOT_SHOWN, "not_shown", "chance"),
)
_TONES: dict[str, Tone] = {
    text.ROSE: "more",
    text.FELL: "less",
    text.NOT_SHOWN: "open",
    text.NONE: "none",
}


def document(made: AreasDescribed, words: Words) -> Document:
    """Lay out what was found as a page."""
    found, cells = made.found, made.ground.cells
    drawing = None if cells is None else Drawing(cells.lonlat_polygons())
    first = cover(made, words, drawing)
    return Document(
        title=words.say("{study}: patterns", study=found.title),
        subtitle=words.say(
            "Counts of {n} areas by {span}, as published on {day}",
            n=found.areas.places, span=words.say(text.SPANS[found.span]),
            day=words.day(found.edition),
        ),
        made=words.say(
            "By veedor {version} from the study's counts, seed {seed}.",
            version=found.veedor, seed=str(found.seed),
        ),
        cover=first,
        headline=[Section(points=text.points(words, found))],
        plain=Section(words.say(IN_PLAIN_WORDS), points=text.points(words, found)),
        cautions=[
            (words.say(head), words.say(reason)) for head, reason in area_sections.CAUTIONS
        ],
        sections=sections_of(made, words, drawing),
    )  # fmt: skip


def chapter(made: AreasDescribed, words: Words) -> list[Section]:
    """Say in a study's own report what its counts show, in sentences."""
    whole = words.say(
        "The counts as published last, described as they stand, forecast periods included. Nothing "
        "here is a forecast, and no forecast uses it. Rates, maps, courses and every number are in "
        "patterns/report.html, beside this file."
    )
    cautions = (f"{words.say(head)} {words.say(reason)}" for head, reason in area_sections.CAUTIONS)
    points = [*text.points(words, made.found), *cautions]
    return [Section(words.say(IN_PLAIN_WORDS), sentences=[whole], points=points)]


def cover(made: AreasDescribed, words: Words, drawing: Drawing | None) -> Cover:
    """Put the finding first; `drawing` gets its ground here."""
    found, one = made.found, text.leading(made.found)
    counted = text.counts(one, found.false_discovery_rate)
    proof = None
    if counted["tested"]:
        proof = Proof(
            words.say("Areas by the trend of {offence}", offence=one.name),
            tuple(
                Count(
                    words.say(name),
                    words.say("{some} of {all}", some=counted[key], all=counted["tested"]),
                    counted[key] / counted["tested"],
                    kind,
                )
                for name, key, kind in _COUNTED
            ),
        )
    rows = _rows(made, words)
    bars = [cell.bar for row in rows for cell in row.cells if cell.bar is not None]
    return Cover(
        finding=text.finding(words, found),
        tone="about" if counted["rose"] or counted["fell"] else "open",
        because=text.because(words, found),
        proof=proof,
        matrix=Matrix(
            words.say(text.MATRIX),
            words.say(text.OFFENCE),
            (words.say(text.A_YEAR),),
            tuple(rows),
            axis_of(bars, 0.0, words.percent, most=_FURTHEST),
            words.say(text.NOTE),
            words.say(text.VERDICT),
        ),
        picture=_picture(made, words, one, drawing),
        cautions=tuple(map(words.say, text.CAUTIONS)),
    )


def _rows(made: AreasDescribed, words: Words) -> list[Row]:
    """Return a row an offence: the trend of all together, and in how many areas it rose or fell."""
    rate = made.found.false_discovery_rate
    rows = []
    for one in made.found.offences[:_MOST_ROWS]:
        whole = one.series[0] if one.series else None
        verdict = text.verdict(whole, rate)
        bar, told = None, ""
        if whole is not None:
            change = whole.change
            told = text.change(words, whole)
            if change.value is not None and change.low is not None and change.high is not None:
                bar = Bar(change.low, change.value, change.high)
        cell = Cell(words.say(verdict), _TONES[verdict], bar, told if bar is not None else "")
        rows.append(Row(one.name, text.row_note(words, one, rate), (cell,)))
    return rows


def _picture(
    made: AreasDescribed, words: Words, one: OffencePatterns, drawing: Drawing | None
) -> Picture | None:
    """Draw the leading offence: its rates on a map, or else its courses."""
    if drawing is not None and one.rates is not None:
        return Picture(
            text.picture(words, one),
            drawing.ground() + charts.panel(words, drawing, made.ground, one, ""),
            text.picture_about(words, made.found, one),
        )
    ground = "" if drawing is None else drawing.ground()
    if not one.series:
        return None
    drawn = charts.series(
        words, made.ground, one, names_of(made), "cover", made.found.false_discovery_rate
    )
    return Picture(text.course(words, one), drawn + ground)
