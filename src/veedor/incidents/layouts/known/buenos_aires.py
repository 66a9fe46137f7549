"""Buenos Aires: ``delitos_YYYY``, from 2016, as CSV and as spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from veedor.errors import phrase
from veedor.incidents.columns import Columns
from veedor.incidents.layouts import expressions as sql
from veedor.incidents.layouts.layout import Break, Layout, View
from veedor.incidents.layouts.portals import YearlyFiles

_HAS_HOUR = r".*\d.*"


def _view(f: Mapping[str, str], day_first: bool) -> View:
    day = sql.day(f["fecha"], day_first=day_first)
    band = sql.matches(f["franja"], _HAS_HOUR)
    number = sql.whole(f["id"])
    no_place = {axis: f"nullif({f[axis]}, '0')" for axis in ("latitud", "longitud")}
    lost = " OR ".join(sql.lost_point(f[axis]) for axis in ("latitud", "longitud"))
    return View(
        columns={
            "dia_iso": day,
            "franja_en_horas": f"CASE WHEN {band} THEN {sql.whole(f['franja'])} END",
            "grados_latitud": sql.degrees(no_place["latitud"]),
            "grados_longitud": sql.degrees(no_place["longitud"]),
            "hechos": sql.whole(f["cantidad"]),
            "hecho": f"CASE WHEN {number} <> '0' THEN left({day}, 4) || '-' || {number} END",
        },
        mended={
            phrase("coordinates without their decimal point divided by a million"): lost,
            phrase("hour band without an hour taken as the whole day"): (
                f"{f['franja']} IS NOT NULL AND NOT {band}"
            ),
            phrase("row that counts several incidents"): (
                f"TRY_CAST({sql.whole(f['cantidad'])} AS BIGINT) > 1"
            ),
        },
    )


BUENOS_AIRES = Layout(
    name="buenos-aires",
    title="Buenos Aires, delitos",
    licence="Creative Commons Attribution 2.5 Argentina",
    page="https://data.buenosaires.gob.ar/dataset/delitos",
    delay=phrase(
        "A year is published after it has ended. No column says when an incident was "
        "reported, so the delay of reporting cannot be estimated."
    ),
    fields={
        "id": ("id-mapa", "id_mapa", "id.mapa", "id-sum", "id"),
        "anio": ("anio", "año"),
        "mes": ("mes",),
        "dia": ("dia",),
        "fecha": ("fecha",),
        "franja": ("franja", "franja_horaria"),
        "tipo": ("tipo", "tipo_delito"),
        "subtipo": ("subtipo", "subtipo_delito"),
        "uso_arma": ("uso_arma",),
        "uso_moto": ("uso_moto",),
        "barrio": ("barrio",),
        "comuna": ("comuna",),
        "latitud": ("latitud", "lat"),
        "longitud": ("longitud", "long", "lon"),
        "cantidad": ("cantidad", "cantidad_registrada"),
    },
    needed=("fecha", "franja", "tipo", "barrio", "comuna", "latitud", "longitud"),
    columns=Columns(
        category="tipo",
        incident="hecho",
        count="hechos",
        date="dia_iso",
        hour_band="franja_en_horas",
        latitude="grados_latitud",
        longitude="grados_longitud",
    ),
    view=_view,
    dates=("fecha",),
    day_first=True,
    time_zone="America/Argentina/Buenos_Aires",
    crs="EPSG:32721",
    country="AR",
    extent=(-58.7, -34.8, -58.2, -34.4),
    missing=("NO ESPECIFICADA", "NO ESPECIFICADO", "SD", "S/D", "Sin geo"),
    categories={
        "Robo": ("Robo", "Robo (con violencia)"),
        "Hurto": ("Hurto", "Hurto (sin violencia)"),
        "Homicidios": ("Homicidios", "Homicidio", "Homicidio doloso"),
    },
    breaks=(
        Break(
            date(2018, 1, 1),
            phrase("names of columns and of types change between the yearly files"),
        ),
        Break(
            date(2020, 3, 20),
            phrase("lockdown of 2020: fewer incidents, and fewer reports of those that happened"),
        ),
        Break(
            date(2025, 1, 1),
            phrase(
                "recorded robberies fall by about a quarter from the year before, while "
                "victim surveys stay level: perhaps a change of recording"
            ),
        ),
    ),
    rule=phrase(
        "A row counts as many incidents as its cantidad says. A number that a year's "
        "files hold twice in one tipo counts once."
    ),
    portals=(
        YearlyFiles(
            "https://cdn.buenosaires.gob.ar",
            "/datosabiertos/datasets/ministerio-de-justicia-y-seguridad/delitos/delitos_{year}.csv",
            2016,
        ),
    ),
)
