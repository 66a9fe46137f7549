"""Argentina: Sistema Nacional de Información Criminal (SNIC), what its files have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from veedor.areas.breaks import SeriesBreak
from veedor.areas.counts import AreaCounts
from veedor.areas.edition import Edition, Undated
from veedor.areas.layouts.cells import edition_of
from veedor.areas.layouts.file import AreaFile
from veedor.areas.layouts.numbers import Counted
from veedor.areas.layouts.rows import Rows
from veedor.areas.layouts.states import blank_before, restated
from veedor.areas.names import Area, Offence, Sum, Sums
from veedor.areas.noticed import Example, Notice
from veedor.areas.spans import Spans
from veedor.areas.states import State, Unit
from veedor.arrays import Bools
from veedor.errors import DataError, phrase

_MANUAL = "Dirección Nacional de Estadística Criminal, manual de la base usuaria del SNIC"
#: First year in which parts of a code are told apart -> the codes that have parts.
_SPLIT = {2017: ("14", "22", "28", "29"), 2023: ("11", "21")}
_FIRST_YEAR = {"32": 2016}
#: Codes of which victims are counted, with their parts.
_WITH_VICTIMS = frozenset((*map(str, range(1, 12)), "14"))
#: By what it is, police activity: weapons, drugs, migration and smuggling, contraventions; and a
#: code that holds such parts.
_DISCOVERED = frozenset(("22", "28", "29", "29_3", "29_4", "29_5", "29_6", "30"))
#: Province, years, and either codes that were not reported or those that alone were.
_NOT_REPORTED = (
    ("06", 2009, 2013, frozenset("4 6 7 9 11 12 14 24 25 29 30 31".split()), True),  # noqa: SIM905
    ("14", 2012, 2013, frozenset("1 5 13 15 16 17 18".split()), False),  # noqa: SIM905
)
_MONTH_UNKNOWN = "99"


def _parent(code: str) -> str:
    return code.partition("_")[0]


def _offence(code: str, name: str, unit: Unit) -> Offence:
    looked_for = code in _DISCOVERED or _parent(code) in ("22", "28")
    return Offence(code, name, unit, "discovered" if looked_for else "reported")


def order_of(code: str) -> tuple[int, ...]:
    """Sort codes as numbers: 2, 11, 14_1."""
    return tuple(int(part) if part.isdigit() else 0 for part in code.split("_"))


def _sums(codes: list[str]) -> Sums:
    """Parents are the sums of their parts from the first year in which all have them."""
    found = []
    for year, parents in _SPLIT.items():
        for parent in parents:
            parts = tuple(one for one in codes if one != parent and _parent(one) == parent)
            if parent in codes and parts:
                found.append(Sum(parent, parts, since=date(year, 1, 1)))
    return Sums(tuple(found))


def _breaks(codes: list[str]) -> tuple[SeriesBreak, ...]:
    """Where parts begin to be told apart; their parents go on as before."""
    begun = {
        year: tuple(one for one in codes if "_" in one and _parent(one) in parents)
        for year, parents in _SPLIT.items()
    }
    for code, year in _FIRST_YEAR.items():
        if code in codes:
            begun[year] = (code,)
    return tuple(
        SeriesBreak(
            date(year, 1, 1),
            phrase("First year in which these codes are told apart: it is no rise"),
            _MANUAL,
            offences=parts,
        )
        for year, parts in sorted(begun.items())
        if parts
    )


def _before_first(codes: list[str], spans: Spans) -> Bools:
    """Whether a code was not told apart yet, shape (spans, offences, 1)."""
    of = {parent: year for year, parents in _SPLIT.items() for parent in parents}
    first = [
        of.get(_parent(code), 0) if "_" in code else _FIRST_YEAR.get(code, 0) for code in codes
    ]
    found: Bools = spans.years[:, None, None] < np.array(first)[None, :, None]
    return found


def not_reported(areas: list[str], codes: list[str], spans: Spans) -> Bools:
    """Whether a cell is one of those that, after the manual, a province did not report.

    Returns
    -------
    array of bool, shape (spans, offences, areas)
    """
    found = np.zeros((len(spans), len(codes), len(areas)), dtype=np.bool_)
    for province, first, last, listed, lacking in _NOT_REPORTED:
        when = (spans.years >= first) & (spans.years <= last)
        what = np.array([(_parent(code) in listed) == lacking for code in codes])
        where = np.array([area.startswith(province) for area in areas])
        found |= when[:, None, None] & what[None, :, None] & where[None, None, :]
    return found


def read(file: AreaFile) -> AreaCounts:
    """Read a file by province or department, by year or month."""
    by_department, by_month = file.has("department"), file.has("month")
    unit = file.choices.unit or Unit.FACTS
    if unit not in (Unit.FACTS, Unit.VICTIMS):
        raise DataError(
            "The unit must be one that the layout counts.",
            found=repr(str(unit)),
            where=file.name,
            remedy=phrase('use "facts" or "victims"'),
        )
    counted = "victims" if unit is Unit.VICTIMS else "facts"
    if not file.has(counted):
        file.source.need(*FIELDS[counted], role=counted)
    rows = load_departments(file, [Counted(file.headers[counted])])
    names = rows.members("area", "area_name")
    areas = list(names)
    offences = rows.members("offence", "offence_name")
    codes = sorted(offences, key=order_of)
    spans = rows.spans("month" if by_month else "year")
    edition = edition_of(
        rows,
        areas=areas,
        offences=codes,
        spans=spans,
        where="NOT undated",
        undated=undated_of(rows, areas, codes),
    )
    edition = blank_before(edition, _before_first(codes, spans))
    if unit is Unit.VICTIMS:
        without = np.array([_parent(code) not in _WITH_VICTIMS for code in codes])
        edition = restated(edition, without[None, :, None], State.NOT_APPLICABLE)
    if not file.choices.as_printed:
        edition = _overruled(file, edition, areas, codes, spans)
    level = "departamento" if by_department else "provincia"
    return AreaCounts(
        tuple(Area(code, names[code], level, code.endswith("999")) for code in areas),
        tuple(_offence(code, offences[code], unit) for code in codes),
        spans,
        (edition,),
        offence_sums=_sums(codes),
        levels=(rows.level("provincia", areas, "province", "province_name"),)
        if by_department
        else (),
        breaks=_breaks(codes),
        time_zone=file.time_zone,
    )


def load_departments(file: AreaFile, counts: list[Counted]) -> Rows:
    """Load rows of the ministry's files: by province or department, by year or month."""
    by_department, by_month = file.has("department"), file.has("month")
    province = file.padded("province", 2)
    undated = f"coalesce(({file.text('month')}) = '{_MONTH_UNKNOWN}', false)"
    rows = Rows.load(
        file,
        area=file.padded("department", 5) if by_department else province,
        offence=f"regexp_replace({file.text('offence')}, '^0+([0-9])', '\\1')",
        day=(
            f"CASE WHEN {undated} THEN {file.year('year')} ELSE {file.month('year', 'month')} END"
            if by_month
            else file.year("year")
        ),
        counts=counts,
        others={
            "area_name": file.text("department_name" if by_department else "province_name"),
            "province": province,
            "province_name": file.text("province_name"),
            "offence_name": file.text("offence_name"),
            "undated": undated,
            "short": f"length({file.text('province')}) < 2"
            + (f" OR length({file.text('department')}) < 5" if by_department else ""),
        },
        missing=("///", "-"),
    )
    mended = rows.query("SELECT count(*), min(area) FROM {rows} WHERE short")[0]
    file.notice(Notice.CODES_PADDED, int(str(mended[0])), [Example(area=str(mended[1]))])
    return rows


