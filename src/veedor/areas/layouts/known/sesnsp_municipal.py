"""Mexico: SESNSP, common-law offences in investigation files, by municipality."""

from __future__ import annotations

from veedor.areas.layouts import sesnsp
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.layouts.sesnsp_crossings import BREAK
from veedor.areas.states import Unit
from veedor.errors import phrase

SESNSP_MUNICIPAL = AreaLayout(
    name="sesnsp-municipal",
    title="México, SESNSP: incidencia delictiva del fuero común, por municipio",
    licence=sesnsp.LICENCE,
    page=sesnsp.PAGE,
    units=(Unit.OFFENCES,),
    states=sesnsp.STATES,
    fields={**sesnsp.FIELDS, "area": ("Cve. Municipio", "Cve_Municipio"), "name": ("Municipio",)},
    needed=("area", "name", *sesnsp.NEEDED),
    read=lambda file: sesnsp.counts(file, "area", 5, "municipio", "name"),
    time_zone="America/Mexico_City",
    level="municipio",
    quirks=(
        *sesnsp.QUIRKS,
        phrase(
            "Codes that end in 998 or 999 gather what has no municipality: in totals, never a place"
        ),
        phrase(
            "A state that sent nothing for the last month stands with zeros in all of its "
            "municipalities: read what the checks say of runs of zeros"
        ),
    ),
    breaks=(BREAK,),
    months_late=1,
    parts=True,
    whole=sesnsp.by_instrument,
)
