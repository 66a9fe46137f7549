"""What the record of a study shows, as a page."""

from __future__ import annotations

from veedor.patterns import Patterns
from veedor.report.document import Document, Section
from veedor.report.drawn_maps import Drawing
from veedor.report.pattern_cover import cover
from veedor.report.pattern_sections import sections_of
from veedor.report.words import Words
from veedor.report.words import patterns as text
from veedor.report.words.pattern_sections import IN_PLAIN_WORDS
from veedor.study.patterns import Described


def document(made: Described, words: Words) -> Document:
    """Lay out what was found as a page."""
    found = made.found
    drawing = Drawing(made.record.cells.lonlat_polygons(), made.zones)
    first = cover(made, words, drawing)
    return Document(
        title=words.say("{study}: patterns", study=found.study.title),
        subtitle=words.say(
            "Recorded incidents from {begin} to before {end}, in {n} cells",
            begin=words.day(found.span[0]), end=words.day(found.span[1]), n=found.cells.count,
        ),
        made=words.say(
            "By veedor {version} from the study's incidents, seed {seed}.",
            version=found.veedor, seed=str(found.study.seed),
        ),
        cover=first,
        headline=[Section(tables=first.tables)],
        plain=Section(words.say(IN_PLAIN_WORDS), points=text.points(words, found)),
        cautions=[(words.say(head), words.say(reason)) for head, reason in text.CAUTIONS],
        sections=sections_of(found, words, made, drawing),
    )  # fmt: skip


def chapter(found: Patterns, words: Words) -> list[Section]:
    """Say in a study's own report what its record shows: all but maps, clocks and classes."""
    whole = words.say(
        "The whole record, from {begin} to before {end}, described as it stands, forecast periods "
        "included. Nothing here is a forecast, and no forecast uses it. Maps, clocks, classes of "
        "places and every number are in patterns/report.html, beside this file.",
        begin=words.day(found.span[0]),
        end=words.day(found.span[1]),
    )
    cautions = (f"{words.say(head)} {words.say(reason)}" for head, reason in text.CAUTIONS)
    points = [*text.points(words, found), *cautions]
    plain = Section(words.say(IN_PLAIN_WORDS), sentences=[whole], points=points)
    return [plain, *sections_of(found, words, None)]
