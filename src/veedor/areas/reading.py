"""`read_areas`: publications of counts by area to one record, and what was noticed in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np

from veedor.areas.counts import AreaCounts
from veedor.areas.layouts.file import AreaFile, Choices, names_a_rate
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.layouts.registry import AREA_LAYOUTS, find_area_layout, recognise_area_layout
from veedor.areas.layouts.rows import TABLE
from veedor.areas.noticed import Example, Notice, Noticed
from veedor.areas.populations import Populations
from veedor.areas.tabulating import joined
from veedor.errors import DataError, UnreadableError, VeedorError, phrase
from veedor.incidents.model import Provenance, TableRead
from veedor.tables.escape import shown
from veedor.tables.files import InputFile
from veedor.tables.hashes import Hashes
from veedor.tables.names import words
from veedor.tables.opening import open_table
from veedor.tables.personal import names_a_person, refuse_personal_places, refuse_personal_text
from veedor.tables.source import Source
from veedor.tables.spreadsheets import sheet_headers

_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_WHOLE = re.compile(r"\s*-?\d+\s*")
_LISTED = 30


@dataclass(frozen=True)
class Publication:
    """A file, and the day on which it was published; None where the file or its name says it."""

    path: Path
    published: date | None = None


@dataclass(frozen=True, eq=False)
class AreaReading:
    """What was read.

    Parameters
    ----------
    record : AreaCounts
    noticed : tuple of Noticed
        File by file.
    layout : AreaLayout
    populations : tuple of Populations
        Those that files hold beside their counts.
    """

    record: AreaCounts
    noticed: tuple[Noticed, ...]
    layout: AreaLayout
    populations: tuple[Populations, ...] = field(default=())


def read_areas(
    publications: Sequence[Publication],
    layout: str | None = None,
    choices: Choices | None = None,
) -> AreaReading:
    """Read one or more editions of one publication.

    Parameters
    ----------
    publications : sequence of Publication
    layout : str, optional
        Its name; else recognised by the headers.
    choices : Choices, optional
        What the layout leaves to whoever reads.

    Raises
    ------
    DataError
        If a file breaks a rule of its layout, or it is not known when it was published.
    UnreadableError
        If a file is not what it claims to be, or of no layout that is known.
    PersonalDataRefusal
        If a kept text is a personal datum.
    """
    if not publications:
        raise DataError("A record must be read from at least one file.", found=phrase("none"))
    named = None if layout is None else find_area_layout(layout)
    first, *others = publications
    chosen, record, file = _read(first, named, choices or Choices())
    records, files = [record], [file]
    for publication in others:
        _, record, file = _read(publication, chosen, choices or Choices())
        records.append(record)
        files.append(file)
    record = joined(records, parts=chosen.parts, absent=chosen.absent)
    return AreaReading(
        record if chosen.whole is None else chosen.whole(record),
        tuple(one for file in files for one in file.noticed),
        chosen,
        tuple(one for file in files for one in file.populations),
    )


def area_layout_of(path: Path) -> AreaLayout | None:
    """Return the layout of counts by area that a file's headers are of.

    None for any other file, and for one that cannot be opened: whoever reads it says why.
    """

    def sheets(file: InputFile) -> tuple[str, ...]:
        return _sheets(file, None)

    try:
        with open_table(path, persons=False, sheets=sheets) as source:
            return recognise_area_layout(list(source.table.columns))
    except VeedorError:
        return None


def _read(
    publication: Publication, layout: AreaLayout | None, choices: Choices
) -> tuple[AreaLayout, AreaCounts, AreaFile]:
    path = publication.path

    def sheets(file: InputFile) -> tuple[str, ...]:
        return choices.sheets or _sheets(file, layout)

    with Hashes([path]) as hashes, open_table(path, persons=False, sheets=sheets) as source:
        found = _layout_of(source, layout)
        headers = _headers(source, found, choices)
        file = AreaFile(
            source,
            headers,
            _published(publication),
            found.months_late,
            choices.time_zone or found.time_zone or "UTC",
            choices,
        )
        record = found.read(file)
        _name_columns(file, found)
        _screen(record, file.name)
        for edition in record.editions:
            _refuse_from_the_future(record, edition.published, edition.last, file.name)
        rows = int(source.database.rows(f"SELECT count(*) FROM {TABLE}")[0][0])
        _notice_residual(record, file)
        return found, replace(record, provenance=_provenance(file, found, hashes, rows)), file


def _sheets(file: InputFile, layout: AreaLayout | None) -> tuple[str, ...]:
    """Return the sheets whose headers are those of the layout, or of any."""
    of = {name: headers for name, (_, headers) in sheet_headers(file).items()}
    if layout is None:
        layout = next(filter(None, map(recognise_area_layout, of.values())), None)
    if layout is None or layout.plain:
        return ()
    return tuple(name for name, headers in of.items() if not layout.lacks(headers))


def _layout_of(source: Source, layout: AreaLayout | None) -> AreaLayout:
    headers = list(source.table.columns)
    found = layout or recognise_area_layout(headers)
    lacking = () if found is None or found.plain else found.lacks(headers)
    if found is not None and not lacking:
        return found
    listed = ", ".join(shown(name, 30) for name in headers[:_LISTED])
    if found is None:
        raise UnreadableError(
            "A file of area counts must be of a layout that veedor knows, or its columns be named.",
            found=phrase("columns {columns}", columns=listed),
            where=source.table.name,
            remedy=phrase("name its layout, one of {layouts}", layouts=", ".join(AREA_LAYOUTS)),
        )
    raise UnreadableError(
        phrase("A file of layout {name} must have its columns.", name=repr(found.name)),
        found=phrase(
            "no column for {lacking} among {columns}", lacking=", ".join(lacking), columns=listed
        ),
        where=source.table.name,
        remedy="leave the layout out, and name the columns yourself",
    )


def _headers(source: Source, layout: AreaLayout, choices: Choices) -> dict[str, str]:
    """Return field -> header; of a plain form, those that are named come first."""
    unknown = [name for name in choices.columns if name not in layout.fields]
    if unknown:
        raise DataError(
            "A column of area counts must be one that its layout has.",
            found=", ".join(shown(name, 30) for name in unknown),
            where=source.table.name,
            remedy=phrase("use {fields}", fields=", ".join(layout.fields)),
        )
    headers = layout.fields_in(list(source.table.columns))
    for name, column in choices.columns.items():
        headers[name] = source.need(column, role=name)
    for name in layout.needed:
        if name not in headers:
            spelled = layout.fields[name]
            remedy = phrase(
                "say which it is under [counts.columns] of study.toml, as {field} = "
                '"HEADER"; or name it {names}',
                field=name,
                names=", ".join(spelled),
            )
            source.need(*spelled, role=name, remedy=remedy if layout.plain else "")
    return headers


def _published(publication: Publication) -> np.datetime64 | None:
    """Return the day that is given, else that a file's name holds; None where none does."""
    if publication.published is not None:
        return np.datetime64(publication.published, "D")
    for year, _, month, day in _DAY.findall(publication.path.name):
        try:
            return np.datetime64(date(int(year), int(month), int(day)), "D")
        except ValueError:
            continue
    return None


