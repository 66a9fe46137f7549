"""Argentina: Sistema de Alerta Temprana, offences against property, by department and month."""

from __future__ import annotations

from veedor.areas.counts import AreaCounts
from veedor.areas.layouts import snic
from veedor.areas.layouts.cells import edition_of
from veedor.areas.layouts.file import AreaFile
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.layouts.numbers import Counted
from veedor.areas.names import Area, Offence, Sum, Sums
from veedor.areas.states import Unit
from veedor.errors import phrase

#: Field -> what is put behind an offence's code and name, and whether police discovered it.
_ORIGINS = {
    "complaint": ("_denuncia", "denuncia", "reported"),
    "police": ("_intervencion", "intervención policial", "discovered"),
    "court": ("_orden", "orden judicial", "reported"),
    "other": ("_otro", "otro origen o no consta", "reported"),
}


def _read(file: AreaFile) -> AreaCounts:
    there = {name: of for name, of in _ORIGINS.items() if file.has(name)}
    rows = snic.load_departments(
        file,
        [
            Counted(file.headers["facts"]),
            *(Counted(file.headers[name], part=of[0]) for name, of in there.items()),
        ],
    )
    names, offences = rows.members("area", "area_name"), rows.members("offence", "offence_name")
    areas, codes = list(names), sorted(offences, key=snic.order_of)
    all_offences = [Offence(code, offences[code], Unit.FACTS) for code in codes] + [
        Offence(code + part, f"{offences[code]}: {said}", Unit.FACTS, known_by)
        for code in codes
        for part, said, known_by in there.values()
    ]
    spans = rows.spans("month")
    edition = edition_of(
        rows,
        areas=areas,
        offences=[one.code for one in all_offences],
        spans=spans,
        where="NOT undated",
        undated=snic.undated_of(rows, areas, codes),
    )
    origins = tuple(
        Sum(code, tuple(code + part for part, _, _ in there.values()))
        for code in codes
        if len(there) == len(_ORIGINS)
    )
    return AreaCounts(
        tuple(Area(code, names[code], "departamento", code.endswith("999")) for code in areas),
        tuple(all_offences),
        spans,
        (edition,),
        offence_sums=Sums(origins),
        levels=(rows.level("provincia", areas, "province", "province_name"),),
        time_zone=file.time_zone,
    )


SAT_PROPERTY = AreaLayout(
    name="sat-propiedad",
    title="Argentina, SAT: offences against property by department and month",
    licence=snic.LICENCE,
    page=snic.PAGE,
    units=(Unit.FACTS,),
    states=phrase(
        "A 0 was counted; a blank or a missing row was not reported. Why a fact was recorded, the "
        "kind of place and the weapon are reported by choice: what is not known is among others"
    ),
    fields={
        "province": ("provincia_id",),
        "province_name": ("provincia_nombre",),
        "department": ("departamento_id",),
        "department_name": ("departamento_nombre",),
        "year": ("anio", "año"),
        "month": ("mes",),
        "offence": (
            "codigo_delito_sat_prop",
            "codigo_delito_sat_prop_id",
            "codigo_delito_satprop_id",
        ),
        "offence_name": (
            "nombre_delito_sat_prop",
            "codigo_delito_sat_prop_nombre",
            "codigo_delito_satprop_nombre",
        ),
        "facts": ("cantidad_hechos",),
        "complaint": ("cantidad_hechos_origen_denuncia",),
        "police": ("cantidad_hechos_origen_intervenc",),
        "court": ("cantidad_hechos_origen_orden_jud",),
        "other": ("cantidad_hechos_origen_otro",),
    },
    needed=(
        *("province", "province_name", "department", "department_name", "year", "month"),
        *("offence", "offence_name", "facts"),
    ),
    read=_read,
    time_zone=snic.TIME_ZONE,
    level="departamento",
    persons=tuple(
        f"cantidad_inculpados{of}"
        for of in (
            *("", "_sexo_masc", "_sexo_fem", "_sexo_sd", "_edad_0_15", "_edad_16_17"),
            *("_edad_mas_18", "_edad_sd"),
        )
    ),
    quirks=(
        phrase(
            "Each offence stands beside what it is made of by origin: complaint, police, court "
            "order, other. The share that police discovered is a lower bound where many are other"
        ),
        snic.NO_MONTH,
        snic.NO_PLACE,
        phrase(
            "Whether a suspect is known is recorded by rules that differ between provinces and "
            "over the years"
        ),
    ),
    months_late=12,
)
