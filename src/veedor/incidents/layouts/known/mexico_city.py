"""Mexico City: carpetas de investigacion of the prosecutor's office (FGJ), from 2016."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from veedor.errors import phrase
from veedor.incidents.columns import Columns
from veedor.incidents.layouts import expressions as sql
from veedor.incidents.layouts.layout import Break, Layout, View
from veedor.incidents.layouts.portals import Ckan
from veedor.tables.written import quoted

_CLOCK = r".*[T ](\d{1,2}:\d{2}(?::\d{2})?).*"


def _view(f: Mapping[str, str], day_first: bool) -> View:
    def clock(day: str, hour: str) -> str:
        within = f"regexp_extract({f[day]}, {quoted(_CLOCK)}, 1)"
        return f"coalesce({f[hour]}, nullif({within}, ''))"

    began = sql.day(f["fecha_hecho"], day_first=day_first)
    opened = sql.day(f["fecha_inicio"], day_first=day_first)
    return View(
        columns={
            "dia_hecho": began,
            "hora": clock("fecha_hecho", "hora_hecho"),
            "inicio": sql.at(opened, clock("fecha_inicio", "hora_inicio")),
        },
        mended={
            phrase("date of the incident before 2016, in a record of files opened from 2016"): (
                f"left({began}, 4) < '2016'"
            )
        },
    )


MEXICO_CITY = Layout(
    name="mexico-city",
    title="Ciudad de México, carpetas de investigación de la FGJ",
    licence="Creative Commons Attribution 4.0",
    page="https://datos.cdmx.gob.mx/dataset/carpetas-de-investigacion-fgj-de-la-ciudad-de-mexico",
    delay=phrase("fecha_inicio is when the file was opened: for incidents long past, years later."),
    fields={
        "fecha_hecho": ("fecha_hecho", "fecha_hechos", "FechaHecho"),
        "hora_hecho": ("hora_hecho", "hora_hechos", "HoraHecho"),
        "fecha_inicio": ("fecha_inicio", "FechaInicio"),
        "hora_inicio": ("hora_inicio", "HoraInicio"),
        "delito": ("delito",),
        "categoria": ("categoria_delito", "categoria"),
        "carpeta": ("idCarpeta", "id_carpeta"),
        "latitud": ("latitud",),
        "longitud": ("longitud",),
    },
    needed=("fecha_hecho", "fecha_inicio", "delito", "categoria", "latitud", "longitud"),
    columns=Columns(
        category="categoria",
        incident="carpeta",
        date="dia_hecho",
        clock="hora",
        reported_at="inicio",
        latitude="latitud",
        longitude="longitud",
    ),
    view=_view,
    dates=("fecha_hecho", "fecha_inicio"),
    day_first=True,
    time_zone="America/Mexico_City",
    crs="EPSG:32614",
    country="MX",
    extent=(-99.5, 18.9, -98.8, 19.7),
    persons=("Sexo", "Edad", "TipoPersona", "CalidadJuridica", "sexo_victima", "edad_victima"),
    breaks=(
        Break(date(2016, 1, 1), phrase("files opened before 2016 are not in the record")),
        Break(date(2020, 3, 23), phrase("lockdown of 2020")),
        Break(date(2022, 10, 30), phrase("daylight saving time is given up")),
    ),
    rule=phrase(
        "A row is a file that was opened, which is one offence; in the file of "
        "victims a row is a victim, and a carpeta counts once in each category. Rows "
        "from before 2016 are kept: they lie before history_from and are never "
        "forecast from."
    ),
    portals=(
        Ckan(
            "https://datos.cdmx.gob.mx",
            "48fcb848-220c-4af0-839b-4fd8ac812c0f",
            "fecha_hecho",
        ),
    ),
)