def _name_columns(file: AreaFile, layout: AreaLayout) -> None:
    """Name the columns that are not read, by why."""
    table, read = file.source.table, {*file.headers.values(), *file.read}
    persons = set(map(words, layout.persons))
    unread = [header for header in table.columns if header not in read]
    of_rates = [one for one in unread if names_a_rate(one)]
    of_persons = [
        header
        for header in unread
        if header not in of_rates and (words(header) in persons or names_a_person(header))
    ]
    others = [header for header in unread if header not in (*of_rates, *of_persons)]
    counts = [
        header
        for header in others
        if table.samples.get(header) and all(map(_WHOLE.fullmatch, table.samples[header]))
    ]
    for what, named in (
        (Notice.RATES_NOT_READ, of_rates),
        (Notice.PERSONS_DROPPED, of_persons),
        (Notice.COLUMNS_UNKNOWN, counts),
        (Notice.COLUMNS_NOT_READ, [header for header in others if header not in counts]),
    ):
        file.notice(what, len(named), columns=[shown(name, 60) for name in named])


def _screen(record: AreaCounts, name: str) -> None:
    """Refuse personal data among what is kept as text: codes and names of areas and offences."""
    refuse_personal_places(
        [area.name for area in record.areas], what=phrase("an area's name"), where=name
    )
    for level in record.levels:
        refuse_personal_places(level.names, what=phrase("an area's name"), where=name)
    texts = [text for one in record.offences for text in (one.code, one.name)]
    refuse_personal_text(
        dict.fromkeys([*texts, *(area.code for area in record.areas)]),
        what=phrase("a code or a name of an offence"),
        where=name,
    )


def _refuse_from_the_future(
    record: AreaCounts, published: np.datetime64, last: int, name: str
) -> None:
    if last >= 0 and published < record.spans.starts[last]:
        raise DataError(
            "A file must have been published after what it counts began.",
            found=phrase(
                "published on {published}, with counts of {span}",
                published=published,
                span=record.spans.labels[last],
            ),
            where=name,
            remedy='say the day, as "FILE" = 2026-02-20 under [counts.published] of study.toml; '
            "to `veedor check` as --published FILE=2026-02-20",
        )


def _notice_residual(record: AreaCounts, file: AreaFile) -> None:
    residual = [area for area in record.areas if area.residual]
    file.notice(
        Notice.RESIDUAL,
        len(residual),
        [Example(area=area.code, text=area.name) for area in residual],
    )


def _provenance(file: AreaFile, layout: AreaLayout, hashes: Hashes, rows: int) -> Provenance:
    table = file.source.table
    return Provenance(
        files=hashes.found(),
        tables=(
            TableRead(
                name=table.name,
                format=table.kind,
                encoding=table.written.encoding,
                delimiter=table.written.delimiter,
                decimal=None,
                skip_rows=table.written.skip_rows,
                header=table.written.header,
                sheets=table.written.sheets,
                rows=rows,
            ),
        ),
        columns=dict(file.headers),
        layout=layout.name,
    )
