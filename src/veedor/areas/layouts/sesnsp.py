"""Mexico: common-law offences in investigation files, by state and by municipality (SESNSP)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from veedor.areas.counts import AreaCounts
from veedor.areas.layouts.cells import edition_of
from veedor.areas.layouts.file import AreaFile
from veedor.areas.layouts.nested import APART, code_of, nested
from veedor.areas.layouts.numbers import Counted
from veedor.areas.layouts.rows import Rows
from veedor.areas.layouts.sesnsp_crossings import BREAK, FIRST_DAY
from veedor.areas.layouts.states import restated
from veedor.areas.layouts.totals import with_totals
from veedor.areas.names import Area, Offence, Sums
from veedor.areas.noticed import Example, Notice
from veedor.areas.spans import Spans
from veedor.areas.states import State, Unit
from veedor.arrays import Bools
from veedor.errors import DataError, phrase

_MONTHS = (
    *("Enero", "Febrero", "Marzo", "Abril", "Mayo", "Junio", "Julio", "Agosto"),
    *("Septiembre", "Octubre", "Noviembre", "Diciembre"),
)
FIELDS = {
    "year": ("Año", "Anio"),
    "state": ("Clave_Ent", "Cve. Entidad"),
    "state_name": ("Entidad",),
    "good": ("Bien jurídico afectado",),
    "type": ("Tipo de delito",),
    "subtype": ("Subtipo de delito",),
    "modality": ("Modalidad",),
    **{month: (month,) for month in _MONTHS},
}
NEEDED = ("year", "state", "state_name", "type", "subtype", "modality", *_MONTHS)
#: Last digits of a code for what the publisher could not place in a municipality.
_NOWHERE = ("998", "999")
#: What police go looking for, or what happens in their hands.
_DISCOVERED = ("narcomenudeo", "evasion-de-presos")


def _named(file: AreaFile) -> str:
    """Give the SQL of what a row counts, as it is called: type, subtype and modality."""
    return f" || '{APART}' || ".join(file.text(name) for name in ("type", "subtype", "modality"))


def _offence(code: str, name: str) -> Offence:
    known_by = "discovered" if code.partition("/")[0] in _DISCOVERED else "reported"
    return Offence(code, name, Unit.OFFENCES, known_by)


def _offences(rows: Rows) -> tuple[list[Offence], list[Offence], Sums]:
    """Offences that are printed, those that are their sums, and which is the sum of which.

    From here on rows hold codes.
    """
    found = [
        (str(path), bool(new))
        for path, new in rows.query(
            f"SELECT offence, first >= DATE '{FIRST_DAY}' AS new FROM {{rows}} "
            "GROUP BY offence, new ORDER BY new, min(row)"
        )
    ]
    rows.recode("offence", {path: code_of(path) for path, _ in found})
    when = {True: (FIRST_DAY, None), False: (None, FIRST_DAY)}
    return nested([(path, when[new]) for path, new in found], _offence)


def _published(rows: Rows) -> Spans:
    """Return the months up to the last one in which anything was counted anywhere."""
    all_spans = rows.spans("month")
    last = [
        rows.query(f"SELECT max(first) FROM {{rows}} WHERE v{n} <> 0")[0][0]
        for n in range(len(_MONTHS))
    ]
    months = [np.datetime64(str(day), "M") + n for n, day in enumerate(last) if day is not None]
    if not months:
        raise DataError(
            "A file of counts must hold counts other than 0.",
            found=phrase("none"),
            where=rows.file.name,
        )
    cut = int(all_spans.index_of(np.array([max(months)], dtype="datetime64[D]"))[0]) + 1
    after = sum(
        int(str(rows.query(f"SELECT count(*) FROM {{rows}} WHERE {later}")[0][0]))
        for n in range(len(_MONTHS))
        for later in [f"first + INTERVAL {n} MONTH > DATE '{max(months)}-01'"]
    )
    rows.file.notice(Notice.AFTER_CUT_OFF, after, [Example(span=str(max(months) + 1))])
    return all_spans.part(0, cut)


def counts(file: AreaFile, area: str, width: int, level: str, name: str) -> AreaCounts:
    """Read a row an area, year and offence, with a column a month.

    Codes of areas are padded to a width; states have no residual ones.
    """
    others = {"said": file.text(area), "name": file.text(name)}
    if area != "state":
        others |= {"state": file.padded("state", 2), "state_name": file.text("state_name")}
    rows = Rows.load(
        file,
        area=file.padded(area, width),
        day=file.year("year"),
        counts=[Counted(file.headers[month], "", n) for n, month in enumerate(_MONTHS)],
        offence=_named(file),
        others=others,
    )
    short = rows.query(
        f"SELECT DISTINCT said FROM {{rows}} WHERE length(said) < {width} ORDER BY said"
    )
    file.notice(Notice.CODES_PADDED, len(short), [Example(area=str(code)) for (code,) in short])
    areas = rows.members("area", "name")
    printed, totals, sums = _offences(rows)
    spans = _published(rows)
    edition = edition_of(
        rows, areas=list(areas), offences=[one.code for one in printed], spans=spans
    )
    levels = () if area == "state" else (rows.level("entidad", list(areas), "state", "state_name"),)
    record = AreaCounts(
        tuple(
            Area(code, called, level, area != "state" and code.endswith(_NOWHERE))
            for code, called in areas.items()
        ),
        tuple(printed),
        spans,
        (edition,),
        levels=levels,
        breaks=(BREAK,),
        time_zone=file.time_zone,
    )
    return with_totals(record, totals, sums)


def by_instrument(record: AreaCounts) -> AreaCounts:
    """Say that what one instrument does not tell apart has no count under it."""
    late: Bools = record.spans.starts >= np.datetime64(FIRST_DAY)
    if bool(late.all()) or not bool(late.any()):
        return record
    told = np.zeros((2, len(record.offences)), dtype=np.bool_)
    for edition in record.editions:
        there = np.asarray(edition.reported.any(axis=2))
        told |= [there[late == side].any(axis=0) for side in (False, True)]
    never = ~told & told[::-1]  # under this instrument, of what the other one tells apart
    where = np.where(late[:, None], never[1], never[0])[:, :, None]
    return replace(
        record,
        editions=tuple(
            restated(edition, where, State.NOT_APPLICABLE) for edition in record.editions
        ),
    )


LICENCE = phrase("open data of the federal government; terms not confirmed for these files")
PAGE = "https://www.gob.mx/sesnsp/acciones-y-programas/datos-abiertos-de-incidencia-delictiva"
STATES = phrase(
    "A 0 was counted, up to the last month in which anything was counted anywhere in the file. "
    "Later months were not published yet, whether they hold blanks, as in files by state, or "
    "zeros, as in files by municipality. A blank before was not reported. What one instrument does "
    "not tell apart is not applicable under it"
)
QUIRKS = (
    phrase(
        "A count is an offence in an investigation file, by the day on which the file was opened: "
        "neither files nor victims, and not the day of the offence"
    ),
    phrase(
        "Types and subtypes are not printed: they are the sums of their modalities, and modalities "
        "are compared over the years in sums only"
    ),
    phrase("Counts of -1 are the publisher's corrections: they are kept"),
    phrase(
        "What the publisher's note on the two instruments does not name is taken as the same where "
        "it and its parts are called the same; kidnapping, whose parts are not, has no comparable "
        "series"
    ),
    phrase(
        "Drug dealing and escapes from custody show what police did or held: they are never "
        "forecast"
    ),
    phrase("Every edition revises all months, up and down, by months that a state sends again"),
)
