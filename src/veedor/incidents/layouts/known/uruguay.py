"""Uruguay: the Ministry of the Interior's recorded offences, by department and barrio."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from veedor.errors import phrase
from veedor.incidents.columns import Columns
from veedor.incidents.layouts import expressions as sql
from veedor.incidents.layouts.layout import Break, Layout, View

_CAPITAL = r"(?i)\s*montevideo\s*"


def _view(f: Mapping[str, str], day_first: bool) -> View:
    capital = sql.matches(f["depto"], _CAPITAL)
    hour = sql.matches(f["hora"], r".*\d.*")
    return View(
        columns={
            "dia_iso": sql.day(f"replace({f['fecha']}, '.', '/')", day_first=day_first),
            "franja": f"CASE WHEN {hour} THEN {sql.whole(f['hora'])} END",
            "departamento": f["depto"],
            "barrio": f"CASE WHEN {capital} THEN {f['barrio_montevideo']} END",
        },
        mended={
            phrase("hour that is not known taken as the whole day"): (
                f"{f['fecha']} IS NOT NULL AND NOT {hour}"
            ),
        },
    )


URUGUAY = Layout(
    name="uruguay",
    title="Uruguay, delitos denunciados (Ministerio del Interior, AECA)",
    licence="Licencia de Datos Abiertos - Uruguay",
    page="https://catalogodatos.gub.uy/dataset/"
    "ministerio-del-interior-delitos_denunciados_en_el_uruguay",
    delay=phrase(
        "Files are renewed every three months, and the last months still grow. FECHA is when the "
        "offence happened; no column says when it was reported, so the delay of reporting cannot "
        "be estimated."
    ),
    fields={
        "id_evento": ("ID_EVENTO",),
        "delito": ("DELITO",),
        "tentativa": ("TENTATIVA",),
        "fecha": ("FECHA",),
        "hora": ("HORA",),
        "depto": ("DEPTO",),
        "jurisdiccion": ("JURISDICCION",),
        "barrio_montevideo": ("BARRIO_MONTEVIDEO",),
    },
    needed=("id_evento", "delito", "tentativa", "fecha", "depto", "barrio_montevideo"),
    columns=Columns(
        category="delito",
        id="id_evento",
        date="dia_iso",
        hour_band="franja",
        zone="departamento",
    ),
    view=_view,
    dates=("fecha",),
    day_first=True,
    time_zone="America/Montevideo",
    crs="EPSG:32721",
    country="UY",
    extent=(-58.6, -35.1, -53.0, -30.0),
    missing=("SIN DATO", "SIN CLASIFICAR"),
    persons=("VICT_RAP", "VICT_HUR"),
    breaks=(
        Break(
            date(2017, 11, 1),
            phrase("another code of criminal procedure: who investigates, and what is recorded"),
        ),
        Break(date(2020, 3, 13), phrase("health emergency of 2020")),
    ),
    rule=phrase(
        "A row is an event, under its most serious offence, whether carried out or attempted. "
        "There are no coordinates: a place is a department, or a barrio of Montevideo in its "
        "outline of 2011. Homicides are in another file, which counts victims."
    ),
    portals=(),
)
