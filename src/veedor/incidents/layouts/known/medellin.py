"""Medellín: a file an offence of the city's system of information on security (SISC), from 2003."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from veedor.errors import phrase
from veedor.incidents.columns import Columns
from veedor.incidents.layouts import expressions as sql
from veedor.incidents.layouts.layout import Break, Layout, View
from veedor.tables.written import quoted

_MARK = r"\s*#\s*"


def _view(f: Mapping[str, str], day_first: bool) -> View:
    def code(column: str, digits: int) -> str:
        """Text code without the mark before it, and with the zeros that a spreadsheet took."""
        bare = sql.whole(f"regexp_replace({column}, {quoted('^' + _MARK)}, '')")
        short = sql.matches(bare, rf"\d{{1,{digits - 1}}}")
        return f"CASE WHEN {short} THEN lpad({bare}, {digits}, '0') ELSE {bare} END"

    lost = " OR ".join(sql.lost_point(f[axis]) for axis in ("latitud", "longitud"))
    marked = sql.matches(f["codigo_barrio"], _MARK + ".*")
    return View(
        columns={
            "momento": sql.instant(f["fecha_hecho"], day_first=day_first),
            "hechos": sql.whole(f["cantidad"]),
            "barrio": code(f["codigo_barrio"], 4),
            "comuna": code(f["codigo_comuna"], 2),
            "grados_latitud": sql.degrees(f["latitud"]),
            "grados_longitud": sql.degrees(f["longitud"]),
        },
        mended={
            phrase("coordinates without their decimal point divided by a million"): lost,
            phrase("code of a barrio without the mark before it"): marked,
            phrase("row that counts several incidents"): (
                f"TRY_CAST({sql.whole(f['cantidad'])} AS BIGINT) > 1"
            ),
        },
    )


MEDELLIN = Layout(
    name="medellin",
    title="Medellín, Sistema de Información para la Seguridad y la Convivencia (SISC)",
    licence="MEData open data, under its terms of use; a licence is not confirmed",
    page="https://medata.gov.co/dataset/1-027-23-000008",
    delay=phrase(
        "Files end months or years before the day on which the portal says that they were renewed. "
        "No column says when an incident was reported, so the delay of reporting cannot be "
        "estimated."
    ),
    fields={
        "fecha_hecho": ("fecha_hecho",),
        "cantidad": ("cantidad",),
        "conducta": ("conducta",),
        "modalidad": ("modalidad",),
        "arma_medio": ("arma_medio",),
        "codigo_barrio": ("codigo_barrio",),
        "codigo_comuna": ("codigo_comuna",),
        "latitud": ("latitud",),
        "longitud": ("longitud",),
    },
    prefix="seguridad.",
    needed=(
        "fecha_hecho",
        "cantidad",
        "conducta",
        "modalidad",
        "codigo_barrio",
        "codigo_comuna",
        "latitud",
        "longitud",
    ),
    columns=Columns(
        category="conducta",
        count="hechos",
        time="momento",
        latitude="grados_latitud",
        longitude="grados_longitud",
        zone="barrio",
    ),
    view=_view,
    dates=("fecha_hecho",),
    day_first=True,
    time_zone="America/Bogota",
    crs="EPSG:32618",
    country="CO",
    extent=(-75.75, 6.1, -75.4, 6.45),
    missing=("Sin dato", "Sin datos", "Sin información"),
    persons=(
        "sexo",
        "edad",
        "estado_civil",
        "grupo_actor",
        "actividad_delictiva",
        "parentesco",
        "ocupacion",
        "discapacidad",
        "grupo_especial",
        "nivel_academico",
        "testigo",
    ),
    breaks=(
        Break(
            date(2017, 1, 1),
            phrase(
                "in the course of 2017 complaints made to the prosecutor's office and over the "
                "internet are joined to those of the police: recorded thefts rise"
            ),
        ),
        Break(date(2020, 3, 20), phrase("lockdown of 2020")),
    ),
    rule=phrase(
        "A row counts as many incidents as its cantidad says; in the file of homicides a row is "
        "a victim. Each offence has a file of its own; those of arrests and seizures hold what "
        "police did, and are never forecast."
    ),
    portals=(),
)
