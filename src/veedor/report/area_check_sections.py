"""What stands below the cover of a check of counts by area: a table of each thing found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from veedor.areas.quality_report import AreaQuality, CellStates, RecordedTable, Revised
from veedor.report.document import Section
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import area_codes as codes
from veedor.report.words import areas_checked as told
from veedor.report.words import usability as judged
from veedor.report.words.counted import UNITS

#: Rows that a table of the page has: more are in the file.
_ROWS = 60


def area_sections(words: Words, quality: AreaQuality) -> list[Section]:
    """Make what stands below the cover, each part under what it found."""
    made = [
        _section(
            told.unreported(words, quality),
            _unreported(words, quality),
            [told.how_unreported(words)],
        ),
        _section(told.broken(words, quality), _breaks(words, quality)),
        _section(told.states(words, quality), _states(words, quality)),
        _section(told.read(words, quality), _read(words, quality)),
    ]
    if quality.sums:
        made.append(_section(told.sums(words, quality), _sums(words, quality)))
    if quality.revised_by_edition:
        made.append(
            _section(
                told.revised(words, quality), _revised(words, quality), [told.how_revised(words)]
            )
        )
    if quality.recorded is not None:
        made.append(
            _section(
                told.recorded(words, quality.recorded),
                _recorded(words, quality.recorded),
                [told.how_recorded(words, quality.recorded)],
            )
        )
    if quality.came:
        made.append(_section(told.came(words, quality), _came(words, quality)))
    return made


def _section(title: str, tables: Iterator[Table | None], said: Sequence[str] = ()) -> Section:
    shown = [one for one in tables if one is not None and one.rows]
    return Section(title, sentences=said, tables=shown, folded=True)


def _cut(words: Words, rows: Sequence[list[str]], width: int) -> list[list[str]]:
    """Keep as many rows as can be read, and say how many more there are."""
    more = len(rows) - _ROWS
    if more <= 0:
        return list(rows)
    return [*rows[:_ROWS], [told.more(words, more), *[""] * (width - 1)]]


def _names(quality: AreaQuality) -> dict[str, str]:
    return {strip.code: strip.name for strip in quality.strips}


def _unreported(words: Words, quality: AreaQuality) -> Iterator[Table]:
    order = {"zeros": 0, "gap": 0, "drop": 1, "rise": 1}
    found = sorted(quality.looks_unreported, key=lambda one: (order[one.kind], one.p_value))
    head = [
        words.say("Which area"),
        words.say("Offence"),
        words.say("From"),
        words.say("To"),
        words.say("What it looks like"),
        words.say("Recorded in it"),
        words.say("A span before"),
        words.say("A span after"),
    ]
    rows = [
        [
            one.area_name,
            one.offence_name,
            one.first,
            one.last,
            codes.kind(words, one),
            told.shown(words, one.recorded),
            told.beside(words, one.before),
            told.beside(words, one.after),
        ]
        for one in found
    ]
    yield table(words.say("What looks unreported"), head, _cut(words, rows, len(head)), 2)
    named = _names(quality)
    slips = [
        [
            named.get(one.area, one.area),
            one.offence,
            one.span,
            told.shown(words, one.recorded),
            words.number(one.beside),
        ]
        for one in quality.thousand_times_less
    ]
    yield table(
        words.say("About a thousand times below the spans beside them"),
        [
            words.say("Which area"),
            words.say("Offence"),
            words.say("Span of time"),
            words.say("Recorded"),
            words.say("Beside it"),
        ],
        _cut(words, slips, 5),
        3,
    )


def _breaks(words: Words, quality: AreaQuality) -> Iterator[Table]:
    yes, no = words.say("yes"), words.say("no")
    yield table(
        words.say("Declared breaks"),
        [
            words.say("From"),
            words.say("What changed"),
            words.say("Says who"),
            words.say("Comparable series"),
        ],
        [
            [
                words.day(one.day),
                words.translated(one.what),
                words.translated(one.source),
                ", ".join(one.crossings) or words.say("no series"),
            ]
            for one in quality.breaks
        ],
    )
    yield table(
        words.say("Offences that begin or end inside of the record"),
        [
            words.say("Offence"),
            words.say("From"),
            words.say("Begins or ends"),
            words.say("Taken out of, or held by"),
            words.say("Counts moved"),
            words.say("Declared"),
        ],
        [
            [
                one.name,
                one.span,
                words.say("ends") if one.ends else words.say("begins"),
                one.carved_from or words.say("not known"),
                told.shown(words, one.moved) if one.carved_from else words.say("not known"),
                yes if one.declared else no,
            ]
            for one in quality.began
        ],
    )
    yield table(
        words.say("Spans at which many series change at once"),
        [
            words.say("Span of time"),
            words.say("Series"),
            words.say("Areas"),
            words.say("Offences"),
            words.say("Declared"),
        ],
        [
            [
                one.span,
                words.number(one.series),
                words.number(len(one.areas)),
                ", ".join(one.offences),
                yes if one.declared else no,
            ]
            for one in quality.at_once
        ],
    )


def _counted(words: Words, states: CellStates) -> list[str]:
    return [
        words.number(n)
        for n in (
            states.cells,
            states.observed,
            states.reported_zero,
            states.not_reported,
            states.not_applicable,
            states.provisional,
        )
    ]


def _state_names(words: Words) -> list[str]:
    return [
        words.say("Cells"),
        words.say("With a count"),
        words.say("Reported zero"),
        words.say("Not reported"),
        words.say("Not applicable"),
        words.say("Provisional"),
    ]


def _states(words: Words, quality: AreaQuality) -> Iterator[Table]:
    rows = [
        [one.name, words.say(UNITS[one.unit]), *_counted(words, one.states)]
        for one in quality.by_offence
    ]
    head = [words.say("Offence"), words.say("Unit of count"), *_state_names(words)]
    yield table(words.say("Cells by offence"), head, _cut(words, rows, len(head)))
    by_span = [[one.label, *_counted(words, one.states)] for one in quality.by_span]
    # The latest are asked about most; all are in the file.
    by_span = by_span[::-1]
    head = [words.say("Span of time"), *_state_names(words)]
    yield table(words.say("Cells by span, the latest first"), head, _cut(words, by_span, len(head)))


def _read(words: Words, quality: AreaQuality) -> Iterator[Table]:
    named = _names(quality)
    yield table(
        words.say("Editions"),
        [
            words.say("Published"),
            words.say("File"),
            words.say("Reports up to"),
            *_state_names(words),
        ],
        [
            [words.day(one.published), one.source, one.last, *_counted(words, one.states)]
            for one in quality.editions
        ],
    )
    yield table(
        words.say("What reading met"),
        [words.say("File"), words.say("What was met"), words.say("How many"), words.say("Columns")],
        [
            [one.file, codes.notice(words, one.what), words.number(one.n), ", ".join(one.columns)]
            for one in quality.noticed
        ],
        2,
    )
    yield table(
        words.say("Counts below 0"),
        [words.say("Which area"), words.say("Offence"), words.say("Span of time")],
        [[named.get(one.area, one.area), one.offence, one.span] for one in quality.negative_cells],
        3,
    )


def _sums(words: Words, quality: AreaQuality) -> Iterator[Table]:
    failing, named = [one for one in quality.sums if one.failing], _names(quality)
    yield table(
        words.say("Declared sums, by edition"),
        [
            words.say("Total"),
            words.say("Edition"),
            words.say("Checked"),
            words.say("Not the sum"),
            words.say("Could not be checked"),
            words.say("Difference in all"),
        ],
        _cut(
            words,
            [
                [
                    one.total,
                    one.edition,
                    words.number(one.checked),
                    words.number(one.failing),
                    words.number(one.unchecked),
                    told.shown(words, one.gross),
                ]
                for one in (failing or quality.sums)
            ],
            6,
        ),
        2,
    )
    rows = [
        [
            cell.offence,
            named.get(cell.area, cell.area),
            cell.span,
            one.edition,
            told.shown(words, cell.printed),
            told.shown(words, cell.parts),
        ]
        for one in failing
        for cell in one.largest
    ]
    yield table(
        words.say("The largest differences of each sum"),
        [
            words.say("Offence"),
            words.say("Which area"),
            words.say("Span of time"),
            words.say("Edition"),
            words.say("Printed"),
            words.say("Its parts"),
        ],
        _cut(words, rows, 6),
        4,
    )


def _revised(words: Words, quality: AreaQuality) -> Iterator[Table]:
    head = [
        words.say("Numbers"),
        words.say("Changed"),
        words.say("First"),
        words.say("Latest"),
        words.say("Net change"),
        words.say("Left out at a break"),
    ]

    def row(one: Revised) -> list[str]:
        return [
            words.number(one.cells),
            words.number(one.changed),
            told.shown(words, one.before),
            told.shown(words, one.after),
            told.net(words, one.before, one.after),
            words.number(one.redefined),
        ]

    by_change = sorted(quality.revised, key=lambda one: -one.changed)
    yield table(
        words.say("First published against latest, by offence"),
        [words.say("Offence"), *head],
        _cut(words, [[one.name, *row(one)] for one in by_change if one.cells], 7),
    )
    yield table(
        words.say("By how old a number was when it was published"),
        [words.say("Age"), *head],
        [
            [told.ages(words, one.youngest or 0, one.oldest or 0), *row(one)]
            for one in quality.revised_by_age
        ],
    )
    yield table(
        words.say("From one edition to the next"),
        [words.say("Edition"), *head],
        [[words.day(one.published), *row(one)] for one in quality.revised_by_edition],
    )


def _recorded(words: Words, made: RecordedTable) -> Iterator[Table]:
    yield table(
        words.say("Recorded by area and offence"),
        [words.say("Which area"), *made.offence_names],
        [
            [
                told.recorded_name(words, made, row),
                *(told.recorded_cell(words, cell) for cell in row.cells),
            ]
            for row in made.rows
        ],
    )


def _came(words: Words, quality: AreaQuality) -> Iterator[Table]:
    yield table(
        words.say("Areas that come and go"),
        [
            words.say("Which area"),
            words.say("First span"),
            words.say("Last span"),
            words.say("Spans with a number"),
        ],
        _cut(
            words,
            [
                [one.name, one.first, one.last, judged.out_of(words, one.reported, one.spans)]
                for one in quality.came
            ],
            4,
        ),
    )
