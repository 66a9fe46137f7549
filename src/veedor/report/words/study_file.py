"""The comments of a study.toml that `veedor init` writes."""

from __future__ import annotations

from veedor.report.words.counted import UNITS
from veedor.report.words.language import Words, noted

#: What the template asks for by name.
COMMENTS = {
    "intro": noted(
        "A veedor study. Lines marked GUESS were read off your files: confirm each before you run. "
        "Where SET THIS stands, write what the comment says."
    ),
    "then": noted(
        "Then: `veedor check FOLDER` reads and screens, `veedor run FOLDER` forecasts, tests and "
        "reports."
    ),
    "language": noted("of what is printed and written where nobody asks for another"),
    "seed": noted("of all randomness: the same study, seed and versions give the same numbers"),
    "files": noted("files, folders or globs, relative to this folder"),
    "found": noted("Found: {format}, encoding {encoding}."),
    "delimiter": noted("Delimiter: {mark}."),
    "decimal": noted("Decimal mark: {mark}."),
    "sheet": noted("GUESS: of the sheets with rows, those that have one header"),
    "skip_rows": noted("GUESS: titles before the header"),
    "header": noted(
        'GUESS: the first row is data; columns are called "column 1", "column 2" and so on'
    ),
    "layout": noted("known columns, quirks that are mended, breaks of the record: docs/layouts"),
    "time_zone": noted("GUESS: the zone whose boundary holds the middle of the data"),
    "time_zone_unset": noted('IANA name, such as "America/Argentina/Buenos_Aires"'),
    "crs_known": noted("distances in metres"),
    "crs": noted("GUESS: the UTM zone of the middle of the data; distances in metres"),
    "crs_unset": noted(
        'a projected CRS in metres, such as "EPSG:32721"; input_crs is that of x and y'
    ),
    "ambiguous": noted("No day above 12 in {columns}: say which comes first."),
    "offset": noted(
        'GUESS: clock times are local, whatever offset stands beside them; or "convert"'
    ),
    "offset_utc": noted(
        "GUESS: times without an offset are in UTC, as their header says; take this out if they "
        "are local"
    ),
    "point_first": noted("GUESS: in the usual order these places lie at sea or a pole"),
    "note": noted("Note: {note}"),
    "columns": noted(
        "The columns that are kept, by role. Every other column is dropped at reading and named in "
        "the quality report."
    ),
    "dropped": noted("Dropped here: {columns}."),
    "layout_columns": noted("The layout sets them; a line here takes the place of one of them."),
    "known_column": noted("{why}; such as {examples}"),
    "column": noted("GUESS: {why}; such as {examples}"),
    "unset": noted("SET THIS"),
    "missing": noted("SET THIS: {setting}"),
    "day_parts": noted("Words for parts of the day, and the hours they stand for."),
    "day_part": noted("GUESS: agencies set their own"),
    "categories": noted(
        "Offence categories. `reported`: victims or witnesses report it. `discovered`: police go "
        "looking for it (drugs, weapons stops, public order, prostitution, immigration); it is "
        "never forecast, since a forecast of it is a forecast of patrols. Gather several raw "
        'values with values = ["a", "b"].'
    ),
    "values": noted("as the file writes it"),
    "known_by": noted("GUESS: {count} rows"),
    "zones": noted("the study area is their union"),
    "area_file": noted("outline of the study area, or"),
    "area_zones": noted("zones whose union it is."),
    "area": noted(
        "Without either: the squares where incidents were recorded before the first forecast, gaps "
        "closed."
    ),
    "shape": noted(
        'or "hexagon", or "polygon" with file = "cells.geojson" and id = "name of the id"'
    ),
    "size_m": noted("at least 100"),
    "named_cells": noted(
        "The record names zones and holds no coordinates: its cells are those zones, and there is "
        "no other study area."
    ),
    "named_file": noted("a GeoJSON of the zones"),
    "named_id": noted("the property that holds the names which the record uses"),
    "named_id_guess": noted("GUESS: the property that holds the names which the record uses"),
    "length": noted("whole hours, days, weeks or months of local time"),
    "span": noted("The record holds {incidents} incidents from {first} to {last}."),
    "span_of_rows": noted(
        "The files hold {rows} rows from {first} to {last}. A sample of them was read, with "
        "{incidents} incidents."
    ),
    "span_of_sample": noted(
        "A sample of the record was read: {incidents} incidents from {first} to {last}. The whole "
        "may begin earlier and end later."
    ),
    "history_from": noted("GUESS: where the record becomes complete"),
    "until": noted(
        "GUESS: the last forecast period ends here; earlier if the last days are not complete"
    ),
    "origins": noted("the last so many periods are forecast, each from what was known before it"),
    "lead": noted(
        "before each: time to make the forecast, and to seal it before its period begins"
    ),
    "unread": noted("The record could not be read yet: {trouble}"),
    "history_from_unset": noted("where the record becomes complete, as 2022-01-01"),
    "until_unset": noted("the last forecast period ends here"),
    "country": noted('GUESS, from the time zone; subdivision = "IL" for a state or province'),
    "covariates": noted(
        "Numbers about the places themselves, for forecasters that take them (PoissonTrees and "
        "Stack): a CSV with cell_id and a number for each column named here. Never about who lives "
        "there."
    ),
    "covariate": noted("or building, street, transport, facility, lighting, green, terrain"),
    "forecasters": noted(
        "Every forecaster named here is run and compared with {reference}, which always runs. One "
        "that has too little data at a cut-off is left out, and the report says so. Take out what "
        "you do not need."
    ),
    "counts": noted(
        "Counts by area, as they were published: each file is an edition, and a forecast uses the "
        "one that was out at its cut-off."
    ),
    "editions": noted("editions of one publication, relative to this folder"),
    "area_layout": noted("{title}: its units, blanks, quirks and breaks are in docs/layouts"),
    "unit": noted("what one count is: facts, victims, records, offences, files or cases"),
    "blank": noted("what an empty cell is, or zero, or not applicable; asked for if there is one"),
    "outlines_time_zone": noted("GUESS: where the outlines lie"),
    "outlines_crs": noted("GUESS: the UTM zone of the outlines; distances in metres"),
    "counts_unread": noted("The files could not be read yet: {trouble}"),
    "published": noted("When each file was published, where its name or its layout does not say."),
    "by_rule": noted("by a rule of the layout, from the last month that the file holds"),
    "by_name": noted("as the file, or its name, says"),
    "published_unset": noted("the day on which it was published, as 2026-02-20"),
    "population": noted(
        "People of each area and year, for rates, with who says so. Without them no rate is given."
    ),
    "population_source": noted("who publishes it"),
    "population_vintage": noted("which publication"),
    "count_categories": noted(
        "Offences by their codes. `reported`: victims or witnesses report it. What police go "
        "looking for is never forecast, since a forecast of it is a forecast of patrols. Gather "
        "several codes of one unit with a name of your own and values = ["
        '"a", "b"]; no code may hold another.'
    ),
    "plain_columns": noted(
        "Columns by role, where their headers do not say it: area, area_name, period (or year and "
        "month), category, count, state, residual, published."
    ),
    **{f"unit_{unit}": name for unit, name in UNITS.items()},
    "offence": noted("GUESS: {name}; {count} {unit}"),
    "other_offences": noted("Others that were reported: {names}."),
    "sums": noted("Sums that the publisher declares of others: {names}."),
    "discovered": noted("Known by what police do, never forecast: {names}."),
    "outlines": noted(
        "The outlines of the areas, by their codes. Areas without one, or that did not report "
        "throughout, are left out by name."
    ),
    "outlines_id": noted("GUESS: holds the codes of {matched} of {areas} areas"),
    "outlines_unset": noted("GeoJSON of the areas, or start again with --zones FILE"),
    "outlines_id_unset": noted("the property that holds the codes"),
    "count_length": noted("whole spans of the counts, as months or quarters"),
    "count_history": noted("GUESS: from here on all of these categories were reported"),
    "count_until": noted("GUESS: where the latest edition ends"),
    "patterns": noted(
        "The report has a chapter on what the record shows: concentration, hot spots, near "
        "repeats, change. Take the heading out to leave it away; `veedor patterns` then still "
        "makes it."
    ),
}


def comment(words: Words, key: str, **arguments: str | int) -> str:
    """Say a comment; what is filled in is said in the language where it is veedor's own.

    >>> from veedor.report.words import words_in
    >>> comment(words_in("en"), "known_by", count=1200)
    'GUESS: 1,200 rows'
    """
    said = {
        name: words.number(value) if isinstance(value, int) else words.translated(value)
        for name, value in arguments.items()
    }
    return words.say(COMMENTS[key], **said)