def undated_of(rows: Rows, areas: list[str], codes: list[str]) -> Undated:
    """Return what has a year and no month, of the first column of counts."""
    found = rows.query(
        "SELECT area, offence, year(first), sum(v0)::BIGINT FROM {rows} "
        "WHERE undated AND v0 <> 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    at_area = {code: n for n, code in enumerate(areas)}
    at_code = {code: n for n, code in enumerate(codes)}
    year, offence, area, value = (
        np.array(column, dtype=np.int64)
        for column in (
            [int(str(row[2])) for row in found],
            [at_code[str(row[1])] for row in found],
            [at_area[str(row[0])] for row in found],
            [int(str(row[3])) for row in found],
        )
    )
    rows.file.notice(
        Notice.UNDATED,
        int(value.sum()),
        [
            Example(area=str(row[0]), offence=str(row[1]), span=str(row[2]), text=str(row[3]))
            for row in found
        ],
    )
    return Undated(year, offence, area, value)


def _overruled(
    file: AreaFile, edition: Edition, areas: list[str], codes: list[str], spans: Spans
) -> Edition:
    """Take numbers out of cells that their publisher says were not reported."""
    cells = not_reported(areas, codes, spans) & (edition.state != State.NOT_APPLICABLE)
    known = cells & edition.reported
    examples = [
        Example(
            area=areas[area],
            offence=codes[code],
            span=spans.labels[span],
            text=str(edition.values[span, code, area]),
        )
        for span, code, area in np.argwhere(known)[:5].tolist()
    ]
    file.notice(Notice.NOT_REPORTED_BY_RULE, int(known.sum()), examples)
    return restated(edition, cells, State.NOT_REPORTED)


FIELDS: Mapping[str, tuple[str, ...]] = {
    "province": ("provincia_id",),
    "province_name": ("provincia_nombre",),
    "year": ("anio", "año"),
    "offence": ("codigo_delito_snic_id",),
    "offence_name": ("codigo_delito_snic_nombre",),
    "facts": ("cantidad_hechos",),
    "victims": ("cantidad_victimas",),
}
DEPARTMENT: Mapping[str, tuple[str, ...]] = {
    "department": ("departamento_id",),
    "department_name": ("departamento_nombre",),
}
NEEDED = ("province", "province_name", "year", "offence", "offence_name", "facts")
LICENCE = phrase("not confirmed; the ministry's page says the terms")
PAGE = "https://www.argentina.gob.ar/seguridad/estadisticascriminales/bases-de-datos"
STATES = phrase(
    "A 0 was counted; a missing row was not reported, nor were what Córdoba in 2012 and 2013 (all "
    "but codes 1, 5, 13 and 15 to 18) and Buenos Aires in 2009 to 2013 (codes 4, 6, 7, 9, 11, 12, "
    "14, 24, 25, 29, 30 and 31) print, after the publisher's manual. Victims apply to codes 1 to "
    "11 and 14 alone. A part of a code does not apply before the year in which it is told apart"
)
QUIRKS = (
    phrase(
        "Codes 11, 14, 21, 22, 28 and 29 are the sums of their parts (14_1, 14_2 and so on), which "
        "stand beside them: never add both"
    ),
    phrase(
        "Weapons (22), drugs (28), migration and smuggling (29_3 to 29_6) and contraventions are "
        "what police go looking for: they are never forecast, nor is 29, which holds some of them"
    ),
    phrase(
        "Where facts were more than victims, the publisher raised the victims: facts are at most "
        "victims by construction"
    ),
    phrase(
        "The country's totals are interpolated where a province did not report, so that provinces "
        "do not add up to them"
    ),
    phrase("Four provinces print parts of code 29 for 2016, which do not add up to it"),
)
TIME_ZONE = "America/Argentina/Buenos_Aires"
PERSONS = ("cantidad_victimas_masc", "cantidad_victimas_fem", "cantidad_victimas_sd")
NO_PLACE = phrase("Department PP999 holds what its province reports without a place: it is none")
NO_MONTH = phrase("Month 99 holds what has no month: it is in the year's total, in no month")
