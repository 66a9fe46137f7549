"""Argentina: SNIC by province and year."""

from __future__ import annotations

from veedor.areas.layouts import snic
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.states import Unit

SNIC_PROVINCES = AreaLayout(
    name="snic-provincias",
    title="Argentina, SNIC by province and year",
    licence=snic.LICENCE,
    page=snic.PAGE,
    units=(Unit.FACTS, Unit.VICTIMS),
    states=snic.STATES,
    fields=snic.FIELDS,
    needed=snic.NEEDED,
    read=snic.read,
    time_zone=snic.TIME_ZONE,
    level="provincia",
    persons=snic.PERSONS,
    quirks=snic.QUIRKS,
    months_late=12,
)
