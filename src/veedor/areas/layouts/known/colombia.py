"""Colombia: the national police's counts by municipality and day, a file an offence."""

from __future__ import annotations

import re
from pathlib import Path

from veedor.areas.counts import AreaCounts
from veedor.areas.layouts.cells import edition_of
from veedor.areas.layouts.file import AreaFile
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.layouts.numbers import Counted
from veedor.areas.layouts.periods import read_periods
from veedor.areas.layouts.rows import Rows
from veedor.areas.names import Area, Offence
from veedor.areas.noticed import Notice
from veedor.areas.states import State, Unit
from veedor.errors import DataError, phrase
from veedor.incidents.refusals import is_discovered
from veedor.tables.names import words
from veedor.tables.written import quoted

#: Code of what has no municipality.
_NOWHERE = "99999"
_WITH_VICTIMS = ("homicidio", "homicidios", "feminicidio", "lesiones", "secuestro")
#: What police do, and call so.
_OF_POLICE = ("captura", "capturas", "incautacion", "incautaciones", "erradicacion", "recuperacion")


def _area(file: AreaFile) -> str:
    """Give the SQL of a municipality's five digits, of eight where its centre is told apart."""
    said = f"regexp_replace({file.text('area')}, '[.]0+$', '')"
    return (
        f"CASE WHEN regexp_full_match({said}, '[0-9]{{7,8}}') THEN left(lpad({said}, 8, '0'), 5) "
        f"WHEN regexp_full_match({said}, '[0-9]{{1,5}}') THEN lpad({said}, 5, '0') "
        f"ELSE coalesce({said}, {quoted(_NOWHERE)}) END"
    )


def _called(name: str) -> str:
    """Return what a file says by its name that it counts.

    Raises
    ------
    DataError
        If the name holds no word.

    Examples
    --------
    >>> _called("HURTO_A_PERSONAS_2024-05-31.xlsx"), _called("Homicidio.csv.gz")
    ('hurto a personas', 'homicidio')
    """
    stem = Path(name).name.partition(".")[0]
    said = words(re.sub(r"\d+", " ", stem))
    if not said:
        raise DataError(
            "A file of one offence must say it, in a column or by its name.",
            found=repr(name),
            remedy="name the file by what it counts, as homicidio_2026-03-31.csv",
        )
    return said


def _offence(file: AreaFile, code: str, name: str) -> Offence:
    first = code.partition("-")[0]
    unit = file.choices.unit or (Unit.VICTIMS if first in _WITH_VICTIMS else Unit.CASES)
    looked_for = is_discovered(name) or first in _OF_POLICE
    return Offence(code, name, unit, "discovered" if looked_for else "reported")


def _read(file: AreaFile) -> AreaCounts:
    _, day = read_periods(file)
    of_name = quoted(_called(file.name)) if not file.has("offence") else file.text("offence")
    rows = Rows.load(
        file,
        area=_area(file),
        day=day,
        counts=[Counted(file.headers["count"])],
        offence=of_name,
        others={"name": file.text("municipality"), "department": file.text("department")},
        aside=f"({file.text('period')}) IS NULL",
    )
    called = [str(said) for (said,) in rows.query("SELECT DISTINCT offence FROM {rows} ORDER BY 1")]
    names = {said: words(said).replace(" ", "-") for said in called}
    rows.recode("offence", names)
    offences = {code: _offence(file, code, said) for said, code in names.items()}
    areas = rows.members("area", "name")
    spans = rows.spans("day")
    cells = rows.query("SELECT count(*), count(DISTINCT (area, first, offence)) FROM {rows}")[0]
    file.notice(Notice.ROWS_ADDED, int(str(cells[0])) - int(str(cells[1])))
    edition = edition_of(
        rows,
        areas=list(areas),
        offences=list(offences),
        spans=spans,
        absent=State.REPORTED_ZERO,
        added=True,
    )
    return AreaCounts(
        tuple(
            Area(code, name or code, "municipio", code == _NOWHERE) for code, name in areas.items()
        ),
        tuple(offences.values()),
        spans,
        (edition,),
        levels=(rows.level("departamento", list(areas), "department"),),
        time_zone=file.time_zone,
    )


COLOMBIA = AreaLayout(
    name="colombia",
    title="Colombia, Policía Nacional: estadística delictiva, por municipio y día",
    licence=phrase("Creative Commons Attribution-ShareAlike 4.0 on the portal; not confirmed"),
    page="https://www.policia.gov.co/estadistica-delictiva",
    units=(Unit.VICTIMS, Unit.CASES),
    states=phrase(
        "A row is there for what was recorded. Days from the first to the last of a file, for "
        "every municipality of any file, were counted: without a row there was none"
    ),
    fields={
        "period": ("fecha_hecho", "fecha hecho", "fecha"),
        "area": ("cod_muni", "codigo_dane", "codigo dane", "cod_mun"),
        "municipality": ("municipio",),
        "department": ("departamento",),
        "count": ("cantidad",),
        "offence": ("descripcion_conducta", "conducta", "tipo_delito", "delito"),
    },
    needed=("period", "area", "municipality", "department", "count"),
    read=_read,
    time_zone="America/Bogota",
    level="municipio",
    persons=(
        *("genero", "sexo", "edad", "grupo_etario", "agrupa_edad_persona", "*agrupa_edad_persona"),
        *("estado_civil", "profesion", "escolaridad", "pais_nacimiento", "clase_empleado"),
    ),
    quirks=(
        phrase(
            "Each offence has a file of its own, and its name says which: "
            "homicidio_2026-03-31.csv. Give the files of several offences as of one day, and they "
            "are one edition"
        ),
        phrase(
            "Rows are told apart by sex and age of a victim, and by the weapon: they are summed "
            "over them, and these columns are dropped"
        ),
        phrase(
            "Homicides, injuries and kidnappings count victims, the others cases; another unit can "
            "be chosen"
        ),
        phrase("Codes are of five digits, or of eight with the centre, which is left out"),
        phrase(
            "Complaints to the prosecutor's office and over the internet were joined to those of "
            "the police in the course of 2017: levels before are not those after"
        ),
        phrase(
            "Medellín and Bogotá publish counts of their own, by other rules: never put both into "
            "one series"
        ),
    ),
    months_late=1,
    parts=True,
    absent=State.REPORTED_ZERO,
)
