"""Reading the plain forms of counts by area, for anyone: long (a row a cell) and wide."""

from __future__ import annotations

import numpy as np

from veedor.areas.counts import AreaCounts
from veedor.areas.layouts.cells import edition_of
from veedor.areas.layouts.file import BLANKS, AreaFile, names_a_rate
from veedor.areas.layouts.numbers import Counted
from veedor.areas.layouts.periods import months_in, read_periods
from veedor.areas.layouts.rows import TABLE, Rows
from veedor.areas.names import Area, Offence
from veedor.areas.populations import Populations
from veedor.areas.states import State, Unit
from veedor.errors import DataError, phrase
from veedor.incidents.model import KNOWN_BY
from veedor.tables.database import reading
from veedor.tables.escape import shown
from veedor.tables.kinds import TRUE
from veedor.tables.names import words
from veedor.tables.personal import names_a_place

#: What a row may say of its cell, in English, Spanish and Portuguese.
_SAID = {
    State.OBSERVED: ("observed", "reported", "observado", "informado"),
    State.REPORTED_ZERO: ("reported zero", "zero", "cero informado"),
    State.NOT_REPORTED: ("not reported", "no informado", "nao informado", "missing", "s d", "sd"),
    State.NOT_APPLICABLE: ("not applicable", "no corresponde", "nao se aplica"),
}
_PROVISIONAL = ("provisional", "provisorio", "preliminar", "preliminary")
_PEOPLE = frozenset(("population", "poblacion", "populacao", "habitantes", "inhabitants"))
_DAYS = "SELECT DISTINCT published FROM {rows} ORDER BY 1"
_WHOLE = "[-+]?[0-9]+([.,][0-9]{3})*([.]0+)?"
FIELDS = {
    "area": ("area", "area_code", "code", "codigo"),
    "area_name": ("area_name", "name", "nombre", "nome"),
    "period": ("period", "periodo", "date", "fecha"),
    "year": ("year", "anio", "año", "ano"),
    "month": ("month", "mes"),
    "category": ("category", "offence", "offense", "delito", "categoria"),
    "category_name": ("category_name", "offence_name"),
    "count": ("count", "cantidad", "quantidade"),
    "state": ("state", "estado_celda"),
    "published": ("published", "publicado"),
    "population": ("population", "poblacion", "populacao"),
    "residual": ("residual",),
    "known_by": ("known_by",),
}


def _unit(file: AreaFile) -> Unit:
    if file.choices.unit is None:
        raise DataError(
            "What one count counts must be said of a plain form.",
            found=phrase("no unit"),
            where=file.name,
            remedy=phrase(
                "say it under [counts] of a study.toml: unit = one of {units}; to `veedor check` "
                "with --unit",
                units=", ".join(f'"{one}"' for one in Unit),
            ),
        )
    return file.choices.unit


def _others(file: AreaFile) -> dict[str, str]:
    """Columns of a row beside its count, as SQL."""
    others = {
        "area_name": f"coalesce({file.text('area_name')}, {file.text('area')})",
        "residual": "false",
        "known_by": f"lower({file.text('known_by')})",
        "state": "NULL::TINYINT",
        "provisional": "false",
    }
    if file.has("residual"):
        others["residual"] = f"({file.source.truth(file.headers['residual']).sql} = {TRUE})"
    if file.has("state"):
        said = file.text("state")
        bare = f"trim(regexp_replace(lower(strip_accents({said})), '[^a-z]+', ' ', 'g'))"
        cases = " ".join(
            f"WHEN {bare} IN ({', '.join(map(repr, known))}) THEN {int(state)}"
            for state, known in (*_SAID.items(), (State.OBSERVED, _PROVISIONAL))
        )
        others["state"] = f"CASE {cases} WHEN {said} IS NOT NULL THEN -1 END::TINYINT"
        others["provisional"] = f"coalesce({bare} IN {_PROVISIONAL!r}, false)"
    return others


def _offence_name(file: AreaFile) -> dict[str, str]:
    return {"offence_name": f"coalesce({file.text('category_name')}, {file.text('category')})"}


