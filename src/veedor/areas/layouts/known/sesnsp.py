"""Mexico: SESNSP, common-law offences in investigation files, by state."""

from __future__ import annotations

from veedor.areas.layouts import sesnsp
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.layouts.sesnsp_crossings import BREAK
from veedor.areas.states import Unit

SESNSP = AreaLayout(
    name="sesnsp",
    title="México, SESNSP: incidencia delictiva del fuero común, por entidad",
    licence=sesnsp.LICENCE,
    page=sesnsp.PAGE,
    units=(Unit.OFFENCES,),
    states=sesnsp.STATES,
    fields=sesnsp.FIELDS,
    needed=sesnsp.NEEDED,
    read=lambda file: sesnsp.counts(file, "state", 2, "entidad", "state_name"),
    time_zone="America/Mexico_City",
    level="entidad",
    quirks=sesnsp.QUIRKS,
    breaks=(BREAK,),
    months_late=1,
    parts=True,
    whole=sesnsp.by_instrument,
)
