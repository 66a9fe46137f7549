"""Chile: police cases by comuna, as copied from CEAD's site (Subsecretaría de Prevención)."""

from __future__ import annotations

from veedor.areas.counts import AreaCounts
from veedor.areas.layouts.cells import edition_of
from veedor.areas.layouts.file import AreaFile
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.layouts.numbers import Counted
from veedor.areas.layouts.periods import read_periods
from veedor.areas.layouts.rows import Rows
from veedor.areas.names import Area, Offence
from veedor.areas.noticed import Example, Notice
from veedor.areas.states import Unit
from veedor.errors import DataError, phrase
from veedor.incidents.refusals import is_discovered
from veedor.tables.names import words

#: Words of what police come upon, besides what is known as such everywhere.
_COME_UPON = frozenset(
    (
        *("drogas", "armas", "arma", "porte", "receptacion", "hallazgo", "abandono", "ebriedad"),
        *("alcohol", "ambulante", "clandestino", "incivilidades", "desordenes"),
    )
)
#: Words of what a person does with a weapon to another, who reports it.
_SUFFERED = frozenset(("amenazas", "amenaza", "lesiones", "robo", "robos", "homicidio"))


def _offence(code: str, name: str) -> Offence:
    said = set(words(name).split())
    looked_for = is_discovered(name) or (said & _COME_UPON and not said & _SUFFERED)
    return Offence(code, name, Unit.CASES, "discovered" if looked_for else "reported")


def _read(file: AreaFile) -> AreaCounts:
    unit, day = read_periods(file)
    if unit not in ("month", "year"):
        raise DataError(
            "Police cases of CEAD must be by month or by year.",
            found=phrase("periods of a {unit}", unit=unit),
            where=file.name,
        )
    others = {"name": file.text("name"), "said": file.text("area")}
    if file.has("region"):
        others["region"] = file.padded("region", 2)
        others["region_name"] = file.text("region_name" if file.has("region_name") else "region")
    rows = Rows.load(
        file,
        area=file.padded("area", 5),
        day=day,
        counts=[Counted(file.headers["count"], points=True)],
        offence=file.text("offence"),
        others=others,
    )
    short = rows.query("SELECT DISTINCT said FROM {rows} WHERE length(said) < 5 ORDER BY said")
    file.notice(Notice.CODES_PADDED, len(short), [Example(area=str(code)) for (code,) in short])
    called = list(rows.members("offence"))
    codes = {name: words(name).replace(" ", "-") for name in called}
    rows.recode("offence", codes)
    offences = {code: _offence(code, name) for name, code in codes.items()}
    areas = rows.members("area", "name")
    spans = rows.spans(unit)
    edition = edition_of(rows, areas=list(areas), offences=list(offences), spans=spans)
    return AreaCounts(
        tuple(Area(code, name, "comuna") for code, name in areas.items()),
        tuple(offences.values()),
        spans,
        (edition,),
        levels=(rows.level("región", list(areas), "region", "region_name"),)
        if file.has("region")
        else (),
        time_zone=file.time_zone,
    )


CEAD = AreaLayout(
    name="cead",
    title="Chile, CEAD: casos policiales, por comuna y mes o año",
    licence=phrase("not stated on the page of the site; copies are made from it by its readers"),
    page="https://cead.minsegpublica.gob.cl/estadisticas-delictuales/",
    units=(Unit.CASES,),
    states=phrase("A 0 was counted. A blank or a missing row was not reported"),
    fields={
        "area": ("cut_comuna", "codigo_comuna", "cod_comuna"),
        "name": ("comuna", "nombre_comuna"),
        "region": ("cut_region", "codigo_region", "cod_region"),
        "region_name": ("region", "nombre_region"),
        "period": ("fecha", "periodo"),
        "year": ("anio", "año"),
        "month": ("mes",),
        "offence": ("delito", "grupo", "subgrupo"),
        "count": ("delito_n", "casos", "frecuencia", "n"),
    },
    needed=("area", "name", "offence", "count"),
    read=_read,
    time_zone="America/Santiago",
    level="comuna",
    quirks=(
        phrase(
            "Points stand between thousands. In copies that took them for decimal marks counts are "
            "a thousand times too small: those with decimals are put right, and whole ones that "
            "lie a thousand times below the months beside them are named, and kept"
        ),
        phrase(
            "A case is a complaint of the public, or what police came upon in the act: the two are "
            "not told apart"
        ),
        phrase(
            "A group and its subgroups may stand beside one another, and the file does not say "
            "which: never add them"
        ),
        phrase(
            "Weapons, drugs, receiving and disorder show what police came upon: they are never "
            "forecast"
        ),
        phrase("Rates are published too, on projections of the census: they are not read"),
    ),
    months_late=3,
)
