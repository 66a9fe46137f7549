"""England and Wales: offences recorded by the police, by quarter, of the Home Office's tables."""

from __future__ import annotations

from veedor.areas.counts import AreaCounts
from veedor.areas.layouts.cells import edition_of
from veedor.areas.layouts.file import AreaFile
from veedor.areas.layouts.nested import APART, code_of, nested, slug
from veedor.areas.layouts.numbers import Counted
from veedor.areas.layouts.rows import Rows
from veedor.areas.layouts.totals import with_totals
from veedor.areas.names import Area, Offence
from veedor.areas.states import Unit
from veedor.errors import phrase
from veedor.incidents.refusals import is_discovered

#: Forces and bodies that record offences of the whole country: they are no area.
_OF_NO_AREA = ("action fraud", "cifas", "uk finance", "british transport police")


def _quarter(file: AreaFile) -> str:
    """Give the SQL of the first day of a quarter; the first of a financial year is of April."""
    year = f"TRY_CAST(regexp_extract({file.text('year')}, '^([0-9]{{4}})', 1) AS INTEGER)"
    quarter = f"TRY_CAST(regexp_extract({file.text('quarter')}, '([1-4])$', 1) AS INTEGER)"
    return (
        f"CASE {quarter} WHEN 4 THEN make_date({year} + 1, 1, 1) "
        f"ELSE make_date({year}, 1 + 3 * {quarter}, 1) END"
    )


def _path(file: AreaFile) -> str:
    """Give the SQL of a row's group, subgroup and offence."""
    last = (
        "coalesce("
        + ", ".join(
            [
                f"({file.text('code')}) || ' ' || ({file.text('offence')})",
                *(file.text(name) for name in ("offence", "code", "subgroup")),
            ]
        )
        + ")"
    )
    parts = (file.text("group"), file.text("subgroup"), last)
    return f" || '{APART}' || ".join(f"({part})" for part in parts)


def _offence(code: str, name: str) -> Offence:
    looked_for = is_discovered(name) or is_discovered(code.partition("/")[0].replace("-", " "))
    return Offence(code, name, Unit.RECORDS, "discovered" if looked_for else "reported")


def read(file: AreaFile, level: str) -> AreaCounts:
    """Read a table of areas that are of a level."""
    name = file.text("name")
    others = {"name": name}
    others |= {one: file.text(one) for one in ("force", "region") if file.has(one)}
    rows = Rows.load(
        file,
        area=f"coalesce({file.text('area')}, {name})",
        day=_quarter(file),
        counts=[Counted(file.headers["count"])],
        offence=_path(file),
        others=others,
    )
    paths = [
        str(path)
        for (path,) in rows.query("SELECT offence FROM {rows} GROUP BY 1 ORDER BY min(row)")
    ]
    rows.recode("offence", {path: code_of(path) for path in paths})
    printed, totals, sums = nested([(path, (None, None)) for path in paths], _offence)
    if not file.has("area"):
        rows.recode("area", {one: slug(one) for one in rows.members("area", "name")})
    areas = rows.members("area", "name")
    spans = rows.spans("quarter")
    edition = edition_of(
        rows, areas=list(areas), offences=[one.code for one in printed], spans=spans
    )
    record = AreaCounts(
        tuple(Area(code, called, level, _of_no_area(called)) for code, called in areas.items()),
        tuple(printed),
        spans,
        (edition,),
        levels=tuple(
            rows.level(called, list(areas), one)
            for one, called in (("force", "police force"), ("region", "region"))
            if one in others
        ),
        time_zone=file.time_zone,
    )
    return with_totals(record, totals, sums)


def _of_no_area(name: str) -> bool:
    plain = name.casefold()
    return "unassigned" in plain or plain in _OF_NO_AREA


LICENCE = phrase("Open Government Licence v3.0")
PAGE = "https://www.gov.uk/government/statistics/police-recorded-crime-open-data-tables"
STATES = phrase("A 0 was counted. A blank or a missing row was not reported")
FIELDS = {
    "year": ("Financial Year",),
    "quarter": ("Financial Quarter",),
    "group": ("Offence Group",),
    "subgroup": ("Offence Subgroup",),
    "offence": ("Offence Description",),
    "code": ("Offence Code",),
    "count": ("Number of Offences", "Offence Count", "Number of recorded offences"),
}
NEEDED = ("year", "quarter", "name", "group", "subgroup", "count")
QUIRKS = (
    phrase(
        "A sheet a financial year, from April: all sheets with these columns are read, of xlsx and "
        "of ODS"
    ),
    phrase("Groups and subgroups are not printed: they are the sums of their offences"),
    phrase("Counts below 0 are offences taken back in a later quarter: they are kept"),
    phrase(
        "Offences that a force could not place, and those of bodies of the whole country, are in "
        "totals and no place"
    ),
    phrase(
        "Drug offences, possession of weapons and public order show what police went looking for: "
        "they are never forecast"
    ),
    phrase("From July 2019 Greater Manchester Police gave few or no counts for several quarters"),
)