def _check_states(rows: Rows) -> None:
    """Refuse states that are no known word, or that the number contradicts."""
    source = rows.file.source
    source.forbid(
        TABLE,
        "state = -1",
        phrase(
            "A state must be one of: {states}.",
            states=", ".join(known[0] for known in (*_SAID.values(), _PROVISIONAL)),
        ),
    )
    source.forbid(
        TABLE,
        f"(state IN ({State.NOT_REPORTED}, {State.NOT_APPLICABLE}) AND v0 <> 0) "
        f"OR (state = {State.REPORTED_ZERO} AND v0 <> 0) "
        f"OR (state IN ({State.OBSERVED}, {State.REPORTED_ZERO}) AND v0 IS NULL)",
        phrase("A cell's number and what its row says of it must agree."),
        remedy=phrase("leave the number blank where nothing was reported"),
    )


def _areas(rows: Rows) -> tuple[Area, ...]:
    header = rows.file.headers["area"]
    level = header if names_a_place(header) else "area"
    residual = {str(code) for (code,) in rows.query("SELECT area FROM {rows} WHERE residual")}
    return tuple(
        Area(code, name, level, code in residual)
        for code, name in rows.members("area", "area_name").items()
    )


def _discovered(rows: Rows) -> set[str]:
    """Offences whose rows say that police discover them."""
    rows.file.source.forbid(
        TABLE,
        f"known_by NOT IN {KNOWN_BY!r}",
        phrase("What is known by must be one of {words}.", words=", ".join(KNOWN_BY)),
    )
    if not rows.long:
        return set()
    found = rows.query("SELECT DISTINCT offence FROM {rows} WHERE known_by = 'discovered'")
    return {str(code) for (code,) in found}


def _offences(rows: Rows, unit: Unit) -> tuple[Offence, ...]:
    discovered = _discovered(rows)
    return tuple(
        Offence(code, name, unit, KNOWN_BY[code in discovered])
        for code, name in rows.members("offence", "offence_name").items()
    )


def _record(rows: Rows, of: str, offences: tuple[Offence, ...]) -> AreaCounts:
    """Make an edition a day of publication, where rows say it, else one."""
    file, areas, spans = rows.file, _areas(rows), rows.spans(of)
    blank = None if file.choices.blank is None else BLANKS[file.choices.blank]
    days = (
        [np.datetime64(str(day), "D") for (day,) in rows.query(_DAYS)]
        if file.has("published")
        else [None]
    )
    editions = tuple(
        edition_of(
            rows,
            areas=[one.code for one in areas],
            offences=[one.code for one in offences],
            spans=spans,
            blank=blank,
            provisional="provisional",
            state="state",
            where="true" if day is None else f"published = DATE '{day}'",
            published=day,
        )
        for day in days
    )
    return AreaCounts(areas, offences, spans, editions, time_zone=file.time_zone)


def _populations(rows: Rows) -> None:
    """Keep people of areas by year, where rows say them."""
    file = rows.file
    found = rows.query(
        "SELECT area, year(first), min(people), max(people) FROM {rows} "
        "WHERE people IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    )
    if not found:
        return
    for area, year, low, high in found:
        if low != high:
            raise DataError(
                "An area must have one population a year.",
                found=phrase(
                    "{low} and {high} of area {area} in {year}",
                    low=low,
                    high=high,
                    area=shown(str(area), 40),
                    year=year,
                ),
                where=file.name,
            )
    codes, column = np.unique([str(row[0]) for row in found], return_inverse=True)
    years, line = np.unique([int(str(row[1])) for row in found], return_inverse=True)
    values = np.full((len(years), len(codes)), np.nan)
    values[line, column] = [float(str(row[2])) for row in found]
    file.populations.append(
        Populations(
            tuple(codes.tolist()),
            years,
            values,
            file.name,
            str(file.published or ""),
        )
    )


def read_long(file: AreaFile) -> AreaCounts:
    """Read a row a cell."""
    unit = _unit(file)
    of, day = read_periods(file)
    others = _others(file) | _offence_name(file)
    if file.has("published"):
        others["published"] = file.source.day(file.headers["published"]).sql
    if file.has("population"):
        others["people"] = f"({file.source.number(file.headers['population'], whole=True).sql})"
    rows = Rows.load(
        file,
        area=file.text("area"),
        offence=file.text("category"),
        day=day,
        counts=[Counted(file.headers["count"])],
        others=others,
    )
    _check_states(rows)
    if file.has("published"):
        file.source.forbid(
            TABLE,
            "published IS NULL OR published < DATE '1900-01-01'",
            phrase("Every row must say on which day it was published."),
        )
    if file.has("population"):
        _populations(rows)
    return _record(rows, of, _offences(rows, unit))


def read_wide(file: AreaFile) -> AreaCounts:
    """Read a column a month where rows name an offence, else a column an offence."""
    return _read_months(file) if file.has("category") else _read_offences(file)


def _unread(file: AreaFile) -> list[str]:
    """Headers that are no role of the form, without rates and people."""
    read = set(file.headers.values())
    return [
        header
        for header in file.source.table.columns
        if header not in read
        and not names_a_rate(header)
        and not set(words(header).split()) & _PEOPLE
    ]


def _read_months(file: AreaFile) -> AreaCounts:
    """Read a column a month: a row names its area and offence, and perhaps the year."""
    unit = _unit(file)
    months = months_in(_unread(file), of_year=file.has("year"))
    if not months:
        raise DataError(
            "A wide file whose rows name an offence must have a column a month.",
            found=phrase(
                "columns {columns}",
                columns=", ".join(shown(name, 30) for name in list(file.source.table.columns)[:30]),
            ),
            where=file.name,
            remedy=phrase(
                "name the columns 2024-01, 2024-02; or Jan to Dec beside a column of years"
            ),
        )
    base = min(months.values()).astype("datetime64[M]")
    day = file.year("year") if file.has("year") else f"DATE '{base}-01'"
    rows = Rows.load(
        file,
        area=file.text("area"),
        offence=file.text("category"),
        day=day,
        counts=[
            Counted(header, month=int((first.astype("datetime64[M]") - start).astype(np.int64)))
            for start in [np.datetime64("2000-01", "M") if file.has("year") else base]
            for header, first in months.items()
        ],
        others=_others(file) | _offence_name(file),
    )
    return _record(rows, "month", _offences(rows, unit))


def _read_offences(file: AreaFile) -> AreaCounts:
    """Read a column an offence: a row names its area and period."""
    unit = _unit(file)
    headers = _unread(file)
    if not file.has("period") and months_in(headers, of_year=file.has("year")):
        raise DataError(
            "A wide file with a column a month must name the offence of each row.",
            found=phrase("no column of offences"),
            where=file.name,
            remedy=phrase(
                "name it under [counts.columns] of study.toml, as category; where the whole file "
                "is of one offence, add a column that says so"
            ),
        )
    of, day = read_periods(file)
    counted = _whole(file, headers)
    if not counted:
        raise DataError(
            "A wide file must have a column of whole numbers an offence.",
            found=phrase("none"),
            where=file.name,
            remedy=phrase("name the column of offences as `category` if rows name them"),
        )
    rows = Rows.load(
        file,
        area=file.text("area"),
        day=day,
        counts=[Counted(header, header.strip()) for header in counted],
        others=_others(file),
    )
    _check_states(rows)
    offences = (Offence(header.strip(), header.strip(), unit) for header in counted)
    return _record(rows, of, tuple(offences))


def _whole(file: AreaFile, headers: list[str]) -> list[str]:
    """Return the columns that hold whole numbers, or blanks, and some number."""
    table, database = file.source.table, file.source.database
    if not headers:
        return []
    asked = ", ".join(
        f"count(*) FILTER (regexp_full_match(trim({said}), '{_WHOLE}')), "
        f"count(*) FILTER (trim({said}) <> '' AND NOT regexp_full_match(trim({said}), '{_WHOLE}'))"
        for said in (f"{table.columns[header]}::VARCHAR" for header in headers)
    )
    with reading(table.name):
        found = database.rows(f"SELECT {asked} FROM {table.relation}")[0]
    database.malformed()
    return [
        header
        for header, some, odd in zip(headers, found[0::2], found[1::2], strict=True)
        if some and not odd
    ]


LICENCE = phrase("whoever publishes the file says it")
STATES = phrase(
    "A 0 was counted. What a blank is must be said: not reported, zero or not applicable. A "
    "missing row was not reported. A column of states says it cell by cell"
)
